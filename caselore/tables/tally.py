"""A table and a frame of a release come in; its raw counts go out, not yet protected and not for anybody's eyes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from caselore.tables.frame import UNITS, Frame
from caselore.tables.table import NOT_CODED, STATES, Answers, Column, Fields, Table, Whole, apart

Statistics = Mapping[str, float | int | None]


@dataclass(frozen=True)
class Tally:
    """Counts of units by (row key, column key), ``all`` standing for no division by columns.

    `sizes` holds how many units each column has, in whatever state; `numbers` the statistics of each row of a
    table of numbers.
    """

    counts: Mapping[tuple[str, str], int]
    sizes: Mapping[str, int]
    numbers: Mapping[str, Statistics] = field(default_factory=dict)

    def keys(self, place: int) -> list[str]:
        """The keys found in rows (0) or columns (1) that are categories."""
        found = dict.fromkeys(key[place] for key in self.counts)
        return [key for key in found if key != "all" and key not in STATES]

    def states(self, place: int) -> list[str]:
        """The states found in rows (0) or columns (1)."""
        found = {key[place] for key, count in self.counts.items() if count}
        return [state for state in STATES if state in found]

    def base(self, table: Table, column: str) -> int:
        """How many units of a column the percentages are of."""
        return self.sizes.get(column, 0) - sum(self.counts.get((state, column), 0) for state in table.missing)

    def row_base(self, table: Table, row: str) -> int:
        """How many units of a row are in a category of the columns."""
        outside = sum(self.counts.get((row, state), 0) for state in apart(table))
        return self.counts.get((row, "all"), 0) - outside


def tally(table: Table, frame: Frame, every_field: Iterable[str] = ()) -> Tally:
    """Count what a table declares; `every_field` are the fields whose completeness can be asked for."""
    if table.number:
        return _numbers(table, frame)
    if isinstance(table.rows, Fields):
        return _completeness(frame, every_field)
    counts = {(key, "all"): count for key, count in _one_way(table, frame).items()}
    sizes = {"all": frame.size(table.unit, table.where)}
    if not isinstance(table.columns, Whole):
        crossed, columns = _crossed(table, frame)
        counts.update(crossed)
        sizes.update(columns)
    return Tally(counts, sizes)


ANSWERED = "present"


def _completeness(frame: Frame, every_field: Iterable[str]) -> Tally:
    """How many cases each field has in each state; a field with many codes counts a case once."""
    total = frame.total
    counts: dict[tuple[str, str], int] = {}
    for name in dict.fromkeys((*every_field, *frame.margins)):
        states: dict[str, int] = defaultdict(int)
        for (key, _), count in frame.margins.get(name, {}).items():
            if key in STATES:
                states[key] += count
        states[NOT_CODED] = total - frame.coded(name)
        counts |= {(name, state): count for state, count in states.items()}
        counts[name, ANSWERED] = total - sum(states.values())
        counts[name, "all"] = total
    return Tally(counts, {"all": total, **{state: total for _, state in counts}})


def _one_way(table: Table, frame: Frame) -> dict[str, int]:
    if isinstance(table.rows, Answers) and table.unit == "case" and not table.where:
        return _from_margins(table.rows.field, frame)
    relation = frame.relation(table.rows, table.unit, table.where)
    return _counted(frame, f"SELECT key, count(*) FROM ({relation}) GROUP BY key ORDER BY key")


def _from_margins(name: str, frame: Frame) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for (key, _), count in frame.margins.get(name, {}).items():
        found[key] += count
    if uncoded := frame.total - frame.coded(name):
        found["not_coded"] = uncoded
    return dict(found)


def _crossed(table: Table, frame: Frame) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    rows = frame.relation(table.rows, table.unit, table.where)
    columns = frame.relation(table.columns, table.unit, table.where)
    using = ", ".join(UNITS[table.unit].keys)
    sql = f"SELECT r.key, c.key, count(*) FROM ({rows}) r JOIN ({columns}) c USING ({using}) GROUP BY ALL ORDER BY ALL"
    crossed = {(str(row), str(column)): int(str(count)) for row, column, count in frame.rows(sql)}
    return crossed, _counted(frame, f"SELECT key, count(*) FROM ({columns}) GROUP BY key ORDER BY key")


def _counted(frame: Frame, sql: str) -> dict[str, int]:
    return {str(key): int(str(count)) for key, count in frame.rows(sql)}


_STATISTICS = {
    "n": "count(number)",
    "median": "median(number)",
    "lower_quartile": "quantile_cont(number, 0.25)",
    "upper_quartile": "quantile_cont(number, 0.75)",
    "lowest": "min(number)",
    "highest": "max(number)",
    "mean": "avg(number)",
    "total": "sum(number)",
}


def _numbers(table: Table, frame: Frame) -> Tally:
    """Statistics of the number of each row, and of all rows; quartiles interpolate, as Hyndman and Fan's type 7."""
    rows, values = _one_number_a_unit(table, frame)
    wanted = ", ".join(_STATISTICS.values())
    joined = f"SELECT r.key, v.number FROM ({rows}) r JOIN ({values}) v USING (case_id)"
    grouped = frame.rows(f"SELECT key, {wanted} FROM ({joined}) GROUP BY key ORDER BY key")
    whole = frame.rows(
        f"SELECT 'all', {wanted} FROM {frame.units(table.unit, table.where)} JOIN ({values}) v USING (case_id)"
    )
    numbers = {str(key): _statistics(found) for key, *found in (*grouped, *whole)}
    counts = {(key, "all"): int(found["n"] or 0) for key, found in numbers.items() if key != "all"}
    return Tally(counts, {"all": int(numbers["all"]["n"] or 0)}, numbers)


def _one_number_a_unit(table: Table, frame: Frame) -> tuple[str, str]:
    assert isinstance(table.number, Answers | Column)
    values = frame.values(table.number)
    return (
        frame.relation(table.rows, table.unit, table.where),
        f"SELECT case_id, TRY_CAST(value AS DOUBLE) AS number FROM ({values}) WHERE number IS NOT NULL",
    )


def _statistics(found: list[object]) -> dict[str, float | None]:
    return {name: None if value is None else float(str(value)) for name, value in zip(_STATISTICS, found, strict=True)}
