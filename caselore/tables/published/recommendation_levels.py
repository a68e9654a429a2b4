"""The level at which recommendations work."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="recommendation-levels",
    title="Recommendations by level",
    chapter="Learning and recommendations",
    source="Triennial analysis of serious case reviews 2011 to 2014, section 9.3",
    rows=Column("level", codes_of="recommendation_level"),
    unit="recommendation",
)
