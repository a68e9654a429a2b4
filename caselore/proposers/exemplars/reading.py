"""In: the words of sentences. Out: for each a row of numbers: which folded words and pairs it has, and what they mean.

Terms are hashed. Meanings are a table of word vectors (`words.npz`): how all words of a sentence point, and how those
point that follow a word of denial, because "was told" and "was not told" share all but one word.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float32]
Hashes = NDArray[np.uint32]
Places = NDArray[np.int64]

WORD = re.compile(r"[a-z]+(?:'t)?|\d+")
_ENDING = re.compile(r"(?:ings?|ed|es|s|ations?|ments?|ly|e)$")
_START, _END = 1, 2
"""What stands before the first word and after the last, in a pair."""
_SPREAD = np.uint64(0x9E3779B1)
_MASK = np.uint64(0xFFFFFFFF)


@cache
def settings() -> dict[str, Any]:
    """The file of figures as it stands."""
    place = files("caselore.proposers.exemplars").joinpath("settings.yaml")
    return dict(yaml.safe_load(place.read_text(encoding="utf-8")))


@cache
def _denying() -> frozenset[str]:
    return frozenset(settings()["denying"].split())


def stem(word: str) -> str:
    """A word without its commonest endings, so that "assessed" and "assessment" are one."""
    short = _ENDING.sub("", word)
    short = short if len(short) >= 3 else word
    if len(short) > 3 and short[-1] == short[-2]:
        short = short[:-1]
    return short[:-1] + "i" if short.endswith("y") else short


@dataclass(frozen=True)
class Meanings:
    """Word vectors: the hashes of the words, ascending, and a row for each."""

    hashes: Hashes
    rows: Floats

    @property
    def width(self) -> int:
        """Numbers of a word."""
        return int(self.rows.shape[1])


@cache
def meanings() -> Meanings:
    """The table that ships, read once a process."""
    place = files("caselore.proposers.exemplars").joinpath("words.npz")
    with as_file(place) as path, np.load(path, allow_pickle=False) as held:
        return Meanings(held["hashes"], held["rows"].astype(np.float32) * held["scale"])


class _Known(dict[str, tuple[int, int, bool]]):
    """Word -> hash of its stem, row of its meaning (-1: none), whether it denies; worked out when first met."""

    def __missing__(self, word: str) -> tuple[int, int, bool]:
        table, own = meanings().hashes, zlib.crc32(word.encode())
        at = int(np.searchsorted(table, own))
        row = at if at < len(table) and table[at] == own else -1
        found = (zlib.crc32(stem(word).encode()), row, word in _denying() or word.endswith("n't"))
        if len(self) < 200_000:  # a bound for processes that run for weeks
            self[word] = found
        return found


_KNOWN = _Known()


@dataclass(frozen=True)
class Words:
    """The words of many sentences, one after another.

    `owner` is the number of a word's sentence, `meaning` its row in the table or -1, `denied` whether it follows a
    denial within its sentence; `count` is how many sentences there are.
    """

    stems: Hashes
    meaning: Places
    denied: NDArray[np.bool_]
    owner: Places
    count: int


def words(said: Sequence[Sequence[str]]) -> Words:
    """The words of sentences, each a list of lower-case words."""
    reach = int(settings()["reach"])
    known = _KNOWN
    stems: list[int] = []
    rows: list[int] = []
    denied: list[bool] = []
    for sentence in said:
        left = 0
        for word in sentence:
            hashed, row, denies = known[word]
            left = reach + 1 if denies else left - 1
            stems.append(hashed)
            rows.append(row)
            denied.append(left > 0)
    owner = np.repeat(np.arange(len(said)), [len(sentence) for sentence in said])
    return Words(np.array(stems, np.uint32), np.array(rows, np.int64), np.array(denied, bool), owner, len(said))


def terms(read: Words) -> tuple[NDArray[np.uint64], Places]:
    """Hashes of words and of pairs, with the sentence of each."""
    stems, owner = read.stems.astype(np.uint64), read.owner
    if not len(stems):
        return stems, owner
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    last = np.flatnonzero(np.diff(owner, append=-1))
    before = np.roll(stems, 1)
    before[first] = _START
    pairs = (before * _SPREAD + stems) & _MASK
    ends = (stems[last] * _SPREAD + np.uint64(_END)) & _MASK
    return np.concatenate([stems, pairs, ends]), np.concatenate([owner, owner, owner[last]])


@dataclass(frozen=True)
class Terms:
    """The terms that a model knows: hashes, ascending, and how rare each is (inverse document frequency)."""

    hashes: NDArray[np.uint64]
    idf: Floats

    def weighed(self, read: Words) -> tuple[Places, Places, Floats]:
        """The terms of each sentence: its number, ascending; the term's; and a weight (a sentence's have length 1)."""
        hashes, owner = terms(read)
        at = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        known = self.hashes[at] == hashes
        both, counts = np.unique(owner[known] * len(self.hashes) + at[known], return_counts=True)
        sentence, term = np.divmod(both, len(self.hashes))
        values = (1 + np.log(counts)) * self.idf[term]
        length = np.sqrt(np.bincount(sentence, values**2, minlength=read.count))
        return sentence, term, (values / length[sentence]).astype(np.float32)

    def times(self, read: Words, weights: Floats) -> Floats:
        """Sentences x columns: each sentence's terms by their weights (terms x columns)."""
        sentence, term, values = self.weighed(read)
        out = np.zeros((read.count, weights.shape[1]), np.float32)
        first = np.flatnonzero(np.diff(sentence, prepend=-1))
        if len(first):
            out[sentence[first]] = np.add.reduceat(weights[term] * values[:, None], first, axis=0)
        return out


def dense(read: Words) -> Floats:
    """Sentences x (2 x width + 1): where all words point, where the denied ones point, and whether any is denied."""
    table = meanings()
    out = np.zeros((read.count, 2 * table.width + 1), np.float32)
    known = read.meaning >= 0
    for part, used in enumerate((known, known & read.denied)):
        owner = read.owner[used]
        first = np.flatnonzero(np.diff(owner, prepend=-1))
        if len(first):
            summed = np.add.reduceat(table.rows[read.meaning[used]], first, axis=0)
            length = np.sqrt(np.einsum("ij,ij->i", summed, summed))[:, None]
            out[owner[first], part * table.width : (part + 1) * table.width] = summed / np.maximum(length, 1e-9)
    out[read.owner[read.denied], -1] = 1
    return out


def rows(read: Words, known: Terms) -> sparse.csr_matrix:
    """Sentences x all features: terms first, then meanings."""
    sentence, term, values = known.weighed(read)
    of_terms = sparse.csr_matrix((values, (sentence, term)), shape=(read.count, len(known.hashes)))
    return sparse.hstack([of_terms, sparse.csr_matrix(dense(read))], format="csr", dtype=np.float32)


def split(texts: Iterable[str]) -> list[list[str]]:
    """The words of texts that are not folded yet."""
    return [WORD.findall(text.lower().replace("’", "'")) for text in texts]


def learn_terms(read: Words, *, rarest: int = 2) -> Terms:
    """The terms that stand in at least so many sentences."""
    hashes, owner = terms(read)
    each = np.unique(np.stack([hashes, owner.astype(np.uint64)]), axis=1)
    found, counts = np.unique(each[0], return_counts=True)
    kept = counts >= rarest
    idf = np.log((1 + read.count) / (1 + counts[kept])) + 1
    return Terms(found[kept], idf.astype(np.float32))
