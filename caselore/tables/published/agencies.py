"""Agencies in contact with the family or acting in the case."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="agencies",
    title="Agencies in contact with the family or acting in the case",
    chapter="Agencies and decisions",
    place=1,
    source="Coded layer, agencies",
    rows=Answers("agencies", order="count"),
    multi_response=True,
)
