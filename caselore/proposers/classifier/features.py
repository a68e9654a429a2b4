"""In: texts. Out: sparse rows of TF-IDF weights of words and of character n-grams, and sentence vectors if wanted.

Terms are hashed (Weinberger et al. 2009): the file of a model then holds no word of a review.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float32]
Places = NDArray[np.int32]

HASHED = 2**18
BLOCKS: tuple[tuple[dict[str, Any], float], ...] = (
    ({"analyzer": "word", "ngram_range": (1, 2)}, 1.0),
    ({"analyzer": "char_wb", "ngram_range": (4, 4)}, 0.7),
)
"""What a term of each block is, and what the block weighs. Longer and shorter runs of letters added nothing."""

RAREST = 2
"""A term must stand in so many passages: one that is nowhere else teaches nothing, and may be a name."""

MOST_TERMS = 40_000
"""Terms that a block keeps, the commonest first."""

Counted = tuple[sparse.csr_matrix, ...]
"""For each block how often each hashed term stands in each text."""


@dataclass(frozen=True)
class Block:
    """The terms of one block: their hashed places, ascending, and their inverse document frequencies."""

    places: Places
    idf: Floats

    @cached_property
    def columns(self) -> NDArray[np.int32]:
        """The column of every hashed place, -1 where the block does not know it."""
        out = np.full(HASHED, -1, dtype=np.int32)
        out[self.places] = np.arange(len(self.places), dtype=np.int32)
        return out


@dataclass(frozen=True)
class Features:
    """How a text becomes a row. `dimensions` is the length of the sentence vectors, 0 without."""

    blocks: tuple[Block, ...]
    dimensions: int = 0

    @property
    def width(self) -> int:
        """Columns of a row."""
        return sum(len(block.places) for block in self.blocks) + self.dimensions

    def rows(self, counted: Counted, vectors: Floats | None = None) -> sparse.csr_matrix:
        """One row a text, each block of one length; `vectors` (texts x dimensions) where the model uses them."""
        parts = [
            _weighed(one, block, BLOCKS[n][1]) for n, (one, block) in enumerate(zip(counted, self.blocks, strict=True))
        ]
        if self.dimensions:
            assert vectors is not None
            parts.append(sparse.csr_matrix(vectors))
        return sparse.hstack(parts, format="csr", dtype=np.float32)

    def words(self, words: Sequence[str]) -> NDArray[np.int64]:
        """The column of each single word, -1 where the model does not know it."""
        hashed = _counts(words, BLOCKS[0][0])
        out = np.full(len(words), -1, dtype=np.int64)
        single = np.flatnonzero(np.diff(hashed.indptr) == 1)
        out[single] = self.blocks[0].columns[hashed.indices[hashed.indptr[single]]]
        return out


def learn_features(counted: Counted, dimensions: int = 0) -> Features:
    """The terms of the texts with their frequencies. Looks at no code, so it may see every fold."""
    return Features(tuple(_learned(one) for one in counted), dimensions)


def count(texts: Sequence[str]) -> Counted:
    """The counts of texts."""
    return tuple(_counts(texts, what) for what, _ in BLOCKS)


def together(counted: Counted, owner: NDArray[np.int64], owners: int) -> Counted:
    """Counts of the owners of texts (-1: nobody): a case's are the sum of its passages'."""
    owned = np.flatnonzero(owner >= 0)
    ones = np.ones(len(owned), dtype=np.float32)
    adding = sparse.csr_matrix((ones, (owner[owned], owned)), shape=(owners, len(owner)))
    return tuple((adding @ one).tocsr() for one in counted)


def _counts(texts: Sequence[str], what: dict[str, Any]) -> sparse.csr_matrix:
    from sklearn.feature_extraction.text import HashingVectorizer

    made = HashingVectorizer(n_features=HASHED, alternate_sign=False, norm=None, dtype=np.float32, **what)
    return made.transform(texts)


def _learned(found: sparse.csr_matrix) -> Block:
    frequency = np.bincount(found.indices, minlength=HASHED)
    kept = np.flatnonzero(frequency >= RAREST)
    if len(kept) > MOST_TERMS:
        kept = np.sort(kept[np.argsort(-frequency[kept], kind="stable")[:MOST_TERMS]])
    idf = np.log((1 + found.shape[0]) / (1 + frequency[kept])) + 1
    return Block(kept.astype(np.int32), idf.astype(np.float32))


def _weighed(found: sparse.csr_matrix, block: Block, weight: float) -> sparse.csr_matrix:
    """Of the terms that the block knows: 1 + log of the count, times the idf, each row of length `weight`."""
    columns = block.columns[found.indices]
    known = columns >= 0
    row = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))[known]
    columns = columns[known]
    values = (1 + np.log(found.data[known])) * block.idf[columns]
    length = np.sqrt(np.bincount(row, values.astype(np.float64) ** 2, minlength=found.shape[0]))
    values = (values * (weight / length[row])).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=found.shape[0]))])
    return sparse.csr_matrix((values, columns, starts), shape=(found.shape[0], len(block.places)))
