"""In: a folded text and a folded quotation with a few wrong letters or words. Out: the one place that it can only be.

Strict on purpose: most words must stand there letter for letter and in order, every number and every negation too, and
nearly all letters must agree. A quotation that is merely alike is not found.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import islice

LEAST_WORDS = 5
"""A shorter quotation can stand nearly alike in any text."""

SAME_WORDS, SAME_LETTERS = 0.7, 0.93
"""Shares of words that must be the same, and of letters (longest matching blocks, Ratcliff and Obershelp 1988)."""

MOST_PLACES = 40
"""Places tried of one word; a word that stands in more is too common to lead anywhere."""

_WORD = re.compile(r"\w+")
_NEGATIONS = frozenset({"no", "not", "never", "none", "nor", "without", "neither", "cannot", "un", "non"})


@dataclass(frozen=True, slots=True)
class Near:
    """A place in the folded text and how much of the quotation agrees with it."""

    start: int
    end: int
    score: float


class NearFinder:
    """A folded text with an index of its words."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _words(self) -> list[tuple[str, int, int]]:
        return [(found.group(), found.start(), found.end()) for found in _WORD.finditer(self._text)]

    @cached_property
    def _index(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        for position, (word, _, _) in enumerate(self._words):
            index[word].append(position)
        return dict(index)

    def find(self, quote: str) -> Near | None:
        """The best place if it is good enough, else None."""
        words = _WORD.findall(quote)
        if len(words) < LEAST_WORDS:
            return None
        tried = (self._at(words, start) for start in self._starts(words))
        return max((near for near in tried if near), key=lambda near: near.score, default=None)

    def _starts(self, words: Sequence[str]) -> list[int]:
        """Where the quotation may begin, by the places of its rarest words; places that several name come first."""
        known = sorted((len(self._index[w]), n) for n, w in enumerate(words) if w in self._index)
        votes: Counter[int] = Counter()
        for count, n in known[: max(3, len(words) // 2)]:
            if count <= MOST_PLACES:
                votes.update(max(place - n, 0) for place in self._index[words[n]])
        return [start for start, _ in islice(votes.most_common(), MOST_PLACES)]

    def _at(self, words: Sequence[str], start: int) -> Near | None:
        best: Near | None = None
        for shift, longer in ((0, 0), (0, 1), (0, -1), (-1, 0), (1, 0)):
            first, last = max(start + shift, 0), start + shift + len(words) + longer
            near = self._compare(words, self._words[first:last])
            if near and (best is None or near.score > best.score):
                best = near
        return best

    def _compare(self, words: Sequence[str], there: Sequence[tuple[str, int, int]]) -> Near | None:
        found = [word for word, _, _ in there]
        if not found or _firm(words) != _firm(found):
            return None
        same = sum(block.size for block in SequenceMatcher(None, words, found, autojunk=False).get_matching_blocks())
        if same < SAME_WORDS * max(len(words), len(found)):
            return None
        score = SequenceMatcher(None, " ".join(words), " ".join(found), autojunk=False).ratio()
        return Near(there[0][1], there[-1][2], round(score, 4)) if score >= SAME_LETTERS else None


def _firm(words: Sequence[str]) -> Counter[str]:
    """What may not differ: numbers and negations."""
    return Counter(word for word in words if word.isdigit() or word in _NEGATIONS)
