"""In: a case. Out: the passages that may be quoted as evidence, and the rows that the classifier reads it as."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from caselore.proposers.casetext import CaseText
from caselore.proposers.classifier.features import Features, count, together
from caselore.records import Passage

Floats = NDArray[np.float32]

SILENT_SECTIONS = frozenset({"contents", "references"})


def quotable(text: CaseText) -> tuple[Passage, ...]:
    """Sentences and rows of tables, outside lists of contents and of references."""
    return tuple(
        passage for passage in text.passages if passage.kind != "heading" and passage.section not in SILENT_SECTIONS
    )


def words(text: CaseText, passages: tuple[Passage, ...]) -> list[str]:
    """The folded words of passages."""
    return [text.folded[passage.start : passage.end] for passage in passages]


@dataclass(frozen=True)
class Read:
    """A case as rows: one a passage (at least one), and one for the whole."""

    passages: sparse.csr_matrix
    case: sparse.csr_matrix


def read_case(text: CaseText, passages: tuple[Passage, ...], features: Features) -> Read:
    """The rows of a case; sentence vectors are made where the model uses them."""
    said = words(text, passages) or [""]
    counted = count(said)
    whole = together(counted, np.zeros(len(said), dtype=np.int64), 1)
    if not features.dimensions:
        return Read(features.rows(counted), features.rows(whole))
    vectors = sentence_vectors(said)
    return Read(features.rows(counted, vectors), features.rows(whole, mean_vector(vectors)))


def sentence_vectors(texts: list[str]) -> Floats:
    """Vectors of the installed model."""
    from caselore.proposers.classifier.vectors import encoder

    return encoder().encode(texts)


def mean_vector(vectors: Floats) -> Floats:
    """Their mean, of length 1, as one row."""
    middle = vectors.sum(axis=0)
    return np.asarray(middle / max(float(np.linalg.norm(middle)), 1e-9), dtype=np.float32)[None, :]
