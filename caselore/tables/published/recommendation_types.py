"""Reviews by the types of their recommendations."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="recommendation-types",
    title="Reviews by the types of their recommendations",
    chapter="Learning and recommendations",
    place=2,
    source="Triennial analysis of serious case reviews 2011 to 2014, section 9.3",
    rows=Answers("recommendation_type", order="count"),
    multi_response=True,
)
