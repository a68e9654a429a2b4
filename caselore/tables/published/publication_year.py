"""Year of publication."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="publication-year",
    title="Year of publication",
    chapter="The reviews",
    place=2,
    rows=Column("year"),
    public=True,
)
