"""In: a table. Out: which rows are parts of a row above, and which total row belongs to a row."""

from __future__ import annotations

from caselore.audit.tables import Table


def parts(table: Table) -> dict[int, int]:
    """For each row that is a part of another ("of which"), the index of that row.

    A row is a part by its label or setting, or because it and its neighbours add to the row above in every column.
    """
    out: dict[int, int] = {}
    parent: int | None = None
    for i, row in enumerate(table.rows):
        if row.is_part and parent is not None and any(cell.numeric for cell in table.rows[parent].cells):
            out[i] = parent
        elif not row.is_total:
            parent = i
    return out or _by_sum(table)


def _by_sum(table: Table) -> dict[int, int]:
    out: dict[int, int] = {}
    i = 0
    while i < len(table.rows):
        last = _adds_up(table, i) if not table.rows[i].is_total else None
        if last is not None:
            out |= dict.fromkeys(range(i + 1, last + 1), i)
            i = last
        i += 1
    return out


def _adds_up(table: Table, i: int) -> int | None:
    """The last of two or more rows below that add to row i in every column of counts, of which there are two."""
    whole = [cell.count for cell in table.rows[i].cells]
    sums = [0.0] * len(whole)
    for k in range(i + 1, len(table.rows)):
        row = table.rows[k]
        if row.is_total:
            return None
        for c, cell in enumerate(row.cells):
            sums[c] += cell.count or 0
        pairs = [(a, b) for a, b in zip(whole, sums, strict=True) if a is not None]
        if k > i + 1 and len(pairs) >= 2 and all(a == b for a, b in pairs) and all(a for a, _ in pairs):
            return k
        if any(b > a for a, b in pairs):
            return None
    return None


def total_row(table: Table, i: int) -> int | None:
    """The total row of row i: the next below it, else the last above it."""
    totals = [k for k, row in enumerate(table.rows) if row.is_total]
    below = [k for k in totals if k >= i]
    return below[0] if below else totals[-1] if totals else None
