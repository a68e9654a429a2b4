"""A grid of marks comes in, cases in rows and features in columns; counts and co-occurrence of the features go out.

What a blank means (absent, or not known) a grid does not say: counts are of marks, never of absence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from caselore.errors import TableError
from caselore.tables.inference import Inference
from caselore.tables.tests import exact


@dataclass(frozen=True)
class Grid:
    """How many of `n` rows bear each mark, and how many bear two; `pairs` has each pair once, in column order."""

    n: int
    counts: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]

    def met(self, one: str, other: str) -> int:
        """In how many rows two features are both marked."""
        if one == other:
            return self.counts[one]
        return self.pairs[one, other] if (one, other) in self.pairs else self.pairs[other, one]

    def lift(self, one: str, other: str) -> float | None:
        """How many times as often two features meet as they would by chance; None where one never occurs."""
        product = self.counts[one] * self.counts[other]
        return self.met(one, other) * self.n / product if product else None

    def association(self, one: str, other: str) -> Inference:
        """Fisher's exact test of two features."""
        both, first, second = self.met(one, other), self.counts[one], self.counts[other]
        table = [[both, first - both], [second - both, self.n - first - second + both]]
        return exact(table, groups=(one, f"no mark for {one}"), about=f"{one} and {other}")


def co_occurrence(rows: Sequence[Mapping[str, bool]], *, features: Sequence[str] = ()) -> Grid:
    """Count the marks of a grid; `features` are the columns, by default those of the first row, in their order.

    Raises TableError where a row lacks a column.
    """
    named = tuple(features) or tuple(rows[0] if rows else ())
    for place, row in enumerate(rows, 1):
        if lacking := [one for one in named if one not in row]:
            raise TableError(f"Row {place} of the grid has no column {lacking[0]!r}.")
    counts = {one: sum(bool(row[one]) for row in rows) for one in named}
    pairs = {(one, other): sum(bool(row[one] and row[other]) for row in rows) for one, other in combinations(named, 2)}
    return Grid(len(rows), counts, pairs)
