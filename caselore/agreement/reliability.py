"""In: what coders said of units. Out: the reliability data matrix (units x coders, gaps allowed) and the record in
which every coefficient of agreement is told."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caselore.errors import EvaluationError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient of agreement; `value` is None where it is undefined, and `notes` say why.

    `error` is its standard error and `how` tells what made the interval. `units` have two values or more, `coders` gave
    any of them, `pairable` counts those values. `observed` and `expected` are agreement found and expected by chance.
    """

    name: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    error: float | None = None
    how: str = "none"
    units: int = 0
    coders: int = 0
    pairable: int = 0
    observed: float | None = None
    expected: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def percent(self) -> float | None:
        """The value in percent."""
        return None if self.value is None else 100 * self.value

    def noting(self, *notes: str) -> Coefficient:
        """The same with further notes."""
        return replace(self, notes=self.notes + notes)


@dataclass(frozen=True)
class Reliability:
    """Reliability data: `cells` (units x coders) index `values`, -1 where a coder said nothing.

    `values` are all that could be said, in their order. `clusters` numbers what is resampled together (units of one
    case); None: every unit by itself. `named` is False where it is unknown which coder gave which value.
    """

    cells: Whole
    values: tuple[Hashable, ...]
    coders: tuple[str, ...]
    clusters: Whole | None = field(default=None, repr=False)
    named: bool = True

    @cached_property
    def counts(self) -> Floats:
        """How many coders gave each value: units x values."""
        told = self.cells[:, :, None] == np.arange(len(self.values))
        return np.asarray(told.sum(axis=1), dtype=float)

    @cached_property
    def said(self) -> Floats:
        """How many coders gave each unit a value."""
        return np.asarray(self.counts.sum(axis=1), dtype=float)

    @property
    def units(self) -> int:
        """Units with two values or more."""
        return int((self.said >= 2).sum())

    @property
    def pairable(self) -> int:
        """Values in units with two values or more."""
        return int(self.said[self.said >= 2].sum())

    @cached_property
    def active(self) -> int:
        """Coders who gave a value to a unit that another coder has too."""
        if not self.named:
            return int(self.said.max(initial=0))
        return int((self.cells[self.said >= 2] >= 0).any(axis=0).sum())

    @property
    def commonest(self) -> tuple[Hashable, float]:
        """The value given most often among pairable values, and its share; ("", 0) without any."""
        shares = self.counts[self.said >= 2].sum(axis=0)
        if not shares.sum():
            return "", 0.0
        return self.values[int(shares.argmax())], float(shares.max() / shares.sum())

    def rows(self, which: NDArray[Any]) -> Reliability:
        """Only these units (a mask or positions)."""
        clusters = None if self.clusters is None else self.clusters[which]
        return replace(self, cells=self.cells[which], clusters=clusters)

    def complete(self) -> Reliability:
        """Only the units that every coder gave a value."""
        return self.rows(np.asarray((self.cells >= 0).all(axis=1)))


def reliability(
    rows: Sequence[Sequence[Any]] | NDArray[Any],
    *,
    values: Sequence[Hashable] | None = None,
    coders: Sequence[str] | None = None,
    clusters: Sequence[Hashable] | None = None,
) -> Reliability:
    """Reliability data from units x coders; None, NaN and the empty string are a coder's silence.

    `values` are what could be said, in their order; by default those that were said, sorted.

    Raises:
        EvaluationError: a value is not among `values`, or the rows are of unequal length.
    """
    table = [[None if _silent(cell) else cell for cell in row] for row in rows]
    width = len(coders) if coders is not None else max(map(len, table), default=0)
    if any(len(row) != width for row in table):
        raise EvaluationError(
            f"Every unit needs {width} cells, one a coder; leave a cell empty where a coder is silent."
        )
    found = {cell for row in table for cell in row if cell is not None}
    listed = tuple(values) if values is not None else tuple(sorted(found, key=_order))
    at: Mapping[Hashable, int] = {value: n for n, value in enumerate(listed)}
    if unknown := found - at.keys():
        raise EvaluationError(f"{min(map(str, unknown))!r} was said and is not among the values that could be.")
    cells = np.array([[-1 if cell is None else at[cell] for cell in row] for row in table], dtype=np.int64)
    return Reliability(
        cells.reshape(len(table), width),
        listed,
        tuple(coders) if coders is not None else tuple(f"coder {n + 1}" for n in range(width)),
        None if clusters is None else np.unique(np.array(list(map(str, clusters))), return_inverse=True)[1],
    )


def from_distribution(
    counts: Sequence[Sequence[int]] | NDArray[Any], *, values: Sequence[Hashable] = ()
) -> Reliability:
    """Reliability data from how many coders gave each value (units x values); who they were is unknown."""
    table = np.asarray(counts, dtype=np.int64)
    width = int(table.sum(axis=1).max(initial=0))
    cells = np.full((len(table), width), -1, dtype=np.int64)
    for unit, row in enumerate(table):
        said = np.repeat(np.arange(table.shape[1]), row)
        cells[unit, : len(said)] = said
    names = tuple(f"coder {n + 1}" for n in range(width))
    return Reliability(cells, tuple(values) or tuple(range(table.shape[1])), names, named=False)


def from_contingency(table: Sequence[Sequence[int]] | NDArray[Any], *, values: Sequence[Hashable] = ()) -> Reliability:
    """Reliability data of two coders from how often each pair of values came up (first coder's values in rows)."""
    counts = np.asarray(table, dtype=np.int64)
    pairs = np.argwhere(counts >= 0)
    cells = np.repeat(pairs, counts.ravel(), axis=0).astype(np.int64)
    return Reliability(cells, tuple(values) or tuple(range(len(counts))), ("coder 1", "coder 2"))


def _silent(cell: Any) -> bool:
    return cell is None or (isinstance(cell, float) and np.isnan(cell)) or (isinstance(cell, str) and not cell)


def _order(value: Any) -> tuple[int, Any]:
    if isinstance(value, frozenset):  # whose own words stand in another order in every run
        return 2, sorted(map(str, value))
    return (0, value) if isinstance(value, int | float) else (1, str(value))
