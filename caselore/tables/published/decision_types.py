"""Decisions that reviews report, by review."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="decision-types",
    title="Reviews that report each decision",
    chapter="Agencies and decisions",
    place=2,
    source="Coded layer, decisions",
    rows=Column("decision_types", codes_of="decision_type", order="count"),
    multi_response=True,
    notes=("A decision that a review reports twice counts once here.",),
)
