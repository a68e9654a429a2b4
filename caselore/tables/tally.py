"""A table and a frame of a release come in; its raw counts go out, not yet protected and not for anybody's eyes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from caselore.tables.frame import Frame
from caselore.tables.incidence import outermost
from caselore.tables.scan import Numbers
from caselore.tables.table import NOT_CODED, STATES, WITHIN, Fields, Nested, Pairs, Table, Whole, apart

ANSWERED = "present"
"""The column, in a table of completeness, of the cases that have an answer."""

Statistics = Mapping[str, float | None]


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
        found = dict.fromkeys(key[place] for key, count in self.counts.items() if count)
        return [key for key in found if key != "all" and key not in STATES and not key.endswith(WITHIN)]

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
    mask = frame.mask(table.unit, table.where)
    rows = frame.incidence(table.rows, table.unit)
    counts = {(key, "all"): count for key, count in rows.counts(mask).items()}
    sizes = {"all": int(mask.sum())}
    if isinstance(table.rows, Pairs):
        among = set(table.rows.among or rows.keys) - set(STATES)
        met = {pair: count for pair, count in rows.crossed(rows, mask).items() if set(pair) <= among}
        counts |= {(f"{one}+{other}", "all"): count for (one, other), count in met.items() if one < other}
    if not isinstance(table.columns, Whole):
        columns = frame.incidence(table.columns, table.unit)
        counts |= rows.crossed(columns, mask)
        sizes |= columns.counts(mask)
        if isinstance(table.columns, Nested) and any(WITHIN in key for key in columns.keys):
            counts |= rows.crossed(outermost(columns), mask)
    return Tally(counts, sizes)


def _completeness(frame: Frame, every_field: Iterable[str]) -> Tally:
    """How many cases each field has in each state; a field with many codes counts a case once."""
    total = int(frame.mask().sum())
    counts: dict[tuple[str, str], int] = {}
    for name in dict.fromkeys((*every_field, *frame.states)):
        found = frame.states.get(name) or {NOT_CODED: total}
        counts |= {(name, state): count for state, count in found.items()}
        counts[name, "all"] = total
    return Tally(counts, {"all": total, **{state: total for _, state in counts}})


def _numbers(table: Table, frame: Frame) -> Tally:
    """Statistics of the number of each row, and of all rows."""
    assert table.number
    cases, values = frame.numbers(table.number)
    inside = frame.mask(table.unit, table.where)[cases]
    cases, values = cases[inside], values[inside]
    rows = frame.incidence(table.rows, table.unit)
    groups = {key: values[rows.held(key)[cases]] for key in rows.keys} | {"all": values}
    numbers = {key: _statistics(found) for key, found in groups.items() if len(found) or key == "all"}
    counts = {(key, "all"): len(found) for key, found in groups.items() if key != "all"}
    return Tally(counts, {"all": len(values)}, numbers)


def _statistics(values: Numbers) -> Statistics:
    """The measures of `NUMBERS`; quartiles interpolate, as type 7 of Hyndman and Fan (1996) does."""
    if not len(values):
        return {"n": 0}
    lower, median, upper = np.quantile(values, [0.25, 0.5, 0.75])
    return {
        "n": len(values),
        "median": float(median),
        "lower_quartile": float(lower),
        "upper_quartile": float(upper),
        "lowest": float(values.min()),
        "highest": float(values.max()),
        "mean": float(values.mean()),
        "total": float(values.sum()),
    }
