"""Jurisdiction."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="jurisdiction",
    title="Jurisdiction",
    chapter="The reviews",
    source="Coded layer, jurisdiction",
    rows=Column("jurisdiction"),
    public=True,
)
