"""Median and range of recommendations in reviews that make any."""

from __future__ import annotations

from caselore.tables.table import Column, Table, Where

TABLE = Table(
    id="recommendation-numbers",
    title="Recommendations per review: median and range",
    chapter="Learning and recommendations",
    place=4,
    source="Triennial analysis of serious case reviews 2011 to 2014, section 9.3.1",
    rows=Column("source_type", codes_of="source_type"),
    number=Column("recommendations"),
    measures=("n", "median", "lower_quartile", "upper_quartile", "lowest", "highest", "mean", "total"),
    where=(Where(Column("recommendations"), at_least=1, label="at least one recommendation was found"),),
    chart="none",
)
