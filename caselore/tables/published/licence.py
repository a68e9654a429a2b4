"""Licence."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="licence",
    title="Licence of the source document",
    chapter="The reviews",
    source="Coded layer, source_ref",
    rows=Column("licence", order="count"),
    public=True,
    chart="none",
)
