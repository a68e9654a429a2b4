"""Counts of several tables and the sums that tie them come in; what more must be hidden comes out.

`release.suppress` makes one table safe. Tables published together also share counts: a total of one is a row of
another. A fact hidden in one is hidden in all, and then no small one may follow from what is shown: not by the sums,
and not by the sums and what a reader knows besides, that a hidden count is no nought (`pinned`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set

from caselore.tables.pinned import Row, pinned, telling

Fact = Hashable
"""What a count counts, whatever table it stands in."""

Sum = tuple[Fact, tuple[Fact, ...]]
"""A fact, and the facts that it is the sum of."""

Rows = Mapping[int, Row]
"""Sums by number, each with the hidden facts in it."""

Pinned = dict[frozenset[int], frozenset[int]]
"""What is pinned in each group of sums, by the hidden counts in it."""


def closed(
    counts: Mapping[Fact, int],
    sums: Sequence[Sum],
    hidden: Iterable[Fact],
    *,
    guarded: Set[Fact],
    known: Set[Fact] = frozenset(),
    dear: Mapping[Fact, int] | None = None,
    dark: Set[Fact] = frozenset(),
) -> frozenset[Fact]:
    """The hidden facts, and as many more as it takes that nothing shown gives a `guarded` one away.

    `known` facts are public in any case, so they and what follows from them are never added: hiding them would hide
    nothing. `dear` says which are the worse to lose, the higher the later. `dark` are those of which a reader does not
    know that they are no nought. A fact that only known ones surround stays as it is: nothing here can protect it.
    """
    return _Ties(counts, sums, known=known, dear=dear or {}, dark=dark).closed(hidden, guarded)


class _Ties:
    """The sums with their facts as numbers, in one order in every run."""

    def __init__(
        self,
        counts: Mapping[Fact, int],
        sums: Sequence[Sum],
        *,
        known: Set[Fact],
        dear: Mapping[Fact, int],
        dark: Set[Fact],
    ) -> None:
        self.facts = sorted({*counts, *(fact for total, parts in sums for fact in (total, *parts))}, key=repr)
        self.number = {fact: index for index, fact in enumerate(self.facts)}
        self.counts = {index: counts.get(fact, 0) for fact, index in self.number.items()}
        self.dear = [dear.get(fact, 0) for fact in self.facts]
        self.least = {index: min(1, self.counts[index]) for index in self.counts}
        self.least |= {self.number[fact]: 0 for fact in dark if fact in self.number}
        named = ((self.number[total], tuple(sorted(self.number[part] for part in parts))) for total, parts in sums)
        self.sums = list(dict.fromkeys(named))
        self.at: dict[int, list[int]] = defaultdict(list)
        for index, (total, parts) in enumerate(self.sums):
            for one in (total, *parts):
                self.at[one].append(index)
        self.known = {self.number[fact] for fact in known if fact in self.number}
        self.solved: Pinned = {}
        self.free: set[int] = set()

    def closed(self, hidden: Iterable[Fact], guarded: Set[Fact]) -> frozenset[Fact]:
        """The hidden facts grow until nothing guarded is pinned; a partner may free more than one."""
        named = {fact for fact in hidden if fact in self.number}
        secret = {self.number[fact] for fact in named} - self.known
        wanted = {self.number[fact] for fact in guarded if fact in self.number}
        told, given_up = self._following(), set[int]()
        while open_ := [(found - given_up, rows) for found, rows in self._open(secret, wanted) if found - given_up]:
            for found, rows in open_:
                partners, alone = self._partners(found, rows, secret | told)
                secret |= partners
                given_up |= alone
        return frozenset(self.facts[one] for one in secret)

    def _following(self) -> set[int]:
        """The known facts and every fact that is the only one left open in a sum of them."""
        told, before = set(self.known), -1
        while len(told) > before:
            before = len(told)
            for total, parts in self.sums:
                still = {total, *parts} - told
                told |= still if len(still) == 1 else set()
        return told

    def _rows(self, secret: Set[int]) -> dict[int, Row]:
        """The sums with hidden facts in them, by number: which, and with what sign."""
        found: dict[int, Row] = {}
        for index, (total, parts) in enumerate(self.sums):
            row = {one: 1 for one in parts if one in secret} | ({total: -1} if total in secret else {})
            if row:
                found[index] = row
        return found

    def _open(self, secret: Set[int], wanted: Set[int]) -> Iterator[tuple[frozenset[int], Rows]]:
        """For each group of sums that share hidden facts: the guarded ones that are pinned, and the sums."""
        for rows in _groups(self._rows(secret)):
            names = frozenset(one for row in rows.values() for one in row)
            if names not in self.solved:
                asked = wanted & names - self.free
                found = pinned(list(rows.values()), self.counts, self.least, asked)
                self.solved[names] = frozenset(found)
                self.free |= asked - found  # one more hidden count takes no freedom from the others
            if self.solved[names]:
                yield self.solved[names], rows

    def _partners(self, found: frozenset[int], rows: Rows, taken: Set[int]) -> tuple[set[int], set[int]]:
        """What to hide for pinned facts, where no other's partner may do; and those beside which nothing is shown."""
        partners, alone, touched = set[int](), set[int](), set[int]()
        for one in sorted(found):
            if touched.isdisjoint(self.at[one]):
                told_by = [list(rows)[each] for each in telling(list(rows.values()), self.counts, self.least, one)]
                partner = self._beside(told_by, taken | partners)
                touched |= {*told_by, *(self.at[partner] if partner is not None else ())}
                (alone if partner is None else partners).add(one if partner is None else partner)
        return partners, alone

    def _beside(self, sums: Iterable[int], taken: Set[int]) -> int | None:
        """The least dear of the facts in some sums that are shown; of those, parts before totals, the smallest."""
        shown = {
            (self.dear[other], other == self.sums[index][0], self.counts[other], other)
            for index in sums
            for other in (self.sums[index][0], *self.sums[index][1])
            if other not in taken and self.counts[other] > 0
        }
        return min(shown)[-1] if shown else None


def _groups(rows: Rows) -> Iterable[Rows]:
    """The sums that share a fact, directly or through others."""
    leader: dict[int, int] = {}

    def lead(one: int) -> int:
        while leader.setdefault(one, one) != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for row in rows.values():
        first, *others = row
        for other in others:
            leader[lead(other)] = lead(first)
    groups: dict[int, dict[int, Row]] = defaultdict(dict)
    for index, row in rows.items():
        groups[lead(next(iter(row)))][index] = row
    return groups.values()
