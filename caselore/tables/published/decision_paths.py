"""How reviews begin: the first three decisions in order."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="decision-paths",
    title="Commonest paths: the first three decisions in order",
    chapter="Agencies and decisions",
    place=9,
    source="Coded layer, decisions",
    rows=Column("path_3", codes_of="decision_type", order="count", label="Path"),
    top=20,
    chart="path",
    notes=("Reviews with fewer than three decisions are here with those they have.",),
)
