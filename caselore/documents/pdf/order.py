"""Reading order: in, the runs and rules of a page; out, stretches of lines - columns one after the other, a table
row by row, everything else from the top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from caselore.documents.pdf.cells import unruled_tables
from caselore.documents.pdf.lines import Line, groups, lines
from caselore.documents.pdf.page import Box, PageContent, Run
from caselore.documents.pdf.tables import Table, table_lines, tables

MIN_LINES = 3  # on either side of a gutter
MIN_WIDTH = 9.0  # of the text's size: a narrower column is one of labels or figures
MIN_GUTTER = 0.8  # of the text's size
MIN_SHARED = 0.4  # of the lower side's height must stand beside the other side
FILLED = 0.72  # of a column's width: lines of prose are about as long as their column is wide
LOOSELY_FILLED = 0.45  # will do where the file itself holds one column after the other
MAX_COLUMNS = 6


def reading_order(content: PageContent, runs: Sequence[Run]) -> list[list[Line]]:
    """Stretches of lines; within one, a line follows the other in the same column."""
    found = tables(content.paths, runs)
    rest = _outside(found, runs)
    found += unruled_tables(rest)
    rest = _outside(found, rest)
    return [stretch for stretch in _ordered(rest, found, MAX_COLUMNS) if stretch]


def _outside(found: list[Table], runs: Sequence[Run]) -> list[Run]:
    inside = {id(run) for table in found for row in table.rows for cell in row for run in cell}
    return [run for run in runs if id(run) not in inside]


def _ordered(runs: list[Run], found: list[Table], depth: int) -> list[list[Line]]:
    """The part's runs and tables in order: cut at its best gutter, if it has one."""
    gutter = _best_gutter(runs, found) if depth and len(runs) >= 2 * MIN_LINES else None
    if gutter is None:
        return _downwards(runs, found)
    x, top, bottom = gutter.x0, gutter.top, gutter.bottom
    above = [run for run in runs if run.y < top]
    below = [run for run in runs if run.y > bottom]
    left = [run for run in runs if top <= run.y <= bottom and run.x0 < x]
    right = [run for run in runs if top <= run.y <= bottom and run.x0 >= x]
    upper = [table for table in found if table.box.bottom < top + 3]
    beside = [table for table in found if table not in upper and table.box.top < bottom - 3]
    lower = [table for table in found if table not in upper and table not in beside]
    return (
        _ordered(above, upper, depth - 1)
        + _ordered(left, [table for table in beside if table.box.x0 < x], depth - 1)
        + _ordered(right, [table for table in beside if table.box.x0 >= x], depth - 1)
        + _ordered(below, lower, depth - 1)
    )


def _downwards(runs: list[Run], found: list[Table]) -> list[list[Line]]:
    stretches: list[list[Line]] = []
    rest = lines(runs)
    for table in sorted(found, key=lambda table: table.box.top):
        stretches.append([line for line in rest if line.y < table.box.top + 1])
        rest = [line for line in rest if line.y >= table.box.top + 1]
        stretches += table_lines(table)
    return [*stretches, rest]


def _best_gutter(runs: list[Run], found: list[Table]) -> Box | None:
    """The tallest band of the part that a gutter divides into columns; ``x0`` is where the right one begins."""
    left, right = min(run.x0 for run in runs), max(run.x1 for run in runs)
    starts = Counter(round(run.x0 / 2) for run in runs if left + 0.15 * (right - left) < run.x0)
    best: Box | None = None
    for start, count in starts.items():
        if count + starts[start + 1] < MIN_LINES:
            continue
        x = 2 * start - 1.5
        for band in _bands(runs, found, x):
            if best is None or band.height > best.height:
                best = band
    return best


