"""First decision of a review."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="first-decision",
    title="First decision reported",
    chapter="Agencies and decisions",
    place=5,
    source="Coded layer, decisions",
    rows=Column("first_step", codes_of="decision_type", order="count"),
)
