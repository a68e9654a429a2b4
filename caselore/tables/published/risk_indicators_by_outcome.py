"""Risk indicators by outcome."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="risk-indicators-by-outcome",
    title="Risk indicators by outcome",
    chapter="Child, family and environment",
    place=2,
    source="Triennial analysis of serious case reviews 2011 to 2014, section 4",
    rows=Answers("risk_indicators", order="count"),
    columns=Answers("outcome"),
    multi_response=True,
    chart="heat",
)
