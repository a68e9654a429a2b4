"""The declaration of a published table: which cases it counts, along which lines, as what; nothing is computed here.

A declaration says what, in the nouns of the codebook and of the release's columns, and never how (no SQL).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Literal, get_args

from caselore.errors import TableError
from caselore.records import ANSWER_STATES

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook

Unit = Literal["case", "child", "recommendation", "step", "transition"]
"""What is counted. `child` counts reviews about one child, for of those alone the facts are one child's."""

Count = Literal["count", "column_percent", "row_percent", "total_percent", "lift", "per_year", "per_100000"]
Number = Literal["n", "median", "lower_quartile", "upper_quartile", "lowest", "highest", "mean", "total"]
Derived = Literal[
    "opened", "never", "low", "high", "interval", "odds_ratio", "odds_low", "odds_high", "p", "q",
    "next", "next_percent", "second", "second_percent", "gap", "distance",
    "by_date", "at_random", "random_low", "random_high",
    "kind", "year", "publisher", "url",
    "reviews", "first_year", "last_year", "asked_of", "before", "filled_by", "yes", "in_part", "no",
]  # fmt: skip
"""What is worked out of the protected cells of other tables, by `caselore.tables.measures`; no table counts these."""

Measure = Count | Number | Derived
COUNTS: tuple[Count, ...] = get_args(Count)
NUMBERS: tuple[Number, ...] = get_args(Number)
PER = ("per_year", "per_100000")
"""Measures that divide a count by the length of a period, and by the people."""

Chart = Literal["bar", "heat", "overlap", "path", "line", "box", "none"]
Order = Literal["codebook", "count", "value"]

NOT_CODED = "not_coded"
"""The state of a case to which a field was never put."""

STATES: tuple[str, ...] = (*ANSWER_STATES[1:], NOT_CODED)
"""Keys of rows that are no category. ``absent`` and ``not_mentioned`` can count in a base, see `Table.missing`."""

UNANSWERED = ("not_mentioned", "unclear", "not_applicable", "withheld", NOT_CODED)
"""Outside every percentage of a field with one answer: percentages are of the cases with an answer."""

UNREAD = ("unclear", "not_applicable", "withheld", NOT_CODED)
"""Outside every percentage of a field with many: a review that mentions no flag is in the base of each flag."""

YEARS = ("incident_year", "incident_financial_year", "year")
"""Columns of a case that hold a year, so that their bands are periods."""

RESERVED = frozenset({"all", "base", *STATES})


@dataclass(frozen=True, slots=True)
class Answers:
    """The codes of a field of the codebook; `among` keeps some codes of a field with many."""

    field: str
    among: tuple[str, ...] = ()
    order: Order = "codebook"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of what is counted, or of its case; `codes_of` names the field whose codes it holds."""

    name: str
    codes_of: str = ""
    label: str = ""
    order: Order = "value"


@dataclass(frozen=True, slots=True)
class Band:
    """Numbers from `at_least` to just `below`."""

    id: str
    label: str
    at_least: float = -inf
    below: float = inf


@dataclass(frozen=True, slots=True)
class Bands:
    """A number cut into bands; a number outside them all is not applicable."""

    of: Answers | Column
    bands: tuple[Band, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Together:
    """Every combination of the given codes of one field: the regions of an overlap diagram."""

    field: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two codes held by the same case, each pair once, the commonest first."""

    field: str
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A category of one's own: the cases that hold any of `codes`, each a field and its code."""

    id: str
    label: str
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """Categories of one's own, of one field or of several; groups may overlap (then the table is multi_response)."""

    groups: tuple[Group, ...]
    label: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the groups read, each once."""
        return tuple(dict.fromkeys(field for group in self.groups for field, _ in group.codes))


@dataclass(frozen=True, slots=True)
class Nested:
    """One division within another, such as gender within periods; row percentages are of the row within `outer`."""

    outer: Bands | Column | Answers
    inner: Bands | Column | Answers | Groups


@dataclass(frozen=True, slots=True)
class Whole:
    """No division at all."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Every field of the codebook, in rows; with `States` in columns, how complete each is."""


