"""Which decision directly follows which."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="decision-transitions",
    title="Which decision directly follows which",
    chapter="Agencies and decisions",
    place=7,
    source="Coded layer, decisions",
    rows=Column("transition", codes_of="decision_type", order="count"),
    unit="transition",
    top=25,
    chart="path",
)
