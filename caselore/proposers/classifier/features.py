"""In: texts. Out: sparse rows of TF-IDF weights of words and of character n-grams, and sentence vectors if wanted.

Terms are hashed (Weinberger et al. 2009): the file of a model then holds no word of a review.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float32]
Places = NDArray[np.int32]

HASHED = 2**18
BLOCKS: tuple[tuple[str, dict[str, Any], float], ...] = (
    ("words", {"analyzer": "word", "ngram_range": (1, 2)}, 1.0),
    ("letters", {"analyzer": "char_wb", "ngram_range": (3, 5)}, 0.7),
)
"""Each block: its name, what a term is, and what the block weighs."""

VECTOR_WEIGHT = 1.0
RAREST = 2
"""A term must stand in so many training texts: one that is nowhere else teaches nothing, and may be a name."""

MOST_TERMS = 40_000
"""Terms that a block keeps, the commonest first."""


@dataclass(frozen=True)
class Block:
    """The terms of one block: their hashed places, ascending, and their inverse document frequencies."""

    places: Places
    idf: Floats


@dataclass(frozen=True)
class Features:
    """How a text becomes a row. `dimensions` is the length of the sentence vectors, 0 without."""

    blocks: tuple[Block, ...]
    dimensions: int = 0

    @property
    def width(self) -> int:
        """Columns of a row."""
        return sum(len(block.places) for block in self.blocks) + self.dimensions

    def rows(self, texts: Sequence[str], vectors: Floats | None = None) -> sparse.csr_matrix:
        """One row a text, each block of length 1; `vectors` (texts x dimensions) where the model uses them."""
        parts = [
            _weighed(counts(texts, n), block) * BLOCKS[n][2] for n, block in enumerate(self.blocks)
        ]  # fmt: skip
        if self.dimensions:
            assert vectors is not None
            parts.append(sparse.csr_matrix(vectors * VECTOR_WEIGHT))
        return sparse.hstack(parts, format="csr", dtype=np.float32)

    def words(self, words: Sequence[str]) -> NDArray[np.int64]:
        """The column of each single word, -1 where the model does not know it."""
        places = self.blocks[0].places
        hashed = counts(words, 0)
        out = np.full(len(words), -1, dtype=np.int64)
        for row in np.flatnonzero(np.diff(hashed.indptr) == 1):
            place = hashed.indices[hashed.indptr[row]]
            at = int(np.searchsorted(places, place))
            if at < len(places) and places[at] == place:
                out[row] = at
        return out


def learn_features(texts: Sequence[str], dimensions: int = 0) -> Features:
    """The terms of the texts with their frequencies. Looks at no code, so it may see every fold."""
    return Features(tuple(_learned(counts(texts, n)) for n in range(len(BLOCKS))), dimensions)


def counts(texts: Sequence[str], block: int) -> sparse.csr_matrix:
    """How often each hashed term stands in each text."""
    from sklearn.feature_extraction.text import HashingVectorizer

    made = HashingVectorizer(
        n_features=HASHED, alternate_sign=False, norm=None, dtype=np.float32, **BLOCKS[block][1]
    )  # fmt: skip
    return made.transform(texts)


def _learned(found: sparse.csr_matrix) -> Block:
    frequency = np.bincount(found.indices, minlength=HASHED)
    kept = np.flatnonzero(frequency >= RAREST)
    if len(kept) > MOST_TERMS:
        kept = np.sort(kept[np.argsort(-frequency[kept], kind="stable")[:MOST_TERMS]])
    idf = np.log((1 + found.shape[0]) / (1 + frequency[kept])) + 1
    return Block(kept.astype(np.int32), idf.astype(np.float32))


def _weighed(found: sparse.csr_matrix, block: Block) -> sparse.csr_matrix:
    """Of the terms that the block knows: 1 + log of the count, times the idf, each row of length 1."""
    rows = found[:, block.places].tocsr()
    rows.data = 1 + np.log(rows.data)
    rows = rows.multiply(block.idf[None, :]).tocsr()
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    return sparse.diags(scale.astype(np.float32)) @ rows
