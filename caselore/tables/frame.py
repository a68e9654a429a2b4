"""A release's DuckDB views come in; for any axis of a table, a relation of unit and key goes out.

Every unit has at least one row in every relation: its categories, or one answer state. So a count of units is a
count of rows, and no query loops over cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from caselore.errors import TableError
from caselore.tables import paths
from caselore.tables.table import NOT_CODED, Answers, Axis, Bands, Column, Pairs, Together, Unit, Where

if TYPE_CHECKING:
    import duckdb

_PLAIN = (
    "source_type",
    "jurisdiction",
    "year",
    "scale_band",
    "publisher",
    "licence",
    "n_cases",
    "children",
    "incident_year",
    "status",
)

CASE_COLUMNS: dict[str, str] = {
    **{name: f"SELECT case_id, {name} AS value FROM cases" for name in _PLAIN},
    "recommendations": "SELECT case_id, coalesce(n, 0) AS value FROM cases LEFT JOIN "
    "(SELECT case_id, count(*) AS n FROM recommendations GROUP BY case_id) USING (case_id) WHERE n > 0 OR case_id "
    "IN (SELECT case_id FROM codes WHERE field = 'recommendation_type')",  # else nobody looked for any
    **paths.CASE_COLUMNS,
}
"""Columns of a case that a table can name, each as SQL for (case_id, value)."""

MANY_VALUED = frozenset({"decision_types", "types", "addressees", "smart"})
"""Columns in which one unit can hold several values."""


@dataclass(frozen=True, slots=True)
class UnitKind:
    """What is counted: its SQL, the columns that tell one from another, and what to call one and several."""

    sql: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    one: str
    many: str


UNITS: dict[Unit, UnitKind] = {
    "case": UnitKind("SELECT case_id FROM cases", ("case_id",), (), "review", "reviews"),
    "child": UnitKind("SELECT case_id FROM cases WHERE children = 1", ("case_id",), (), "child", "children"),
    "recommendation": UnitKind(
        "SELECT case_id, number, types, addressees, level, smart, time_frame FROM recommendations",
        ("case_id", "number"),
        ("types", "addressees", "level", "smart", "time_frame"),
        "recommendation",
        "recommendations",
    ),
    "step": UnitKind(paths.STEPS, ("case_id", "step"), ("step", "decision_type", "agency"), "decision", "decisions"),
    "transition": UnitKind(
        paths.TRANSITIONS,
        ("case_id", "step"),
        ("decision_type", "next_type", "agency", "next_agency", "transition"),
        "pair of successive decisions",
        "pairs of successive decisions",
    ),
}


def literal(text: str) -> str:
    """A string as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Sequence[str]) -> str:
    """Strings as an SQL list for IN; an empty one holds nothing."""
    return "(" + (", ".join(map(literal, texts)) or "NULL") + ")"


