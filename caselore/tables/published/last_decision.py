"""Last decision of a review."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="last-decision",
    title="Last decision reported",
    chapter="Agencies and decisions",
    place=6,
    source="Coded layer, decisions",
    rows=Column("last_step", codes_of="decision_type", order="count"),
)
