"""Tables and a release come in; computed, protected results go out, every cell with its numerator and base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from caselore.errors import TableError
from caselore.release.suppress import SMALLEST_COUNT
from caselore.tables import paths
from caselore.tables.frame import Frame
from caselore.tables.lines import column_lines, heading, row_lines, silent
from caselore.tables.measures import columns as made
from caselore.tables.protect import Place, Sheet, by_citation, protected
from caselore.tables.result import (
    CONFIDENTIAL,
    EMPTY,
    HIDDEN,
    WHOLE_BELOW,
    Cell,
    Line,
    Result,
    counted,
    half_up,
    number,
    percent,
    ratio,
)
from caselore.tables.table import (
    PER,
    WITHIN,
    Column,
    Condition,
    Fields,
    Measure,
    Nested,
    Pairs,
    Table,
    Whole,
    apart,
    axes,
    check,
    fields,
    years_of,
)
from caselore.tables.tally import tally
from caselore.tables.units import UNITS

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook
    from caselore.release.folder import Release


def compute(
    table: Table,
    release: Release,
    *,
    book: Codebook,
    smallest: int | None = SMALLEST_COUNT,
    cohort: tuple[Condition, ...] = (),
) -> Result:
    """One table of a release; tables to be published together go through `compute_all`.

    `smallest` is the smallest count that is shown, None shows all. `cohort` keeps the cases that meet every one of
    its conditions. Raises TableError where the table does not fit the codebook.
    """
    return compute_all((table,), release, book=book, smallest=smallest, cohort=cohort)[0]


def compute_all(
    tables: Sequence[Table],
    release: Release,
    *,
    book: Codebook,
    smallest: int | None = SMALLEST_COUNT,
    cohort: tuple[Condition, ...] = (),
) -> list[Result]:
    """Several tables of one release, so protected that no cell of one gives away a cell of another."""
    return computed(tables, framed(tables, release, book=book, cohort=cohort), book=book, smallest=smallest)


def framed(tables: Sequence[Table], release: Release, *, book: Codebook, cohort: tuple[Condition, ...] = ()) -> Frame:
    """A cohort of a release, ready to be counted along the axes of these tables."""
    for table in tables:
        check(table, book)
    named = [name for table in tables for name in fields(table)]
    if any(isinstance(table.rows, Fields) for table in tables):
        named += [name for name, field in book.fields.items() if field.kind != "choice"]
    return Frame(release.connection(), fields=named, cohort=cohort, file=getattr(release, "file", None))


def computed(tables: Sequence[Table], frame: Frame, *, book: Codebook, smallest: int | None) -> list[Result]:
    """Tables of a frame that was made for them, protected together; raises TableError as `laid_out` does."""
    return protected_results(laid_out(tables, frame, book=book, smallest=smallest), frame, book=book, smallest=smallest)


def laid_out(tables: Sequence[Table], frame: Frame, *, book: Codebook, smallest: int | None) -> list[Sheet]:
    """Tables of a frame that was made for them, counted and not yet protected.

    What citations tell of a whole release they do not tell of a cohort: there no table is public. Raises TableError for
    a cohort that is empty, or so small or so near to the whole that its very size would be a count not to be shown.
    """
    if frame.cohort:
        _wide_enough(frame, smallest)
        tables = [replace(table, public=False) for table in tables]
    return [_sheet(table, frame, book) for table in tables]


def protected_results(
    sheets: Sequence[Sheet],
    frame: Frame,
    *,
    book: Codebook,
    smallest: int | None,
    listed: Collection[tuple[str, str]] = (),
) -> list[Result]:
    """Counted tables as they may be shown together; `listed` codes have their reviews listed beside them."""
    hidden = protected(sheets, smallest=smallest, listed=listed)
    return [_result(sheet, secret, frame, book) for sheet, secret in zip(sheets, hidden, strict=True)]


def _wide_enough(frame: Frame, smallest: int | None) -> None:
    inside = int(frame.mask().sum())
    if not inside:
        raise TableError(f"None of {frame.size:,} reviews meets the filter; mend it, or widen it.")
    if smallest and (0 < inside < smallest or 0 < frame.size - inside < smallest):
        raise TableError(
            f"The filter keeps or leaves out fewer than {smallest} of {frame.size} reviews, "
            "which would single them out; widen it."
        )


def _sheet(table: Table, frame: Frame, book: Codebook) -> Sheet:
    counted_ = tally(table, frame, book.fields)
    rows = row_lines(table, counted_, book)
    columns = column_lines(table, counted_, book)
    unknown = (silent(table.rows, book), silent(table.columns, book))
    return Sheet(table, counted_, tuple(rows), tuple(columns), unknown, whole=by_citation(frame.cohort))


def _result(sheet: Sheet, secret: frozenset[Place], frame: Frame, book: Codebook) -> Result:
    table = sheet.table
    rows, left_out = _ordered(sheet, secret)
    kind = UNITS[table.unit]
    columns = (*sheet.columns, Line("all", f"All {kind.many}", "all"))
    if table.number:
        lines: tuple[Line, ...] = (*rows, Line("all", f"All {kind.many}", "all"))
        columns = columns[-1:]
    else:
        lines = _with_totals(table, rows, kind.many)
    cells = dict(_cells(sheet, secret, lines, columns))
    bare = _bare(table, lines, columns, cells)
    lines, columns = (tuple(line for line in each if line not in bare) for each in (lines, columns))
    kept = {(row.key, column.key) for row in lines for column in columns}
    return Result(
        table=table,
        rows=lines,
        columns=columns,
        cells={at: cell for at, cell in cells.items() if at[:2] in kept},
        of=(kind.one, kind.many),
        heading=heading(table.rows, book),
        column_heading=heading(table.columns, book),
        bases=_bases(table, kind.many, rows),
        notes=(*_notes(table, left_out, cells), *_left_bare(bare)),
        status=_status(table, frame),
    )


def _bare(
    table: Table, rows: Sequence[Line], columns: Sequence[Line], cells: Mapping[tuple[str, str, Measure], Cell]
) -> list[Line]:
    """Rows and columns of a long crossed table in which nothing but noughts could be shown."""
    if getattr(table.rows, "order", "") != "count" or isinstance(table.columns, Whole):
        return []
    inner = [[line for line in each if line.kind == "category"] for each in (rows, columns)]
    shown = {at[:2] for at, cell in cells.items() if cell.value}
    return [
        *(row for row in inner[0] if not any((row.key, column.key) in shown for column in inner[1])),
        *(column for column in inner[1] if not any((row.key, column.key) in shown for row in inner[0])),
    ]


def _left_bare(bare: Sequence[Line]) -> Iterator[str]:
    if bare:
        names = ", ".join(dict.fromkeys(line.label for line in bare))
        yield f"{LEFT_BARE}: {names}."


def _with_totals(table: Table, rows: Sequence[Line], many: str) -> tuple[Line, ...]:
    """Categories, their base, then what stands apart, then all."""
    if isinstance(table.rows, Fields):
        return tuple(rows)
    within = [line for line in rows if line.kind == "category"]
    outside = [line for line in rows if line.kind == "missing"]
    base = Line("base", f"Base: {many} with an answer" if outside else f"Base: all {many}", "base")
    return (*within, base, *outside, *([Line("all", f"All {many}", "all")] if outside else []))


def _ordered(sheet: Sheet, secret: frozenset[Place]) -> tuple[list[Line], int]:
    """The rows as they are shown, and how many were left out. A hidden count must not be told by its rank."""
    table = sheet.table
    within = [line for line in sheet.rows if line.kind == "category"]
    outside = [line for line in sheet.rows if line.kind != "category"]
    if table.top is not None or isinstance(table.rows, Pairs) or getattr(table.rows, "order", "") == "count":
        within.sort(key=lambda line: _rank(sheet, line, secret))
    if table.top is None:
        return [*within, *outside], 0
    kept = [line for line in within if (line.key, "all") not in secret]
    every = sum(("+" in key) == isinstance(table.rows, Pairs) for key in sheet.tally.keys(0))
    return [*kept, *outside], every - len(kept)


def _rank(sheet: Sheet, line: Line, secret: frozenset[Place]) -> tuple[bool, bool, int]:
    hidden = (line.key, "all") in secret
    return line.key in ("absent", "not_mentioned"), hidden, 0 if hidden else -sheet.count(line.key, "all")


def _cells(
    sheet: Sheet, secret: frozenset[Place], rows: Sequence[Line], columns: Sequence[Line]
) -> Iterator[tuple[tuple[str, str, Measure], Cell]]:
    table = sheet.table
    if table.number:
        for row in rows:
            for measure in table.measures:
                yield (row.key, "all", measure), _statistic(sheet, secret, row.key, measure)
        return
    largest = max((sheet.count("base", column.key) for column in columns), default=0)
    places = 0 if largest < WHOLE_BELOW else 1
    for row in rows:
        for column in columns:
            for measure in table.measures:
                cell = _cell(sheet, secret, row, column, measure, places)
                if cell is not None:
                    yield (row.key, column.key, measure), cell


def _cell(
    sheet: Sheet, secret: frozenset[Place], row: Line, column: Line, measure: Measure, places: int
) -> Cell | None:
    """One cell of a table of counts, or None where the measure has no meaning."""
    if measure == "count":
        return _count(sheet, secret, row.key, column.key)
    if measure in PER:
        counts = column.kind == "category" or (column.kind == "all" and sheet.table.years)
        return _rate(sheet, secret, row.key, column.key, measure) if counts else None
    if row.kind == "category" and _applies(measure, column):
        return _share(sheet, secret, row.key, column.key, measure, places)
    if row.kind == "base" and measure == "column_percent" and sheet.outside and column.kind != "missing":
        return _answered(sheet, secret, column.key, places)
    return None


def _applies(measure: Measure, column: Line) -> bool:
    return column.kind == "category" or (column.kind == "all" and measure != "row_percent")


def _answered(sheet: Sheet, secret: frozenset[Place], column: str, places: int) -> Cell:
    """How complete a column is: the share of all its units that have an answer."""
    if {("base", column), ("all", column)} & secret:
        return HIDDEN
    return percent(sheet.count("base", column), sheet.count("all", column), places=places)


def _rate(sheet: Sheet, secret: frozenset[Place], row: str, column: str, measure: Measure) -> Cell:
    """A count a year, or a year and 100,000 people; nothing where the years or the people are not known."""
    if (row, column) in secret:
        return HIDDEN
    years, count = years_of(sheet.table, column), sheet.count(row, column)
    if not years:
        return EMPTY
    if measure == "per_year":
        exact = Fraction(count) / Fraction(str(years))
        return Cell(float(exact), half_up(ratio(exact), 1), numerator=count)
    people = sheet.table.population.of(row, column) if sheet.table.population else None
    if not people:
        return EMPTY
    exact = Fraction(100_000 * count, people) / Fraction(str(years))
    return Cell(float(exact), half_up(ratio(exact), 2), numerator=count, base=people)


def _statistic(sheet: Sheet, secret: frozenset[Place], row: str, measure: Measure) -> Cell:
    if (row, "all") in secret or (row == "all" and ("base", "all") in secret):
        return HIDDEN
    value = sheet.tally.numbers.get(row, {}).get(measure)
    if measure == "n":
        return counted(int(value or 0))
    return number(value)


def _count(sheet: Sheet, secret: frozenset[Place], row: str, column: str) -> Cell:
    if (row, column) in secret:
        return HIDDEN
    base = None if ("base", column) in secret else sheet.count("base", column)
    return counted(sheet.count(row, column), base)


def _share(sheet: Sheet, secret: frozenset[Place], row: str, column: str, measure: Measure, places: int) -> Cell:
    if measure == "lift":
        return _lift(sheet, secret, row, column)
    if measure == "row_percent":
        base, seen = _row_base(sheet, row, column)
    else:
        at = column if measure == "column_percent" else "all"
        base, seen = sheet.count("base", at), {("base", at)}
    if {(row, column), *seen} & secret:
        return HIDDEN
    return percent(sheet.count(row, column), base, places=places)


def _row_base(sheet: Sheet, row: str, column: str) -> tuple[int, set[Place]]:
    """What a row percentage is of, and the places that it is summed from; of a nested column, within the outer one."""
    if not isinstance(sheet.table.columns, Nested):
        beside = {(row, state) for state in apart(sheet.table)}
        return sheet.tally.row_base(sheet.table, row), {(row, "all"), *beside}
    outer = column.split(WITHIN)[0] + WITHIN
    within = {(row, line.key) for line in sheet.columns if line.key.startswith(outer)}
    return sheet.count(row, outer), within


def _lift(sheet: Sheet, secret: frozenset[Place], row: str, column: str) -> Cell:
    """How many times as often two codes meet as they would if neither had to do with the other (1: no more often)."""
    one, other = row.split("+")
    if {(row, column), (one, column), (other, column), ("base", column)} & secret:
        return HIDDEN
    met, base = sheet.count(row, column), sheet.count("base", column)
    expected = Fraction(sheet.count(one, column) * sheet.count(other, column), base or 1)
    if not expected:
        return EMPTY
    return Cell(float(met / expected), half_up(ratio(met / expected), 1), numerator=met, base=base)


def _bases(table: Table, many: str, rows: Sequence[Line]) -> str:
    """What the percentages are of, in a sentence."""
    outside = [line.label.lower() for line in rows if line.kind == "missing"]
    answered = f"{many} with an answer" if outside else many
    column = "" if isinstance(table.columns, Whole) else " in that column"
    said = {
        "column_percent": f"Percentages are of the {answered}{column} (n)",
        "row_percent": f"percentages of a row are of the {many} of that row"
        + (" within the same period or group" if isinstance(table.columns, Nested) else ""),
        "total_percent": f"percentages of all are of all {answered}",
    }
    parts = [said[measure] for measure in table.measures if measure in said]
    apart_ = f"; outside the base: {', '.join(outside)}" if outside else ""
    if outside and "column_percent" in table.measures:
        outside_ = f"; beside the base stands how many {many} have an answer, in percent of all {many}"
        apart_ += outside_
    told = "; ".join(parts)
    return f"{told[:1].upper()}{told[1:]}{apart_}." if told else ""


def _notes(table: Table, left_out: int, cells: Mapping[tuple[str, str, Measure], Cell]) -> Iterator[str]:
    many = UNITS[table.unit].many
    yield from table.notes
    yield from (f"Only {many} where {one.label}." for one in table.where if one.label)
    if table.unit == "child":
        yield "Counts reviews about one index child: in a review about several, facts cannot be told child by child."
    if table.multi_response or isinstance(table.rows, Pairs):
        yield f"One {UNITS[table.unit].one} can be in several rows, so rows do not add up to the base."
    if table.population and "per_100000" in table.measures:
        yield f"Rates are of a year and 100,000 people: {table.population.name} ({table.population.source})."
    if "per_year" in table.measures:
        yield "A year: the count divided by the years that the column covers, for periods differ in length."
    if "lift" in table.measures:
        yield "Lift: how many times as often the two meet as they would if they had nothing to do with each other."
    if left_out:
        yield f"At most the {table.top} commonest rows are shown, and none with a small count; {left_out} are left out."
    if any(cell.suppressed for cell in cells.values()):
        yield f"{CONFIDENTIAL}: a small count, or one that would give a small count away, is not shown."


def _status(table: Table, frame: Frame) -> dict[str, float]:
    """The share of what stands behind a table at each status."""
    found: Counter[str] = Counter()
    for name in fields(table):
        for (_, status), count in frame.answers.get(name, {}).items():
            found[status] += count
    for view in sorted(_views(table)):
        found.update(frame.statuses(view))
    total = sum(found.values())
    return {status: count / total for status, count in sorted(found.items())} if total else {}


def _views(table: Table) -> set[str]:
    """The views whose status tells that of a table, where that is not one of codes."""
    names = {axis.name for axis in axes(table) if isinstance(axis, Column)}
    views = {"recommendations"} if table.unit == "recommendation" or "recommendations" in names else set()
    views |= {"decisions"} if table.unit in ("step", "transition") or names & _OF_STEPS else set()
    return views or (set() if fields(table) else {"cases"})


LEFT_BARE = "Rows and columns that hold only noughts and counts that are not shown are left out"
"""How a note begins that names them."""

_OF_STEPS = {*paths.CASE_COLUMNS, *made.COLUMNS, "steps"}
