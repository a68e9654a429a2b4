"""Gender of the index child."""

from __future__ import annotations

from caselore.tables.table import UNANSWERED, Answers, Table

TABLE = Table(
    id="gender",
    title="Gender of the index child",
    chapter="Patterns",
    place=3,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 6",
    rows=Answers("child_gender"),
    multi_response=True,
    missing=UNANSWERED,
)
