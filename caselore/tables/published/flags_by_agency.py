"""Integrity flags by agency of the same review."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="flags-by-agency",
    title="Integrity flags by agency in the same review",
    chapter="Record integrity",
    place=4,
    source="Coded layer, integrity_flags and agencies",
    rows=Answers("integrity_flags", order="count"),
    columns=Answers("agencies"),
    multi_response=True,
    multi_columns=True,
    measures=("count",),
    chart="heat",
    notes=("An agency that figures in a review with a flag is not thereby the agency that failed.",),
)