@dataclass(frozen=True, slots=True)
class States:
    """Whether a field was answered, or in which state it is."""


@dataclass(frozen=True, slots=True)
class Given:
    """Rows or columns that a measure brings with it, worked out of other tables; nothing is counted along them."""


Axis = Answers | Column | Bands | Groups | Nested | Together | Pairs | Whole | Fields | States | Given

WITHIN = "/"
"""Between the outer and the inner key of a nested column."""


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on cases: one of the answers `keep`, or a number from `at_least` to just `below`."""

    axis: Answers | Column
    keep: tuple[str, ...] = ()
    at_least: float = -inf
    below: float = inf
    label: str = ""


@dataclass(frozen=True, slots=True)
class Either:
    """A condition that one of several meets."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """A condition that all of several meet."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """A condition that is not met."""

    of: Condition


Condition = Where | Either | Both | Not
"""What can keep the cases of a cohort."""


def named_in(condition: Condition) -> tuple[Answers | Column, ...]:
    """Every axis that a condition names."""
    if isinstance(condition, Where):
        return (condition.axis,)
    parts = (condition.of,) if isinstance(condition, Not) else condition.of
    return tuple(axis for part in parts for axis in named_in(part))


@dataclass(frozen=True, slots=True)
class Population:
    """How many people there are, by the key of a row or a column, or as ``all``; `source` says where it is printed."""

    name: str
    source: str
    people: tuple[tuple[str, int], ...]

    def of(self, row: str, column: str) -> int | None:
        """The people of a row, else of a column, else of all, with ``base`` and ``all`` standing for all."""
        found = dict(self.people)
        for key in (row, column.split(WITHIN)[-1]):
            if key in found and key not in ("all", "base"):
                return found[key]
        return found.get("all") if row in ("all", "base") else None


@dataclass(frozen=True, slots=True)
class Table:
    """One published table.

    Rows of a `multi_response` table can each hold the same case, so its columns do not add to 100; the like for
    `multi_columns`. Cases in a
    state that `missing` names are shown apart, outside every base. A `number` is summarised by the measures of
    `NUMBERS` instead of being counted. `years` is how long the whole table counts, and `population` what a rate is
    of; columns that are periods know their own years. `top` keeps the commonest rows. A `public` table counts what the
    citation of each review says already (year, kind of review), so nothing in it is small-count suppressed.
    """

    id: str
    title: str
    rows: Axis
    columns: Axis = Whole()
    unit: Unit = "case"
    measures: tuple[Measure, ...] = ("count", "column_percent")
    where: tuple[Where, ...] = ()
    multi_response: bool = False
    multi_columns: bool = False
    missing: tuple[str, ...] = ()
    number: Answers | Column | None = None
    top: int | None = None
    years: float | None = None
    population: Population | None = None
    public: bool = False
    chapter: str = ""
    place: int = 50
    source: str = ""
    notes: tuple[str, ...] = ()
    chart: Chart = "bar"

    def __post_init__(self) -> None:
        if not self.missing:
            object.__setattr__(self, "missing", UNREAD if self.multi_response else UNANSWERED)
        for fault in _faults(self):
            raise TableError(f"Table {self.id!r}: {fault}")


def _faults(table: Table) -> list[str]:
    if isinstance(table.rows, Given):
        return []  # a measure brings its own
    allowed = NUMBERS if table.number else COUNTS
    strange = [one for one in table.measures if one not in allowed]
    unknown = sorted(set(table.missing) - set(STATES))
    whole, pairs = isinstance(table.columns, Whole), isinstance(table.rows, Pairs)
    apart_ = isinstance(table.rows, Fields) != isinstance(table.columns, States)
    found = (
        (not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", table.id), "an id is lower-case words joined by hyphens."),
        (not table.title, "say in `title` what it counts."),
        (strange or not table.measures, f"measures {strange or '()'} are not among {', '.join(allowed)}."),
        ("lift" in table.measures and not pairs, "lift compares two codes, so its rows must be Pairs."),
        ("row_percent" in table.measures and whole, "a row percentage needs columns to divide the row."),
        (pairs and not whole, "pairs are not divided by columns; keep some of the cases with `where`."),
        (apart_, "Fields in rows and States in columns go together."),
        (isinstance(table.columns, Pairs | Together), "pairs and combinations stand in rows, not in columns."),
        (isinstance(table.rows, Nested), "a division within another stands in columns, not in rows."),
        ("per_100000" in table.measures and not table.population, "a rate per 100,000 needs a `population`."),
        (unknown, f"missing {unknown} are no answer states; choose from {', '.join(STATES)}."),
    )
    return [sentence for wrong, sentence in found if wrong]


def apart(table: Table) -> tuple[str, ...]:
    """The states of the columns that stand outside the base of a row percentage."""
    if isinstance(table.columns, States):
        return ()
    return UNREAD if table.multi_columns else STATES


def years_of(table: Table, column: str) -> float | None:
    """How many years a column counts: those of its period, or of the whole table; None where that is open."""
    axis = table.columns.outer if isinstance(table.columns, Nested) else table.columns
    if isinstance(axis, Column) and axis.name in YEARS:
        return None if column == "all" else 1
    if not isinstance(axis, Bands) or not isinstance(axis.of, Column) or axis.of.name not in YEARS:
        return table.years
    band = next((one for one in axis.bands if one.id == column.split(WITHIN)[0]), None)
    return band.below - band.at_least if band is not None and band.below - band.at_least < inf else None


def axes(table: Table) -> tuple[Axis, ...]:
    """Every axis that a table names: rows, columns, conditions, the number; of nested ones both."""
    named: list[Axis] = [table.rows, table.columns, *(one.axis for one in table.where)]
    if table.number:
        named.append(table.number)
    parts = [part for one in named for part in ((one.outer, one.inner) if isinstance(one, Nested) else (one,))]
    return tuple(one.of if isinstance(one, Bands) else one for one in parts)


def fields(table: Table) -> tuple[str, ...]:
    """The codebook fields that a table reads, each once."""
    return tuple(dict.fromkeys(name for one in axes(table) for name in fields_of(one)))


def fields_of(axis: Axis) -> tuple[str, ...]:
    """The codebook fields that an axis reads."""
    if isinstance(axis, Groups):
        return axis.fields
    return (axis.field,) if isinstance(axis, Answers | Together | Pairs) else ()


def check(table: Table, book: Codebook) -> None:
    """Raise TableError where the table does not fit the codebook; the message says what to change."""
    for name in fields(table):
        if name not in book.fields:
            known = ", ".join(sorted(book.fields))
            raise TableError(f"Table {table.id!r}: the codebook has no field {name!r}; it has {known}.")
        if clash := RESERVED & set(book.fields[name].codes):
            raise TableError(f"Table {table.id!r}: field {name!r} has a code named {min(clash)!r}; rename it.")
    for axis in axes(table):
        if isinstance(axis, Answers | Pairs):
            _check_codes(table, book, axis.field, axis.among)
        elif isinstance(axis, Together):
            _check_codes(table, book, axis.field, axis.codes)
        elif isinstance(axis, Groups):
            for field, code in (one for group in axis.groups for one in group.codes):
                _check_codes(table, book, field, (code,))
    _check_kinds(table, book)


def _check_codes(table: Table, book: Codebook, field: str, codes: tuple[str, ...]) -> None:
    known = book.fields[field].codes
    for code in codes:
        if code not in known:
            raise TableError(f"Table {table.id!r}: field {field!r} has no code {code!r}.")


def _check_kinds(table: Table, book: Codebook) -> None:
    for place, axis, declared in (
        ("multi_response", table.rows, table.multi_response),
        ("multi_columns", table.columns, table.multi_columns),
    ):
        if not isinstance(axis, Answers):
            continue
        field = book.fields[axis.field]
        many = field.kind != "choice"
        if many and not declared:
            raise TableError(
                f"Table {table.id!r}: one case can hold several codes of {field.id!r}, which is of kind {field.kind}; "
                f"declare {place}=True."
            )
        if not many and (declared or axis.among):
            raise TableError(
                f"Table {table.id!r}: {field.id!r} is a choice, one answer a case; drop {place} and among, "
                "and use `where` to keep some of the cases."
            )
