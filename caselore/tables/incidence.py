"""Which unit is in which category, as a sparse matrix of 0 and 1: counting is then a product of two matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from caselore.tables.paths import Keyed, Places
from caselore.tables.table import NOT_CODED, STATES, WITHIN

Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]

TOGETHER = "together:"
"""Before the marks of a combination: ``together:101`` holds the first code and the third."""

UNTOLD = tuple(state for state in STATES if state not in ("absent", "not_mentioned"))
"""States in which nothing is said of any code of a field."""


@dataclass(frozen=True)
class Incidence:
    """Units in rows, `keys` in columns; every unit has its categories, or one state."""

    keys: tuple[str, ...]
    matrix: Any
    """A scipy sparse array (units, keys) of 0 and 1, by rows."""

    def held(self, key: str) -> Bools:
        """Which units are in one category."""
        if key not in self.keys:
            return np.zeros(self.matrix.shape[0], dtype=bool)
        found: Bools = self.matrix[:, [self.keys.index(key)]].toarray().ravel() > 0
        return found

    def held_any(self, keys: Sequence[str]) -> Bools:
        """Which units are in at least one of several categories."""
        places = [place for place, key in enumerate(self.keys) if key in set(keys)]
        found: Bools = np.asarray(self.matrix[:, places].sum(axis=1)).ravel() > 0
        return found

    def of(self, units: Places) -> Incidence:
        """The same for other units, given the row that each of them takes."""
        return Incidence(self.keys, self.matrix[units])

    def counts(self, mask: Bools) -> dict[str, int]:
        """How many of the masked units are in each category."""
        places = self.matrix.indices
        if not mask.all():
            places = places[np.repeat(mask, np.diff(self.matrix.indptr))]
        found = np.bincount(places, minlength=len(self.keys))
        return {key: int(count) for key, count in zip(self.keys, found, strict=True)}

    def crossed(self, other: Incidence, mask: Bools) -> dict[tuple[str, str], int]:
        """How many of the masked units are in each category of this and each of the other."""
        mine, theirs = self.matrix, other.matrix
        if not mask.all():
            mine, theirs = mine[mask], theirs[mask]
        found = (mine.T @ theirs).toarray()
        places = zip(*np.nonzero(found), strict=True)
        return {(self.keys[row], other.keys[column]): int(found[row, column]) for row, column in places}


def placed(keyed: Keyed, *, size: int, lacking: str = "not_mentioned") -> Incidence:
    """Of units, keys, and the key of each; what is said twice counts once, what is not said of a unit is `lacking`."""
    units, keys, places = keyed
    ones = np.ones(len(units), dtype=np.int32)
    matrix = sparse.csr_array((ones, (units.astype(np.int32), places.astype(np.int32))), shape=(size, len(keys)))
    return complete(keys, matrix, lacking)


def complete(keys: Sequence[str], matrix: Any, lacking: str) -> Incidence:
    """A matrix with a column for the units that are in no category so far."""
    matrix.sum_duplicates()
    matrix.data[:] = 1
    empty = np.diff(matrix.indptr) == 0
    if not empty.any():
        return Incidence(tuple(keys), matrix)
    if lacking in keys:
        place = list(keys).index(lacking)
        column = sparse.csr_array(_single(empty, place, len(keys)))
        return Incidence(tuple(keys), (matrix + column).tocsr())
    return Incidence((*keys, lacking), sparse.hstack([matrix, sparse.csr_array(_single(empty, 0, 1))], format="csr"))


def _single(units: Bools, place: int, width: int) -> Any:
    rows = np.flatnonzero(units).astype(np.int32)
    ones = np.ones(len(rows), dtype=np.int32)
    return sparse.csr_array((ones, (rows, np.full(len(rows), place, dtype=np.int32))), shape=(len(units), width))


def whole(size: int) -> Incidence:
    """Every unit in one category, `all`."""
    return Incidence(("all",), sparse.csr_array(np.ones((size, 1), dtype=np.int32)))


def combined(field: Incidence, codes: Sequence[str]) -> Incidence:
    """Each unit in the one combination of codes that it holds, or in the state that says nothing of them."""
    marks = ["".join(one) for one in product("01", repeat=len(codes))]
    number = np.zeros(field.matrix.shape[0], dtype=np.int64)
    for code in codes:
        number = 2 * number + field.held(code)
    keys = [TOGETHER + one for one in marks]
    untold = [state for state in UNTOLD if state in field.keys]
    for place, state in enumerate(untold, len(keys)):
        number[field.held(state)] = place
    return placed((np.arange(len(number)), [*keys, *untold], number), size=len(number), lacking="not_coded")


def grouped(groups: Sequence[tuple[str, Sequence[tuple[str, str]]]], fields: Mapping[str, Incidence]) -> Incidence:
    """Each unit in every group of which it holds a code, (field, code); else it is not mentioned, or nobody asked.

    A unit is in a state that says nothing (unclear, withheld...) only where all fields of the groups are.
    """
    keys, columns = [], []
    for key, codes in groups:
        keys.append(key)
        columns.append(np.any([fields[field].held(code) for field, code in codes], axis=0))
    named = list(dict.fromkeys(field for _, codes in groups for field, _ in codes))
    left = ~np.any(columns, axis=0)
    told = np.any([~fields[name].held_any(UNTOLD) for name in named], axis=0)
    silent = np.any([fields[name].held("not_mentioned") for name in named], axis=0)
    answered = told & ~silent if len(named) == 1 else np.zeros_like(told)
    columns.append(left & answered)
    columns.append(left & told & ~answered)
    left &= ~told
    for state in (one for one in UNTOLD if one != NOT_CODED):
        columns.append(left & fields[named[0]].held(state))
        left &= ~columns[-1]
    columns.append(left)
    keys += ["absent", "not_mentioned", *(one for one in UNTOLD if one != NOT_CODED), NOT_CODED]
    return Incidence(tuple(keys), sparse.csr_array(np.column_stack(columns).astype(np.int32)))


def nested(outer: Incidence, inner: Incidence) -> Incidence:
    """Every category of one within every category of another; who is in a state of either is in that state."""
    keys, parts = [], []
    for key in (one for one in outer.keys if one not in STATES):
        places = [place for place, one in enumerate(inner.keys) if one not in STATES]
        keys += [f"{key}{WITHIN}{inner.keys[place]}" for place in places]
        held = outer.held(key).astype(np.int32)[:, np.newaxis]
        part = inner.matrix[:, places].multiply(held).tocsr()
        part.eliminate_zeros()
        parts.append(part)
    if not keys:
        return outer
    matrix = sparse.hstack(parts, format="csr")
    left = np.asarray(matrix.sum(axis=1)).ravel() == 0
    found = [(state, left & (outer.held(state) | inner.held(state))) for state in STATES]
    apart = np.column_stack([held for _, held in found])
    apart &= np.cumsum(apart, axis=1) == 1
    return complete(
        [*keys, *STATES], sparse.hstack([matrix, sparse.csr_array(apart.astype(np.int32))]).tocsr(), NOT_CODED
    )


def outermost(within: Incidence) -> Incidence:
    """Of nested categories the outer ones, each under its key and ``/``: who is in any category within it."""
    outer = list(dict.fromkeys(key.split(WITHIN)[0] for key in within.keys if WITHIN in key))
    held = [within.held_any([key for key in within.keys if key.startswith(one + WITHIN)]) for one in outer]
    matrix = sparse.csr_array(np.column_stack(held).astype(np.int32))
    return Incidence(tuple(one + WITHIN for one in outer), matrix)
