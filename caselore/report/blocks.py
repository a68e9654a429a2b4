"""The report as a run of blocks: what a writer of pages (Word, PDF) sets one after the other, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from caselore.report.charts import Figure
from caselore.report.numbers import Bound, Sentence
from caselore.report.provenance import made, versions
from caselore.report.report import Chapter, Exhibit, Report
from caselore.tables.page import draft_sentence, measure_label
from caselore.tables.result import ROUNDING, Cell, Line, LineKind, Result
from caselore.tables.table import Measure

DRAFT = (
    "DRAFT. What stands here was proposed by rules and has not been validated by people. Do not publish or quote it."
)
LEARNING_POINTS = "Learning points"

MOST_COLUMNS = 11
"""Columns of numbers that stay legible on an upright page."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 is a chapter."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a `note` is set small, a `draft` is set apart."""

    text: str
    kind: Literal["body", "note", "draft"] = "body"


@dataclass(frozen=True, slots=True)
class Items:
    """A list of short lines."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart; `caption` is empty where it would only say the heading again."""

    figure: Figure
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a grid: its head and its cells as shown."""

    head: str
    cells: tuple[str, ...]
    kind: LineKind = "category"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as printed: heads over columns, rows with a head each."""

    title: str
    corner: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


Block = Heading | Paragraph | Items | Picture | Grid


def blocks(report: Report) -> Iterator[Block]:
    """Everything under the title, in the order of reading."""
    if report.draft:
        yield Paragraph(DRAFT, "draft")
    yield Heading(1, "Key figures")
    rows = tuple(Row(figure.says, (figure.number.shown,)) for figure in report.key_figures)
    yield Grid("Key figures", "What is counted", ("Number",), rows)
    if report.learning_points:
        yield Heading(1, LEARNING_POINTS)
        yield Items(tuple(map(words, report.learning_points)))
    for chapter in report.chapters:
        yield from _of_chapter(chapter)
    yield from _method(report)


def _of_chapter(chapter: Chapter) -> Iterator[Block]:
    yield Heading(1, chapter.title)
    for sentence in chapter.opening:
        yield Paragraph(words(sentence))
    for exhibit in chapter.exhibits:
        yield from _of_exhibit(exhibit)


def _of_exhibit(exhibit: Exhibit) -> Iterator[Block]:
    result = exhibit.result
    yield Heading(2, result.table.title)
    if exhibit.sentences:
        yield Paragraph(" ".join(map(words, exhibit.sentences)))
    if exhibit.figure:
        caption = exhibit.figure.caption
        yield Picture(exhibit.figure, caption if caption != result.table.title else "")
    yield from cut(grid(result))
    for test in exhibit.tests:
        yield Paragraph(test, "note")
    if result.draft:
        yield Paragraph(draft_sentence(result), "note")
    notes = [note for note in (result.bases, *result.notes) if note]
    if result.table.source:
        notes.append(f"After: {result.table.source}.")
    for note in notes:
        yield Paragraph(note, "note")


def _method(report: Report) -> Iterator[Block]:
    yield Heading(1, "Method and limits")
    for sentence in report.method:
        yield Paragraph(words(sentence))
    yield Paragraph(ROUNDING)
    yield Grid(
        "What the numbers rest on",
        "What",
        ("Version",),
        tuple(Row(what, (version,)) for what, version in versions(report.manifest)),
    )
    if report.empty:
        yield Heading(2, "Tables with nothing to show")
        yield Items(tuple(result.table.title for result in report.empty))
    yield Paragraph(made(report.manifest), "note")


def words(sentence: Sentence) -> str:
    """A sentence as plain text; a label that opens it gets a capital letter."""
    text = "".join(part if isinstance(part, str) else part.shown for part in sentence)
    opens_with_label = bool(sentence) and isinstance(sentence[0], Bound) and sentence[0].value is None
    return text[:1].upper() + text[1:] if opens_with_label else text


def grid(result: Result) -> Grid:
    """A computed table as printed: a column a measure, or a column a category with its measures in one cell."""
    if len(result.columns) == 1:
        heads = tuple(measure_label(result, measure) for measure in result.table.measures)
        return Grid(result.table.title, result.heading, heads, tuple(_apiece(result, row) for row in result.rows))
    measures = ", ".join(measure_label(result, one).lower() for one in result.table.measures)
    corner = f"{result.heading} by {result.column_heading.lower()}: {measures}"
    heads = tuple(column.label + _n(result, column) for column in result.columns)
    return Grid(result.table.title, corner, heads, tuple(_together(result, row) for row in result.rows))


def cut(whole: Grid) -> Iterator[Grid]:
    """A grid that a page can hold as it is; a wider one as several, each with the heads of the rows."""
    for first in range(0, max(len(whole.heads), 1), MOST_COLUMNS):
        part = slice(first, first + MOST_COLUMNS)
        rows = tuple(Row(row.head, row.cells[part], row.kind) for row in whole.rows)
        title = f"{whole.title} (continued)" if first else whole.title
        yield Grid(title, whole.corner, whole.heads[part], rows)


def _n(result: Result, column: Line) -> str:
    base = result.cells.get(("base", column.key, "count"))
    return f" (n = {base.shown})" if base else ""


def _apiece(result: Result, row: Line) -> Row:
    column = result.columns[0].key
    found = ((measure, result.cells.get((row.key, column, measure))) for measure in result.table.measures)
    return Row(row.label, tuple(percented(measure, cell) for measure, cell in found), row.kind)


def _together(result: Result, row: Line) -> Row:
    return Row(row.label, tuple(_crossed(result, row, column) for column in result.columns), row.kind)


def _crossed(result: Result, row: Line, column: Line) -> str:
    found = [(measure, result.cells.get((row.key, column.key, measure))) for measure in result.table.measures]
    there = [(measure, cell) for measure, cell in found if cell is not None]
    if not there:
        return ""
    if all(cell.suppressed for _, cell in there):
        return there[0][1].shown
    if not there[0][1].value and not any(cell.suppressed for _, cell in there):
        there = there[:1]  # nought is nought per cent of anything
    first, *others = [percented(measure, cell) for measure, cell in there]
    return first + (f" ({', '.join(others)})" if others else "")


def percented(measure: Measure, cell: Cell | None) -> str:
    """A cell as printed, percentages with their sign."""
    if cell is None:
        return ""
    return f"{cell.shown}%" if measure.endswith("percent") and cell.value is not None else cell.shown
