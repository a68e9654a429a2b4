"""Where the child lived."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="living-arrangement",
    title="Where the child lived at the incident",
    chapter="Child, family and environment",
    place=12,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 11",
    rows=Answers("living_arrangement"),
)
