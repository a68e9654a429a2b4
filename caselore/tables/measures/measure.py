"""What a measure is: the tables that it needs counted, and the work that makes its own of their protected cells.

A measure reads cells as they are shown, so it gives nothing away that they keep: what rests on a hidden one is hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from caselore.tables.frame import Frame
from caselore.tables.result import EMPTY, HIDDEN, Cell, Line, Result, half_up, number, percent
from caselore.tables.table import Chart, Given, Measure, Table
from caselore.tables.tests import wilson

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook

Cells = dict[tuple[str, str, Measure], Cell]


@dataclass(frozen=True)
class Ground:
    """What a measure works on: protected tables by id, the cohort's frame, the codebook, the smallest count shown."""

    results: Mapping[str, Result]
    frame: Frame
    book: Codebook
    smallest: int | None

    def get(self, table: str) -> Result | None:
        """A counted table, or None where there is none or it holds nothing."""
        result = self.results.get(table)
        return None if result is None or result.empty else result


@dataclass(frozen=True, slots=True)
class Derivation:
    """A measure: `tables` are counted and protected with all others and not shown; `work` makes those that are."""

    tables: tuple[Table, ...]
    work: Callable[[Ground], Iterable[Result]]


def made(
    id_: str,
    title: str,
    *,
    rows: Sequence[Line],
    cells: Cells,
    measures: Sequence[Measure],
    like: Result | None = None,
    columns: Sequence[Line] = (),
    heading: str = "",
    column_heading: str = "",
    chapter: str = "",
    place: int = 60,
    source: str = "",
    notes: Iterable[str] = (),
    chart: Chart = "none",
    of: tuple[str, str] = ("review", "reviews"),
) -> Result:
    """A table of a measure; chapter, status and unit are those of the table `like` it unless said."""
    table = Table(
        id=id_,
        title=title,
        rows=Given(),
        measures=tuple(measures),
        chapter=chapter or (like.table.chapter if like else ""),
        place=place,
        source=source or (like.table.source if like else ""),
        chart=chart,
    )
    return Result(
        table=table,
        rows=tuple(rows),
        columns=tuple(columns) or (Line("all", f"All {of[1]}", "all"),),
        cells=cells,
        of=of,
        heading=heading or (like.heading if like else ""),
        column_heading=column_heading,
        notes=tuple(notes),
        status=like.status if like else {},
    )


def text(words: str) -> Cell:
    """A cell that says something in words."""
    return Cell(None, words)


def share(count: Cell, base: Cell, *, places: int = 0) -> Cell:
    """One shown count as a percentage of another."""
    if count.suppressed or base.suppressed:
        return HIDDEN
    if count.numerator is None or not base.numerator:
        return EMPTY
    return percent(count.numerator, base.numerator, places=places)


def bounds(count: Cell, base: Cell) -> tuple[Cell, Cell]:
    """Wilson's 95% interval of a shown count of a shown base, as percentages."""
    if count.suppressed or base.suppressed:
        return HIDDEN, HIDDEN
    if count.numerator is None or not base.numerator:
        return EMPTY, EMPTY
    low, high = wilson(count.numerator, base.numerator)
    return _percentage(low), _percentage(high)


def interval(count: Cell, base: Cell) -> Cell:
    """The same in one cell: ``22-48``."""
    low, high = bounds(count, base)
    return low if low.value is None else text(f"{low.shown}–{high.shown}")


def figure(value: float | None, *, places: int = 2) -> Cell:
    """A statistic that is no percentage; one that is endless or undefined is not available."""
    return EMPTY if value is None or value != value or abs(value) == float("inf") else number(value, places=places)


def _percentage(part: float) -> Cell:
    return Cell(100 * part, half_up(Decimal(repr(100 * part)), 0))
