"""Kind of review."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="kind-of-review",
    title="Kind of review",
    chapter="The reviews",
    place=1,
    source="Coded layer, source_type",
    rows=Column("source_type", codes_of="source_type"),
    public=True,
)