class Frame:
    """One cohort of a release, on one connection; what is asked twice is computed once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, cohort: tuple[Where, ...] = ()) -> None:
        self.connection = connection
        self.cohort = cohort
        self._units: dict[tuple[Unit, tuple[Where, ...]], str] = {}
        self._coded: dict[str, int] = {}
        self._statuses: dict[str, dict[str, int]] = {}
        self._margins: dict[str, dict[tuple[str, str], int]] | None = None

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What a query returns."""
        found: list[tuple[object, ...]] = self.connection.execute(sql).fetchall()
        return found

    def number(self, sql: str) -> int:
        """The one whole number that a query returns."""
        return int(str(self.rows(sql)[0][0]))

    def units(self, unit: Unit, where: tuple[Where, ...] = ()) -> str:
        """The name of a temporary table of the units that a table is about."""
        where = (*self.cohort, *where)
        if (unit, where) not in self._units:
            kind, name = UNITS[unit], f"units_{len(self._units)}"
            kept = " AND ".join(["TRUE", *(f"case_id IN (SELECT case_id FROM ({self._met(one)}))" for one in where)])
            self.connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM ({kind.sql}) WHERE {kept}")
            self._units[unit, where] = name
        return self._units[unit, where]

    def _met(self, where: Where) -> str:
        """SQL for the cases that meet a condition."""
        source = self.values(where.axis)
        if where.keep:
            return f"SELECT case_id FROM ({source}) WHERE value::VARCHAR IN {listed(where.keep)}"
        return f"SELECT case_id FROM ({source}) WHERE {_within('value', where.at_least, where.below)}"

    def values(self, axis: Answers | Column) -> str:
        """SQL for (case_id, value) of an axis that speaks of cases; numbers are numbers."""
        if isinstance(axis, Column):
            if axis.name not in CASE_COLUMNS:
                raise TableError(f"A case has no column {axis.name!r}; choose from {', '.join(sorted(CASE_COLUMNS))}.")
            return CASE_COLUMNS[axis.name]
        value = "coalesce(value::VARCHAR, code)"
        return f"SELECT case_id, {value} AS value FROM codes WHERE field = {literal(axis.field)} AND answer = 'present'"

    def relation(self, axis: Axis, unit: Unit, where: tuple[Where, ...] = ()) -> str:
        """SQL for (the unit's keys, key): every unit with its categories, or with one state."""
        units = self.units(unit, where)
        if isinstance(axis, Column) and axis.name in UNITS[unit].columns:
            return self._own_column(axis, unit, units)
        if isinstance(axis, Bands):
            return self._onto(self._banded(axis), units, unit, lacking=_lacking(axis.of))
        if isinstance(axis, Together):
            return self._onto(self._combined(axis), units, unit, lacking=NOT_CODED)
        if isinstance(axis, Pairs):
            return self._onto(self._paired(axis), units, unit, lacking=NOT_CODED)
        if isinstance(axis, Column):
            return self._onto(_keyed(self.values(axis)), units, unit, lacking="not_mentioned")
        if isinstance(axis, Answers):
            return self._onto(_answers(axis.field), units, unit, lacking=NOT_CODED, field=axis.field)
        return f"SELECT {', '.join(UNITS[unit].keys)}, 'all' AS key FROM {units}"

    def _own_column(self, axis: Column, unit: Unit, units: str) -> str:
        keys = ", ".join(UNITS[unit].keys)
        if axis.name in MANY_VALUED:  # an empty list unnests to nothing: one null stands for it
            value = f"unnest(CASE WHEN len({axis.name}) > 0 THEN list_distinct({axis.name}) ELSE [NULL] END)"
        else:
            value = axis.name
        return _keyed(f"SELECT {keys}, {value} AS value FROM {units}", keys=keys)

    def _onto(self, cases: str, units: str, unit: Unit, *, lacking: str, field: str = "") -> str:
        """A relation of cases brought onto units; units whose case has no row get the state `lacking`."""
        keys = ", ".join(f"u.{key}" for key in UNITS[unit].keys)
        if units == self._units.get(("case", ())) and field and self.coded(field) == self.total:
            return cases  # every case has a row already, so the join would change nothing
        return (
            f"SELECT {keys}, coalesce(r.key, {literal(lacking)}) AS key "
            f"FROM {units} u LEFT JOIN ({cases}) r USING (case_id)"
        )

    def _banded(self, axis: Bands) -> str:
        bands = " ".join(
            f"WHEN {_within('number', one.at_least, one.below)} THEN {literal(one.id)}" for one in axis.bands
        )
        case = f"CASE WHEN number IS NULL THEN 'not_mentioned' {bands} ELSE 'not_applicable' END"
        values = f"SELECT case_id, TRY_CAST(value AS DOUBLE) AS number FROM ({self.values(axis.of)})"
        banded = f"SELECT DISTINCT case_id, {case} AS key FROM ({values})"
        if isinstance(axis.of, Column):
            return banded
        return f"{banded} UNION ALL {_answers(axis.of.field)} AND answer <> 'present'"

    def _combined(self, axis: Together) -> str:
        held = " || ".join(f"bool_or(code = {literal(code)})::INT::VARCHAR" for code in axis.codes)
        return (
            f"SELECT case_id, CASE WHEN bool_or(answer IN ('present', 'absent', 'not_mentioned')) "
            f"THEN 'together:' || {held} ELSE any_value(answer) END AS key "
            f"FROM codes WHERE field = {literal(axis.field)} GROUP BY case_id"
        )

    def _paired(self, axis: Pairs) -> str:
        """Pairs, and the single codes and states beside them: a lift needs both."""
        among = f" AND code IN {listed(axis.among)}" if axis.among else ""
        codes = f"{_answers(axis.field)} AND answer = 'present'{among}"
        return (
            f"SELECT a.case_id, a.key || '+' || b.key AS key FROM ({codes}) a JOIN ({codes}) b "
            f"ON a.case_id = b.case_id AND a.key < b.key UNION ALL {_answers(axis.field)}"
        )

    @property
    def margins(self) -> dict[str, dict[tuple[str, str], int]]:
        """For each field, how many rows hold each (key, status), counted in one pass over all the codes."""
        if self._margins is None:
            kept = f" SEMI JOIN {self.units('case')} USING (case_id)" if self.cohort else ""
            found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
            sql = f"SELECT field, {_KEY}, status, count(*) FROM codes{kept} GROUP BY ALL ORDER BY ALL"
            for field, key, status, count in self.rows(sql):
                found[str(field)][str(key), str(status)] = int(str(count))
            self._margins = dict(found)
        return self._margins

    def statuses(self, view: str) -> dict[str, int]:
        """How many rows of a view stand at each status."""
        if view not in self._statuses:
            sql = (
                f"SELECT status, count(*) FROM {view} SEMI JOIN {self.units('case')} USING (case_id) "
                "GROUP BY status ORDER BY status"
            )
            self._statuses[view] = {str(status): int(str(count)) for status, count in self.rows(sql)}
        return self._statuses[view]

    @property
    def total(self) -> int:
        """How many cases the cohort has."""
        return self.size("case")

    def size(self, unit: Unit, where: tuple[Where, ...] = ()) -> int:
        """How many units a table is about."""
        return self.number(f"SELECT count(*) FROM {self.units(unit, where)}")

    def coded(self, field: str) -> int:
        """How many cases of the cohort the field was put to."""
        if field not in self._coded:
            put = f"SELECT case_id FROM codes WHERE field = {literal(field)}"
            self._coded[field] = self.number(
                f"SELECT count(*) FROM {self.units('case')} SEMI JOIN ({put}) USING (case_id)"
            )
        return self._coded[field]


_KEY = "CASE answer WHEN 'present' THEN code ELSE answer END AS key"


def _answers(field: str) -> str:
    return f"SELECT case_id, {_KEY} FROM codes WHERE field = {literal(field)}"


def _keyed(values: str, keys: str = "case_id") -> str:
    return f"SELECT {keys}, coalesce(nullif(value::VARCHAR, ''), 'not_mentioned') AS key FROM ({values})"


def _lacking(axis: Answers | Column) -> str:
    return NOT_CODED if isinstance(axis, Answers) else "not_mentioned"


def _within(value: str, at_least: float, below: float) -> str:
    bounds = [f"{value} >= {at_least}"] if at_least > -inf else []
    bounds += [f"{value} < {below}"] if below < inf else []
    return " AND ".join(bounds) or "TRUE"
