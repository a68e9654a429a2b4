"""Integrity flags by kind of review."""

from __future__ import annotations

from caselore.tables.table import Answers, Column, Table

TABLE = Table(
    id="flags-by-kind-of-review",
    title="Integrity flags by kind of review",
    chapter="Record integrity",
    place=3,
    source="Coded layer, integrity_flags",
    rows=Answers("integrity_flags", order="count"),
    columns=Column("source_type", codes_of="source_type"),
    multi_response=True,
    chart="heat",
)
