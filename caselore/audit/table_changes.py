"""In: a table with a row a year. Out: changes on the year before that do not follow from the counts of both rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from caselore.audit.cells import Cell, is_period
from caselore.audit.finding import Finding
from caselore.audit.places import Locator
from caselore.audit.rounding import ALL_RULES, shown, within
from caselore.audit.tables import Row, Table

_CHANGE = re.compile(r"\b(?:change|increase|decrease|growth|difference)\b", re.IGNORECASE)
FEWEST = 3
CONFIDENCE = 0.8


def check_changes(table: Table, locator: Locator) -> Iterator[Finding]:
    """Findings on columns of changes from row to row; the column of counts that explains most is theirs."""
    pairs = [(old, new) for old, new in pairwise(table.rows) if is_period(old.label) and is_period(new.label)]
    for j, heading in enumerate(table.columns):
        if not _CHANGE.search(heading) or len(pairs) < FEWEST:
            continue
        for counts in (c for c in range(len(table.columns)) if c != j):
            found = [(new, _judged(old, new, j, counts)) for old, new in pairs]
            judged = [(row, *each) for row, each in found if each]
            good = sum(right for *_, right in judged)
            if len(judged) >= FEWEST and good >= FEWEST - 1 and 2 * good > len(judged):
                for row, value, right in judged:
                    if not right:
                        yield _finding(table, row, j, value, locator)
                break


def _judged(old: Row, new: Row, j: int, counts: int) -> tuple[float, bool] | None:
    """The change of a row in the unit of its cell, and whether the cell holds it."""
    before, after, figure = old.cells[counts].count, new.cells[counts].count, _figure(new.cells[j])
    if not before or after is None or figure is None:
        return None
    printed, digits, percent = figure
    value = abs(100 * (after - before) / before) if percent else abs(after - before)
    return value, within(value, printed, digits)


def _figure(cell: Cell) -> tuple[float, int, bool] | None:
    """The size of a change, its decimals, and whether it is in per cent; signs are left aside."""
    found = re.fullmatch(r"[-+–−]?\s?(\d[\d,]*(?:\.\d+)?)\s?(%|per cent)?", cell.text.strip())
    if not found:
        return None
    return float(found[1].replace(",", "")), len(found[1].partition(".")[2]), bool(found[2])


def _finding(table: Table, row: Row, j: int, value: float, locator: Locator) -> Finding:
    cell = row.cells[j]
    unit = "%" if "%" in cell.text else ""
    return Finding(
        kind="rate",
        printed=cell.text,
        recomputed=f"{shown(value)}{unit}",
        sum=f"change on the row above = {shown(value)}{unit}, printed {cell.text}",
        sentence=f"The other rows give their change on the row above; {row.label!r} does not.",
        confidence=CONFIDENCE,
        where=locator.cell(table, row, j),
        tolerance=ALL_RULES,
    )
