"""Outcome by age."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="outcome-by-age",
    title="Outcome by age at the incident",
    chapter="Patterns",
    place=5,
    source="Triennial analysis of serious case reviews 2011 to 2014, figure 9",
    rows=Answers("outcome"),
    columns=Answers("child_age_band"),
    unit="child",
    multi_columns=True,
    chart="heat",
)
