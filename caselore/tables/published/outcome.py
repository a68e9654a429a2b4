"""Outcome for the index child."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="outcome",
    title="Outcome for the index child",
    chapter="Patterns",
    place=1,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 1",
    rows=Answers("outcome"),
)
