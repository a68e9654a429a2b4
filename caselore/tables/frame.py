"""A release's four tables come in; for any axis of a table and any unit, an `Incidence` goes out.

The codes are read once for all tables, from the release's Parquet files where it has them; SQL reads the rest and
numbers the cases. Counting is left to the bits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from caselore.tables import paths
from caselore.tables.incidence import Bools, Incidence, combined, grouped, nested, placed, whole
from caselore.tables.measures import columns as made
from caselore.tables.paths import Places
from caselore.tables.scan import COLUMNS, ROWS, TEXTS, Numbers, Scan, of_census, scan
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
from caselore.tables.units import ADVISED, MANY_VALUED, PLAIN, UNITS, values_of

if TYPE_CHECKING:
    import duckdb


class Frame:
    """One cohort of a release, on one connection; `fields` are those whose codes the tables name.

    `file` gives the Parquet file of a table, or None; without files everything is read through the connection.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        *,
        fields: Iterable[str] = (),
        cohort: tuple[Condition, ...] = (),
        file: Callable[[str], Path | None] | None = None,
    ) -> None:
        self.connection = connection
        self.cohort = cohort
        asked = (axis.field for one in cohort for axis in named_in(one) if isinstance(axis, Answers))
        self.fields = tuple(dict.fromkeys((*fields, *asked, ADVISED)))
        self._incidences: dict[tuple[Axis, Unit], Incidence] = {}
        self._masks: dict[tuple[Unit, tuple[Where, ...]], Bools] = {}
        self._statuses: dict[str, dict[str, int]] = {}
        self._read: dict[str, Any] = {}
        files = {name: found for name in _TABLES if file and (found := file(name)) and _numbered(found)}
        self._files = files if len(files) == len(_TABLES) else {}
        number = "case_number" if self._files else "(row_number() OVER () - 1)::INTEGER"
        columns = ", ".join(PLAIN)
        connection.execute(f"CREATE TEMP TABLE ids AS SELECT {number} AS ix, case_id, {columns} FROM cases")
        self.size = int(self.rows("SELECT count(*) FROM ids")[0][0])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query returns, for few rows."""
        return self.connection.execute(sql).fetchall()

    def columns(self, sql: str) -> list[Any]:
        """The columns that a query returns, as Arrow arrays."""
        return [column.combine_chunks() for column in self.connection.sql(sql).to_arrow_table().columns]

    def _batches(self, name: str, columns: tuple[str, ...]) -> Iterator[Any]:
        """The rows of a table in Arrow batches, the case of each as its number."""
        if name in self._files:
            texts = [one for one in columns if one in TEXTS]
            with pq.ParquetFile(self._files[name], read_dictionary=texts) as file:
                yield from file.iter_batches(batch_size=ROWS, columns=list(columns))
            return
        yield from self._joined(name).select(list(columns)).to_batches(max_chunksize=ROWS)

    def _joined(self, name: str) -> Any:
        """A table that is in no file, read once, so that its rows keep their order."""
        if name not in self._read:
            columns = ", ".join(f"t.{one}" for one in _COLUMNS[name])
            sql = f"SELECT ix AS case_number, {columns} FROM {name} AS t JOIN ids USING (case_id)"
            self._read[name] = self.connection.sql(sql).to_arrow_table()
        return self._read[name]

    def _table(self, name: str, columns: tuple[str, ...]) -> list[Any]:
        """Whole columns of a table, the case of each row first."""
        batches = list(self._batches(name, ("case_number", *columns)))
        if not batches:
            return [pa.array([], pa.int32()), *(pa.array([], _TYPES.get(one, pa.string())) for one in columns)]
        return [column.combine_chunks() for column in pa.Table.from_batches(batches).columns]

    @cached_property
    def _scan(self) -> Scan:
        return scan(self._batches("codes", COLUMNS), self.fields, size=self.size)

    @property
    def _codes(self) -> dict[str, Incidence]:
        return self._scan.held

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
            return self._banded(axis)
        if isinstance(axis, Column):
            return self._of_cases(axis)
        field = getattr(axis, "field", None)
        return self._codes[field] if field else whole(self.size)

    def _of_cases(self, axis: Column) -> Incidence:
        if axis.name in paths.CASE_COLUMNS:
            return placed(self.steps.of_cases(axis.name), size=self.size)
        if axis.name in made.COLUMNS:
            return placed(made.COLUMNS[axis.name](self.steps, self.mask()), size=self.size)
        if axis.name in _COUNTED:
            cases, numbers = self.numbers(axis)
            found, places = np.unique(numbers.astype(np.int64), return_inverse=True)
            return placed((cases, [str(one) for one in found], places), size=self.size)
        units, keys = self.columns(f"SELECT ix, value::VARCHAR FROM ({values_of(axis)})")
        return _keyed(units.to_numpy(), keys, size=self.size)

    def _banded(self, axis: Bands) -> Incidence:
        """The bands of a case's numbers, or the state that its field is in."""
        cases, numbers = self.numbers(axis.of)
        place = np.full(len(numbers), len(axis.bands))
        keys = [*(one.id for one in axis.bands), "not_applicable"]
        units, places = [cases[:0]], [place[:0]]
        for index, band in enumerate(axis.bands):
            inside = (numbers >= band.at_least) & (numbers < band.below)
            place[inside] = index
            units.append(cases[inside])
            places.append(np.full(int(inside.sum()), index))
        outside = place == len(axis.bands)
        units.append(cases[outside])
        places.append(place[outside])
        states = self._codes[axis.of.field] if isinstance(axis.of, Answers) else None
        for state in (one for one in STATES if states is not None and one != NOT_CODED):
            held = np.flatnonzero(states.held(state)) if states is not None else cases[:0]
            units.append(held)
            places.append(np.full(len(held), keys.index(state) if state in keys else len(keys)))
            keys += [] if state in keys else [state]
        lacking = NOT_CODED if states is not None else "not_mentioned"
        return placed((np.concatenate(units), keys, np.concatenate(places)), size=self.size, lacking=lacking)

    def _own(self, column: str, unit: Unit) -> Incidence:
        size = len(self.cases_of(unit))
        if unit != "recommendation":
            return placed(self.steps.own(column, transitions=unit == "transition"), size=size)
        _, values = self._table("recommendations", (column,))
        if column not in MANY_VALUED:
            return _keyed(np.arange(size), values.cast(pa.string()), size=size)
        units = pc.list_parent_indices(values).to_numpy()
        return _keyed(units, pc.list_flatten(values), size=size)

    @cached_property
    def steps(self) -> paths.Steps:
        """Every decision, by case and in order."""
        cases, number, kind, agency = self._table("decisions", paths.COLUMNS)
        return paths.steps(cases.to_numpy(), number.to_numpy(), kind, agency)

    def cases_of(self, unit: Unit) -> Places:
        """The row of its case for each unit."""
        if unit in ("case", "child"):
            return np.arange(self.size)
        if unit in ("step", "transition"):
            return self.steps.cases_of(transitions=unit == "transition")
        return self._advised

    @cached_property
    def _advised(self) -> Places:
        """The case of each recommendation."""
        found: Places = self._table("recommendations", ())[0].to_numpy()
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
        if where.keep and not (isinstance(where.axis, Answers) and where.axis.field in self._scan.numbers):
            return self.incidence(where.axis).held_any(where.keep)
        cases, numbers = self.numbers(where.axis)
        met = np.zeros(self.size, dtype=bool)
        if where.keep:
            met |= self.incidence(where.axis).held_any([one for one in where.keep if one in STATES])
            met[cases[np.isin(numbers, [float(one) for one in where.keep if one not in STATES])]] = True
            return met
        met[cases[(numbers >= where.at_least) & (numbers < where.below)]] = True
        return met

    def numbers(self, axis: Answers | Column) -> tuple[Places, Numbers]:
        """Cases, and the numbers that an axis holds of them; a case can have several, or none."""
        if isinstance(axis, Answers):
            return self._scan.numbers.get(axis.field, (np.zeros(0, dtype=np.int64), np.zeros(0)))
        if axis.name == "steps":
            return np.arange(self.size), np.bincount(self.steps.cases, minlength=self.size).astype(float)
        if axis.name == "recommendations":
            made = np.bincount(self._advised, minlength=self.size)
            looked = np.flatnonzero((made > 0) | ~self._codes[ADVISED].held(NOT_CODED))
            return looked, made[looked].astype(float)
        number = f"SELECT ix, TRY_CAST(value AS DOUBLE) AS number FROM ({values_of(axis)})"
        cases, numbers = self.columns(f"FROM ({number}) WHERE number IS NOT NULL")
        return cases.to_numpy(), numbers.to_numpy()

    @cached_property
    def _kept(self) -> str:
        """SQL that keeps the rows of a view that are the cohort's."""
        if not self.cohort:
            return ""
        self.connection.register("kept", pa.table({"ix": np.flatnonzero(self.mask())}))
        if self._files:
            return " SEMI JOIN (SELECT ix AS case_number FROM kept) USING (case_number)"
        return " SEMI JOIN (SELECT case_id FROM ids JOIN kept USING (ix)) USING (case_id)"

    @cached_property
    def answers(self) -> dict[str, dict[tuple[str, str], int]]:
        """For each field, how many rows of the cohort hold each (answer, status)."""
        found: dict[str, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
        counted: Iterable[tuple[str, str, str, int]] = of_census(self._scan.census)
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


_TABLES = ("cases", "codes", "decisions", "recommendations")
_COUNTED = ("steps", "recommendations")
_COLUMNS = {"codes": COLUMNS[1:], "decisions": paths.COLUMNS, "recommendations": UNITS["recommendation"].columns}
_TYPES = {"step": pa.int32(), "time_frame": pa.bool_(), **dict.fromkeys(MANY_VALUED, pa.list_(pa.string()))}


def _numbered(file: Path) -> bool:
    """Whether a Parquet file says the place of each row's case; releases of earlier versions do not."""
    told = pq.read_metadata(file)
    if "case_number" not in told.schema.names:
        return False
    place = told.schema.names.index("case_number")
    groups = [told.row_group(one).column(place).statistics for one in range(told.num_row_groups)]
    return all(one is not None and not one.null_count for one in groups)


def _keyed(units: Places, keys: Any, *, size: int) -> Incidence:
    """The incidence of units and their keys, an Arrow array of text; null and an empty key are none."""
    found = keys.dictionary_encode()
    texts = found.dictionary.to_pylist()
    places = found.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    there = places >= 0
    if "" in texts:
        there &= places != texts.index("")
    kept = [text for text in texts if text != ""]
    narrowed = np.array([kept.index(text) if text else -1 for text in texts], dtype=np.int64)
    return placed((units[there], kept, narrowed[places[there]]), size=size)
