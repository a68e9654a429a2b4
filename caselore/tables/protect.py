"""Tallies of tables published together come in; which of their cells must not be shown comes out.

Each table goes through `release.suppress`; then what the tables share and add up to is closed by `linked`. How many
reviews did not mention something says nothing of anybody: those counts are hidden only where they give one away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from caselore.release.suppress import Margins, suppress
from caselore.tables.incidence import TOGETHER
from caselore.tables.linked import Fact, Sum, closed
from caselore.tables.result import Line
from caselore.tables.table import (
    STATES,
    WITHIN,
    Axis,
    Bands,
    Column,
    Condition,
    Fields,
    Groups,
    Nested,
    Pairs,
    Table,
    Together,
    Where,
    Whole,
    named_in,
)
from caselore.tables.tally import Tally

Place = tuple[str, str]
"""A row key and a column key; ``base`` and ``all`` are rows too."""

Side = Literal["rows", "columns"]

CITED = ("year", "source_type")
"""Columns of a case that its citation tells."""

REST = "rest"
"""Stands for all the rows that a table of the commonest leaves out, so that they are protected; never shown."""


@dataclass(frozen=True)
class Sheet:
    """A tally laid out: `rows` and `columns` without base, totals and the column of all.

    `unknown` are the codes of rows and of columns that say, as the states do, that nothing is known: that one review
    is silent tells nothing of anybody, so such counts are hidden only where they give another away. `whole` is whether
    citations tell which reviews are counted, as they do of a whole release.
    """

    table: Table
    tally: Tally
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    unknown: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    whole: bool = True

    @property
    def inside(self) -> tuple[str, ...]:
        """The keys of the rows within the base, and of all the rest where only the commonest are rows."""
        keys = tuple(line.key for line in self.rows if line.kind == "category")
        return (*keys, REST) if self.table.top is not None and adds_up(self.table, "rows") else keys

    @property
    def outside(self) -> tuple[str, ...]:
        """The keys of the rows outside the base."""
        return tuple(line.key for line in self.rows if line.kind == "missing")

    @property
    def alone(self) -> tuple[str, ...]:
        """The single codes that a table of pairs rests on, without showing their counts."""
        if not isinstance(self.table.rows, Pairs):
            return ()
        return tuple(key for key in self.tally.keys(0) if "+" not in key)

    def count(self, row: str, column: str) -> int:
        """The raw count of a place."""
        if row == "base":
            return self.tally.base(self.table, column)
        if row == REST:
            return self.count("base", column) - sum(self.count(one, column) for one in self.inside[:-1])
        return self.tally.sizes.get(column, 0) if row == "all" else self.tally.counts.get((row, column), 0)

    def places(self) -> Iterator[Place]:
        """Every place of the table that holds a count."""
        whole = () if isinstance(self.table.rows, Fields) else ("base", "all")
        for row in (*self.inside, *self.outside, *self.alone, *whole):
            for column in (*(line.key for line in self.columns), "all"):
                yield row, column


def protected(
    sheets: Sequence[Sheet], *, smallest: int | None, listed: Collection[tuple[str, str]] = ()
) -> list[frozenset[Place]]:
    """For each table the places to hide; nothing if `smallest` is None. Tables given together are safe together.

    `listed` are codes, by field, whose reviews are published one by one beside the tables.
    """
    if smallest is None:
        return [frozenset() for _ in sheets]
    facts = [{place: _fact(sheet, *place) for place in sheet.places()} for sheet in sheets]
    placed = list(zip(sheets, facts, strict=True))
    counts = {fact: sheet.count(*place) for sheet, named in placed for place, fact in named.items()}
    small: set[Fact] = set()
    hidden: set[Fact] = set()
    dark: set[Fact] = set()
    for sheet, named in placed:
        if not sheet.table.public:
            places = set(_within(sheet, smallest))
            hidden |= {named[place] for place in places}
            dark |= {named[place] for place in _dark(sheet, smallest)}
            small |= {named[place] for place in places if _tells(sheet, place, smallest)}
            near = {named[place] for place in _nearly(sheet, named, counts, smallest)}
            hidden |= near
            small |= near
    known = {named[place] for sheet, named in placed for place in _known(sheet, listed, smallest) if place in named}
    open_ = {fact for sheet, named in placed if sheet.table.public for fact in named.values()}
    dear: dict[Fact, int] = {}
    for named in facts:
        for place, fact in named.items():
            dear[fact] = max(dear.get(fact, 0), _dear(place))
    sums = [one for sheet, named in placed for one in _sums(sheet, named, counts)]
    secret = closed(counts, sums, hidden, guarded=small, known=known, dear=dear, dark=dark)
    secret |= {fact for fact in known & dark if fact not in open_}  # told by a list, in a column that shows nothing
    return [frozenset(place for place, fact in named.items() if fact in secret) for named in facts]


def _known(sheet: Sheet, listed: Collection[tuple[str, str]], smallest: int) -> Iterator[Place]:
    """The places that a reader knows in any case: sizes of the whole, and what the citations of reviews tell."""
    table = sheet.table
    if table.public and not isinstance(table.rows, Fields):
        yield from sheet.places()
    if not table.where:
        yield from (("all", "all"), ("base", "all"))
    if table.where or not sheet.whole or not _cited(table):
        return
    columns = [line.key for line in sheet.columns]
    if isinstance(table.columns, Bands):
        yield from (("all", column) for column in columns)
    for field, code in listed:
        if getattr(table.rows, "field", "") == field and sheet.count(code, "all") >= smallest:
            yield from ((code, column) for column in (*columns, "all"))


def by_citation(cohort: Sequence[Condition]) -> bool:
    """Whether the citations of reviews tell which of them are in a cohort; they do of the whole release."""
    axes = [axis for condition in cohort for axis in named_in(condition)]
    return all(isinstance(axis, Column) and axis.name in CITED for axis in axes)


def _cited(table: Table) -> bool:
    """Whether the columns are what the citation of a review tells: when it was published, of what kind it is."""
    axis = table.columns.of if isinstance(table.columns, Bands) else table.columns
    return table.unit == "case" and isinstance(axis, Whole | Column) and getattr(axis, "name", "year") in CITED


def _tells(sheet: Sheet, place: Place, smallest: int) -> bool:
    """Whether a hidden place is itself small, or its complement is, and not there to cover another."""
    count = sheet.count(*place)
    without = sheet.count("base", place[1]) - count if sheet.table.multi_response else 0
    return 0 < count < smallest or 0 < without < smallest


def _dear(place: Place) -> int:
    """Cells of a crossed table and pairs are hidden before whole rows, those before bases, totals and silence."""
    row, column = place
    if row in ("base", "all") or row in STATES or column in STATES:
        return 2
    return int(column == "all" and "+" not in row)


def _within(sheet: Sheet, smallest: int) -> Iterator[Place]:
    """The places to hide when the table stands alone."""
    if isinstance(sheet.table.rows, Fields):
        return  # how complete a field is says nothing of anybody, unless it gives away what another table hides
    silent, open_columns = sheet.unknown[0], sheet.unknown[1] | set(STATES)
    told = [key for key in sheet.inside if key not in silent]
    rows = [*told, *sheet.alone]
    columns = [line.key for line in sheet.columns] or ["all"]
    if rows:
        yield from _suppressed(sheet, rows, columns, smallest=smallest)
        if columns != ["all"]:
            yield from _suppressed(sheet, rows, ["all"], smallest=smallest)
    yield from _dark(sheet, smallest)
    for column in columns:
        if column not in open_columns:
            yield from ((row, column) for row in ("base", "all") if 0 < sheet.count(row, column) < smallest)


def _dark(sheet: Sheet, smallest: int) -> Iterator[Place]:
    """The places of columns of one or two, where even a nought says how they are, and so is not shown."""
    open_columns = sheet.unknown[1] | {*STATES, "all"}
    for column in [line.key for line in sheet.columns] or ["all"]:
        size = sheet.count("base" if column in open_columns else "all", column)
        if 0 < size < smallest or 0 < sheet.count("base", column) < smallest:
            outside = sheet.outside if sheet.columns else ()  # how many are silent in all is no secret
            yield from ((row, column) for row in (*sheet.inside, *outside, *sheet.alone))
            if column not in open_columns:
                yield "base", column


def _suppressed(sheet: Sheet, rows: list[str], columns: list[str], *, smallest: int) -> Iterator[Place]:
    """Small cells and their complements; what is not told by the rows stands beside them like a total."""
    table = sheet.table
    counts = np.array([[sheet.count(row, column) for column in columns] for row in rows])
    bases = None if adds_up(table, "rows") else np.array([sheet.count("base", column) for column in columns])
    found = suppress(counts, smallest=smallest, margins=_margins(table, columns), base=bases)
    for row, column in np.argwhere(found.cells):
        yield rows[row], columns[column]
    if columns != ["all"]:
        yield from ((rows[row], "all") for (row,) in np.argwhere(found.row_totals))
    if bases is None:
        silent = [key for key in sheet.unknown[0] if any(line.key == key for line in sheet.rows)] or ["base"]
        yield from ((one, columns[column]) for (column,) in np.argwhere(found.column_totals) for one in silent)


def _margins(table: Table, columns: list[str]) -> Margins:
    down = adds_up(table, "rows")
    across = adds_up(table, "columns") and columns != ["all"]
    return "both" if down and across else "columns" if down else "rows" if across else "none"


def adds_up(table: Table, side: Side) -> bool:
    """Whether the rows (columns) of a table are apart from each other, so that their counts add to the base."""
    axis = table.rows if side == "rows" else table.columns
    many = table.multi_response if side == "rows" else table.multi_columns
    return not many and not isinstance(axis, Pairs | Whole | Fields)


def _sums(sheet: Sheet, named: Mapping[Place, Fact], counts: Mapping[Fact, int]) -> Iterator[Sum]:
    columns = [*(line.key for line in sheet.columns), "all"]
    inside, outside = sheet.inside, sheet.outside
    for column in columns:
        if adds_up(sheet.table, "rows"):
            yield named["base", column], tuple(named[row, column] for row in inside)
        apart = sum(sheet.count(row, column) for row in ("base", *outside))
        if not isinstance(sheet.table.rows, Fields) and apart == sheet.count("all", column):
            yield named["all", column], tuple(named[row, column] for row in ("base", *outside))
    if sheet.columns and adds_up(sheet.table, "columns"):
        for row in dict.fromkeys(row for row, _ in named):
            yield named[row, "all"], tuple(named[row, line.key] for line in sheet.columns)
    if isinstance(sheet.table.rows, Together):
        yield from _held(sheet, sheet.table.rows, named, counts)
    if isinstance(sheet.table.columns, Nested):
        yield from _nested(sheet, sheet.table.columns, named, counts)
    for axis, places in ((sheet.table.rows, 0), (sheet.table.columns, 1)):
        if isinstance(axis, Groups):
            yield from _parted(sheet, axis, places, named, counts)


def _held(sheet: Sheet, axis: Together, named: Mapping[Place, Fact], counts: Mapping[Fact, int]) -> Iterator[Sum]:
    """That codes hold together is the sum of the combinations with them, which other tables may count too."""
    marks = [key.removeprefix(TOGETHER) for key in sheet.inside if key.startswith(TOGETHER)]
    for wanted in marks:
        codes = [code for code, mark in zip(axis.codes, wanted, strict=True) if mark == "1"]
        fact = _conditions(sheet.table, [(("field", axis.field), code) for code in codes])
        if fact in counts:
            holding = [one for one in marks if all(a == "1" for a, b in zip(one, wanted, strict=True) if b == "1")]
            yield fact, tuple(named[TOGETHER + one, "all"] for one in holding)


def _nested(sheet: Sheet, axis: Nested, named: Mapping[Place, Fact], counts: Mapping[Fact, int]) -> Iterator[Sum]:
    """What stands in an outer category, which other tables may count, is the sum of what stands within it."""
    if sheet.table.multi_columns:
        return
    outer: dict[str, list[str]] = {}
    for line in sheet.columns:
        if WITHIN in line.key:
            outer.setdefault(line.key.split(WITHIN)[0], []).append(line.key)
    for row in (*sheet.inside, *sheet.outside, "all"):
        for key, inner in outer.items():
            fact = _conditions(sheet.table, [*_met(sheet.table.rows, row, ()), (_identity(axis.outer), key)])
            parts = tuple(named[row, one] for one in inner)
            if counts.get(fact) == sum(counts[part] for part in parts):
                yield fact, parts


def _parted(
    sheet: Sheet, axis: Groups, place: int, named: Mapping[Place, Fact], counts: Mapping[Fact, int]
) -> Iterator[Sum]:
    """A group of codes of one field with one answer is the sum of its codes, which other tables may count."""
    for group in axis.groups:
        for at in [one for one in named if one[place] == group.id]:
            rest = _met(sheet.table.columns, at[1], ()) if place == 0 else _met(sheet.table.rows, at[0], ())
            rest += _numbered(sheet.table)
            parts = tuple(_conditions(sheet.table, [*rest, (("field", field), code)]) for field, code in group.codes)
            known = all(part in counts for part in parts)
            if len(parts) > 1 and known and counts[named[at]] == sum(counts[part] for part in parts):
                yield named[at], parts


def _nearly(sheet: Sheet, named: Mapping[Place, Fact], counts: Mapping[Fact, int], smallest: int) -> Iterator[Place]:
    """Groups that have but a few cases more than one of their codes, which another table counts: the few would show."""
    if not isinstance(sheet.table.rows, Groups):
        return
    for group in sheet.table.rows.groups:
        for at in [one for one in named if one[0] == group.id and len(group.codes) > 1]:
            rest = _met(sheet.table.columns, at[1], ())
            parts = (_conditions(sheet.table, [*rest, (("field", field), code)]) for field, code in group.codes)
            if any(0 < counts[named[at]] - counts[part] < smallest for part in parts if part in counts):
                yield at


def _fact(sheet: Sheet, row: str, column: str) -> Fact:
    """What a place counts, told the same way in every table: the unit and the conditions it meets."""
    table = sheet.table
    if isinstance(table.rows, Fields):
        return ("case",) if column == "all" else ("case", (("field", row), column))
    if row == "base" and sheet.count("base", column) == sheet.count("all", column) and not sheet.outside:
        row = "all"
    pairs = [*_met(table.rows, row, table.missing), *_met(table.columns, column, ())]
    return _conditions(table, [*pairs, *_numbered(table)])


def _numbered(table: Table) -> list[tuple[Fact, str]]:
    """A table of numbers counts the cases that have the number."""
    return [(("number",), repr(table.number))] if table.number else []


def _met(axis: Axis, key: str, missing: tuple[str, ...]) -> list[tuple[Fact, str]]:
    if key == "all":
        return []
    if key == "base":
        return [(_identity(axis), "base " + " ".join(missing))]
    if isinstance(axis, Pairs):
        return [(("field", axis.field), code) for code in key.split("+")]
    if isinstance(axis, Nested) and WITHIN in key:
        outer, inner = key.split(WITHIN, 1)
        return [(_identity(axis.outer), outer), *_met(axis.inner, inner, ())]
    if isinstance(axis, Groups) and key not in STATES:
        codes = next(group.codes for group in axis.groups if group.id == key)
        return [(("field", codes[0][0]), codes[0][1]) if len(codes) == 1 else (("group",), repr(codes))]
    return [(_identity(axis), key)]


def _identity(axis: Axis) -> Fact:
    field = getattr(axis, "field", None)
    if field and not isinstance(axis, Together):
        return ("field", field)
    name = getattr(axis, "name", None)
    return ("column", name) if name else ("axis", repr(axis))


def _conditions(table: Table, pairs: Sequence[tuple[Fact, str]]) -> Fact:
    met = {*pairs, *(_where(one) for one in table.where)}
    if table.unit == "child":
        met.add((("column", "children"), "1"))
    unit = "case" if table.unit == "child" else table.unit
    return (unit, *sorted(met, key=repr))  # in one order in every run, for what is hidden is chosen by it


def _where(where: Where) -> tuple[Fact, str]:
    if len(where.keep) == 1:
        return (_identity(where.axis), where.keep[0])
    return ("where", repr(where))
