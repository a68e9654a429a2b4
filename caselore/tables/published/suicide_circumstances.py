"""Circumstances of young people who died through suicide."""

from __future__ import annotations

from caselore.tables.circumstances import GRID
from caselore.tables.table import Answers, Table, Where

TABLE = Table(
    id="suicide-circumstances",
    title="Circumstances of young people who died through suicide",
    chapter="Child, family and environment",
    place=15,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 26",
    rows=GRID,
    where=(Where(Answers("nature_of_death"), ("suicide",), label="the nature of the death was suicide"),),
    multi_response=True,
)
