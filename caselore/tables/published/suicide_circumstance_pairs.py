"""Circumstances that meet in one suicide."""

from __future__ import annotations

from caselore.tables.circumstances import CODES
from caselore.tables.table import Answers, Pairs, Table, Where

TABLE = Table(
    id="suicide-circumstance-pairs",
    title="Circumstances that meet where a young person died through suicide",
    chapter="Child, family and environment",
    place=16,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 26",
    rows=Pairs("risk_indicators", CODES),
    where=(Where(Answers("nature_of_death"), ("suicide",), label="the nature of the death was suicide"),),
    measures=("count", "column_percent", "lift"),
    multi_response=True,
    top=25,
    chart="none",
)
