"""Context of the incident."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="context",
    title="Context of the incident",
    chapter="Nature of the harm",
    place=5,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 12",
    rows=Answers("incident_context"),
)
