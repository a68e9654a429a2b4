"""Computed results come in; HTML goes out: one table for a report, or a page of them all that needs no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from html import escape
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from caselore.tables.result import ROUNDING, Cell, Line, Result, half_up
from caselore.tables.table import Measure

_MEASURES: dict[Measure, str] = {
    "column_percent": "%",
    "row_percent": "% of row",
    "total_percent": "% of all",
    "lift": "Lift",
    "per_year": "A year",
    "per_100000": "A year per 100,000",
    "n": "n",
    "median": "Median",
    "lower_quartile": "Lower quartile",
    "upper_quartile": "Upper quartile",
    "lowest": "Lowest",
    "highest": "Highest",
    "mean": "Mean",
    "total": "Total",
    "opened": "Reviews with it",
    "never": "Where it never came",
    "low": "95% from",
    "high": "to",
    "interval": "95% interval",
    "odds_ratio": "Odds ratio",
    "odds_low": "95% from",
    "odds_high": "to",
    "p": "p",
    "q": "q",
    "next": "Most often next",
    "next_percent": "Share of it",
    "second": "Then",
    "second_percent": "Share of it",
    "gap": "Days between",
    "distance": "Mean distance",
    "by_date": "By date of publication",
    "at_random": "In random order",
    "random_low": "95% of orders from",
    "random_high": "to",
    "kind": "Kind of review",
    "year": "Published",
    "publisher": "Publisher",
    "url": "Address",
    "reviews": "Reviews",
    "first_year": "First made",
    "last_year": "Last made",
    "asked_of": "Asked of",
    "before": "Made before",
    "filled_by": "Filled by",
    "yes": "Yes",
    "in_part": "In part",
    "no": "No",
}


def measure_label(result: Result, measure: Measure) -> str:
    """What the head of a column of numbers says."""
    if measure == "count":
        many = result.of[1]
        return many[:1].upper() + many[1:]
    return _MEASURES[measure]


def draft_sentence(result: Result) -> str:
    """Says that a table is a draft, and how much of it."""
    share = Decimal(repr(100 * result.status.get("proposed", 0)))
    shown = half_up(share, 0)
    shown = "under 1" if shown == "0" else shown
    return f"DRAFT: {shown}% proposed by a machine, not validated"


def html_table(result: Result) -> str:
    """A table as HTML: caption, head, rows, base and what stands apart in the foot. Its notes are `html_notes`."""
    several = len(result.columns) > 1
    head = _head_of_columns(result) if several else _head_of_measures(result)
    body = "".join(_row(result, line, several) for line in result.rows_of("category"))
    rest = [line for line in result.rows if line.kind != "category"]
    foot = "".join(_row(result, line, several) for line in rest)
    draft = f' <strong class="draft">{escape(draft_sentence(result))}</strong>' if result.draft else ""
    kind = "crossed" if several else "single"
    return (
        f'<table class="counts {kind}">'
        f'<caption><span class="title">{escape(result.table.title)}.</span>{draft}</caption>'
        f"<thead>{head}</thead><tbody>{body}</tbody>{f'<tfoot>{foot}</tfoot>' if foot else ''}</table>"
    )


def html_notes(result: Result) -> str:
    """What the percentages are of and every note, as a list."""
    notes = [note for note in (result.bases, *result.notes) if note]
    if result.table.source:
        notes.append(f"After: {result.table.source}.")
    return '<ul class="notes">' + "".join(f"<li>{escape(note)}</li>" for note in notes) + "</ul>" if notes else ""


def _head_of_measures(result: Result) -> str:
    labels = "".join(f'<th scope="col">{escape(measure_label(result, one))}</th>' for one in result.table.measures)
    corner = f'<th scope="col">{escape(result.heading)}</th>' if result.heading else "<td></td>"
    return f"<tr>{corner}{labels}</tr>"


def _head_of_columns(result: Result) -> str:
    labels = "".join(
        f'<th scope="col"{_apart(column)}>{escape(column.label)}{_n(result, column)}</th>' for column in result.columns
    )
    measures = ", ".join(measure_label(result, one).lower() for one in result.table.measures)
    corner = f"{escape(result.heading)}<small>by {escape(result.column_heading.lower())}: {escape(measures)}</small>"
    return f'<tr><th scope="col">{corner}</th>{labels}</tr>'


def _n(result: Result, column: Line) -> str:
    base = result.cells.get(("base", column.key, "count"))
    return f"<small>n = {escape(base.shown)}</small>" if base else ""


def _apart(line: Line) -> str:
    return "" if line.kind == "category" else f' class="{line.kind}"'


def _row(result: Result, row: Line, several: bool) -> str:
    draw = _together if several else _apiece
    cells = "".join(draw(result, row, column) for column in result.columns)
    return f'<tr{_apart(row)}><th scope="row">{escape(row.label)}</th>{cells}</tr>'


def _apiece(result: Result, row: Line, column: Line) -> str:
    """Every measure in a column of its own; a percentage draws its bar."""
    found = [(measure, result.cells.get((row.key, column.key, measure))) for measure in result.table.measures]
    return "".join(_td(cell, _percented(measure, cell), bar=measure.endswith("percent")) for measure, cell in found)


def _together(result: Result, row: Line, column: Line) -> str:
    """The measures of a crossed cell under each other, shaded by the first percentage."""
    found = [(measure, result.cells.get((row.key, column.key, measure))) for measure in result.table.measures]
    there = [(measure, cell) for measure, cell in found if cell is not None]
    if not there:
        return "<td></td>"
    if all(cell.suppressed for _, cell in there):
        return _td(there[0][1], "[c]")
    if not there[0][1].value and not any(cell.suppressed for _, cell in there):
        there = there[:1]  # nought is nought per cent of anything
    first, *others = [_percented(measure, cell) for measure, cell in there]
    words = first + "".join(f" <small>{other}</small>" for other in others)
    shade = next((cell for measure, cell in there if measure.endswith("percent")), there[0][1])
    percentage = any(measure.endswith("percent") for measure, _ in there)
    return _td(shade if percentage else there[0][1], words, heat=percentage and column.kind == "category")


def _percented(measure: Measure, cell: Cell | None) -> str:
    if cell is None:
        return ""
    shown = escape(cell.shown)
    return f"{shown}%" if measure.endswith("percent") and cell.value is not None else shown


def _td(cell: Cell | None, words: str, *, bar: bool = False, heat: bool = False) -> str:
    if cell is None:
        return "<td></td>"
    if cell.suppressed:
        return f'<td class="hidden"><abbr title="not shown: confidential">{words}</abbr></td>'
    if (bar or heat) and cell.value:
        return f'<td class="{"bar" if bar else "heat"}" style="--p:{cell.value:.0f}">{words}</td>'
    return f'<td class="nought">{words}</td>' if not cell.value else f"<td>{words}</td>"


def html_index(results: Sequence[Result], manifest: Mapping[str, Any]) -> str:
    """One page with every table, by chapter, and its files; those of which the release holds nothing are named."""
    held = [result for result in results if not result.empty]
    chapters = [(name, list(group)) for name, group in groupby(held, key=lambda result: result.table.chapter)]
    page: str = _template().render(
        title=manifest.get("title") or "Tables",
        manifest=manifest,
        chapters=chapters,
        number=len(held),
        absent=[result for result in results if result.empty],
        draft=any(result.draft for result in held),
        hidden=sum(result.suppressed for result in held),
        rounding=ROUNDING,
        table=lambda result: Markup(html_table(result)),
        notes=lambda result: Markup(html_notes(result)),
    )
    return page


@cache
def _template() -> Any:
    loader = PackageLoader("caselore.tables", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("index.html.j2")
