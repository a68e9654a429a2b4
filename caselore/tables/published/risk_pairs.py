"""Risk indicators that meet in one review."""

from __future__ import annotations

from caselore.tables.table import Pairs, Table

TABLE = Table(
    id="risk-indicator-pairs",
    title="Risk indicators that meet in one review",
    chapter="Child, family and environment",
    place=3,
    source="Coded layer, risk_indicators",
    rows=Pairs("risk_indicators"),
    measures=("count", "column_percent", "lift"),
    multi_response=True,
    top=25,
    chart="none",
)
