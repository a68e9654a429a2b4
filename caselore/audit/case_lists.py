"""In: the tables of a report. Out: tallies and means that do not follow from a list of cases which the report prints.

A table whose labels are 1, 2, 3 ... is a list of cases. Where the labels of another table are values of one of its
columns, the counts (or means) there must be those of the list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from caselore.audit.cells import plain
from caselore.audit.finding import Finding, Kind
from caselore.audit.places import Locator
from caselore.audit.rounding import shown, within
from caselore.audit.tables import Row, Table

FEWEST_CASES = 8
MOSTLY = 0.6
"""A table is one of the list if this share of its rows, and at least two, agree with it."""

CONFIDENCE = 0.75
_MEAN = re.compile(r"\b(?:mean|average)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CaseList:
    """A list of cases: for each column the values in order."""

    table: Table
    values: tuple[tuple[str, ...], ...]
    figures: tuple[tuple[float | None, ...], ...]


def check_case_lists(tables: Sequence[Table], locator: Locator) -> Iterator[Finding]:
    """Findings on every table that tallies a list of cases."""
    for cases in (found for table in tables if (found := case_list(table))):
        for table in tables:
            if table is not cases.table:
                for column in range(len(table.columns)):
                    yield from _tally(cases, table, column, locator)


def case_list(table: Table) -> CaseList | None:
    """The table as a list of cases, if its labels count from one."""
    rows = [row for row in table.rows if row.label.isdigit()]
    numbers = [int(row.label) for row in rows]
    if len(rows) < FEWEST_CASES or numbers[0] != 1 or any(b != a + 1 for a, b in pairwise(numbers)):
        return None
    width = len(table.columns)
    words = tuple(tuple(_key(row.cells[c].text) for row in rows) for c in range(width))
    figures = tuple(tuple(row.cells[c].count for row in rows) for c in range(width))
    return CaseList(table, words, figures)


def _key(words: str) -> str:
    return re.sub(r"[^a-z0-9&]+", " ", plain(words).lower()).strip()


def _tally(cases: CaseList, table: Table, column: int, locator: Locator) -> Iterator[Finding]:
    mean = bool(_MEAN.search(table.columns[column]) or (_MEAN.search(table.caption) and len(table.columns) == 1))
    for values in cases.values:
        if not 2 <= len(set(values)) <= len(values) * 0.7:
            continue
        rows = [row for row in table.rows if _key(row.label) in values and row.cells[column].count is not None]
        for expected, decimal in _expected(cases, values, mean=mean):
            good = [row for row in rows if _agrees(row, column, expected, decimal=decimal)]
            if len(good) >= 2 and MOSTLY * len(rows) <= len(good) < len(rows):
                for row in rows:
                    if row not in good:
                        kind: Kind = "average" if mean else "contradiction"
                        yield _finding(cases, table, (row, column), expected[_key(row.label)], locator, kind)


def _expected(cases: CaseList, values: tuple[str, ...], *, mean: bool) -> Iterator[tuple[dict[str, float], bool]]:
    if not mean:
        yield {value: float(values.count(value)) for value in set(values)}, False
        return
    for figures in cases.figures:
        if all(figure is not None for figure in figures):
            groups: dict[str, list[float]] = defaultdict(list)
            for value, figure in zip(values, figures, strict=True):
                groups[value].append(figure or 0.0)
            yield {value: sum(each) / len(each) for value, each in groups.items()}, True


def _agrees(row: Row, column: int, expected: dict[str, float], *, decimal: bool) -> bool:
    cell, wanted = row.cells[column], expected[_key(row.label)]
    if decimal:
        return within(wanted, cell.count or 0, cell.count_decimals)
    return cell.count == wanted


def _finding(
    cases: CaseList, table: Table, at: tuple[Row, int], wanted: float, locator: Locator, kind: Kind
) -> Finding:
    row, column = at
    said = row.cells[column].text
    return Finding(
        kind=kind,
        printed=said,
        recomputed=shown(wanted, 2),
        sum=f"{cases.table.name} gives {shown(wanted, 2)} for {row.label!r}, {table.name} prints {said}",
        sentence=(
            f"The list of cases in {cases.table.name} does not give this figure; it gives the others of the column."
        ),
        confidence=CONFIDENCE,
        where=locator.cell(table, row, column),
        tolerance="rounding of means; none for counts",
        also=locator.words(cases.table.start, cases.table.end, table=cases.table.name),
    )
