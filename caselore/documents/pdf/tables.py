"""Ruled tables: in, the paths and runs of a page; out, tables as rows of cells, a cell being its runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from caselore.documents.pdf.lines import Line, lines
from caselore.documents.pdf.page import THIN, Box, Run

NEAR = 3.0  # points: rules so near to each other touch
LONG = 8.0  # points: a shorter rule divides nothing
MAX_RULES = 3_000  # of one page
WIDE_ROW = 0.5  # of the table's width: a rule that long ends a row
LONG_CELL = 150  # words: a cell with more is prose laid out in a table, and read as paragraphs


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells of runs, in the frame of its rules."""

    box: Box
    rows: tuple[tuple[tuple[Run, ...], ...], ...]


def tables(paths: Iterable[Box], runs: Sequence[Run]) -> list[Table]:
    """The page's ruled tables that hold at least one row of two filled cells."""
    across, down = _rules(paths)
    if len(down) < 1 or len(across) < 2 or len(across) + len(down) > MAX_RULES:
        return []
    found = (_table(part, runs) for part in _connected(across + down))
    return [table for table in found if table is not None]


def _rules(paths: Iterable[Box]) -> tuple[list[Box], list[Box]]:
    across: list[Box] = []
    down: list[Box] = []
    for path in paths:
        for edge in _edges(path):
            if edge.height <= THIN and edge.width >= LONG:
                across.append(edge)
            elif edge.width <= THIN and edge.height >= LONG:
                down.append(edge)
    return across, down


def _edges(path: Box) -> Iterator[Box]:
    """A thin path is a rule, a drawn rectangle four of them."""
    if min(path.width, path.height) <= THIN:
        yield path
    elif path.stroked and 4 <= path.segments <= 6:
        yield Box(path.x0, path.top, path.x1, path.top)
        yield Box(path.x0, path.bottom, path.x1, path.bottom)
        yield Box(path.x0, path.top, path.x0, path.bottom)
        yield Box(path.x1, path.top, path.x1, path.bottom)


def _connected(rules: list[Box]) -> list[list[Box]]:
    """Rules that touch, directly or through others, belong to one frame."""
    parts: list[tuple[Box, list[Box]]] = []
    for rule in sorted(rules, key=lambda rule: rule.top):
        touching = [part for part in parts if _touch(part, rule)]
        frame, members = rule, [rule]
        for part in touching:
            frame = _union(frame, part[0])
            members += part[1]
        parts = [part for part in parts if not any(part is other for other in touching)] + [(frame, members)]
    return [members for _, members in parts]


def _touch(part: tuple[Box, list[Box]], rule: Box) -> bool:
    return _overlap(part[0], rule) and any(_overlap(member, rule) for member in part[1])


def _overlap(one: Box, other: Box) -> bool:
    return (
        one.x0 - NEAR <= other.x1
        and other.x0 - NEAR <= one.x1
        and one.top - NEAR <= other.bottom
        and other.top - NEAR <= one.bottom
    )


def _union(one: Box, other: Box) -> Box:
    return Box(min(one.x0, other.x0), min(one.top, other.top), max(one.x1, other.x1), max(one.bottom, other.bottom))


def _table(rules: list[Box], runs: Sequence[Run]) -> Table | None:
    frame = rules[0]
    for rule in rules[1:]:
        frame = _union(frame, rule)
    down = [rule for rule in rules if rule.width <= THIN]
    heights = _heights([rule for rule in rules if rule.width > THIN], frame)
    inside = [run for run in runs if frame.holds((run.x0 + run.x1) / 2, run.y - 0.3 * run.size)]
    if len(heights) < 2 or not down or not inside:
        return None
    rows = []
    for top, bottom in pairwise(heights):
        row = [run for run in inside if top <= run.y - 0.3 * run.size < bottom]
        if row:
            rows.append(_cells(row, down, (top + bottom) / 2))
    if not any(len(row) >= 2 for row in rows) or _cut_through(rows, down):
        return None
    return Table(frame, tuple(rows))


def _heights(across: list[Box], frame: Box) -> list[float]:
    """Where rows end: rules that together reach over half of the table's width, and the frame."""
    heights: list[float] = []
    reach: list[float] = []
    for rule in sorted(across, key=lambda rule: rule.top):
        if heights and rule.top - heights[-1] <= NEAR:
            reach[-1] += rule.width
        else:
            heights.append(rule.top)
            reach.append(rule.width)
    kept = [y for y, width in zip(heights, reach, strict=True) if width >= WIDE_ROW * frame.width]
    inner = [y for y in kept if frame.top + NEAR < y < frame.bottom - NEAR]
    return [frame.top - NEAR, *inner, frame.bottom + NEAR]


def _cells(row: list[Run], down: list[Box], middle: float) -> tuple[tuple[Run, ...], ...]:
    """The row's runs between the upright rules that pass its middle; empty cells are left out."""
    edges = sorted({round(rule.x0) for rule in down if rule.top - NEAR <= middle <= rule.bottom + NEAR})
    cells: dict[int, list[Run]] = {}
    for run in row:
        place = sum(edge <= (run.x0 + run.x1) / 2 for edge in edges)
        cells.setdefault(place, []).append(run)
    return tuple(tuple(cells[place]) for place in sorted(cells))


def _cut_through(rows: list[tuple[tuple[Run, ...], ...]], down: list[Box]) -> bool:
    """Whether upright rules run through words: a chart or an underlined form, and no table."""
    held = [run for row in rows for cell in row for run in cell]
    cut = sum(
        any(run.x0 + run.size < rule.x0 < run.x1 - run.size and rule.top < run.y - 0.3 * run.size < rule.bottom
            for rule in down)
        for run in held
    )  # fmt: skip
    return cut > 0.1 * len(held)


def table_lines(table: Table) -> list[list[Line]]:
    """A row of cells as one line, tabulators between its cells; a row of one cell, or of prose, as stretches."""
    stretches: list[list[Line]] = []
    rows: list[Line] = []
    for row in table.rows:
        cells = [lines(cell) for cell in row]
        words = max(sum(len(line.text.split()) for line in cell) for cell in cells)
        if len(cells) >= 2 and words <= LONG_CELL:
            rows.append(_row(cells))
            continue
        stretches += [rows, *cells]
        rows = []
    return [*stretches, rows]


def _row(cells: list[list[Line]]) -> Line:
    first = cells[0][0]
    right = max(line.x1 for cell in cells for line in cell)
    bold = all(line.bold for cell in cells for line in cell)
    return Line("", first.x0, right, first.y, first.size, bold, tabs=True, cells=cells)
