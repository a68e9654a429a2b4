"""Model of the review."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="review-model",
    title="Model of the review",
    chapter="The reviews",
    place=3,
    source="Triennial analysis of serious case reviews 2011 to 2014, section 9.2.1",
    rows=Answers("review_model", order="count"),
)
