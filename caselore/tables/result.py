"""What a computed table holds: cells that prose, charts and files address by row, column and measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from caselore.errors import TableError
from caselore.tables.table import RESERVED, Given, Measure, Table

CONFIDENTIAL = "[c]"
"""Shown for a suppressed value; with `NOT_AVAILABLE`, symbols of the Government Statistical Service (2017-)."""

NOT_AVAILABLE = "[x]"
"""Shown where there is nothing to compute from, such as a percentage of no cases."""

WHOLE_BELOW = 500
"""Tables whose largest base is below this show whole percentages, larger ones one decimal."""

ROUNDING = (
    f"Percentages are rounded half up: to whole numbers where the largest base of a table is under {WHOLE_BELOW}, "
    "to one decimal otherwise, so they may not add to exactly 100."
)

LineKind = Literal["category", "missing", "base", "all"]


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column: a category, a state apart (`missing`), the base of the percentages, or all there are."""

    key: str
    label: str
    kind: LineKind = "category"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: unrounded, and as it is shown. A suppressed cell has no value, no numerator and no base."""

    value: float | int | None
    shown: str
    suppressed: bool = False
    numerator: int | None = None
    base: int | None = None


HIDDEN = Cell(None, CONFIDENTIAL, suppressed=True)
EMPTY = Cell(None, NOT_AVAILABLE)


@dataclass(frozen=True)
class Result:
    """A computed table; a measure is found at (row, column, measure).

    `status` holds the share of codes behind the table at each status; `of` the words for one and several of what
    is counted; `bases` the sentence that says what the percentages are of.
    """

    table: Table
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    cells: Mapping[tuple[str, str, Measure], Cell]
    of: tuple[str, str] = ("review", "reviews")
    heading: str = ""
    column_heading: str = ""
    bases: str = ""
    notes: tuple[str, ...] = ()
    status: Mapping[str, float] = field(default_factory=dict)

    def cell(self, row: str, column: str = "all", measure: Measure = "count") -> Cell:
        """The cell that a sentence or a chart is bound to; raises TableError where there is none."""
        try:
            return self.cells[row, column, measure]
        except KeyError:
            rows = ", ".join(line.key for line in self.rows)
            raise TableError(
                f"Table {self.table.id!r} has no cell at row {row!r}, column {column!r}, measure {measure!r}; "
                f"its rows are {rows}; its columns {', '.join(line.key for line in self.columns)}; "
                f"its measures {', '.join(self.table.measures)}."
            ) from None

    def rows_of(self, kind: LineKind) -> tuple[Line, ...]:
        """The rows of one kind, in order."""
        return tuple(line for line in self.rows if line.kind == kind)

    def addressed(self) -> Iterator[tuple[Line, Line, Measure, Cell]]:
        """Every cell with its row and column, row by row."""
        for row in self.rows:
            for column in self.columns:
                for measure in self.table.measures:
                    if (row.key, column.key, measure) in self.cells:
                        yield row, column, measure, self.cells[row.key, column.key, measure]

    @property
    def draft(self) -> bool:
        """Whether anything behind the table is a proposal that no human has validated."""
        return self.status.get("proposed", 0) > 0

    @property
    def empty(self) -> bool:
        """Whether the release holds nothing of what the table counts."""
        if isinstance(self.table.rows, Given):
            apart = (cell for (row, _, _), cell in self.cells.items() if row not in _APART)
            return not any(cell.value or cell.shown not in (NOT_AVAILABLE, CONFIDENTIAL, "0") for cell in apart)
        if self.table.number:
            return not self.cells or not self.cell("all", measure=self.table.measures[0]).numerator
        inside = {line.key for line in self.columns if line.kind == "category"} or {"all"}
        values = (cell for (row, column, _), cell in self.cells.items() if row not in _APART and column in inside)
        return not any(cell.suppressed or cell.value for cell in values)

    @property
    def suppressed(self) -> int:
        """How many counts are not shown."""
        first = self.table.measures[0]
        return sum(cell.suppressed for (*_, measure), cell in self.cells.items() if measure == first)


_APART = RESERVED


def half_up(value: Decimal, places: int) -> str:
    """A number with a fixed count of decimals, halves away from zero: 12.5 is 13."""
    return f"{value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):f}"


def ratio(value: Fraction) -> Decimal:
    """A fraction as a decimal, exact enough that rounding it once is rounding right."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def percent(numerator: int, base: int, *, places: int) -> Cell:
    """`numerator` of `base` as a percentage; one that is not nought but rounds to it is shown as less than one."""
    if base <= 0:
        return EMPTY
    shown = half_up(ratio(Fraction(100 * numerator, base)), places)
    if numerator and not Decimal(shown):
        shown = "<" + half_up(Decimal(1).scaleb(-places), places)
    return Cell(100 * numerator / base, shown, numerator=numerator, base=base)


def counted(count: int, base: int | None = None) -> Cell:
    """A count, with a comma at the thousands."""
    return Cell(count, f"{count:,}", numerator=count, base=base)


def number(value: float | None, *, places: int = 1) -> Cell:
    """A statistic; whole values are shown whole."""
    if value is None:
        return EMPTY
    exact = Decimal(repr(float(value)))
    return Cell(value, half_up(exact, 0 if exact == exact.to_integral_value() else places))
