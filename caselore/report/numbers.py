"""Binds numbers in prose to the cells they come from, so that text and table cannot differ.

A sentence is written with addresses in braces and no digits of its own::

    "{outcome/death/all/count} of {outcome/base/all/count} reviews followed the death of a child."

An address is ``table/row/column/measure``. ``#1`` as row is the row with the highest first measure, ``#2`` the
next; ``label`` as measure is the row's label. ``{release/counts.cases}`` is an entry of the release's manifest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from caselore.errors import TableError
from caselore.tables.result import Cell, Line, Result
from caselore.tables.table import STATES, Measure

ADDRESS = re.compile(r"\{([^{}]+)\}")
RELEASE = "release"
PERCENTS = frozenset({"column_percent", "row_percent", "total_percent"})


@dataclass(frozen=True, slots=True)
class Bound:
    """A number or label in prose: as shown, unrounded where it is a number, and the address of its cell."""

    shown: str
    value: float | int | None
    address: str


Part = str | Bound
Sentence = tuple[Part, ...]


class NotThere(TableError):
    """The release holds nothing for a sentence to speak of, or what it holds is suppressed."""


def bind(sentence: str, results: Mapping[str, Result], manifest: Mapping[str, Any]) -> Sentence:
    """The sentence with each address replaced by what stands there.

    Raises `NotThere` where a cell is missing, empty or suppressed, and TableError where the sentence has a number
    of its own, which nothing would keep true.
    """
    if loose := re.search(r"\d+", ADDRESS.sub("", sentence)):
        raise TableError(f"The sentence {sentence!r} has the number {loose[0]} of its own: bind it to a cell.")
    parts: list[Part] = []
    for place, piece in enumerate(ADDRESS.split(sentence)):
        parts.append(piece if place % 2 == 0 else look_up(piece, results, manifest))
    return tuple(part for part in parts if part != "")


def look_up(address: str, results: Mapping[str, Result], manifest: Mapping[str, Any]) -> Bound:
    """What stands at an address."""
    table, _, rest = address.partition("/")
    if table == RELEASE:
        return _of_manifest(address, rest, manifest)
    try:
        row_key, column, measure = rest.split("/")
        result = results[table]
    except (ValueError, KeyError):
        raise NotThere(f"There is no table for {{{address}}}; an address is table/row/column/measure.") from None
    row = _row(result, row_key, column, address)
    if measure == "label":
        return Bound(in_sentence(row.label), None, f"{table}/{row.key}/{column}/label")
    try:
        cell = result.cell(row.key, column, cast("Measure", measure))
    except TableError as error:
        raise NotThere(str(error)) from None
    if cell.value is None:
        raise NotThere(f"{{{address}}} is {cell.shown}.")
    return Bound(shown(cell, measure), cell.value, f"{table}/{row.key}/{column}/{measure}")


def in_sentence(label: str) -> str:
    """A label as it reads within a sentence: a small first letter, unless it is a name or an abbreviation."""
    if " → " in label:
        return " → ".join(map(in_sentence, label.split(" → ")))
    rest = label[1:]
    return label if any(letter.isupper() for letter in rest) else label[:1].lower() + rest


def shown(cell: Cell, measure: str) -> str:
    """A cell as it reads in a sentence: percentages with their sign."""
    return f"{cell.shown}%" if measure in PERCENTS and cell.value is not None else cell.shown


def _row(result: Result, key: str, column: str, address: str) -> Line:
    rows = result.rows_of("category")
    if key.startswith("#"):
        ranked = ranking(result, column)
        if int(key[1:]) > len(ranked):
            raise NotThere(f"{{{address}}}: the table has fewer rows.")
        return ranked[int(key[1:]) - 1]
    line = next((row for row in (*rows, *result.rows) if row.key == key), None)
    if line is None:
        raise NotThere(f"{{{address}}}: the table has no such row.")
    return line


def ranking(result: Result, column: str) -> list[Line]:
    """The category rows that hold something shown, highest first; rows of equal height keep their order."""
    measure = result.table.measures[0]
    held = [
        (cell.value, row)
        for row in result.rows_of("category")
        if row.key not in STATES and (cell := result.cells.get((row.key, column, measure))) and cell.value
    ]
    return [row for _, row in sorted(held, key=lambda pair: -pair[0])]


def _of_manifest(address: str, path: str, manifest: Mapping[str, Any]) -> Bound:
    value: Any = manifest
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            raise NotThere(f"{{{address}}}: the release's manifest has no {path}.")
        value = value[name]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Bound(f"{value:,}", value, address)
    return Bound(str(value), None, address)
