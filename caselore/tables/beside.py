"""A computed table and a published series come in; one table goes out, with the new cohort beside the old ones.

Published figures are public and shown as they are, the new ones as protected as they came. Where a series breaks, the
row or the column is marked ``[b]``, the symbol of the Government Statistical Service for a break.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from caselore.errors import TableError
from caselore.tables.earlier import TOTAL, Break, Head, Series, every_series, misprints
from caselore.tables.result import EMPTY, Cell, Line, Result, counted, half_up, percent, ratio
from caselore.tables.table import Measure, Table

BREAK = "[b]"
CHAPTER = "Beside earlier analyses"

NEW = "new"
"""Before the key of a column of the new cohort, where periods bear the same name."""

_MEASURES: tuple[Measure, ...] = ("count", "column_percent", "per_year")
_Cells = dict[tuple[str, str, Measure], Cell]


def beside(result: Result, series: Series, *, cohort: str = "This cohort", years: float | None = None) -> Result:
    """The published periods of `series`, then the columns of `result`, row by row.

    Rows meet by key; a row that one side does not have is shown as not available there. `years` is how long the new
    cohort covers, if its columns are no periods: then its count a year stands beside those of the old ones. Raises
    TableError where the series has no periods to stand beside.
    """
    old = [head for head in series.columns if head.years and "/" not in head.key]
    if series.kind not in ("periods", "groups") or not old:
        raise TableError(f"Series {series.id!r} has no periods that a new cohort could stand beside.")
    new = _new_columns(result, cohort)
    rows = _rows(result, series)
    cells: _Cells = {}
    for head in old:
        cells |= dict(_printed(series, head, rows))
    for line, key in new:
        cells |= dict(_computed(result, line, key, rows, years))
    table = replace(
        Table(
            id=f"{result.table.id}-beside",
            title=f"{result.table.title}, beside earlier analyses",
            rows=result.table.rows,
        ),
        measures=_MEASURES,
        chapter=CHAPTER,
        place=result.table.place,
        source=series.cited,
        multi_response=result.table.multi_response,
        chart="none",
    )
    return Result(
        table=table,
        rows=tuple(_marked(row, series.breaks, "row") for row in rows),
        columns=(
            *(_marked(Line(head.key, head.label), series.breaks, "period") for head in old),
            *(one for one, _ in new),
        ),
        cells=cells,
        of=result.of,
        heading=result.heading,
        column_heading="Period",
        bases=result.bases,
        notes=(*_notes(series, old, rows), *result.notes),
        status=result.status,
    )


def all_beside(
    results: Sequence[Result], *, cohort: str = "This cohort", years: float | None = None
) -> tuple[Result, ...]:
    """Every computed table that a published series stands beside, in the order of the series."""
    found = {result.table.id: result for result in results}
    fit = [one for one in every_series().values() if one.beside in found and one.kind == "periods"]
    return tuple(beside(found[one.beside], one, cohort=cohort, years=years) for one in fit)


def _new_columns(result: Result, cohort: str) -> list[tuple[Line, str]]:
    """Columns of the new cohort as they will stand, each with the key that it has in its own table."""
    own = [line for line in result.columns if line.kind == "category" and "/" not in line.key]
    if not own or result.table.multi_columns or "per_year" not in result.table.measures:
        return [(Line(f"{NEW}:all", cohort), "all")]
    return [(Line(f"{NEW}:{line.key}", line.label), line.key) for line in own]


def _rows(result: Result, series: Series) -> list[Line]:
    """The rows of the series in its order, then rows that only the new cohort has, then its base and what is apart."""
    labels = {row.key: row.label for row in result.rows}
    printed = [Line(row.key, labels.get(row.key, row.label)) for row in series.rows if row.key != TOTAL]
    known = {row.key for row in printed}
    own = [row for row in result.rows if row.key not in known]
    more = [row for row in own if row.kind == "category" and result.cell(row.key).value != 0]
    return [*printed, *more, *(row for row in own if row.kind != "category")]


def _printed(series: Series, head: Head, rows: Sequence[Line]) -> Iterator[tuple[tuple[str, str, Measure], Cell]]:
    counts = series.counts(head.key)
    for row in rows:
        n = head.n if row.kind == "base" else counts.get(row.key)
        yield (row.key, head.key, "count"), EMPTY if n is None else counted(n, head.n)
        if n is not None and head.years:
            yield (row.key, head.key, "per_year"), _yearly(n, head.years)
        if row.kind == "category":
            share = EMPTY if n is None or not head.n else percent(n, head.n, places=0)
            yield (row.key, head.key, "column_percent"), share


def _computed(
    result: Result, line: Line, key: str, rows: Sequence[Line], years: float | None
) -> Iterator[tuple[tuple[str, str, Measure], Cell]]:
    for row in rows:
        for measure in _MEASURES:
            cell = result.cells.get((row.key, key, measure))
            if cell is None and measure == "count":
                cell = EMPTY
            if cell is None and measure == "per_year" and years:
                count = result.cells.get((row.key, key, "count"))
                cell = None if count is None else count if count.numerator is None else _yearly(count.numerator, years)
            if cell is not None:
                yield (row.key, line.key, measure), cell


def _yearly(count: int, years: float) -> Cell:
    exact = Fraction(count) / Fraction(str(years))
    return Cell(float(exact), half_up(ratio(exact), 1), numerator=count)


def _marked(line: Line, breaks: Sequence[Break], what: str) -> Line:
    """The line, marked where the series breaks at it; a break of one row from a period on marks the row."""
    found = {one.row for one in breaks} if what == "row" else {one.period for one in breaks if not one.row}
    return replace(line, label=f"{line.label} {BREAK}") if line.key in found else line


def _notes(series: Series, old: Sequence[Head], rows: Sequence[Line]) -> Iterator[str]:
    yield f"Published: {series.cited}, section {series.section}; counts as printed, percentages computed from them."
    labels: Mapping[str, str] = {**{row.key: row.label for row in rows}, **{head.key: head.label for head in old}}
    for one in series.breaks:
        where = ", ".join(labels.get(key, key) for key in (one.row, one.period) if key)
        yield f"{BREAK} {where}: {one.note}"
    for wrong in misprints(series):
        yield f"Printed as {wrong.printed:g}%: {wrong.where}; {wrong.n} of {wrong.base} is {wrong.recomputed}%."
    if len({head.years for head in old}) > 1:
        yield "The periods differ in length: compare counts a year, not counts."
    if series.about:
        yield series.about
