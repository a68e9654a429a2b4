"""Age of the child at the incident."""

from __future__ import annotations

from caselore.tables.table import UNANSWERED, Answers, Table

TABLE = Table(
    id="age-band",
    title="Age of the child at the incident",
    chapter="Patterns",
    place=2,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 4",
    rows=Answers("child_age_band"),
    multi_response=True,
    missing=UNANSWERED,
)
