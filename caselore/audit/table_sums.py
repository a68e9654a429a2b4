"""In: a table. Out: columns and rows that do not add to their total.

Only complains where the table is shown to add: most columns (or rows) do, and this one does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from caselore.audit.finding import Finding, Place
from caselore.audit.places import Locator
from caselore.audit.rounding import fits, shown
from caselore.audit.table_parts import parts
from caselore.audit.tables import Row, Table

ADDS_ELSEWHERE = 0.9
ALONE = 0.75
STATED_ONLY = 0.75
UNSURE = 0.4
FEWEST = 2
ROUNDED = 6
"""So many figures that all end in 0 or 5 have been rounded to tens or fives."""

UNNAMED = 5
"""Rows that must add before a column that is not called a total is taken for one."""


def check_sums(table: Table, locator: Locator) -> Iterator[Finding]:
    """Findings on total rows, on the n of columns, on parts of a row, and on total columns."""
    yield from _total_rows(table, locator)
    yield from _stated_n(table, locator)
    yield from _caption_n(table, locator)
    yield from _of_which(table, locator)
    yield from _total_columns(table, locator)


def _values(table: Table, rows: Sequence[int], column: int) -> list[float]:
    counts = (table.rows[i].cells[column].count for i in rows)
    return [count for count in counts if count is not None]


def _countable(table: Table, column: int) -> bool:
    """Whether a column holds counts: no decimals, no rates, and figures in nearly every row."""
    cells = [row.cells[column] for row in table.rows]
    heading = table.columns[column].lower()
    odd = any(
        word in heading for word in ("rate", "ratio", "average", "mean", "median", "%", "per cent", "percent", "change")
    )
    whole = all(not cell.count_decimals and not cell.hidden for cell in cells)
    figures = [
        cell.count for cell, row in zip(cells, table.rows, strict=True) if not row.is_total and cell.count is not None
    ]
    shares = any(row.is_total and row.cells[column].count == 100 for row in table.rows) or 98 <= sum(figures) <= 102
    return not odd and whole and len(figures) > 0 and not (shares and _is_shares(table, column, sum(figures)))


def _is_shares(table: Table, column: int, total: float) -> bool:
    """Whether figures without a sign are percentages: they add to about 100, and the stated total is another or 100."""
    stated = [row.cells[column].count for row in table.rows if row.is_total]
    if any(row.cells[column].percent is not None for row in table.rows) or (table.bases[column] and not stated):
        return False
    return abs(total - 100) <= max(2, len(table.rows) / 2) and (not stated or stated[0] != total)


def _total_rows(table: Table, locator: Locator) -> Iterator[Finding]:
    totals = [i for i, row in enumerate(table.rows) if row.is_total and any(c.count is not None for c in row.cells)]
    for t in (i for i in totals if not table.rows[i].is_base):
        columns = [
            j for j in range(len(table.columns)) if _countable(table, j) and table.rows[t].cells[j].count is not None
        ]
        options = [rows for rows in _summands(table, t, totals) if len(rows) >= FEWEST]
        if not options or not columns:
            continue
        rows = max(options, key=lambda rows: sum(_adds(table, rows, t, j) for j in columns))
        good = [j for j in columns if _adds(table, rows, t, j)]
        level = ADDS_ELSEWHERE if good else ALONE if len(columns) == 1 and not table.several else UNSURE
        for j in columns:
            told = len(_values(table, rows, j)) >= FEWEST
            if j not in good and told and not any(_adds(table, other, t, j) for other in options):
                said = sum(_values(table, rows, j))
                yield _finding(table, locator, (t, j), said, _values(table, rows, j), level, "rows")


def _adds(table: Table, rows: Sequence[int], total: int, column: int) -> bool:
    values, printed = _values(table, rows, column), table.rows[total].cells[column].count
    return printed is not None and abs(sum(values) - printed) <= _slack([*values, printed])


def _slack(values: Sequence[float]) -> float:
    """How far a sum may be off where every figure is rounded to fives, tens or more before it is added."""
    unit = next((u for u in (1000, 100, 10, 5) if all(value % u == 0 for value in values)), 0)
    return unit * len(values) / 2 if len(values) >= ROUNDED and unit else 0.0


def _summands(table: Table, total: int, totals: list[int]) -> Iterator[list[int]]:
    """Sets of rows that a total may sum: since the last total, all above, all below, the totals above."""
    within = parts(table)
    plain = [i for i in range(len(table.rows)) if i not in totals and i not in within]
    before = max((i for i in totals if i < total), default=-1)
    after = min((i for i in totals if i > total), default=len(table.rows))
    yield [i for i in plain if before < i < total]
    yield [i for i in plain if i < total]
    yield [i for i in plain if total < i < after]
    yield list(range(before + 1, total))
    yield [i for i in totals if i < total]
    yield [before, *(i for i in plain if before < i < total)] if before >= 0 and table.rows[before].is_base else []
    yield [i for i in plain if before < i < total and not table.rows[i].is_missing]


def _stated_n(table: Table, locator: Locator) -> Iterator[Finding]:
    """The n in a heading against the total row, or against the rows where other columns add to theirs."""
    totals = [i for i, row in enumerate(table.rows) if row.is_total]
    columns = [j for j in range(len(table.columns)) if table.bases[j] and _countable(table, j)]
    for t in totals[-1:]:
        said = [{table.rows[i].cells[j].count for i in totals} for j in range(len(table.columns))]
        wrong = [j for j in columns if table.rows[t].cells[j].count is not None and table.bases[j] not in said[j]]
        for j in wrong if len(wrong) < len(columns) or len(columns) == 1 else ():
            yield _finding(table, locator, (t, j), float(table.bases[j] or 0), [], STATED_ONLY, "heading")
    if totals:
        return
    within = parts(table)
    rows = [i for i in range(len(table.rows)) if i not in within]
    good = [j for j in columns if sum(_values(table, rows, j)) == table.bases[j]]
    if len(rows) < FEWEST or 2 * len(good) < len(columns) or not good:
        return
    for j in columns:
        if j not in good:
            values = _values(table, rows, j)
            level = STATED_ONLY if len(good) > 1 else 0.6
            yield _heading(table, locator, j, values, level)


def _caption_n(table: Table, locator: Locator) -> Iterator[Finding]:
    """The n of a caption against a column whose percentages are of its own sum."""
    n, within = table.base, parts(table)
    rows = [row for i, row in enumerate(table.rows) if not row.is_total and i not in within]
    if not n or table.several or len(rows) < 3:
        return
    for j in range(len(table.columns)):
        shares = [(row.cells[j].count, _percent_beside(row, j)) for row in rows]
        said = sum(count or 0 for count, _ in shares)
        if said == n or abs(said - n) > max(2, 0.03 * n) or any(c is None or p is None for c, p in shares):
            continue
        known = [(count or 0, *percent) for count, percent in shares if percent]
        off = [each for each in known if not fits(each[0], n, *each[1:])]
        if off and all(fits(each[0], said, *each[1:]) for each in known):
            first, last = table.rows[0].cells[j], table.rows[-1].cells[j]
            yield Finding(
                kind="contradiction",
                printed=f"n = {n}",
                recomputed=f"n = {shown(said)}",
                sum=f"{_plus([c or 0 for c, _ in shares])} = {shown(said)}, caption says n = {n}",
                sentence=f"The rows add to {shown(said)} and the percentages are of {shown(said)}, not of {n}.",
                confidence=ALONE,
                where=locator.words(first.start, last.end, table=table.name, cell=f"column {table.columns[j]!r}"),
                tolerance="none: counts",
            )


def _percent_beside(row: Row, j: int) -> tuple[float, int] | None:
    """The percentage in a cell or in the next one, and its decimals."""
    for cell in (row.cells[j], *row.cells[j + 1 : j + 2]):
        if cell.percent is not None:
            return cell.percent, cell.decimals
    return None


def _heading(table: Table, locator: Locator, column: int, values: list[float], level: float) -> Finding:
    n, said = table.bases[column] or 0, sum(values)
    first, last = table.rows[0].cells[column], table.rows[-1].cells[column]
    where = locator.words(first.start, last.end, table=table.name, cell=f"column {table.columns[column]!r}")
    where = Place(
        where.start,
        where.end,
        f"{table.columns[column]}: {_plus(values)}",
        where.page,
        where.section,
        where.table,
        where.cell,
    )
    return Finding(
        kind="sum",
        printed=f"n = {n}",
        recomputed=shown(said),
        sum=f"{_plus(values)} = {shown(said)}, heading says n = {n} (difference {shown(said - n)})",
        sentence=(
            f"The rows of this column add to {shown(said)}, not to its n of {n}; other columns of "
            f"{table.name} add to theirs."
        ),
        confidence=level,
        where=where,
        tolerance="none: counts",
    )


def _of_which(table: Table, locator: Locator) -> Iterator[Finding]:
    """Parts that add to their row in most columns, and not in this one."""
    within = parts(table)
    for parent in sorted(set(within.values())):
        rows = [i for i, of in within.items() if of == parent]
        columns = [
            j
            for j in range(len(table.columns))
            if table.rows[parent].cells[j].count is not None and _countable(table, j)
        ]
        good = [j for j in columns if _adds(table, rows, parent, j)]
        if len(rows) >= FEWEST and 2 * len(good) >= len(columns) and good:
            for j in columns:
                if j not in good:
                    values = _values(table, rows, j)
                    yield _finding(table, locator, (parent, j), sum(values), values, ADDS_ELSEWHERE - 0.1, "parts")


def _total_columns(table: Table, locator: Locator) -> Iterator[Finding]:
    counted = [j for j in range(len(table.columns)) if _countable(table, j)]
    for j in counted:
        best: tuple[list[int], list[int], list[int]] | None = None
        for others in _addends(table, j, counted):
            rows = [i for i, row in enumerate(table.rows) if all(row.cells[k].count is not None for k in (j, *others))]
            good = [
                i
                for i in rows
                if sum(table.rows[i].cells[k].count or 0 for k in others) == table.rows[i].cells[j].count
            ]
            enough = FEWEST if _is_named(table, j, others) else UNNAMED
            if len(good) >= enough and len(good) >= 0.6 * len(rows) and (best is None or len(good) > len(best[2])):
                best = (others, rows, good)
        if best:
            yield from _rows_off(table, locator, j, best)


def _rows_off(
    table: Table, locator: Locator, column: int, best: tuple[list[int], list[int], list[int]]
) -> Iterator[Finding]:
    others, rows, good = best
    for i in rows:
        if i not in good:
            values = [table.rows[i].cells[k].count or 0 for k in others]
            yield _finding(table, locator, (i, column), sum(values), values, ADDS_ELSEWHERE, "columns")


def _addends(table: Table, column: int, counted: list[int]) -> Iterator[list[int]]:
    """Sets of columns that a total column may sum: all others, or the run right before or after it."""
    sums = [c for c in counted if c != column]
    runs = [sums]
    for size in range(2, len(sums) + 1):
        runs += [list(range(column - size, column)), list(range(column + 1, column + 1 + size))]
    for run in runs:
        if len(run) >= 2 and all(c in sums for c in run):
            yield run


def _is_named(table: Table, column: int, run: list[int]) -> bool:
    """Whether a heading says that a column is a total, or its n is the sum of those of the others."""
    words = table.columns[column].lower().split()
    bases = [table.bases[c] for c in run]
    adds = table.bases[column] is not None and None not in bases
    return any(word in words for word in ("total", "all", "overall", "totals", "both")) or (
        adds and sum(b or 0 for b in bases) == table.bases[column]
    )


def _finding(
    table: Table, locator: Locator, at: tuple[int, int], said: float, values: list[float], level: float, what: str
) -> Finding:
    row, cell = table.rows[at[0]], table.rows[at[0]].cells[at[1]]
    printed = cell.count or 0
    sentences = {
        "rows": f"The rows add to {shown(said)}, the printed total is {shown(printed)}.",
        "columns": f"The columns of this row add to {shown(said)}, the printed total is {shown(printed)}.",
        "parts": f"The parts of this row add to {shown(said)}, the row says {shown(printed)}.",
        "heading": f"The total row says {shown(printed)}, the heading of the column says n = {shown(said)}.",
    }
    left = f"{_plus(values)} = {shown(said)}" if values else f"heading n = {shown(said)}"
    return Finding(
        kind="sum",
        printed=shown(printed),
        recomputed=shown(said),
        sum=f"{left}, printed {shown(printed)} (difference {shown(said - printed)})",
        sentence=sentences[what],
        confidence=level,
        where=locator.cell(table, row, at[1]),
        tolerance="none: counts",
    )


def _plus(values: list[float]) -> str:
    return " + ".join(shown(value) for value in values)
