"""A computed table goes in, the chart its declaration asks for comes out, or None where there is too little to see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from caselore.report.figures import Arrow, Bar, Overlap, Tile, bars, heat, overlap, paths
from caselore.report.numbers import PERCENTS, ranking
from caselore.report.plots import Box, Point, box, line
from caselore.tables.page import measure_label
from caselore.tables.paths import ARROW
from caselore.tables.result import Line, Result
from caselore.tables.table import STATES, Measure, Pairs, Together

MOST_BARS = 14
"""A longer chart is cut to its highest bars; the table beside it has them all."""

MOST_ARROWS = 16
FEWEST_MARKS = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as SVG, with the caption under it and what it shows in words."""

    svg: str
    caption: str
    words: str


def chart(result: Result) -> Figure | None:
    """The chart of a table, with a caption that says what was cut."""
    drawn = _DRAWN.get(result.table.chart)
    return drawn(result) if drawn and not result.empty else None


def _bars(result: Result) -> Figure | None:
    column = _first_column(result)
    rows = [row for row in result.rows_of("category") if row.key not in STATES]
    held = [row for row in rows if _value(result, row, column) or _hidden(result, row, column)]
    cut = held
    if len(held) > MOST_BARS:
        best = {row.key for row in ranking(result, column)[:MOST_BARS]}
        cut = [row for row in held if row.key in best]
    data = [Bar(row.label, _value(result, row, column), _number(result, row, column)) for row in cut]
    if len([bar for bar in data if bar.value]) < FEWEST_MARKS:
        return None
    caption = result.table.title
    if len(cut) < len(held):
        caption += f" (the {len(cut)} highest of {len(held)}; the table has all)"
    words = _in_words([(bar.label, bar.shown) for bar in data])
    return Figure(bars(caption, words, data), caption, words)


def _number(result: Result, row: Line, column: str) -> str:
    """Count and percentage of one row, as shown in the table."""
    count = result.cells[row.key, column, result.table.measures[0]].shown
    for measure in result.table.measures[1:]:
        cell = result.cells.get((row.key, column, measure))
        if measure in PERCENTS and cell is not None and cell.value is not None:
            return f"{count} ({cell.shown}%)"
    return count


def _heat(result: Result) -> Figure | None:
    if isinstance(result.table.rows, Pairs):
        return _pairs(result)
    columns = [line for line in result.columns if line.kind == "category"]
    rows = [row for row in result.rows_of("category") if any(_value(result, row, c.key) for c in columns)]
    columns = [c for c in columns if any(_value(result, row, c.key) for row in rows)]
    tiles = [
        Tile(row.label, c.label, _value(result, row, c.key), _count(result, row, c.key))
        for row in rows
        for c in columns
    ]
    return _heat_figure(result, tiles)


def _pairs(result: Result) -> Figure | None:
    tiles = []
    for row in result.rows_of("category"):
        one, _, two = row.label.partition(" + ")
        tiles.append(Tile(one, two, _value(result, row, "all"), _count(result, row, "all")))
    return _heat_figure(result, tiles)


def _heat_figure(result: Result, tiles: list[Tile]) -> Figure | None:
    if len([tile for tile in tiles if tile.value]) < FEWEST_MARKS:
        return None
    words = _in_words([(f"{tile.row} and {tile.column}", tile.shown) for tile in tiles if tile.value])
    return Figure(heat(result.table.title, words, tiles), result.table.title, words)


def _overlap(result: Result) -> Figure | None:
    if not isinstance(result.table.rows, Together):
        return None
    rows = result.rows_of("category")
    names = _set_names(rows, len(result.table.rows.codes))
    data = [Overlap(_members(row, names), _value(result, row, "all"), _count(result, row, "all")) for row in rows]
    if len([each for each in data if each.value]) < FEWEST_MARKS:
        return None
    data.sort(key=lambda each: -(each.value or 0))
    words = _in_words([(" with ".join(each.members) or "none of these", each.shown) for each in data])
    return Figure(overlap(result.table.title, words, data), result.table.title, words)


