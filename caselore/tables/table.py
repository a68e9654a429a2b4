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

Count = Literal["count", "column_percent", "row_percent", "total_percent", "lift"]
Number = Literal["n", "median", "lower_quartile", "upper_quartile", "lowest", "highest", "mean", "total"]
Measure = Count | Number
COUNTS: tuple[Count, ...] = get_args(Count)
NUMBERS: tuple[Number, ...] = get_args(Number)

Chart = Literal["bar", "heat", "overlap", "path", "none"]
Order = Literal["codebook", "count", "value"]

NOT_CODED = "not_coded"
"""The state of a case to which a field was never put."""

STATES: tuple[str, ...] = (*ANSWER_STATES[1:], NOT_CODED)
"""Keys of rows that are no category. ``absent`` and ``not_mentioned`` can count in a base, see `Table.missing`."""

UNANSWERED = ("not_mentioned", "unclear", "not_applicable", "withheld", NOT_CODED)
"""Outside every percentage of a field with one answer: percentages are of the cases with an answer."""

UNREAD = ("unclear", "not_applicable", "withheld", NOT_CODED)
"""Outside every percentage of a field with many: a review that mentions no flag is in the base of each flag."""

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
class Whole:
    """No division at all."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Every field of the codebook, in rows; with `States` in columns, how complete each is."""


@dataclass(frozen=True, slots=True)
class States:
    """Whether a field was answered, or in which state it is."""


Axis = Answers | Column | Bands | Together | Pairs | Whole | Fields | States


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on cases: one of the answers `keep`, or a number from `at_least` to just `below`."""

    axis: Answers | Column
    keep: tuple[str, ...] = ()
    at_least: float = -inf
    below: float = inf
    label: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One published table.

    Rows of a `multi_response` table can each hold the same case, so its columns do not add to 100; the like for
    `multi_columns`. Cases in a
    state that `missing` names are shown apart, outside every base. A `number` is summarised by the measures of
    `NUMBERS` instead of being counted. `top` keeps the commonest rows. A `public` table counts what the citation
    of each review says already (year, kind of review), so nothing in it is small-count suppressed.
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
    allowed = NUMBERS if table.number else COUNTS
    strange = [one for one in table.measures if one not in allowed]
    faults = []
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", table.id):
        faults.append("an id is lower-case words joined by hyphens, such as 'age-by-gender'.")
    if not table.title:
        faults.append("say in `title` what it counts.")
    if strange or not table.measures:
        faults.append(f"measures {strange or '()'} are not among {', '.join(allowed)}.")
    if "lift" in table.measures and not isinstance(table.rows, Pairs):
        faults.append("lift compares two codes, so its rows must be Pairs.")
    if "row_percent" in table.measures and isinstance(table.columns, Whole):
        faults.append("a row percentage needs columns to divide the row.")
    if isinstance(table.rows, Pairs) and not isinstance(table.columns, Whole):
        faults.append("pairs are not divided by columns; keep some of the cases with `where`.")
    if isinstance(table.rows, Fields) != isinstance(table.columns, States):
        faults.append("Fields in rows and States in columns go together.")
    if isinstance(table.columns, Pairs | Together):
        faults.append("pairs and combinations stand in rows, not in columns.")
    if unknown := set(table.missing) - set(STATES):
        faults.append(f"missing {sorted(unknown)} are no answer states; choose from {', '.join(STATES)}.")
    return faults


def apart(table: Table) -> tuple[str, ...]:
    """The states of the columns that stand outside the base of a row percentage."""
    if isinstance(table.columns, States):
        return ()
    return UNREAD if table.multi_columns else STATES


def axes(table: Table) -> tuple[Axis, ...]:
    """Every axis that a table names: rows, columns, conditions, the number."""
    named: list[Axis] = [table.rows, table.columns, *(one.axis for one in table.where)]
    if table.number:
        named.append(table.number)
    return tuple(one.of if isinstance(one, Bands) else one for one in named)


def fields(table: Table) -> tuple[str, ...]:
    """The codebook fields that a table reads, each once."""
    return tuple(dict.fromkeys(one.field for one in axes(table) if isinstance(one, Answers | Together | Pairs)))


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
