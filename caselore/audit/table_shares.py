"""In: a table. Out: columns of percentages that are one column in another, and the cells that are not.

"Reviews | with factors | % with factors": no base stands in the column of the count. Every pair of columns of counts is
tried on all rows; the pair that gives nearly all is the column's.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from caselore.audit.finding import Finding
from caselore.audit.places import Locator
from caselore.audit.rounding import ALL_RULES, fits, percentage
from caselore.audit.tables import Row, Table

FEWEST = 4
EXPLAINED = 0.7
SURE = 0.9
RATHER = 0.75
Pair = tuple[int, int]


def check_shares(table: Table, locator: Locator) -> Iterator[Finding]:
    """Findings on percentages of one column in another."""
    counts = [j for j in range(len(table.columns)) if _counts(table, j)]
    for j in range(len(table.columns)):
        if j in counts or len(counts) < 2:
            continue
        rows = [row for row in table.rows if _share(table, row, j)]
        best = max(permutations(counts, 2), key=lambda pair: sum(_fits(table, row, j, pair) for row in rows))
        good = [row for row in rows if _fits(table, row, j, best)]
        known = [row for row in rows if row.cells[best[0]].count is not None and row.cells[best[1]].count]
        if len(good) >= FEWEST and len(good) >= EXPLAINED * len(known) and not _same_column(table, rows, j, counts):
            level = SURE if len(good) >= 0.85 * len(known) else RATHER
            yield from (_finding(table, row, j, best, level, locator) for row in known if row not in good)


def _counts(table: Table, j: int) -> bool:
    cells = [row.cells[j] for row in table.rows if row.cells[j].numeric]
    whole = all(c.count is not None and c.percent is None and not c.count_decimals for c in cells)
    return len(cells) >= FEWEST and whole and "%" not in table.columns[j]


def _share(table: Table, row: Row, j: int) -> tuple[float, int] | None:
    """The percentage of a cell that holds nothing else, and its decimals."""
    cell = row.cells[j]
    if cell.percent is not None and cell.count is None:
        return cell.percent, cell.decimals
    bare = cell.count is not None and cell.count <= 100 and "%" in table.columns[j]
    return (cell.count or 0.0, cell.count_decimals) if bare else None


def _fits(table: Table, row: Row, j: int, pair: Pair) -> bool:
    part, whole, share = row.cells[pair[0]].count, row.cells[pair[1]].count, _share(table, row, j)
    return bool(share and part is not None and whole and fits(part, whole, *share))


def _same_column(table: Table, rows: list[Row], j: int, counts: list[int]) -> bool:
    """Whether the percentages are shares in the total of a column as well: then `table_percentages` has judged them."""
    for a in counts:
        bases = {sum(row.cells[a].count or 0 for row in table.rows if not row.is_total)}
        bases |= {row.cells[a].count or 0 for row in table.rows if row.is_total} | {table.bases[a] or table.base or 0}
        for base in bases - {0}:
            explained = [
                row for row in rows if (s := _share(table, row, j)) and fits(row.cells[a].count or 0, base, *s)
            ]
            if len(explained) >= EXPLAINED * len(rows):
                return True
    return False


def _finding(table: Table, row: Row, j: int, pair: Pair, level: float, locator: Locator) -> Finding:
    part, whole = row.cells[pair[0]].count or 0, row.cells[pair[1]].count or 1
    printed, digits = _share(table, row, j) or (0.0, 0)
    exact = float(percentage(part, whole))
    return Finding(
        kind="percentage",
        printed=f"{printed:.{digits}f}%",
        recomputed=f"{exact:.{digits + 1}f}%",
        sum=f"{part:g} / {whole:g} = {exact:.{digits + 1}f}%, printed {printed:.{digits}f}%",
        sentence=f"The column is {table.columns[pair[0]]!r} in {table.columns[pair[1]]!r}; this row is not.",
        confidence=level,
        where=locator.cell(table, row, j),
        tolerance=ALL_RULES,
    )
