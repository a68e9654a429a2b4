"""To whom recommendations are addressed."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="recommendation-addressees",
    title="Recommendations by addressee",
    chapter="Learning and recommendations",
    source="Triennial analysis of serious case reviews 2011 to 2014, figure 16",
    rows=Column("addressees", codes_of="addressee", order="count"),
    unit="recommendation",
    multi_response=True,
)
