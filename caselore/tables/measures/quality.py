"""Protected counts of the fields of report quality come in; what was measured, what was answered, by whom go out.

The template is appendix D of the triennial analysis of 2011 to 2014: it describes and compares, and gives no mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from caselore.codebook.codebook import Field, load
from caselore.tables.measures.measure import Cells, Derivation, Ground, made, text
from caselore.tables.result import EMPTY, HIDDEN, Cell, Line, Result, counted
from caselore.tables.table import Answers, Axis, Column, Measure, Number, Table, Whole

BOOK = "report_quality"
CHAPTER = "Quality of the reports"
SOURCE = "Triennial analysis of serious case reviews 2011 to 2014, appendix D and section 9.2"

KINDS = Column("source_type", codes_of="source_type")
NUMBERS: tuple[Number, ...] = ("n", "median", "lower_quartile", "upper_quartile", "lowest", "highest")
MARKS = ("yes", "in_part", "no")

FILLED = {
    "document": "a machine measures it",
    "both": "a machine proposes, a person decides",
    "machine": "a machine proposes, a person decides",
    "person": "a person must",
}

NOT_FRONT = ("front sheet", "researcher summary")
"""Groups of the book that are no part of the template."""


@cache
def asked() -> tuple[Field, ...]:
    """The fields of the template that can leave a study, in its order."""
    fields = load(BOOK).of_book(BOOK)
    kept = [one for one in fields if one.group not in NOT_FRONT and one.kind != "text"]
    groups = list(dict.fromkeys(one.group for one in kept))
    return tuple(sorted(kept, key=lambda one: groups.index(one.group)))


def _id(field: Field) -> str:
    return f"quality-{field.id.replace('_', '-')}"


def _table(field: Field, rows: Axis = Whole(), name: str = "") -> Table:  # noqa: B008  (frozen)
    if field.kind == "number":
        return Table(_id(field) + name, field.label, rows, number=Answers(field.id), measures=NUMBERS, chapter=CHAPTER)
    many = field.kind != "choice"
    return Table(_id(field), field.label, Answers(field.id), measures=("count",), multi_response=many, chapter=CHAPTER)


COUNTED = tuple(_table(field) for field in asked())
BY_KIND = tuple(_table(field, KINDS, "-by-kind") for field in asked() if field.kind == "number")


def measures(ground: Ground) -> Iterator[Result]:
    """What a machine measured of whole reports: median, quartiles and range of each."""
    cells: Cells = {}
    rows, like = [], None
    for field in asked():
        result = ground.get(_id(field)) if field.kind == "number" else None
        if result is None or result.cell("all", measure="n").suppressed:
            continue
        like = like or result
        rows.append(Line(field.id, _with_unit(field)))
        cells |= {(field.id, "all", one): result.cell("all", measure=one) for one in NUMBERS}
    if rows:
        yield made(
            "report-measures",
            "Reports measured: length, readability, words of the professions, share of analysis",
            rows=rows,
            cells=cells,
            measures=NUMBERS,
            like=like,
            heading="Measure",
            place=1,
            source=SOURCE,
            notes=(*_READ, "Only whole reports are measured: an entry of a listing is no report."),
        )


_READ = (
    "Reading grade: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid and others 1975); English only.",
    "Abbreviations not explained: capitals of three to six letters that the report nowhere writes out.",
    "Share of analysis: text under headings of analysis, learning and recommendations, of that and the account of "
    "what happened; not measured where headings do not tell.",
)


def _with_unit(field: Field) -> str:
    return field.label if field.unit in field.label.lower() else f"{field.label} ({field.unit})"


def by_kind(ground: Ground) -> Iterator[Result]:
    """The medians by kind of review."""
    numbers = [field for field in asked() if field.kind == "number"]
    found = [(field, ground.get(f"{_id(field)}-by-kind")) for field in numbers]
    held = [(field, result) for field, result in found if result is not None]
    lines = dict.fromkeys(row for _, result in held for row in result.rows_of("category"))
    both: tuple[Measure, ...] = ("median", "n")
    cells: Cells = {
        (field.id, row.key, measure): cell
        for field, result in held
        for row in lines
        for measure in both
        if (cell := result.cells.get((row.key, "all", measure))) is not None
    }
    shown = [row for row in lines if any(at[1] == row.key and cell.value is not None for at, cell in cells.items())]
    if len(shown) > 1:
        yield made(
            "report-measures-by-kind",
            "Reports measured: medians by kind of review",
            rows=[Line(field.id, _with_unit(field)) for field, _ in held],
            columns=shown,
            cells=cells,
            measures=both,
            like=held[0][1],
            heading="Measure",
            column_heading="Kind of review",
            place=2,
            source=SOURCE,
            notes=_READ,
        )


def marks(ground: Ground) -> Iterator[Result]:
    """The questions answered with yes, in part or no."""
    cells: Cells = {}
    rows, like = [], None
    for field in asked():
        result = ground.get(_id(field)) if set(field.codes) == set(MARKS) else None
        if result is None or all(result.cell(mark).suppressed for mark in MARKS):
            continue
        like = like or result
        rows.append(Line(field.id, field.question))
        cells[field.id, "all", "count"] = result.cell("base")
        for mark in MARKS:
            cells[field.id, "all", mark] = result.cell(mark)  # type: ignore[index]
    if rows:
        yield made(
            "report-answers",
            "What the reports do: questions answered with yes, in part or no",
            rows=rows,
            cells=cells,
            measures=("count", "yes", "in_part", "no"),
            like=like,
            heading="Question",
            place=3,
            source=SOURCE,
            notes=("Of the reviews with an answer. The answers describe and compare; do not add them up to a mark.",),
        )


def template(ground: Ground) -> Iterator[Result]:
    """Every item of the template, who fills it, and in how many reviews it is answered."""
    rows, cells = [], Cells()
    for field in asked():
        rows.append(Line(field.id, f"{field.group[:1].upper()}{field.group[1:]}: {field.label.lower()}"))
        cells[field.id, "all", "filled_by"] = text(FILLED[field.filled_by])
        cells[field.id, "all", "count"] = _answered(ground, field)
    yield made(
        "report-template",
        "The template of report quality: what a machine can fill and what a person must",
        rows=rows,
        cells=cells,
        measures=("filled_by", "count"),
        like=ground.get("report-measures"),
        heading="Item",
        chapter=CHAPTER,
        place=4,
        source=SOURCE,
        notes=(
            "Reviews: those in which the item is answered. What a machine proposed is to be read before it is used.",
        ),
    )


def _answered(ground: Ground, field: Field) -> Cell:
    result = ground.results.get(_id(field))
    if result is None:
        return EMPTY
    if field.kind == "number":
        return result.cells.get(("all", "all", "n"), counted(0))
    base, silent = (result.cells.get((row, "all", "count"), counted(0)) for row in ("base", "not_mentioned"))
    if field.kind == "choice":
        return base  # silence is outside it
    return HIDDEN if None in (base.numerator, silent.numerator) else counted(base.numerator - silent.numerator)  # type: ignore[operator]


DERIVATIONS = (
    Derivation(COUNTED, measures),
    Derivation(BY_KIND, by_kind),
    Derivation((), marks),
    Derivation((), template),
)
