"""Last decision of a review."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="last-decision",
    title="Last decision reported",
    chapter="Agencies and decisions",
    source="Coded layer, decisions",
    rows=Column("last_step", codes_of="decision_type", order="count"),
)
