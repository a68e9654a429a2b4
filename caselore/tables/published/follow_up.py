"""What reviews show of the steps after them."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="follow-up",
    title="Steps after the review that the report shows",
    chapter="Learning and recommendations",
    place=30,
    source="Triennial analysis of serious case reviews 2011 to 2014, sections 9.3.4 and 9.5",
    rows=Answers("follow_up", order="count"),
    multi_response=True,
)
