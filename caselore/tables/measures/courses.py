"""Decisions in order come in; whole courses go out: how many cases share one, how far two are apart, typical ones.

A course is the whole order of a case's decisions (a variant, in W. van der Aalst, "Process Mining", 2016, ch. 2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from caselore.release.suppress import SMALLEST_COUNT
from caselore.tables.paths import ARROW, Keyed, Places, Steps

Floats = npt.NDArray[np.float64]

UNLIKE = "unlike_any"
"""The category of cases whose course is far from every typical one."""

FAR = 0.75
"""A distance above this joins nothing: of four steps, more than three differ."""

MOST_TYPICAL = 6
LEAST_GAIN = 0.03
"""One more typical course must bring the cases nearer by this share of what is left with one."""

CANDIDATES = 60
FITTED = 4_000
"""Typical courses are chosen among the commonest of these, and by the distances to so many distinct ones."""

_BATCH = 50_000
_SEED = 20_160_503


@dataclass(frozen=True)
class Courses:
    """The distinct courses of some cases: the place of one example of each, its length, and who takes it.

    `cases` are those with any decision, `course` the course of each; `sizes` counts the cases of each course.
    """

    steps: Steps
    cases: Places
    course: Places
    starts: Places
    lengths: Places
    sizes: Places

    @cached_property
    def longest(self) -> int:
        """The most steps of any course."""
        return int(self.lengths.max(initial=0))

    def kinds(self, course: int) -> Places:
        """The kinds of decision of one course, in order."""
        start = self.starts[course]
        return self.steps.kind[start : start + self.lengths[course]]

    def spelled(self, course: int) -> str:
        """A course as a key, its decisions joined."""
        return ARROW.join(self.steps.kinds[kind] for kind in self.kinds(course))

    def padded(self, courses: Places) -> npt.NDArray[np.int16]:
        """Several courses as rows, -1 where a row is over."""
        along = np.arange(int(self.lengths[courses].max(initial=0)))
        there = along < self.lengths[courses][:, None]
        at = np.where(there, self.starts[courses][:, None] + along, 0)
        return np.where(there, self.steps.kind[at], -1).astype(np.int16)


def courses(steps: Steps, mask: npt.NDArray[np.bool_]) -> Courses:
    """The distinct courses of the masked cases; alike if a random number for each step and its place adds up alike."""
    starts = np.flatnonzero(steps.first)
    lengths = np.diff(np.append(starts, len(steps.cases)))
    if not len(starts):
        none = np.zeros(0, dtype=np.int64)
        return Courses(steps, none, none, none, none, none)
    place = np.arange(len(steps.cases)) - np.repeat(starts, lengths)
    drawn = np.random.default_rng(_SEED).integers(
        1, 2**63, size=(int(lengths.max()), len(steps.kinds)), dtype=np.uint64
    )
    mark = np.add.reduceat(drawn[place, steps.kind], starts)
    inside = mask[steps.cases[starts]]
    starts, lengths, mark = starts[inside], lengths[inside], mark[inside]
    _, first, course, sizes = np.unique(mark, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return Courses(steps, steps.cases[starts], rank[course], starts[first][order], lengths[first][order], sizes[order])


def distances(one: npt.NDArray[np.integer], others: npt.NDArray[np.int16]) -> Floats:
    """Normalised edit distance of one sequence to each row of others, which -1 ends: 0 the same, 1 all differs.

    Levenshtein (1966) over the longer length; each row of the table is done at once for all others, because along a
    row the cost of leaving steps out only ever grows by one.
    """
    lengths = (others >= 0).sum(axis=1)
    along = np.arange(others.shape[1] + 1, dtype=np.int32)
    line = np.broadcast_to(along, (len(others), len(along))).copy()
    for place, kind in enumerate(one, 1):
        changed = np.minimum(line[:, :-1] + (others != kind), line[:, 1:] + 1)
        line[:, 0] = place
        line[:, 1:] = changed
        line = np.minimum.accumulate(line - along, axis=1) + along
    cost = line[np.arange(len(others)), lengths]
    longest = np.maximum(lengths, len(one))
    return np.where(longest > 0, cost / np.maximum(longest, 1), 0.0)


@dataclass(frozen=True)
class Typical:
    """Typical courses, and for every distinct course the nearest of them (-1: far from all) and how far it is."""

    found: Courses
    centres: tuple[int, ...]
    nearest: Places
    apart: Floats

    def keys(self) -> tuple[str, ...]:
        """The typical courses as keys, then `UNLIKE`."""
        return (*(self.found.spelled(one) for one in self.centres), UNLIKE)

    def keyed(self) -> Keyed:
        """The typical course of each case."""
        place = np.where(self.nearest < 0, len(self.centres), self.nearest)
        return self.found.cases, self.keys(), place[self.found.course]

    def mean_distance(self, key: str) -> float | None:
        """How far the cases of a typical course are from it, in the mean."""
        if key == UNLIKE or key not in self.keys():
            return None
        mine = self.nearest == self.keys().index(key)
        return float(np.average(self.apart[mine], weights=self.found.sizes[mine])) if mine.any() else None


def typical(found: Courses, *, least: int = SMALLEST_COUNT) -> Typical:
    """Choose typical courses among those that at least `least` cases share, so that none shows the course of one case.

    Medoids after L. Kaufman and P. Rousseeuw ("Finding Groups in Data", 1990): built one by one, then swapped while
    the cases come nearer. Nothing is typical where no course is shared.
    """
    shared = np.flatnonzero(found.sizes >= least)[:CANDIDATES]
    if not len(shared):
        size = len(found.sizes)
        return Typical(found, (), np.full(size, -1), np.ones(size))
    fitted = found.padded(np.arange(min(FITTED, len(found.sizes))))
    weights = found.sizes[: len(fitted)]
    matrix = np.minimum(np.stack([distances(found.kinds(one), fitted) for one in shared]), FAR)

    def cost(chosen: list[int]) -> float:
        return float((matrix[chosen].min(axis=0) * weights).sum())

    chosen = _swapped(_built(len(shared), cost), len(shared), cost)
    chosen.sort(key=lambda one: int(shared[one]))
    return _assigned(found, tuple(int(shared[one]) for one in chosen))


def _built(size: int, cost: Callable[[list[int]], float]) -> list[int]:
    chosen = [min(range(size), key=lambda one: cost([one]))]
    whole = cost(chosen)
    while len(chosen) < min(MOST_TYPICAL, size):
        best = min((one for one in range(size) if one not in chosen), key=lambda one: cost([*chosen, one]))
        if cost(chosen) - cost([*chosen, best]) < LEAST_GAIN * whole:
            break
        chosen.append(best)
    return chosen


def _swapped(chosen: list[int], size: int, cost: Callable[[list[int]], float]) -> list[int]:
    best, improved = list(chosen), True
    while improved:
        improved = False
        for place in range(len(best)):
            for other in (one for one in range(size) if one not in best):
                tried = [*best[:place], other, *best[place + 1 :]]
                if cost(tried) < cost(best) - 1e-9:
                    best, improved = tried, True
    return best


def _assigned(found: Courses, centres: tuple[int, ...]) -> Typical:
    size = len(found.sizes)
    nearest, apart = np.full(size, -1), np.ones(size)
    for start in range(0, size, _BATCH):
        part = np.arange(start, min(start + _BATCH, size))
        rows = found.padded(part)
        far = np.stack([distances(found.kinds(one), rows) for one in centres])
        nearest[part], apart[part] = far.argmin(axis=0), far.min(axis=0)
    nearest[apart > FAR] = -1
    return Typical(found, centres, nearest, apart)


def alike(steps: Steps, mask: npt.NDArray[np.bool_]) -> Keyed:
    """For each case with decisions, the typical course that its own is nearest to."""
    return typical(courses(steps, mask)).keyed()
