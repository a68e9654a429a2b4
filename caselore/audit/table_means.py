"""In: a table. Out: means of a whole that do not follow from the means and sizes of its groups, and rows of means."""

from __future__ import annotations

import re
from collections.abc import Iterator

from caselore.audit.finding import Finding
from caselore.audit.places import Locator
from caselore.audit.rounding import ALL_RULES, shown, within
from caselore.audit.tables import Row, Table

MEAN = re.compile(r"\b(?:mean|average)\b", re.IGNORECASE)
_MEAN_ROW = re.compile(r"(?:overall )?(?:mean|average)\b", re.IGNORECASE)
WEIGHTED = 0.7
ROW = 0.75
ALONE = 0.6
FEW = 2


def check_means(table: Table, locator: Locator) -> Iterator[Finding]:
    """Findings on the total row of a column of means, and on rows that hold the mean of each column."""
    for j, words in enumerate(table.columns):
        if MEAN.search(words):
            yield from _weighted(table, j, locator)
    yield from _mean_rows(table, locator)


def _weighted(table: Table, column: int, locator: Locator) -> Iterator[Finding]:
    totals = [row for row in table.rows if row.is_total and row.cells[column].count is not None]
    groups = [row for row in table.rows if not row.is_total and row.cells[column].count is not None]
    sizes = [j for j in range(len(table.columns)) if j != column and _sizes(table, j, groups, totals)]
    if len(totals) != 1 or len(groups) < FEW or not sizes or any(row.is_part for row in groups):
        return
    unit = max(10.0 ** -row.cells[column].count_decimals for row in groups)
    cell = totals[0].cells[column]
    means = [row.cells[column].count or 0 for row in groups]
    printed, step = cell.count or 0, 10.0**-cell.count_decimals
    values = {j: _mean(groups, j, means) for j in sizes}
    if any(value - unit <= printed + step and printed - step <= value + unit for value in values.values()):
        return
    size = max(sizes, key=lambda j: totals[0].cells[j].count or 0)
    value, weights = values[size], [row.cells[size].count or 0 for row in groups]
    words = " + ".join(f"{shown(w)} x {m:g}" for w, m in zip(weights, means, strict=True))
    yield Finding(
        kind="average",
        printed=cell.text,
        recomputed=shown(value, cell.count_decimals + 1),
        sum=f"({words}) / {shown(sum(weights))} = {shown(value, cell.count_decimals + 1)}, printed {cell.text}",
        sentence="The mean of the whole is not the mean of its groups, each counted as often as it is large.",
        confidence=WEIGHTED,
        where=locator.cell(table, totals[0], column),
        tolerance="every mean may be off by one in its last digit",
    )


def _mean(groups: list[Row], size: int, means: list[float]) -> float:
    weights = [row.cells[size].count or 0 for row in groups]
    return sum(w * m for w, m in zip(weights, means, strict=True)) / sum(weights)


def _sizes(table: Table, j: int, groups: list[Row], totals: list[Row]) -> bool:
    """Whether a column holds the sizes of the groups: whole counts that add to the total."""
    cells = [row.cells[j] for row in (*groups, *totals)]
    if MEAN.search(table.columns[j]) or any(cell.count is None or cell.count_decimals for cell in cells):
        return False
    said = sum(row.cells[j].count or 0 for row in groups)
    return bool(totals) and 0 < said == totals[0].cells[j].count


def _mean_rows(table: Table, locator: Locator) -> Iterator[Finding]:
    for row in table.rows:
        if not _MEAN_ROW.match(row.label):
            continue
        others = [other for other in table.rows if other is not row and not other.is_total]
        judged = []
        for j, cell in enumerate(row.cells):
            counts = [other.cells[j].count for other in others]
            known = [count for count in counts if count is not None]
            if cell.count is not None and len(known) == len(others) > FEW:
                judged.append((j, sum(known) / len(known)))
        wrong = [
            (j, value) for j, value in judged if not within(value, row.cells[j].count or 0, row.cells[j].count_decimals)
        ]
        if wrong and 2 * len(wrong) <= max(len(judged), 2):
            for j, value in wrong:
                cell = row.cells[j]
                yield Finding(
                    kind="average",
                    printed=cell.text,
                    recomputed=shown(value, cell.count_decimals + 1),
                    sum=f"mean of {len(others)} rows = {shown(value, cell.count_decimals + 1)}, printed {cell.text}",
                    sentence=f"The mean of the rows above is {shown(value, cell.count_decimals + 1)}.",
                    confidence=ROW if len(judged) > len(wrong) else ALONE,
                    where=locator.cell(table, row, j),
                    tolerance=ALL_RULES,
                )
