"""A tally and a codebook come in; the rows and columns of the table go out, labelled and in their declared order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import TYPE_CHECKING

from caselore.tables.incidence import TOGETHER
from caselore.tables.paths import ARROW
from caselore.tables.result import Line
from caselore.tables.table import (
    NOT_CODED,
    STATES,
    WITHIN,
    YEARS,
    Answers,
    Axis,
    Bands,
    Column,
    Fields,
    Given,
    Groups,
    Nested,
    Pairs,
    States,
    Table,
    Together,
    Whole,
)
from caselore.tables.tally import ANSWERED, Tally

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook, Field

STATE_LABELS = {
    "absent": "None",
    "not_mentioned": "Not mentioned",
    "unclear": "Unclear",
    "not_applicable": "Not applicable",
    "withheld": "Withheld",
    "not_coded": "Not coded",
}

COLUMN_LABELS = {
    "source_type": "Kind of review",
    "year": "Year of publication",
    "incident_year": "Year of the incident",
    "licence": "Licence",
    "jurisdiction": "Jurisdiction",
    "children": "Index children",
    "recommendations": "Recommendations",
    "years_to_publication": "Years from incident to publication",
    "steps": "Decisions",
    "level": "Level",
    "time_frame": "States a time",
    "types": "Type",
    "addressees": "Addressee",
    "transition": "A decision and the next",
    "next_type": "Next decision",
    "decision_type": "Decision",
    "decision_types": "Decision",
    "agency": "Agency",
    "first_step": "First decision",
    "last_step": "Last decision",
    "smart": "Element",
}


def heading(axis: Axis, book: Codebook) -> str:
    """What the keys of an axis are."""
    if isinstance(axis, Whole | States | Given):
        return ""
    if isinstance(axis, Fields):
        return "Field"
    if isinstance(axis, Bands):
        return axis.label or heading(axis.of, book)
    if isinstance(axis, Groups):
        return axis.label or heading(Answers(axis.fields[0]), book)
    if isinstance(axis, Nested):
        return f"{heading(axis.outer, book)} and {heading(axis.inner, book).lower()}"
    if isinstance(axis, Column):
        return axis.label or COLUMN_LABELS.get(axis.name) or _sentence(axis.name)
    label = book.fields[axis.field].label or axis.field
    return (
        f"{label}: pairs" if isinstance(axis, Pairs) else f"{label}: together" if isinstance(axis, Together) else label
    )


def categories(axis: Axis, found: Sequence[str], book: Codebook) -> list[Line]:
    """The categories of an axis in codebook order, or by value; codes unknown to the codebook come last."""
    return [Line(key, label_of(axis, key, book)) for key in _keys(axis, found, book)]


def silent(axis: Axis, book: Codebook) -> frozenset[str]:
    """The codes of an axis that say that nothing is known: the one a choice takes when the text says nothing."""
    if isinstance(axis, Answers) and book.fields[axis.field].default:
        return frozenset({book.fields[axis.field].default})
    return frozenset()


def _keys(axis: Axis, found: Sequence[str], book: Codebook) -> list[str]:
    if isinstance(axis, Fields):
        return [*book.fields, *sorted(set(found) - set(book.fields))]
    if isinstance(axis, Bands):
        return [band.id for band in axis.bands]
    if isinstance(axis, Groups):
        return [group.id for group in axis.groups]
    if isinstance(axis, Nested):
        return _nested_keys(axis, found, book)
    if isinstance(axis, Together):
        return [TOGETHER + "".join(marks) for marks in sorted(product("01", repeat=len(axis.codes)), key=_fewest)]
    if isinstance(axis, Answers):
        field = book.fields[axis.field]
        wanted = axis.among or tuple(field.codes)
        if field.kind == "choice" or axis.among:
            return [*wanted, *sorted(set(found) - set(wanted))] if not axis.among else list(wanted)
        return _in_order(found, wanted)
    if isinstance(axis, Pairs):
        return [key for key in found if "+" in key]
    if isinstance(axis, Column) and axis.codes_of in book.fields:
        return _in_order(found, tuple(book.fields[axis.codes_of].codes))
    return sorted(found, key=_by_value)


def _nested_keys(axis: Nested, found: Sequence[str], book: Codebook) -> list[str]:
    """Every inner category within every outer one, each in its own order."""
    parts = [key.split(WITHIN, 1) for key in found if WITHIN in key]
    outer = _keys(axis.outer, list(dict.fromkeys(one for one, _ in parts)), book)
    inner = _keys(axis.inner, list(dict.fromkeys(other for _, other in parts)), book)
    return [f"{one}{WITHIN}{other}" for one in outer for other in inner]


def _fewest(marks: Iterable[str]) -> tuple[int, str]:
    joined = "".join(marks)
    return joined.count("1"), joined.replace("0", "2")


def _in_order(found: Sequence[str], wanted: Sequence[str]) -> list[str]:
    place = {key: index for index, key in enumerate(wanted)}
    return sorted(found, key=lambda key: (place.get(key, len(place)), key))


def _by_value(key: str) -> tuple[bool, float, str]:
    try:
        return False, float(key), key
    except ValueError:
        return True, 0.0, key


def label_of(axis: Axis, key: str, book: Codebook) -> str:
    """What a key is called: the codebook's label, the band's, the two of a pair, the steps of a path."""
    if key in STATE_LABELS:
        return STATE_LABELS[key]
    if isinstance(axis, Fields):
        return book.fields[key].label if key in book.fields else key
    if isinstance(axis, Bands):
        return next((band.label for band in axis.bands if band.id == key), key)
    if isinstance(axis, Together):
        return _combination(axis, key, book)
    if isinstance(axis, Groups):
        return next((group.label for group in axis.groups if group.id == key), key)
    if isinstance(axis, Nested):
        outer, inner = key.split(WITHIN, 1)
        return f"{label_of(axis.outer, outer, book)}: {label_of(axis.inner, inner, book)}"
    name = axis.codes_of if isinstance(axis, Column) else getattr(axis, "field", "")
    field = book.fields.get(name)
    if ARROW in key:
        return " → ".join(_sentence(_label(field, code)) for code in key.split(ARROW))
    if isinstance(axis, Pairs):
        return _sentence(" + ".join(_short(field, code) for code in key.split("+")))
    if key in ("true", "false"):
        return {"true": "Yes", "false": "No"}[key]
    return _sentence(_label(field, key)) if name else key


def _combination(axis: Together, key: str, book: Codebook) -> str:
    field = book.fields[axis.field]
    marks = key.removeprefix(TOGETHER)
    held = [_short(field, code) for code, mark in zip(axis.codes, marks, strict=True) if mark == "1"]
    if not held:
        return "None of the " + {2: "two", 3: "three", 4: "four"}.get(len(marks), str(len(marks)))
    return _sentence(" + ".join(held)) + (" only" if len(held) == 1 else "")


def _label(field: Field | None, code: str) -> str:
    if field and code in field.codes:
        return field.codes[code].label or code.replace("_", " ")
    return code.replace("_", " ")


def _short(field: Field | None, code: str) -> str:
    """A label without what it says in brackets, for a row that joins several."""
    return _label(field, code).partition(" (")[0]


def _sentence(text: str) -> str:
    text = text.replace("_", " ")
    return text[:1].upper() + text[1:]


def _commonest(lines: list[Line], top: int, tally: Tally) -> list[Line]:
    lines = sorted(lines, key=lambda line: -tally.counts.get((line.key, "all"), 0))
    return lines[:top]


def row_lines(table: Table, tally: Tally, book: Codebook) -> list[Line]:
    """Categories, states in the base, the base, states apart, and all units; of a table of numbers, groups and all."""
    lines = categories(table.rows, tally.keys(0), book)
    if isinstance(table.rows, Fields):
        put = {key for key in tally.keys(0) if tally.counts.get((key, NOT_CODED), 0) < tally.counts[key, "all"]}
        return [line for line in lines if line.key in put]
    if (isinstance(table.rows, Answers) and table.rows.order == "count") or isinstance(table.rows, Pairs):
        lines = [line for line in lines if tally.counts.get((line.key, "all"), 0)]
    if table.top is not None:
        lines = _commonest(lines, table.top, tally)
    if isinstance(table.rows, Bands) and getattr(table.rows.of, "name", "") in YEARS:
        lines = [line for line in lines if tally.counts.get((line.key, "all"), 0)]  # periods without a review
    if table.number:
        return [] if isinstance(table.rows, Whole) else lines
    states = [Line(state, STATE_LABELS[state], "missing") for state in tally.states(0)]
    within = [Line(line.key, line.label) for line in states if line.key not in table.missing]
    if isinstance(table.rows, Pairs):
        within = []  # that a review mentions none is in the base, but is no pair
    return [*lines, *within, *(line for line in states if line.key in table.missing)]


def column_lines(table: Table, tally: Tally, book: Codebook) -> list[Line]:
    """The categories of the columns, then their states; without the column of all."""
    if isinstance(table.columns, Whole):
        return []
    if isinstance(table.columns, States):
        found = [state for state in STATES if any(tally.counts.get((row, state), 0) for row in tally.keys(0))]
        return [Line(ANSWERED, "Answered"), *(Line(state, STATE_LABELS[state]) for state in found)]
    lines = categories(table.columns, tally.keys(1), book)
    lines = [line for line in lines if tally.sizes.get(line.key, 0) or not table.multi_columns]
    return [*lines, *(Line(state, STATE_LABELS[state], "missing") for state in STATES if tally.sizes.get(state, 0))]
