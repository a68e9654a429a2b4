"""Every decision step."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="decision-steps",
    title="Decision steps",
    chapter="Agencies and decisions",
    place=3,
    source="Coded layer, decisions",
    rows=Column("decision_type", codes_of="decision_type", order="count"),
    unit="step",
)
