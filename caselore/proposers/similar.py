"""In: recommendations of many reviews. Out: groups of those that ask for the same, with how often and since when.

Words and pairs of words weighed by their rarity (TF-IDF, Spärck Jones 1972), compared by their angle. A group is made
around the recommendation that is like most others, so that no chain of half-likenesses joins what differs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt

import numpy as np
from scipy import sparse

from caselore.records import Recommendation

ALIKE = 0.35
"""Cosine from which two recommendations ask for the same; found by reading pairs around it."""

ROWS = 2000
"""Recommendations compared at a time, which bounds the memory."""

_WORD = re.compile(r"[a-z]{2,}")
_ENDING = re.compile(r"(?:ings?|ed|es|s|ation|ations|ment|ments|ly)$")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "the and of to in for that with on by be is are as an at it its this their they from or all should must shall"
        " ensure ensuring recommended recommends recommendation board lscb partnership safeguarding children child"
        " makes made number relating related importance important need needs consider review include"
        " agencies agency relevant also where which how who such any will can have has been other there these those",
    )
)


@dataclass(frozen=True, slots=True)
class Made:
    """A recommendation, the review that made it, and the year in which that was published."""

    recommendation: Recommendation
    review: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Recommendations that ask for the same; the first is the one that is like most others."""

    members: tuple[Made, ...]

    @property
    def reviews(self) -> int:
        """How many reviews made it."""
        return len({made.review for made in self.members})

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year in which it was made, if any is known."""
        known = [made.year for made in self.members if made.year is not None]
        return (min(known), max(known)) if known else None

    @property
    def told(self) -> str:
        """One phrase for a reader: "made 14 times since 2012"."""
        times = {1: "once", 2: "twice"}.get(len(self.members), f"{len(self.members)} times")
        if self.years is None:
            return f"made {times}"
        first, last = self.years
        return f"made {times} in {first}" if first == last else f"made {times} since {first}"


def similar(made: Sequence[Made], *, alike: float = ALIKE, least_reviews: int = 2) -> tuple[Group, ...]:
    """Groups of near-duplicates, the most frequent first.

    Args:
        made: recommendations with their reviews and years.
        alike: cosine from which two are one, between 0 and 1.
        least_reviews: groups of fewer reviews are left out, because a review repeats itself.
    """
    if not made:
        return ()
    near = _neighbours(_weights([each.recommendation.evidence.quote for each in made]), alike)
    order = sorted(range(len(made)), key=lambda n: (-len(near[n]), n))
    taken: set[int] = set()
    groups: list[Group] = []
    for n in order:
        if n in taken:
            continue
        members = [n, *(other for other in near[n] if other != n and other not in taken)]
        taken.update(members)
        groups.append(Group(tuple(made[one] for one in members)))
    kept = [group for group in groups if group.reviews >= least_reviews]
    return tuple(sorted(kept, key=lambda group: (-group.reviews, -len(group.members))))


def _terms(words: str) -> list[str]:
    low = [_ENDING.sub("", word) or word for word in _WORD.findall(words.lower()) if word not in _COMMON]
    return [*low, *(f"{one} {two}" for one, two in pairwise(low))]


def _weights(texts: Sequence[str]) -> sparse.csr_matrix:
    """TF-IDF, each row of length 1: recommendations x terms."""
    counts = [Counter(_terms(text)) for text in texts]
    seen = Counter(term for row in counts for term in row)
    place = {term: n for n, term in enumerate(seen)}
    rows, columns, values = [], [], []
    for n, row in enumerate(counts):
        weights = {t: (1 + log(k)) * (1 + log(len(texts) / seen[t])) / (1 + t.count(" ")) for t, k in row.items()}
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        rows += [n] * len(weights)
        columns += [place[term] for term in weights]
        values += [weight / length for weight in weights.values()]
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(texts), max(len(place), 1)))


def _neighbours(weights: sparse.csr_matrix, alike: float) -> list[list[int]]:
    """Of each row the rows that are alike, itself among them, the most alike first."""
    found: list[list[int]] = []
    for first in range(0, weights.shape[0], ROWS):
        cosines = (weights[first : first + ROWS] @ weights.T).tocsr()
        for n in range(cosines.shape[0]):
            columns = cosines.indices[cosines.indptr[n] : cosines.indptr[n + 1]]
            values = cosines.data[cosines.indptr[n] : cosines.indptr[n + 1]]
            kept = values >= alike
            order = np.lexsort((columns[kept], -values[kept]))
            found.append([int(column) for column in columns[kept][order]])
    return found
