"""Counts of several tables and the sums that tie them come in; what more must be hidden comes out.

`release.suppress` makes one table safe. Tables published together also share counts: a total of one is a row of
another. A fact hidden in one is hidden in all, and then no small one may follow from what is shown: a hidden fact is
determined exactly if its unit vector lies in the row space of the sums over the hidden facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set

import numpy as np

Fact = Hashable
"""What a count counts, whatever table it stands in."""

Sum = tuple[Fact, tuple[Fact, ...]]
"""A fact, and the facts that it is the sum of."""

_TOLERANCE = 1e-6


def closed(
    counts: Mapping[Fact, int],
    sums: Sequence[Sum],
    hidden: Iterable[Fact],
    *,
    guarded: Set[Fact],
    known: Set[Fact] = frozenset(),
    dear: Mapping[Fact, int] | None = None,
) -> frozenset[Fact]:
    """The hidden facts, and as many more as it takes that no sum gives a `guarded` one away.

    `known` facts are public in any case, so they and what follows from them are never added: hiding them would hide
    nothing. `dear` says which are the worse to lose, the higher the later. A fact that only known ones surround stays
    as it is: nothing here can protect it.
    """
    sums = list(dict.fromkeys((total, tuple(sorted(parts, key=repr))) for total, parts in sums))
    secret = set(hidden) - known
    at = _places(sums)
    told = _following(sums, known)
    given_up: set[Fact] = set()
    solved: dict[frozenset[Fact], frozenset[Fact]] = {}
    while determined := (_determined(sums, secret, solved) & guarded) - given_up:
        for fact in sorted(determined, key=repr):
            partner = _partner(fact, counts, [sums[one] for one in at.get(fact, ())], secret | told, dear or {})
            if partner is None:
                given_up.add(fact)
            else:
                secret.add(partner)
    return frozenset(secret)


def _following(sums: Sequence[Sum], known: Set[Fact]) -> set[Fact]:
    """The known facts and every fact that is the only one left open in a sum of them."""
    told, before = set(known), -1
    while len(told) > before:
        before = len(told)
        for total, parts in sums:
            still = {total, *parts} - told
            told |= still if len(still) == 1 else set()
    return told


def _places(sums: Sequence[Sum]) -> Mapping[Fact, list[int]]:
    at: dict[Fact, list[int]] = defaultdict(list)
    for index, (total, parts) in enumerate(sums):
        for fact in (total, *parts):
            at[fact].append(index)
    return at


def _partner(
    fact: Fact, counts: Mapping[Fact, int], sums: Sequence[Sum], taken: Set[Fact], dear: Mapping[Fact, int]
) -> Fact | None:
    """The least dear of the facts beside one that are still shown; of those, parts before totals, and the smallest."""
    beside = {
        (dear.get(other, 0), other == total, counts[other], repr(other)): other
        for total, parts in sums
        for other in (total, *parts)
        if other not in taken and counts.get(other, 0) > 0
    }
    return beside[min(beside)] if beside else None


def _determined(sums: Sequence[Sum], secret: Set[Fact], solved: dict[frozenset[Fact], frozenset[Fact]]) -> set[Fact]:
    """The secret facts that the sums fix, found in each group of sums that share secrets; `solved` keeps the groups."""
    rows = [{fact: (-1 if fact == total else 1) for fact in (total, *parts) if fact in secret} for total, parts in sums]
    found: set[Fact] = set()
    for group in _groups([row for row in rows if row]):
        names = frozenset(fact for row in group for fact in row)
        if names not in solved:
            solved[names] = frozenset(_fixed(group, sorted(names, key=repr)))
        found |= solved[names]
    return found


def _fixed(group: Sequence[Mapping[Fact, int]], names: Sequence[Fact]) -> Iterable[Fact]:
    column = {fact: index for index, fact in enumerate(names)}
    matrix = np.zeros((len(group), len(names)))
    for index, row in enumerate(group):
        for fact, sign in row.items():
            matrix[index, column[fact]] = sign
    _, sizes, basis = np.linalg.svd(matrix, full_matrices=False)
    within = (basis[sizes > _TOLERANCE] ** 2).sum(axis=0)
    return (fact for fact, share in zip(names, within, strict=True) if share > 1 - _TOLERANCE)


def _groups(rows: Sequence[Mapping[Fact, int]]) -> Iterable[list[Mapping[Fact, int]]]:
    """Rows that share a fact, directly or through others."""
    leader: dict[Fact, Fact] = {}

    def lead(fact: Fact) -> Fact:
        while leader.setdefault(fact, fact) != fact:
            leader[fact] = leader[leader[fact]]
            fact = leader[fact]
        return fact

    for row in rows:
        first, *others = row
        for other in others:
            leader[lead(other)] = lead(first)
    groups: dict[Fact, list[Mapping[Fact, int]]] = defaultdict(list)
    for row in rows:
        groups[lead(next(iter(row)))].append(row)
    return groups.values()
