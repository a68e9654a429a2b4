"""Outcome by gender."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="outcome-by-gender",
    title="Outcome by gender",
    chapter="Patterns",
    place=6,
    source="Triennial analysis of serious case reviews 2011 to 2014, section 2.4.1",
    rows=Answers("outcome"),
    columns=Answers("child_gender"),
    unit="child",
    multi_columns=True,
    chart="bar",
)
