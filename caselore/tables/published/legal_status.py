"""Legal status before the incident."""

from __future__ import annotations

from caselore.tables.table import UNANSWERED, Answers, Table

TABLE = Table(
    id="legal-status",
    title="Legal status of the child before the incident",
    chapter="Agencies and decisions",
    place=20,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 15",
    rows=Answers("legal_status"),
    columns=Answers("outcome"),
    multi_response=True,
    missing=UNANSWERED,
)
