"""Domestic abuse, mental ill health and substance use, two by two."""

from __future__ import annotations

from caselore.tables.table import Pairs, Table

TABLE = Table(
    id="overlap-pairs",
    title="Domestic abuse, mental ill health and substance use, two by two",
    chapter="Child, family and environment",
    place=5,
    source="Triennial analysis of serious case reviews 2011 to 2014, section 4.2.4",
    rows=Pairs("risk_indicators", ("domestic_abuse", "mental_ill_health", "substance_use")),
    measures=("count", "column_percent", "lift"),
    multi_response=True,
    chart="overlap",
)
