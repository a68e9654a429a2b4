"""Integrity flags that meet in one review."""

from __future__ import annotations

from caselore.tables.table import Pairs, Table

TABLE = Table(
    id="flag-pairs",
    title="Integrity flags that meet in one review",
    chapter="Record integrity",
    place=2,
    source="Coded layer, integrity_flags",
    rows=Pairs("integrity_flags"),
    measures=("count", "column_percent", "lift"),
    multi_response=True,
    top=25,
    chart="none",
)
