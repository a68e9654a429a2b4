"""A release's DuckDB views come in; for any axis of a table and any unit, an `Incidence` goes out.

SQL only reads, and numbers the cases; counting is left to the matrices. The codes are read once for all tables.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from caselore.tables import paths
from caselore.tables.incidence import Bools, Incidence, combined, grouped, nested, placed, whole
from caselore.tables.paths import Places
from caselore.tables.table import (
    NOT_CODED,
    STATES,
    Answers,
    Axis,
    Bands,
    Both,
    Column,
    Condition,
    Either,
    Groups,
    Nested,
    Not,
    Together,
    Unit,
    Where,
    named_in,
)
from caselore.tables.units import KEY, PLAIN, TEMPORARY, UNITS, listed, literal, own_values, values_of, within

if TYPE_CHECKING:
    import duckdb

Numbers = npt.NDArray[np.float64]


class Frame:
    """One cohort of a release, on one connection; `fields` are those whose codes the tables name."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, *, fields: Iterable[str] = (), cohort: tuple[Condition, ...] = ()
    ) -> None:
        self.connection = connection
        self.cohort = cohort
        asked = (axis.field for one in cohort for axis in named_in(one) if isinstance(axis, Answers))
        self.fields = tuple(dict.fromkeys((*fields, *asked)))
        self._incidences: dict[tuple[Axis, Unit], Incidence] = {}
        self._masks: dict[tuple[Unit, tuple[Where, ...]], Bools] = {}
        self._statuses: dict[str, dict[str, int]] = {}
        self._made: set[str] = set()
        columns = ", ".join(PLAIN)
        connection.execute(
            f"CREATE TEMP TABLE ids AS SELECT (row_number() OVER () - 1)::INTEGER AS ix, case_id, {columns} FROM cases"
        )
        self.size = int(self.rows("SELECT count(*) FROM ids")[0][0])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query returns, for few rows."""
        return self.connection.execute(sql).fetchall()

    def columns(self, sql: str) -> list[Any]:
        """The columns that a query returns, as Arrow arrays; the temporary tables that it reads are made first."""
        for name in TEMPORARY.keys() - self._made:
            if re.search(rf"\b{name}\b", sql):
                self._made.add(name)
                self.connection.execute(f"CREATE TEMP TABLE {name} AS {TEMPORARY[name]}")
        return [column.combine_chunks() for column in self.connection.sql(sql).to_arrow_table().columns]

    @cached_property
    def census(self) -> list[tuple[str, str, str, str, int]]:
        """How many rows of the codes hold each (field, key, answer, status), whatever the cohort."""
        sql = f"SELECT field, {KEY}, answer, status, count(*) FROM codes GROUP BY ALL ORDER BY ALL"
        return [(str(f), str(k), str(a), str(s), int(n)) for f, k, a, s, n in self.rows(sql)]

    @cached_property
    def _codes(self) -> dict[str, Incidence]:
        """The incidence of every field that the tables name, all read in one pass."""
        keys = list(dict.fromkeys((field, key) for field, key, *_ in self.census if field in self.fields))
        numbered = {"field": [one for one, _ in keys], "key": [one for _, one in keys], "place": range(len(keys))}
        narrow = pa.int16() if len(keys) < 2**15 else pa.int32()
        types = pa.schema([("field", pa.string()), ("key", pa.string()), ("place", narrow)])
        self.connection.register("code_keys", pa.table(numbered, schema=types))
        units, places = self.columns(
            f"SELECT ix, place FROM (SELECT case_id, field, {KEY} FROM codes WHERE field IN {listed(self.fields)}) "
            "JOIN code_keys USING (field, key) JOIN ids USING (case_id)"
        )
        units, places = units.to_numpy(), places.to_numpy()
        held: dict[str, list[int]] = defaultdict(list)
        for place, (field, _) in enumerate(keys):
            held[field].append(place)
        return {field: self._one_field(held[field], keys, units, places) for field in self.fields}

    def _one_field(self, held: list[int], keys: Sequence[tuple[str, str]], units: Places, places: Places) -> Incidence:
        """The keys of one field stand together in `keys`, as the census is in order."""
        if not held:
            return placed((units[:0], (), places[:0]), size=self.size, lacking=NOT_CODED)
        mine = (places >= held[0]) & (places <= held[-1])
        names = [keys[place][1] for place in held]
        return placed((units[mine], names, places[mine] - held[0]), size=self.size, lacking=NOT_CODED)

    def incidence(self, axis: Axis, unit: Unit = "case") -> Incidence:
        """Which unit is in which category of an axis, or in which state."""
        if unit == "child":
            unit = "case"
        if (axis, unit) not in self._incidences:
            self._incidences[axis, unit] = self._incidence(axis, unit)
        return self._incidences[axis, unit]

    def _incidence(self, axis: Axis, unit: Unit) -> Incidence:
        if isinstance(axis, Column) and axis.name in UNITS[unit].columns:
            return self._own(axis.name, unit)
        if isinstance(axis, Nested):
            return nested(self.incidence(axis.outer, unit), self.incidence(axis.inner, unit))
        if unit != "case":
            return self.incidence(axis).of(self.cases_of(unit))
        if isinstance(axis, Groups):
            return grouped([(one.id, one.codes) for one in axis.groups], self._codes)
        if isinstance(axis, Together):
            return combined(self._codes[axis.field], axis.codes)
        if isinstance(axis, Bands):
            lacking = NOT_CODED if isinstance(axis.of, Answers) else "not_mentioned"
            return self._keyed(_banded(axis), size=self.size, lacking=lacking)
        if isinstance(axis, Column) and axis.name in paths.CASE_COLUMNS:
            return placed(self._steps.of_cases(axis.name), size=self.size)
        if isinstance(axis, Column):
            return self._keyed(f"SELECT ix, value::VARCHAR FROM ({values_of(axis)})", size=self.size)
        field = getattr(axis, "field", None)
        return self._codes[field] if field else whole(self.size)

    def _keyed(self, sql: str, *, size: int, lacking: str = "not_mentioned") -> Incidence:
        """The incidence of SQL for (unit, key); an empty key is none."""
        units, keys = self.columns(f"FROM ({sql}) AS _ (unit, key) WHERE key <> ''")
        found = keys.dictionary_encode()
        return placed(
            (units.to_numpy(), found.dictionary.to_pylist(), found.indices.to_numpy()), size=size, lacking=lacking
        )

    def _own(self, column: str, unit: Unit) -> Incidence:
        size = len(self.cases_of(unit))
        if unit == "recommendation":
            return self._keyed(own_values(column), size=size)
        return placed(self._steps.own(column, transitions=unit == "transition"), size=size)

    @cached_property
    def _steps(self) -> paths.Steps:
        cases, number, kind, agency = self.columns(paths.SQL)
        return paths.steps(cases.to_numpy(), number.to_numpy(), kind, agency)

    def cases_of(self, unit: Unit) -> Places:
        """The row of its case for each unit."""
        if unit in ("case", "child"):
            return np.arange(self.size)
        if unit in ("step", "transition"):
            return self._steps.cases_of(transitions=unit == "transition")
        return self._advised

    @cached_property
    def _advised(self) -> Places:
        (cases,) = self.columns("SELECT ix FROM advice ORDER BY rowid")
        found: Places = cases.to_numpy()
        return found

    def mask(self, unit: Unit = "case", where: tuple[Where, ...] = ()) -> Bools:
        """Which units a table is about."""
        if (unit, where) not in self._masks:
            self._masks[unit, where] = self._mask(unit, where)
        return self._masks[unit, where]

    def _mask(self, unit: Unit, where: tuple[Where, ...]) -> Bools:
        met = np.ones(self.size, dtype=bool)
        for one in (*self.cohort, *where):
            met &= self._met(one)
        if unit == "child":
            met &= self._met(Where(Column("children"), ("1",)))
        return met if unit in ("case", "child") else met[self.cases_of(unit)]

    def _met(self, where: Condition) -> Bools:
        if isinstance(where, Not):
            return ~self._met(where.of)
        if isinstance(where, Either | Both):
            parts = [self._met(one) for one in where.of]
            found: Bools = np.any(parts, axis=0) if isinstance(where, Either) else np.all(parts, axis=0)
            return found
        if where.keep:
            return self.incidence(where.axis).held_any(where.keep)
        cases, numbers = self.numbers(where.axis)
        met = np.zeros(self.size, dtype=bool)
        met[cases[(numbers >= where.at_least) & (numbers < where.below)]] = True
        return met

    def numbers(self, axis: Answers | Column) -> tuple[Places, Numbers]:
        """Cases, and the numbers that an axis holds of them; a case can have several, or none."""
        number = f"SELECT ix, TRY_CAST(value AS DOUBLE) AS number FROM ({values_of(axis)})"
        cases, numbers = self.columns(f"FROM ({number}) WHERE number IS NOT NULL")
        return cases.to_numpy(), numbers.to_numpy()

    @cached_property
    def _kept(self) -> str:
        """SQL that keeps the rows of a view that are the cohort's."""
        if not self.cohort:
            return ""
        self.connection.register("kept", pa.table({"ix": np.flatnonzero(self.mask())}))
        return " SEMI JOIN (SELECT case_id FROM ids JOIN kept USING (ix)) USING (case_id)"

    @cached_property
    def answers(self) -> dict[str, dict[tuple[str, str], int]]:
        """For each field, how many rows of the cohort hold each (answer, status)."""
        found: dict[str, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
        counted = [(field, answer, status, n) for field, _, answer, status, n in self.census]
        if self.cohort:
            counted = self.rows(
                f"SELECT field, answer, status, count(*) FROM codes{self._kept} GROUP BY ALL ORDER BY ALL"
            )
        for field, answer, status, n in counted:
            found[field][answer, status] += n
        return found

    @cached_property
    def states(self) -> dict[str, dict[str, int]]:
        """For each field in the codes, how many cases of the cohort are in each state, and ``present`` elsewhere.

        A field that is not among `fields` is taken to have one row a case.
        """
        mask = self.mask()
        total = int(mask.sum())
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for field, counted in self.answers.items():
            if field not in self.fields:
                for (answer, _), n in counted.items():
                    found[field][answer] += n
                found[field][NOT_CODED] = total - sum(found[field].values())
        for field, held in self._codes.items():
            counts = {key: n for key, n in held.counts(mask).items() if key in STATES}
            found[field] = {**counts, "present": total - sum(counts.values())}
        return found

    def statuses(self, view: str) -> dict[str, int]:
        """How many rows of a view stand at each status."""
        if view not in self._statuses:
            sql = f"SELECT status, count(*) FROM {view}{self._kept} GROUP BY status ORDER BY status"
            self._statuses[view] = {str(status): int(n) for status, n in self.rows(sql)}
        return self._statuses[view]


def _banded(axis: Bands) -> str:
    """SQL for (ix, key): the bands of a case's numbers, or the state that its field is in."""
    bands = " ".join(f"WHEN {within('number', one.at_least, one.below)} THEN {literal(one.id)}" for one in axis.bands)
    number = f"SELECT ix, TRY_CAST(value AS DOUBLE) AS number FROM ({values_of(axis.of)})"
    banded = f"SELECT ix, CASE {bands} ELSE 'not_applicable' END AS key FROM ({number}) WHERE number IS NOT NULL"
    if isinstance(axis.of, Column):
        return banded
    states = f"field = {literal(axis.of.field)} AND answer <> 'present'"
    return f"{banded} UNION ALL SELECT ix, answer FROM codes JOIN ids USING (case_id) WHERE {states}"