def _bands(runs: list[Run], found: list[Table], x: float) -> list[Box]:
    """Bands between whatever crosses the gutter, as far as both sides of them are columns."""
    crossing = sorted(run.y for run in runs if run.x0 < x - 1 and run.x1 > x + 1)
    crossing += [y for table in found if table.box.x0 < x < table.box.x1 for y in (table.box.top, table.box.bottom)]
    edges = [float("-inf"), *sorted(crossing), float("inf")]
    bands: list[Box] = []
    for low, high in pairwise(edges):
        part = [run for run in runs if low < run.y < high]
        sides = [run for run in part if run.x1 <= x + 1], [run for run in part if run.x0 >= x - 1]
        if min(map(len, sides)) < MIN_LINES:
            continue
        band = _column_band(*sides, x)
        if band is not None:
            bands.append(band)
    return bands


def _column_band(left: list[Run], right: list[Run], x: float) -> Box | None:
    """The height at which two columns stand beside each other, or None where they are cells or labels."""
    rows = groups(left), groups(right)
    if min(map(len, rows)) < MIN_LINES:
        return None
    size = median(run.size for run in (*left, *right))
    gutter = min(run.x0 for run in right) - max(run.x1 for run in left)
    bottom = max(min(_ends(left)[1], _ends(right)[1]), _trailing(rows[0], _ends(right)[1], size))
    top, bottom = _leading(rows, _ends(right)[0]), max(bottom, _ends(right)[1])
    shared = min(_ends(left)[1], _ends(right)[1]) - max(_ends(left)[0], _ends(right)[0])
    lower = min(_ends(side)[1] - _ends(side)[0] for side in (left, right))
    if gutter < MIN_GUTTER * size or shared < MIN_SHARED * lower:
        return None
    if not all(_is_column(side, rows[place], size) for place, side in enumerate((left, right))):
        return None
    in_turn = _switches(left, right) <= max(2.0, 0.2 * min(map(len, rows)))
    ticked = all(sum(row[0].kind == "tick" for row in side) >= MIN_LINES for side in rows)
    filled = min(_filled(side) for side in rows)
    if not (ticked or filled >= (LOOSELY_FILLED if in_turn else FILLED)):
        return None
    return Box(x, top - 0.5, x, bottom + 0.5)


def _ends(runs: list[Run]) -> tuple[float, float]:
    return min(run.y for run in runs), max(run.y for run in runs)


def _leading(rows: tuple[list[list[Run]], list[list[Run]]], other: float) -> float:
    """Where the columns begin: a line or two on the left alone end the paragraph above them."""
    first = [row[0].y for row in rows[0]]
    alone = sum(y < other - row[0].size for y, row in zip(first, rows[0], strict=True))
    return min(first[alone] if 0 < alone <= 2 and alone < len(first) else first[0], other)


def _trailing(rows: list[list[Run]], other: float, size: float) -> float:
    """How far down the left column goes: past the end of the right one only while no gap breaks it."""
    last = rows[0][0].y
    for row in rows:
        if row[0].y > other and row[0].y - last > 2.2 * size:
            break
        last = max(run.y for run in row)
    return last


def _is_column(runs: list[Run], rows: list[list[Run]], size: float) -> bool:
    width = max(run.x1 for run in runs) - min(run.x0 for run in runs)
    words = median(sum(len(run.text.split()) for run in row) for row in rows)
    return width >= MIN_WIDTH * size and words >= 2


def _switches(left: list[Run], right: list[Run]) -> int:
    """How often the file goes from one side to the other and back."""
    sides = sorted([(run.order, 0) for run in left] + [(run.order, 1) for run in right])
    return sum(before[1] != after[1] for before, after in pairwise(sides))


def _filled(rows: list[list[Run]]) -> float:
    """Share of the column's width that its middling line takes."""
    edges = [(min(run.x0 for run in row), max(run.x1 for run in row)) for row in rows]
    width = max(x1 for _, x1 in edges) - min(x0 for x0, _ in edges)
    return median(x1 - x0 for x0, x1 in edges) / max(width, 1.0)
