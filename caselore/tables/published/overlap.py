"""Domestic abuse, mental ill health and substance use, in every combination."""

from __future__ import annotations

from caselore.tables.table import UNREAD, Table, Together

TABLE = Table(
    id="overlap",
    title="Domestic abuse, mental ill health and substance use together",
    chapter="Child, family and environment",
    place=4,
    source="Triennial analysis of serious case reviews 2011 to 2014, figure 14",
    rows=Together("risk_indicators", ("domestic_abuse", "mental_ill_health", "substance_use")),
    missing=UNREAD,
    chart="overlap",
)
