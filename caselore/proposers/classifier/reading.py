"""In: a case. Out: the passages that may be quoted as evidence, and the rows that the classifier reads it as."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from caselore.proposers.casetext import CaseText
from caselore.proposers.classifier.features import Features
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


def whole(text: CaseText) -> str:
    """The folded text of the case."""
    return text.folded[text.case.start : text.case.end]


@dataclass(frozen=True)
class Read:
    """A case as rows: one a passage, and one for the whole."""

    passages: sparse.csr_matrix
    case: sparse.csr_matrix


def read_case(text: CaseText, passages: tuple[Passage, ...], features: Features) -> Read:
    """The rows of a case; sentence vectors are made where the model uses them."""
    said = words(text, passages)
    vectors = sentence_vectors(said) if features.dimensions else None
    middle = None if vectors is None else mean_vector(vectors, features.dimensions)
    return Read(features.rows(said or [""], vectors_or_none(vectors, features)), features.rows([whole(text)], middle))


def vectors_or_none(vectors: Floats | None, features: Features) -> Floats | None:
    """Vectors with a row of zeros where there is no passage at all."""
    if vectors is None or len(vectors):
        return vectors
    return np.zeros((1, features.dimensions), dtype=np.float32)


def sentence_vectors(texts: list[str]) -> Floats:
    """Vectors of the installed model."""
    from caselore.proposers.classifier.vectors import encoder

    return encoder().encode(texts)


def mean_vector(vectors: Floats, dimensions: int) -> Floats:
    """Their mean, of length 1, as one row."""
    middle = vectors.mean(axis=0) if len(vectors) else np.zeros(dimensions, dtype=np.float32)
    length = float(np.linalg.norm(middle))
    return np.asarray(middle / length if length else middle, dtype=np.float32)[None, :]
