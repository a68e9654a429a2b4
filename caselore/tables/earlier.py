"""The files of `series/` come in; published figures of earlier analyses go out, each with its table and cell.

Published figures are public: nothing in them is suppressed, and nothing is mended. What does not fit its own count
and base is told by `misprints`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from caselore.errors import TableError
from caselore.tables.result import half_up, ratio

TOTAL = "total"
"""The key of a row that adds up the others as printed."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What is printed in one cell; None where nothing is."""

    n: int | None = None
    percent: float | None = None
    rate: float | None = None
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A printed column: its base `n` and how many years it covers, where that is told."""

    key: str
    label: str
    n: int | None = None
    years: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A printed row; `of` is the key of the row that it is a part of."""

    key: str
    label: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """Where a series cannot be read on as if nothing had changed: a row, a period, or a row from a period on."""

    note: str
    row: str = ""
    period: str = ""


@dataclass(frozen=True)
class Series:
    """One published table. `beside` is the id of the computed table that it can stand beside.

    `kind` is ``periods`` (columns are periods), ``groups`` (columns are groups of cases), ``rows`` (percentages are of
    the row within its period) or ``figures`` (numbers of several sorts).
    """

    id: str
    table: str
    title: str
    section: str
    kind: str
    columns: tuple[Head, ...]
    rows: tuple[Entry, ...]
    figures: Mapping[tuple[str, str], Figure]
    beside: str = ""
    about: str = ""
    breaks: tuple[Break, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict)

    def figure(self, row: str, column: str) -> Figure:
        """What is printed at a place; raises TableError where the table has no such place."""
        if row not in {one.key for one in self.rows} or column not in {one.key for one in self.columns}:
            raise TableError(
                f"Series {self.id!r} has no cell at row {row!r}, column {column!r}; its rows are "
                f"{', '.join(one.key for one in self.rows)}; its columns {', '.join(one.key for one in self.columns)}."
            )
        return self.figures.get((row, column), Figure())

    def address(self, row: str, column: str) -> str:
        """Where a figure is printed: ``Table 4, row '1-5 years', column '2007-09'``."""
        rows = {one.key: one.label for one in self.rows}
        columns = {one.key: one.label for one in self.columns}
        return f"{self.table}, row {rows[row]!r}, column {columns[column]!r}"

    def counts(self, column: str) -> dict[str, int]:
        """The counts of a column by row, totals left out and parts beside what they are parts of."""
        found = ((row.key, self.figure(row.key, column).n) for row in self.rows if row.key != TOTAL)
        return {key: n for key, n in found if n is not None}

    @property
    def cited(self) -> str:
        """The source in a phrase."""
        return f"{self.source['analysis']} ({self.source['publisher']}, {self.source['year']}), {self.table}"


@dataclass(frozen=True, slots=True)
class Misprint:
    """A printed percentage that is not the rounded share of its count in its base."""

    where: str
    n: int
    base: int
    printed: float
    recomputed: str


@cache
def every_series() -> dict[str, Series]:
    """Every published table that ships, by id, in the order of print."""
    folder = files("caselore.tables") / "series"
    told = yaml.safe_load((folder / "source.yaml").read_text("utf-8"))
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".yaml") and one.name != "source.yaml")
    found = [_read(yaml.safe_load((folder / name).read_text("utf-8")), told) for name in names]
    return {one.id: one for one in found}


def series(name: str) -> Series:
    """One published table by id; raises TableError where there is none."""
    if name not in every_series():
        raise TableError(f"There is no published series {name!r}; choose from {', '.join(every_series())}.")
    return every_series()[name]


def _read(told: Mapping[str, Any], source: Mapping[str, Any]) -> Series:
    return Series(
        id=told["id"],
        table=told["table"],
        title=told["title"],
        section=told["section"],
        kind=told["kind"],
        columns=tuple(Head(key, **head) for key, head in told["columns"].items()),
        rows=tuple(Entry(row["key"], row["label"], row.get("of", "")) for row in told["rows"]),
        figures={(row["key"], key): Figure(**cell) for row in told["rows"] for key, cell in row["cells"].items()},
        beside=told.get("beside", ""),
        about=told.get("about", ""),
        breaks=tuple(Break(**one) for one in told.get("breaks", ())),
        source=source,
    )


def percentages(one: Series) -> Iterator[tuple[str, str, int, int, float]]:
    """Every printed percentage with its count and base: (row, column, count, base, percentage)."""
    for row in one.rows:
        for column in one.columns:
            cell = one.figure(row.key, column.key)
            base = _base(one, row.key, column)
            if cell.percent is not None and cell.n is not None and base:
                yield row.key, column.key, cell.n, base, cell.percent


def _base(one: Series, row: str, column: Head) -> int | None:
    if one.kind != "rows":
        return column.n
    period = column.key.split("/")[0]
    return sum(one.figure(row, head.key).n or 0 for head in one.columns if head.key.startswith(period))


def misprints(one: Series) -> list[Misprint]:
    """The printed percentages that are not their count's share of the base, rounded half up as all others are."""
    return [
        Misprint(one.address(row, column), n, base, printed, _whole(n, base))
        for row, column, n, base, printed in percentages(one)
        if _whole(n, base) != f"{printed:g}"
    ]


def _whole(n: int, base: int) -> str:
    return half_up(ratio(Fraction(100 * n, base)), 0)
