"""Protected counts of three circumstances together come in; how many of the three a review mentions goes out."""

from __future__ import annotations

from collections.abc import Iterator

from caselore.tables.incidence import TOGETHER
from caselore.tables.measures.measure import Cells, Derivation, Ground, bounds, made, share
from caselore.tables.result import HIDDEN, Cell, Line, Result, counted
from caselore.tables.table import UNREAD, Answers, Table, Together

THREE = ("domestic_abuse", "mental_ill_health", "substance_use")
"""Domestic abuse, mental ill health of a parent, misuse of alcohol or drugs."""

_ROWS = (Line("0", "None of the three"), Line("1", "One"), Line("2", "Two"), Line("3", "All three"))

BY_OUTCOME = Table(
    id="overlap-by-outcome",
    title="Domestic abuse, mental ill health and substance use together, by outcome",
    rows=Together("risk_indicators", THREE),
    columns=Answers("outcome"),
    missing=UNREAD,
    measures=("count",),
)


def cumulative(ground: Ground) -> Iterator[Result]:
    """How many of the three a review mentions, from 0 to 3."""
    overlap = ground.get("overlap")
    if overlap is None:
        return
    base = overlap.cell("base")
    cells: Cells = {("base", "all", "count"): base}
    for row in _ROWS:
        count = _sum(overlap, row.key, "all")
        cells[row.key, "all", "count"], cells[row.key, "all", "column_percent"] = count, share(count, base)
        cells[row.key, "all", "low"], cells[row.key, "all", "high"] = bounds(count, base)
    yield made(
        "cumulative-risk",
        "Cumulative risk: how many of domestic abuse, mental ill health and substance use a review mentions",
        rows=(*_ROWS, *overlap.rows_of("base")),
        cells=cells,
        measures=("count", "column_percent", "low", "high"),
        like=overlap,
        heading="Of the three",
        place=4,
        source="Triennial analysis of serious case reviews 2011 to 2014, figure 14",
        chart="bar",
        notes=(
            "Mentioned by the review, of a parent or of the young person; what it does not mention may be there too.",
            "Intervals of 95% are E. Wilson's (1927).",
        ),
    )


def by_outcome(ground: Ground) -> Iterator[Result]:
    """The same by outcome."""
    overlap = ground.get(BY_OUTCOME.id)
    if overlap is None:
        return
    columns = [one for one in overlap.columns if one.kind == "category" and overlap.cell("base", one.key).value]
    cells: Cells = {}
    for column in columns:
        base = overlap.cell("base", column.key)
        cells["base", column.key, "count"] = base
        for row in _ROWS:
            count = _sum(overlap, row.key, column.key)
            cells[row.key, column.key, "count"], cells[row.key, column.key, "column_percent"] = (
                count,
                share(count, base),
            )
    yield made(
        "cumulative-risk-by-outcome",
        "Cumulative risk by outcome",
        rows=(*_ROWS, *overlap.rows_of("base")),
        columns=columns,
        cells=cells,
        measures=("count", "column_percent"),
        like=overlap,
        heading="Of the three",
        column_heading=overlap.column_heading,
        chapter="Child, family and environment",
        place=5,
        source="Triennial analysis of serious case reviews 2011 to 2014, figure 14",
    )


def _sum(overlap: Result, held: str, column: str) -> Cell:
    """The reviews with so many of the three: hidden where any of the combinations is."""
    parts = [
        overlap.cells.get((row.key, column, "count"), counted(0))
        for row in overlap.rows
        if row.key.startswith(TOGETHER) and row.key.removeprefix(TOGETHER).count("1") == int(held)
    ]
    found = [part.numerator for part in parts if part.numerator is not None]
    return counted(sum(found)) if len(found) == len(parts) else HIDDEN


DERIVATIONS = (Derivation((), cumulative), Derivation((BY_OUTCOME,), by_outcome))
