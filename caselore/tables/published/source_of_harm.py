"""Source of the harm."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="source-of-harm",
    title="Source of the harm",
    chapter="Nature of the harm",
    place=3,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 22",
    rows=Answers("source_of_harm"),
)
