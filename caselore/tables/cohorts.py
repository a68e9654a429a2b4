"""Tables come in; the same tables by period, in other bands, or as rates of a population go out, still declarations.

A period is calendar years (``2011-2013``: three years, first and last included) or financial years
(``2011/12-2013/14``: April 2011 to March 2014), of the incident.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from caselore.errors import TableError
from caselore.tables.table import (
    Answers,
    Axis,
    Band,
    Bands,
    Column,
    Fields,
    Groups,
    Measure,
    Nested,
    Pairs,
    Population,
    Table,
    Where,
    Whole,
)

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook

_CALENDAR = re.compile(r"(\d{4})(?:-(\d{4}))?")
_FINANCIAL = re.compile(r"(\d{4})/(\d{2})(?:-(\d{4})/(\d{2}))?")

AGE_BANDS = "child_age_band"
"""The field that holds ages in bands already, and that bands from exact ages take the place of."""


@dataclass(frozen=True, slots=True)
class Period:
    """Years of the incident from `start` to just before `end`; a financial year is named by the April it begins in."""

    start: int
    end: int
    financial: bool = False

    @property
    def years(self) -> int:
        """How many years it has."""
        return self.end - self.start

    @property
    def id(self) -> str:
        """A key such as ``2011-2013``, or ``fy2011-2014``."""
        return f"fy{self.start}-{self.end}" if self.financial else f"{self.start}-{self.end - 1}"

    @property
    def label(self) -> str:
        """What the head of a column says."""
        if self.financial:
            return f"April {self.start} to March {self.end}"
        return f"{self.start} to {self.end - 1}" if self.years > 1 else str(self.start)


def period(text: str) -> Period:
    """A period as a user writes it; raises TableError for what is none."""
    if match := _CALENDAR.fullmatch(text.strip()):
        found = Period(int(match[1]), int(match[2] or match[1]) + 1)
    elif match := _FINANCIAL.fullmatch(text.strip()):
        first, last = int(match[1]), int(match[3] or match[1])
        pairs = [(match[1], match[2]), (match[3], match[4])] if match[3] else [(match[1], match[2])]
        if any(f"{(int(year) + 1) % 100:02}" != short for year, short in pairs):
            raise TableError(f"{text!r} is no financial year: 2011/12 begins in April 2011 and ends in March 2012.")
        found = Period(first, last + 1, financial=True)
    else:
        raise TableError(
            f"{text!r} is no period; write 2011-2013 for calendar years, or 2011/12-2013/14 for April to March."
        )
    if found.years < 1 or not 1900 <= found.start <= 2200:
        raise TableError(f"{text!r} is no period: its last year is before its first, or no year at all.")
    return found


MONTH = "incident_month"
"""The field that tells the month of the incident, 1 to 12; a financial year cannot be told without it."""


def by_period(tables: Sequence[Table], periods: Sequence[Period], book: Codebook) -> tuple[Table, ...]:
    """Each table with the periods in columns, crossed ones with their columns within each; pairs once a period.

    Counts a year stand beside the counts. Tables of years and of completeness stay as they are. Raises TableError
    for financial years where the codebook has no month of the incident.
    """
    if any(one.financial for one in periods) and MONTH not in book.fields:
        raise TableError(
            f"Financial years need the month of the incident, and the codebook has no number field {MONTH!r}; "
            "add it in a codebook of your own, or use calendar years such as 2011-2013."
        )
    axis = periods_axis(periods)
    return tuple(one for table in tables for one in _split(table, axis, periods))


def periods_axis(periods: Sequence[Period]) -> Bands:
    """Periods as an axis; raises TableError where they overlap or are of two kinds."""
    if len({one.financial for one in periods}) != 1:
        raise TableError("Name periods of one kind, calendar years or financial years, and at least one.")
    ordered = sorted(periods, key=lambda one: one.start)
    for one, other in pairwise(ordered):
        if one.end > other.start:
            raise TableError(f"The periods {one.label!r} and {other.label!r} overlap; a case must fall into one.")
    name = "incident_financial_year" if periods[0].financial else "incident_year"
    bands = tuple(Band(one.id, one.label, one.start, one.end) for one in ordered)
    return Bands(Column(name), bands, label="Period of the incident")


def _split(table: Table, axis: Bands, periods: Sequence[Period]) -> list[Table]:
    whole = (Where(axis.of, at_least=min(one.start for one in periods), below=max(one.end for one in periods)),)
    if table.number or isinstance(table.rows, Fields) or _about_years(table):
        return [replace(table, where=(*table.where, *whole))] if table.number else [table]
    if isinstance(table.rows, Pairs):
        return [
            replace(
                table,
                id=f"{table.id}-{band.id.replace('fy', '')}",
                title=f"{table.title}, {band.label}",
                where=(*table.where, Where(axis.of, at_least=band.at_least, below=band.below)),
            )
            for band in axis.bands
        ]
    columns: Axis = axis if isinstance(table.columns, Whole) else _within(axis, table.columns)
    many = table.multi_columns and not isinstance(table.columns, Whole)
    measures: tuple[Measure, ...] = (
        (*table.measures, "per_year") if "per_year" not in table.measures else table.measures
    )
    return [replace(table, columns=columns, multi_columns=many, measures=measures, public=False)]


def _about_years(table: Table) -> bool:
    """Whether a table is about years itself, so that periods beside them say nothing new."""
    return any(isinstance(axis, Column) and axis.name.endswith("year") for axis in (table.rows, table.columns))


def _within(axis: Bands, columns: Axis) -> Nested:
    if not isinstance(columns, Bands | Column | Answers | Groups):
        raise TableError("Columns of this sort cannot stand within periods.")
    return Nested(axis, columns)


def bands_named(name: str) -> Bands:
    """Bands that ship (`report`, `ons`, `months`), or those of a user's own CSV file: id, label, from, below.

    A CSV file speaks of the child's age in months, or of the field that its first line names: ``# of: siblings``.
    Raises TableError where there is no such name, and where a file has no such columns.
    """
    shipped: dict[str, Any] = yaml.safe_load((files("caselore.tables") / "bands.yaml").read_text("utf-8"))
    if name in shipped:
        told = shipped[name]
        bands = tuple(Band(key, one["label"], one["from"], one["below"]) for key, one in told["bands"].items())
        return Bands(Answers(told["of"]), bands, label=told["label"])
    path = Path(name)
    if not path.is_file():
        raise TableError(f"There are no bands {name!r}; choose from {', '.join(shipped)}, or name a CSV file.")
    heads, rows = _csv(path, ("id", "label", "from", "below"))
    bands = tuple(
        Band(row["id"], row["label"], _bound(path, row["from"], -inf), _bound(path, row["below"], inf)) for row in rows
    )
    if not bands or any(one.at_least >= one.below for one in bands):
        raise TableError(f"{path}: every band must begin before it ends, and there must be one.")
    return Bands(Answers(heads.get("of", "child_age")), bands, label=heads.get("label", ""))


def _bound(path: Path, text: str, open_: float) -> float:
    try:
        return float(text) if text.strip() else open_
    except ValueError:
        raise TableError(f"{path}: {text!r} is no number; leave a bound empty where the band is open.") from None


def rebanded(tables: Sequence[Table], bands: Bands) -> tuple[Table, ...]:
    """The tables with ages in other bands, from exact ages; tables without ages stay as they are."""
    of = bands.of.field if isinstance(bands.of, Answers) else ""

    def other(axis: Any) -> Any:
        if isinstance(axis, Bands) and axis.of == bands.of:
            return bands
        if isinstance(axis, Answers) and axis.field == AGE_BANDS and of == "child_age":
            return bands
        return axis

    return tuple(replace(table, rows=other(table.rows), columns=other(table.columns)) for table in tables)


def population(name: str) -> Population:
    """How many people there are: a file that ships, by its name, or a user's own CSV file: key, people.

    Comment lines before the header name it: ``# name: ...`` and ``# source: ...``; both must be there. Raises
    TableError where something is lacking.
    """
    folder = files("caselore.tables") / "populations"
    shipped = {one.name.removesuffix(".csv"): one for one in folder.iterdir() if one.name.endswith(".csv")}
    path = Path(str(shipped.get(name, name)))
    if not path.is_file():
        raise TableError(f"There is no population {name!r}; choose from {', '.join(sorted(shipped))}, or name a file.")
    heads, rows = _csv(path, ("key", "people"))
    if lacking := [one for one in ("name", "source") if not heads.get(one)]:
        raise TableError(f"{path}: say in a line `# {lacking[0]}: ...` before the header what the population is.")
    return Population(heads["name"], heads["source"], tuple((row["key"], _people(path, row["people"])) for row in rows))


def _people(path: Path, text: str) -> int:
    try:
        found = int(text.replace(",", ""))
    except ValueError:
        found = 0
    if found <= 0:
        raise TableError(f"{path}: {text!r} is no number of people.")
    return found


def _csv(path: Path, wanted: Sequence[str]) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The comment lines of a CSV file as heads, and its rows."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(f"{path} cannot be read as text in UTF-8: {error}.") from None
    comments = [line.lstrip("# ").partition(":") for line in lines if line.startswith("#")]
    rows = list(csv.DictReader(line for line in lines if line.strip() and not line.startswith("#")))
    if not rows or any(one not in rows[0] for one in wanted):
        raise TableError(f"{path}: the first line must name the columns {', '.join(wanted)}, and rows must follow.")
    return {key.strip().lower(): value.strip() for key, _, value in comments}, rows


def as_rates(tables: Sequence[Table], people: Population, book: Codebook) -> tuple[Table, ...]:
    """The tables whose rows or columns the population knows, with rates per 100,000; the others as they are."""
    return tuple(
        replace(table, population=people, measures=(*table.measures, "per_100000"))
        if _known(table, people, book)
        else table
        for table in tables
    )


def _known(table: Table, people: Population, book: Codebook) -> bool:
    """Whether a table counts cases along a line that the population is divided by too."""
    if table.number or table.unit not in ("case", "child") or isinstance(table.rows, Pairs | Fields):
        return False
    keys = {key for key, _ in people.people} - {"all"}
    return any(len(keys & set(_keys(axis, book))) > 1 for axis in (table.rows, table.columns))


def _keys(axis: Axis, book: Codebook) -> tuple[str, ...]:
    if isinstance(axis, Nested):
        return _keys(axis.inner, book)
    if isinstance(axis, Bands):
        return tuple(one.id for one in axis.bands)
    return tuple(book.fields[axis.field].codes) if isinstance(axis, Answers) and axis.field in book.fields else ()
