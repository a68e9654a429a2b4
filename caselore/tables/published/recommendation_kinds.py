"""Every recommendation, by type."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="recommendation-kinds",
    title="Recommendations by type",
    chapter="Learning and recommendations",
    place=5,
    source="Triennial analysis of serious case reviews 2011 to 2014, section 9.3",
    rows=Column("types", codes_of="recommendation_type", order="count"),
    unit="recommendation",
    multi_response=True,
)
