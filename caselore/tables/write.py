"""Computed results come in; a folder of CSV files and one page to read them all goes out."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from caselore.records import STATUSES
from caselore.tables.page import draft_sentence, html_index, html_table, measure_label
from caselore.tables.result import CONFIDENTIAL, NOT_AVAILABLE, ROUNDING, Cell, Line, Result

__all__ = ["html_table", "write_tables"]

TIDY = (
    "table",
    "row",
    "row_label",
    "column",
    "column_label",
    "measure",
    "value",
    "shown",
    "base",
    "suppressed",
    "status",
)
"""The columns of a tidy file: one line a cell, `value` unrounded and empty where it is suppressed."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Text = str | int | float


def write_tables(
    results: Sequence[Result], out: Path | str, *, manifest: Mapping[str, Any] | None = None
) -> tuple[Path, ...]:
    """Write `index.html`, `csv/ID.csv` for people and `tidy/ID.csv` for programs; returns what was written.

    A table of which the release holds nothing gets no files; the page names it. Files of a table that an earlier run
    wrote here and this one does not are taken away: they may be of another filter, or show small counts.
    """
    out = Path(out)
    held = [result for result in results if not result.empty]
    written = []
    for folder in ("csv", "tidy"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    _clear(out, {result.table.id for result in held})
    for result in held:
        name = f"{result.table.id}.csv"
        # a byte order mark makes Excel read the dashes and arrows right; programs need none
        written.append(_write_csv(out / "csv" / name, wide(result), encoding="utf-8-sig"))
        written.append(_write_csv(out / "tidy" / name, tidy(result), encoding="utf-8"))
    index = out / "index.html"
    index.write_text(html_index(results, manifest or {}), "utf-8")
    return (*written, index)


def _clear(out: Path, kept: set[str]) -> None:
    """Take away the two files of every table but those kept; a file that is not of our form is left alone."""
    for place in (out / "tidy").glob("*.csv"):
        if place.stem in kept:
            continue
        with place.open(encoding="utf-8", errors="replace") as file:
            ours = file.readline().strip() == ",".join(TIDY)
        if ours:
            place.unlink()
            (out / "csv" / place.name).unlink(missing_ok=True)


def _write_csv(path: Path, lines: Iterator[Sequence[Text]], *, encoding: str) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([_safe(value) for value in line] for line in lines)
    return path


def _safe(value: Text) -> Text:
    """A text that a spreadsheet would take for a formula is made plain text by an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def tidy(result: Result) -> Iterator[Sequence[Text]]:
    """One line a cell, under `TIDY`."""
    yield TIDY
    status = weakest(result)
    for row, column, measure, cell in result.addressed():
        value = "" if cell.value is None else cell.value
        base = "" if cell.base is None else cell.base
        names = (result.table.id, row.key, row.label, column.key, column.label, measure)
        yield (*names, value, cell.shown, base, "yes" if cell.suppressed else "no", status)


def weakest(result: Result) -> str:
    """The lowest status of anything behind a table."""
    return next((status for status in STATUSES if result.status.get(status)), "")


def wide(result: Result) -> Iterator[Sequence[Text]]:
    """The table as it is printed: title, source and draft mark, header, rows, base, notes."""
    yield (result.table.title,)
    if result.draft:
        yield (draft_sentence(result),)
    if result.table.source:
        yield (f"Source of the design: {result.table.source}",)
    yield ()
    several = len(result.columns) > 1
    measures = result.table.measures
    placed = [(column, measure) for column in result.columns for measure in measures if _used(result, column, measure)]
    if several:
        yield ("", *(column.label for column, _ in placed))
    yield (result.heading, *(measure_label(result, measure) for _, measure in placed))
    for row in result.rows:
        yield (row.label, *(_plain(result.cells.get((row.key, column.key, measure))) for column, measure in placed))
    yield ()
    for note in (result.bases, ROUNDING if _percentages(result) else "", *result.notes, *_symbols(result)):
        if note:
            yield (note,)


def _used(result: Result, column: Line, measure: str) -> bool:
    return any((row.key, column.key, measure) in result.cells for row in result.rows)


def _plain(cell: Cell | None) -> Text:
    """A number as a number, rounded as it is shown, so that a spreadsheet can add it."""
    if cell is None:
        return ""
    shown = cell.shown.replace(",", "")
    if cell.value is None or shown.startswith("<"):
        return cell.shown
    return float(shown) if "." in shown else int(shown)


def _percentages(result: Result) -> bool:
    return any(measure.endswith("percent") for measure in result.table.measures)


def _symbols(result: Result) -> Iterator[str]:
    shown = {cell.shown for cell in result.cells.values()}
    if NOT_AVAILABLE in shown:
        yield f"{NOT_AVAILABLE}: there is nothing to compute this from."
    if CONFIDENTIAL in shown and not any(note.startswith(CONFIDENTIAL) for note in result.notes):
        yield f"{CONFIDENTIAL}: not shown."
