"""In: a table. Out: percentages that do not fit their counts.

The base is not guessed cell by cell. Every base that the table offers (n of the column, total row, sum of the row and
so on) is tried on all cells; the one that explains nearly all is the table's, and what it leaves over is wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from caselore.audit.cells import Cell
from caselore.audit.finding import Finding
from caselore.audit.places import Locator
from caselore.audit.rounding import ALL_RULES, ROUNDING, fits, neighbours, percentage, possible_counts
from caselore.audit.table_parts import parts, total_row
from caselore.audit.tables import N_EQUALS, Row, Table

EXPLAINED = 0.7
"""A base must explain this share of the cells before what it leaves over is called wrong."""

FEW = 3
"""With fewer cells than this, only a base printed in the heading or a total row will do."""

SURE = 0.95
RATHER = 0.8
ONLY_CUT = 0.62
"""Confidence where the figure would be right if it had been cut off instead of rounded, in a table that rounds."""

_NO_SHARE = re.compile(r"\brate|\bper \d|\bs\.?d\b|standard|deviation|range|median|mean|average|\bci\b|rank")

_SHARES = re.compile(r"percentages?\b|per cent\b|%", re.IGNORECASE)

STATED = ("column n", "total row", "table n")


@dataclass(slots=True)
class Item:
    """A count with its percentage, and every base that it may have."""

    row: Row
    column: int
    cell: Cell
    count: float
    percent: float
    decimals: int
    bases: dict[str, float] = field(default_factory=dict)

    def rules(self, base: str) -> frozenset[str]:
        """The rounding rules under which the percentage fits on this base."""
        return fits(self.count, self.bases[base], self.percent, self.decimals) if self.bases.get(base) else frozenset()


def check_percentages(table: Table, locator: Locator) -> Iterator[Finding]:
    """Findings on every percentage that stands beside its count, and on those alone on a small base."""
    items = list(items_of(table))
    for column in sorted({item.column for item in items}):
        ours = [item for item in items if item.column == column]
        base, share = _base(ours, items)
        if base:
            rounds = _rounds(items, base)
            for item in ours:
                yield from _judged(item, base, share, rounds, table, locator)
    yield from _impossible(table, {(id(item.row), item.column) for item in items}, locator)


def items_of(table: Table) -> Iterator[Item]:
    """Counts with percentages, in one cell or in two columns side by side."""
    beside = _paired(table)
    within = parts(table)
    for i, row in enumerate(table.rows):
        for j, cell in enumerate(row.cells):
            count, at = cell.count, j
            if cell.percent is not None and count is None and j in beside:
                at = beside[j]
                count = row.cells[at].count
            percent = cell.percent if cell.percent is not None else _bracketed(table, j, cell)
            if percent is None and j in beside and cell.count is not None:
                at, percent, count = beside[j], cell.count, row.cells[beside[j]].count
            if count is not None and percent is not None and not (row.is_total and percent == 100):
                digits = cell.decimals if cell.percent is not None or cell.second is not None else cell.count_decimals
                item = Item(row, at, cell, count, percent, digits)
                item.bases = _bases(table, i, at, j, within)
                yield item


def _bracketed(table: Table, column: int, cell: Cell) -> float | None:
    """A figure in brackets without a sign, where nothing says that it is a rate or a spread."""
    heading = f"{table.columns[column]} {table.caption}".lower()
    if cell.second is None or cell.second > 100 or cell.count_decimals or _NO_SHARE.search(heading):
        return None
    return cell.second


def _is_share(table: Table, column: int) -> bool:
    marked = {j for j in range(len(table.columns)) if any("%" in row.cells[j].text for row in table.rows)}
    if marked:
        return column in marked
    heading = table.columns[column].lower()
    return "%" in heading or "per cent" in heading or "percent" in heading or "%" in table.caption


def _paired(table: Table) -> dict[int, int]:
    """For each column of bare percentages, the column of counts beside it."""
    out: dict[int, int] = {}
    for j in range(len(table.columns)):
        cells = [row.cells[j] for row in table.rows if row.cells[j].numeric]
        alone = cells and all(cell.percent is not None and cell.count is None for cell in cells)
        headed = (
            cells
            and _is_share(table, j)
            and all(c.percent is None and c.second is None and (c.count or 0) <= 100 for c in cells)
        )
        if (alone or headed) and (near := _counts_beside(table, j, set(out.values()))) is not None:
            out[j] = near
    return out


def _counts_beside(table: Table, column: int, taken: set[int]) -> int | None:
    for near in (column - 1, column + 1):
        if 0 <= near < len(table.columns) and near not in taken and not _is_share(table, near):
            cells = [row.cells[near] for row in table.rows if row.cells[near].numeric]
            if cells and all(
                cell.count is not None and cell.percent is None and not cell.count_decimals for cell in cells
            ):
                return near
    return None


def _bases(table: Table, i: int, column: int, shown: int, within: dict[int, int]) -> dict[str, float]:
    row = table.rows[i]
    counted = [k for k, r in enumerate(table.rows) if not r.is_total and k not in within]
    column_sum = sum(table.rows[k].cells[column].count or 0 for k in counted)
    missing = sum(table.rows[k].cells[column].count or 0 for k in counted if table.rows[k].is_missing)
    group = [k for k, g in enumerate(table.groups or ()) if g[0] and g == (table.groups[column])]
    total = total_row(table, i)
    across = [k for k, words in enumerate(table.columns) if words.lower().startswith(("total", "all", "overall"))]
    label_n = N_EQUALS.search(row.label)
    stated = table.bases[column] or table.bases[shown]
    found: dict[str, float | None] = {
        "column n": stated,
        "total row": table.rows[total].cells[column].count if total is not None else None,
        "table n": table.base,
        "column sum": column_sum,
        "column n without missing": stated - missing if stated and missing else None,
        "column sum without missing": column_sum - missing if missing else None,
        "heading n": table.groups[column][1] if table.groups else None,
        "row sum in its group": sum(row.cells[k].count or 0 for k in group) if len(group) > 1 else None,
        "row sum": sum(cell.count or 0 for cell in row.cells) if len(row.cells) > 1 else None,
        "row total": row.cells[across[0]].count if across else None,
        "row n": float(label_n[1].replace(",", "")) if label_n else None,
        "row above": table.rows[within[i]].cells[column].count if i in within else None,
        "a total further on": _wider_total(table, i, column),
    }
    return {name: base for name, base in found.items() if base}


def _wider_total(table: Table, i: int, column: int) -> float | None:
    """For a row that is the base of a table: the total below it, of which its percentage tells how many answered."""
    totals = [row.cells[column].count for row in table.rows[i + 1 :] if row.is_total] if table.rows[i].is_base else []
    return totals[-1] if totals else None


def _base(ours: list[Item], every: list[Item]) -> tuple[str, float]:
    """The base that explains the column, else the table, and the share of cells that it explains."""
    for items in (every, ours):
        tally = Counter(name for item in items for name in item.bases if item.rules(name))
        if not tally:
            continue
        best = max(tally, key=lambda name: (tally[name], name in STATED, -list(Item.__slots__).count(name)))
        share = tally[best] / len(items)
        mine = sum(1 for item in ours if item.rules(best)) / len(ours)
        if len(items) >= FEW and share >= EXPLAINED and (mine >= 0.5 or len(ours) <= FEW):
            return best, share
    stated = next((name for name in STATED if all(name in item.bases for item in ours)), "")
    explained = any(item.rules(name) for item in ours for name in item.bases)
    return (stated, RATHER) if stated and len(every) < FEW and (explained or len(ours) == 1) else ("", 0.0)


def _rounds(items: list[Item], base: str) -> bool:
    """Whether the table rounds: some cells fit by rounding only, and clearly more than fit by cutting off only."""
    rounded = sum(1 for item in items if (rules := item.rules(base)) and rules <= ROUNDING)
    cut = sum(1 for item in items if item.rules(base) == {"truncation"})
    return rounded > 2 * cut


def _judged(item: Item, base: str, share: float, rounds: bool, table: Table, locator: Locator) -> Iterator[Finding]:
    rules = item.rules(base)
    number = item.bases.get(base)
    if not number or (rules and not (rules == {"truncation"} and rounds)):
        return
    if not rules and any(item.rules(other) for other in ("row above", "row n", "a total further on")):
        return
    exact = float(percentage(item.count, number))
    only_cut = rules == {"truncation"}
    confidence = ONLY_CUT if only_cut else min(SURE, 0.55 + 0.4 * share)
    digits = max(item.decimals + 1, 1)
    yield Finding(
        kind="percentage",
        printed=f"{item.count:g} ({item.percent:.{item.decimals}f}%)",
        recomputed=f"{exact:.{digits}f}%",
        sum=f"{item.count:g} / {number:g} = {exact:.{digits}f}%, printed {item.percent:.{item.decimals}f}%",
        sentence=_sentence(item, base, number, only_cut, table),
        confidence=round(confidence, 2),
        where=locator.cell(table, item.row, item.column, item.cell),
        tolerance="half up, half even (the table rounds elsewhere)" if only_cut else ALL_RULES,
    )


def _sentence(item: Item, base: str, number: float, only_cut: bool, table: Table) -> str:
    if only_cut:
        return f"{item.count:g} of {number:g} ({base}) was cut off where the rest of {table.name} is rounded."
    adjusted = _to_hundred(item, table)
    why = "; with it the column's percentages add to 100, so it may have been adjusted" if adjusted else ""
    return f"{item.count:g} of {number:g} ({base}) is not {item.percent:g}%{why}."


def _to_hundred(item: Item, table: Table) -> bool:
    rows = [row.cells[item.column] for row in table.rows if not row.is_total and not row.is_part]
    return sum(cell.percent or 0 for cell in rows) == 100


def _alone(table: Table, row: Row, column: int) -> tuple[float, int] | None:
    """A percentage without a count, and its decimals; without a sign, where the caption says that all are."""
    cell = row.cells[column]
    if cell.count is None:
        return (cell.percent, cell.decimals) if cell.percent is not None else None
    unsigned = _SHARES.search(table.caption) and any(r.is_base for r in table.rows) and not row.is_total
    return (cell.count, cell.count_decimals) if unsigned and cell.percent is None and cell.count <= 100 else None


def _base_row(table: Table, column: int) -> int | None:
    """The n of a column in a row of its own."""
    found = [row.cells[column].count for row in table.rows if row.is_total and row.cells[column].percent is None]
    return int(found[0]) if len(found) == 1 and found[0] and found[0] != 100 else None


def _impossible(table: Table, seen: set[tuple[int, int]], locator: Locator) -> Iterator[Finding]:
    """Percentages without a count, in a column whose n is stated and small."""
    for j, base in enumerate(table.bases):
        base = base or _base_row(table, j)
        shares = [(row, *share) for row in table.rows if (id(row), j) not in seen and (share := _alone(table, row, j))]
        rows = [row for row, _, _ in shares]
        if not base or len(rows) < FEW:
            continue
        bad = [row for row, percent, digits in shares if not possible_counts(base, percent, digits)]
        if len(bad) <= max(1, (1 - EXPLAINED) * len(rows)):
            for row in bad:
                said = f"{row.cells[j].text.rstrip('% ')}%"
                near = neighbours(base, (_alone(table, row, j) or (0.0, 0))[0])
                yield Finding(
                    kind="impossible_percentage",
                    printed=said,
                    recomputed=near,
                    sum=f"no count of {base} gives {said}: {near}",
                    sentence=f"{said} cannot be a share of {base} cases (n of the column).",
                    confidence=RATHER,
                    where=locator.cell(table, row, j),
                    tolerance=ALL_RULES,
                )
