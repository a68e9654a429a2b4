"""SMART elements that the words of a recommendation show."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="recommendation-smart",
    title="Recommendations with SMART elements",
    chapter="Learning and recommendations",
    source="Triennial analysis of serious case reviews 2011 to 2014, section 9.3.3",
    rows=Column("smart", codes_of="smart"),
    unit="recommendation",
    multi_response=True,
)
