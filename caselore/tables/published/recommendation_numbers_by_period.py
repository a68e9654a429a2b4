"""Recommendations per review over time, like for like."""

from __future__ import annotations

from caselore.tables.measures.periods import PERIODS
from caselore.tables.table import Column, Table, Where

TABLE = Table(
    id="recommendation-numbers-by-period",
    title="Recommendations per review over time, like for like",
    chapter="Learning and recommendations",
    place=5,
    source="Triennial analysis of serious case reviews 2011 to 2014, section 9.3.1",
    rows=PERIODS,
    number=Column("recommendations"),
    measures=("n", "median", "lower_quartile", "upper_quartile", "lowest", "highest", "mean"),
    where=(
        Where(Column("recommendations"), at_least=1, label="at least one recommendation was found"),
        Where(
            Column("source_type"),
            ("SCR", "LCSPR", "CSPR", "CPR", "SCaseR"),
            label="a board or a partnership reviewed the safeguarding of a child",
        ),
    ),
    chart="box",
)
