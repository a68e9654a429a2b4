"""Years from the incident to the publication of its review."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="years-to-publication",
    title="Years from the incident to publication, by kind of review",
    chapter="Quality of the reports",
    place=10,
    source="Triennial analysis of serious case reviews 2011 to 2014, section 9.2.2",
    rows=Column("source_type", codes_of="source_type"),
    number=Column("years_to_publication"),
    measures=("n", "median", "lower_quartile", "upper_quartile", "lowest", "highest"),
    chart="box",
    notes=(
        "Calendar years: a release holds no days, so a review published in the year after the incident counts one.",
        "Reviews not yet published are not here, so recent years look quicker than they will be.",
    ),
)
