"""Integrity flags: failures that the source review itself identifies."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="integrity-flags",
    title="Integrity flags: failures that the source review itself identifies",
    chapter="Record integrity",
    place=1,
    source="Coded layer, integrity_flags",
    rows=Answers("integrity_flags", order="count"),
    multi_response=True,
)
