"""In: what coders said, and who said it before any proposal was shown. Out: whether proposals in sight draw people's
answers towards them (anchoring): how alike answers are on blind-first and on shown cases, and the difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import special

from caselore.agreement.answers import SEVERAL, Answer, Group, Reading, cells, compared, groups, sets
from caselore.agreement.intervals import LEVEL
from caselore.codebook.codebook import Codebook

FEWEST = 5
"""Cases of each kind below which no difference is told."""

SILENT = frozenset({"not_mentioned"})


@dataclass(frozen=True, slots=True)
class Alike:
    """How alike answers are over cases, from 0 to 1, with a 95 % interval over cases where there are two or more."""

    cases: int
    value: float | None
    lower: float | None = None
    upper: float | None = None
    error: float = 0.0

    @property
    def percent(self) -> float | None:
        """The value in percent."""
        return None if self.value is None else 100 * self.value


@dataclass(frozen=True, slots=True)
class Anchoring:
    """One group on blind-first and on shown cases; `difference` is shown less blind."""

    group: str
    machine: str
    """The machine that people are compared with; empty among people."""
    blind: Alike
    shown: Alike
    difference: float | None
    lower: float | None
    upper: float | None
    says: str


def anchoring(
    answers: Sequence[Answer], readings: Sequence[Reading], codebook: Codebook, *, blind: Mapping[tuple[str, str], bool]
) -> tuple[Anchoring, ...]:
    """Of each group how alike its answers are on blind-first and on shown cases.

    Two answers are alike by 1 or 0, two sets of codes by the share of the codes in either that are in both (Jaccard);
    what both leave unmentioned counts for nothing. A case is the mean over its fields and pairs of coders, and the
    interval of the difference is Welch's (1947, Biometrika 34) over cases.

    Args:
        answers: of all coders.
        readings: which cases they read.
        codebook: of the fields.
        blind: (person, case) -> whether the person read the case without sight of proposals.
    """
    found = groups(readings)
    alike: dict[tuple[str, str, bool], list[float]] = defaultdict(list)
    for field in compared(codebook, answers):
        if field.kind == "sequence":
            continue
        table = cells(field, answers, readings)
        table = sets(field, table) if field.kind in SEVERAL else table
        for (case, _), row in table.items():
            for group in found:
                for one, other in _pairs(group, row):
                    kinds = {blind.get((coder, case)) for coder in (one, other) if coder != group.machine}
                    likeness = _likeness(row[one], row[other])
                    if likeness is not None and len(kinds) == 1 and (kind := kinds.pop()) is not None:
                        alike[group.name, case, kind].append(likeness)
    return tuple(_told(group, alike) for group in found)


def _pairs(group: Group, row: Mapping[str, Hashable]) -> Iterator[tuple[str, str]]:
    people = [coder for coder in group.people if coder in row]
    if not group.machine:
        yield from combinations(people, 2)
    elif group.machine in row:
        yield from ((person, group.machine) for person in people)


def _likeness(one: Hashable, other: Hashable) -> float | None:
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return len(one & other) / len(one | other) if one | other else None
    return None if one == other and one in SILENT else float(one == other)


def _told(of: Group, alike: Mapping[tuple[str, str, bool], list[float]]) -> Anchoring:
    group = of.name
    blind, shown = (
        _over([float(np.mean(each)) for (name, _, kind), each in alike.items() if name == group and kind is which])
        for which in (True, False)
    )
    if min(blind.cases, shown.cases) < FEWEST or blind.value is None or shown.value is None:
        few = f"Too few cases to tell a difference: {blind.cases} coded blind, {shown.cases} with proposals in sight"
        return Anchoring(group, of.machine, blind, shown, None, None, None, f"{few} (at least {FEWEST} of each).")
    difference, reach = shown.value - blind.value, _reach(blind, shown)
    lower, upper = difference - reach, difference + reach
    says = (
        f"Answers are {blind.value:.1%} alike on {blind.cases} cases coded blind and {shown.value:.1%} on "
        f"{shown.cases} coded with proposals in sight: {100 * difference:+.1f} points (95 % interval "
        f"{100 * lower:+.1f} to {100 * upper:+.1f}). {_meaning(group, lower, upper)}"
    )
    return Anchoring(group, of.machine, blind, shown, difference, lower, upper, says)


def _meaning(group: str, lower: float, upper: float) -> str:
    if lower <= 0 <= upper:
        return "No difference is told from chance."
    if upper < 0:
        return "Answers are less alike where proposals are in sight."
    if group == "human-human":
        return "People agree more where proposals are in sight, so part of that agreement may be the proposals'."
    return "People agree more with proposals that they see: they lean on them."


def _over(values: Sequence[float]) -> Alike:
    if len(values) < 2:
        return Alike(len(values), values[0] if values else None)
    mean, error = float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values)))
    reach = _quantile(len(values) - 1) * error
    return Alike(len(values), mean, max(0.0, mean - reach), min(1.0, mean + reach), error)


def _reach(one: Alike, other: Alike) -> float:
    """Half the interval of the difference of two means, with Welch's degrees of freedom."""
    parts = [(each.error**2, each.cases - 1) for each in (one, other)]
    whole = sum(part for part, _ in parts)
    if not whole:
        return 0.0
    freedom = whole**2 / sum(part**2 / n for part, n in parts)
    return _quantile(freedom) * float(np.sqrt(whole))


def _quantile(freedom: float) -> float:
    return float(special.stdtrit(freedom, (1 + LEVEL) / 2))