def _marks(row: Line) -> str:
    """Which codes the row's cases have, such as 101: the first and the third."""
    return row.key.rpartition(":")[2]


def _set_names(rows: Sequence[Line], count: int) -> list[str]:
    """What each code is called: the label of the row of those cases that have it alone."""
    alone = {_marks(row): row.label.removesuffix(" only") for row in rows}
    return [alone["".join("1" if n == place else "0" for n in range(count))] for place in range(count)]


def _members(row: Line, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for mark, name in zip(_marks(row), names, strict=True) if mark == "1")


def _paths(result: Result) -> Figure | None:
    arrows = []
    for row in ranking(result, "all")[:MOST_ARROWS]:
        start, _, end = row.label.partition(" → ")
        if ARROW in row.key and end:
            arrows.append(Arrow(start, end, _value(result, row, "all"), _count(result, row, "all")))
    if len(arrows) < FEWEST_MARKS:
        return None
    words = _in_words([(f"{arrow.start}, then {arrow.end}", arrow.shown) for arrow in arrows])
    return Figure(paths(result.table.title, words, arrows), result.table.title, words)


def _line(result: Result) -> Figure | None:
    """Curves over the numbers of the rows: the first measure, and the second with the band of the two after it."""
    plain, second, *edges = result.table.measures
    points = []
    for row in result.rows_of("category"):
        at = float(row.key)
        for measure, band in ((plain, ()), (second, tuple(edges[:2]))):
            value = result.cell(row.key, measure=measure).value
            low, high = (result.cell(row.key, measure=one).value for one in band) if len(band) == 2 else (None, None)
            if value is not None:
                points.append(Point(at, value, measure_label(result, measure), low, high))
    if len(points) < 2 * FEWEST_MARKS:
        return None
    words = _in_words([(f"{point.at:,.0f} ({point.curve.lower()})", f"{point.value:,g}") for point in points])
    svg = line(result.table.title, words, points, across=result.heading, up="Different codes")
    return Figure(svg, result.table.title, words)


def _boxes(result: Result) -> Figure | None:
    """A box for each row whose five numbers are shown."""
    data = []
    for row in result.rows_of("category"):
        found = [result.cells.get((row.key, "all", measure)) for measure in _FIVE]
        values = [cell.value for cell in found if cell is not None and cell.value is not None]
        if len(values) == len(_FIVE) and values[0]:
            data.append(Box(row.label, int(values[0]), *values[1:]))
    if len(data) < FEWEST_MARKS:
        return None
    words = _in_words(
        [(one.label, f"median {one.median:g}, from {one.lowest:g} to {one.highest:g}, n = {one.n:,}") for one in data]
    )
    return Figure(box(result.table.title, words, data), result.table.title, words)


_FIVE: tuple[Measure, ...] = ("n", "lowest", "lower_quartile", "median", "upper_quartile", "highest")

_DRAWN: dict[str, Callable[[Result], Figure | None]] = {
    "bar": _bars,
    "heat": _heat,
    "overlap": _overlap,
    "path": _paths,
    "line": _line,
    "box": _boxes,
}


def _first_column(result: Result) -> str:
    return "all" if any(line.key == "all" for line in result.columns) else result.columns[0].key


def _value(result: Result, row: Line, column: str) -> float | None:
    cell = result.cells.get((row.key, column, result.table.measures[0]))
    return None if cell is None or cell.value is None else float(cell.value)


def _hidden(result: Result, row: Line, column: str) -> bool:
    cell = result.cells.get((row.key, column, result.table.measures[0]))
    return cell is not None and cell.suppressed


def _count(result: Result, row: Line, column: str) -> str:
    cell = result.cells.get((row.key, column, result.table.measures[0]))
    return "" if cell is None else cell.shown


def _in_words(pairs: list[tuple[str, str]]) -> str:
    """What a chart shows, for those who do not see it."""
    return "; ".join(f"{label}: {number}" for label, number in pairs)
