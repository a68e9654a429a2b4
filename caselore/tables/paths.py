"""The decisions of all cases come in; the columns that tables name of them go out: steps, transitions, paths.

A transition is a step and the one that directly follows it in the same case (the directly-follows relation of
W. van der Aalst, "Process Mining", 2016, ch. 6); a path is the order of a case's first few steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]
Keyed = tuple[Places, Sequence[str], Places]
"""Units, the keys there are, and for each unit the place of its key."""

ARROW = ">"
"""Between two decisions in the key of a transition or a path."""

PATHS = {"path_2": 2, "path_3": 3, "path_4": 4}
"""Columns of a case that hold its first steps, and how many."""

CASE_COLUMNS = ("decision_types", "first_step", "last_step", *PATHS)
"""What a case's decisions add to its columns."""

COLUMNS = ("step", "decision_type", "agency")


@dataclass(frozen=True)
class Steps:
    """Every decision, by case and then in order; `agency` is -1 where none is stated."""

    cases: Places
    kind: Places
    agency: Places
    kinds: tuple[str, ...]
    agencies: tuple[str, ...]

    @cached_property
    def first(self) -> npt.NDArray[np.bool_]:
        """Which steps begin a case."""
        return np.append(True, np.diff(self.cases) != 0)[: len(self.cases)]

    @cached_property
    def last(self) -> npt.NDArray[np.bool_]:
        """Which steps end a case."""
        return np.append(self.first[1:], True)[: len(self.cases)]

    def cases_of(self, *, transitions: bool) -> Places:
        """The case of each step, or of each transition."""
        return self.cases[~self.last] if transitions else self.cases

    def own(self, column: str, *, transitions: bool) -> Keyed:
        """A column of steps, or of transitions: `decision_type`, `agency`, `next_type`, `next_agency`, `transition`."""
        here = np.flatnonzero(~self.last) if transitions else np.arange(len(self.cases))
        after = here + 1
        if column == "transition":
            return _joined([self.kind[here], self.kind[after]], self.kinds)
        places = (self.kind if column.endswith("_type") else self.agency)[after if column.startswith("next") else here]
        stated = places >= 0
        names = self.kinds if column.endswith("_type") else self.agencies
        return np.flatnonzero(stated), names, places[stated]

    def of_cases(self, column: str) -> Keyed:
        """A column of cases, one of `CASE_COLUMNS`."""
        if column == "decision_types":
            return self.cases, self.kinds, self.kind
        if column not in PATHS:
            there = self.first if column == "first_step" else self.last
            return self.cases[there], self.kinds, self.kind[there]
        starts = np.flatnonzero(self.first)
        lengths = np.diff(np.append(starts, len(self.cases)))
        along = [
            np.where(lengths > place, self.kind[np.minimum(starts + place, len(self.kind) - 1)], -1)
            for place in range(PATHS[column])
        ]
        _, keys, places = _joined(along, self.kinds)
        return self.cases[starts], keys, places


def steps(cases: Places, number: Places, kind: Any, agency: Any) -> Steps:
    """Put decisions in order; `kind` and `agency` are Arrow arrays of text, `number` the printed step."""
    rank = cases.astype(np.int64) << 32 | number
    order = np.arange(len(rank)) if (np.diff(rank) >= 0).all() else np.argsort(rank, kind="stable")
    kind, agency = (one if hasattr(one, "dictionary") else one.dictionary_encode() for one in (kind, agency))
    return Steps(
        cases=cases[order],
        kind=kind.indices.to_numpy()[order].astype(np.int64),
        agency=agency.indices.fill_null(-1).to_numpy()[order].astype(np.int64),
        kinds=tuple(kind.dictionary.to_pylist()),
        agencies=tuple(agency.dictionary.to_pylist()),
    )


_COUNTABLE = 4_000_000
"""Up to so many sequences are found by counting; more are sorted."""


def _joined(along: Sequence[Places], names: Sequence[str]) -> Keyed:
    """Several steps as one key; -1 is no step. The sequence is one number in base `len(names) + 1`."""
    base = len(names) + 1
    number = np.zeros(len(along[0]), dtype=np.int64)
    for place in along:
        number = number * base + place + 1
    if base ** len(along) <= _COUNTABLE:
        found = np.flatnonzero(np.bincount(number))
        lookup = np.zeros(base ** len(along), dtype=np.int64)
        lookup[found] = np.arange(len(found))
        places = lookup[number]
    else:
        found, places = np.unique(number, return_inverse=True)
    return np.arange(len(number)), [_spelled(int(one), base, names) for one in found], places


def _spelled(number: int, base: int, names: Sequence[str]) -> str:
    parts: list[str] = []
    while number:
        number, place = divmod(number, base)
        if place:
            parts.append(names[place - 1])
    return ARROW.join(reversed(parts))
