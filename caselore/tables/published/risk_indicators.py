"""Risk indicators."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="risk-indicators",
    title="Risk indicators",
    chapter="Child, family and environment",
    place=1,
    source="Coded layer, risk_indicators",
    rows=Answers("risk_indicators", order="count"),
    multi_response=True,
)
