"""What comes next after each decision."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="decision-follow-on",
    title="What comes next after each decision",
    chapter="Agencies and decisions",
    place=8,
    source="Coded layer, decisions",
    rows=Column("decision_type", codes_of="decision_type", order="count"),
    columns=Column("next_type", codes_of="decision_type"),
    unit="transition",
    measures=("count", "row_percent"),
    chart="heat",
)
