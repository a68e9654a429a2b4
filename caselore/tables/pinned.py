"""Sums over hidden counts and the least that each can be come in; which of them can have but one value goes out.

Two questions, the cheap one first. By the sums alone a count is pinned exactly if its unit vector lies in their row
space. Where hidden counts stand at the least that they can be, sums pin more: two that add to 2, neither nought,
are both 1. Those are found by looking for other whole numbers that fit (mixed-integer programming, HiGHS).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

Row = Mapping[int, int]
"""Hidden counts, by number, and their signs in one sum."""

Floats = npt.NDArray[np.float64]

_TOLERANCE = 1e-6
_ROOM = 10
"""How far above its own size, and the number of counts beside it, another value of a count is looked for."""


def pinned(rows: Sequence[Row], counts: Mapping[int, int], least: Mapping[int, int], wanted: Set[int]) -> set[int]:
    """Which of the `wanted` counts every reader of the sums can work out, knowing that none is below its `least`."""
    if len(rows) == 1:
        return set(wanted & set(rows[0])) if _one_tells(rows[0], counts, least) else set()
    system = _System.of(rows, counts, least)
    left = [index for index, name in enumerate(system.names) if name in wanted]
    if (system.value > system.low).all():  # there is room on both sides of every count
        fixed = _in_row_space(system.matrix)
        return {system.names[index] for index in left if fixed[index]}
    return {system.names[index] for index in system.without_another(left)}


def telling(rows: Sequence[Row], counts: Mapping[int, int], least: Mapping[int, int], name: int) -> list[int]:
    """Which of the sums together pin a count: those with a price in the program that makes it as large as can be."""
    own = [index for index, row in enumerate(rows) if name in row]
    if len(rows) == 1:
        return own
    from scipy.optimize import linprog

    system = _System.of(rows, counts, least)
    aim = np.zeros(len(system.names))
    aim[system.names.index(name)] = -1.0
    bounds = np.column_stack([system.low, system.most])
    found = linprog(aim, A_eq=csr_array(system.matrix), b_eq=system.matrix @ system.value, bounds=bounds)
    if found.x is None:
        return own
    priced = np.flatnonzero(np.abs(found.eqlin.marginals) > _TOLERANCE)
    return [int(index) for index in priced] or own


def _one_tells(row: Row, counts: Mapping[int, int], least: Mapping[int, int]) -> bool:
    """Whether a sum alone pins its hidden counts: one of them is hidden, or all stand at their least."""
    if len(row) == 1:
        return True
    return len(set(row.values())) == 1 and all(counts[name] <= least[name] for name in row)


def _in_row_space(matrix: Floats) -> npt.NDArray[np.bool_]:
    _, sizes, basis = np.linalg.svd(matrix, full_matrices=False)
    share = (basis[sizes > _TOLERANCE] ** 2).sum(axis=0)
    found: npt.NDArray[np.bool_] = share > 1 - _TOLERANCE
    return found


@dataclass(frozen=True)
class _System:
    """Sums as a matrix over the hidden counts, with the true value and the least of each."""

    names: list[int]
    matrix: Floats
    value: Floats
    low: Floats

    @classmethod
    def of(cls, rows: Sequence[Row], counts: Mapping[int, int], least: Mapping[int, int]) -> _System:
        names = sorted({name for row in rows for name in row})
        place = {name: index for index, name in enumerate(names)}
        matrix = np.zeros((len(rows), len(names)))
        for index, row in enumerate(rows):
            for name, sign in row.items():
                matrix[index, place[name]] = sign
        value, low = (np.array([of[name] for name in names], dtype=float) for of in (counts, least))
        return cls(names, matrix, value, low)

    @property
    def most(self) -> Floats:
        """Up to where another value is looked for."""
        return self.value + len(self.value) + _ROOM

    def without_another(self, left: Sequence[int]) -> list[int]:
        """Those of the counts left that have the same value in every solution.

        The weights have no pattern, so their sum over the counts still left is the same at its least and its most
        only if none of these counts can change: each look frees one at least, and mostly all.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        weights = 1 + np.modf(np.arange(1, len(self.value) + 1) * np.sqrt(5))[0]
        told = self.matrix @ self.value
        sums, room = LinearConstraint(csr_array(self.matrix), told, told), Bounds(self.low, self.most)
        whole, still = np.ones(len(self.value)), list(left)
        while still:
            freed: set[int] = set()
            for sign in (-1.0, 1.0):
                aim = np.zeros(len(self.value))
                aim[still] = sign * weights[still]
                found = milp(aim, constraints=sums, bounds=room, integrality=whole)
                if found.x is not None:
                    freed |= {index for index in still if abs(found.x[index] - self.value[index]) > 0.5}
                if freed:
                    break
            if not freed:
                return still
            still = [index for index in still if index not in freed]
        return []
