"""Learning themes."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="learning-themes",
    title="Learning themes",
    chapter="Learning and recommendations",
    place=1,
    source="Triennial analysis of serious case reviews 2011 to 2014, chapters 6 to 9",
    rows=Answers("learning_themes", order="count"),
    multi_response=True,
)
