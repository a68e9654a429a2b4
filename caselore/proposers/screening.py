"""In: the texts of a corpus, and one label after another. Out: what to look at next, and whether enough was seen.

Active learning by relevance: a linear support vector machine on TF-IDF, retrained after every few labels, shows the
likeliest first (Cormack and Grossman 2014). Besides the labelled, a draw of those not looked at is presumed
irrelevant, which keeps the first rounds from believing a handful of labels too much (AutoTAR; the same, 2015).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from caselore.proposers.classifier.learning import needs_learning
from caselore.proposers.stopping import CONFIDENCE, RECALL, Verdict, in_order

Floats = NDArray[np.float32]

COST = 0.11
RATIO = 9.8
"""What an error costs against the size of the weights, and how much more all relevant ones weigh than all others: the
figures that ASReview's ELAS u4 was tuned to on some thirty systematic reviews."""

PRESUMED = 2_000
TOLERANCE = 0.05
MOST_STEPS = 10
MOST_TURNS = 20
"""Newton steps of a retrain, and turns of conjugate gradients in each; both start from the last weights."""


class Screening:
    """A corpus being screened for one topic. A text is known by its place in the sequence.

    For a second topic on the same corpus hand over `rows` in the place of the texts.

    >>> screening = Screening(texts)  # doctest: +SKIP
    >>> screening.label({0: True, 7: False})  # doctest: +SKIP
    >>> screening.next(10)  # doctest: +SKIP
    """

    def __init__(self, texts: Sequence[str] | sparse.csr_matrix, *, seed: int = 0) -> None:
        self.rows: Any = texts if sparse.issparse(texts) else rows_of(texts)
        self.labels: dict[int, bool] = {}
        self._generator = np.random.default_rng(seed)
        self.forget()

    def forget(self) -> None:
        """Start the next retrain from nothing."""
        self._weights: Floats = np.zeros(self.rows.shape[1], dtype=np.float32)

    def label(self, labels: Mapping[int, bool]) -> None:
        """Take labels in the order in which they were given."""
        self.labels |= labels

    def next(self, count: int = 1) -> list[int]:
        """The texts to look at next, the likeliest first; at random until there is a relevant one to learn from."""
        left = self._left()
        if not any(self.labels.values()):
            return [int(n) for n in self._generator.permutation(left)[:count]]
        scores = self.scores()[left]
        return [int(n) for n in left[np.argsort(-scores, kind="stable")[:count]]]

    def scores(self) -> Floats:
        """How relevant each text looks after a retrain on all labels so far."""
        self.retrain()
        return np.asarray(self.rows @ self._weights, dtype=np.float32)

    def retrain(self) -> None:
        """Learn from all labels, starting from the weights of the last time."""
        seen = np.fromiter(self.labels, dtype=np.int64)
        relevant = np.fromiter(self.labels.values(), dtype=bool)
        left = self._left()
        presumed = self._generator.choice(left, size=min(PRESUMED, len(left)), replace=False)
        answers = np.concatenate([relevant, np.zeros(len(presumed), dtype=bool)])
        self._weights = fit(self.rows[np.concatenate([seen, presumed])], answers, self._weights)

    def enough(self, *, target: float = RECALL, confidence: float = CONFIDENCE) -> Verdict:
        """Whether to stop, by the labels in their order; see `stopping.after_sample` for the rule without reserve."""
        return in_order(list(self.labels.values()), self.rows.shape[0], target=target, confidence=confidence)

    def _left(self) -> NDArray[np.int64]:
        out = np.ones(self.rows.shape[0], dtype=bool)
        out[list(self.labels)] = False
        return np.flatnonzero(out)


def rows_of(texts: Iterable[str]) -> sparse.csr_matrix:
    """TF-IDF of words and pairs of words, each row of length 1, and a column of ones for the level."""
    needs_learning()
    from sklearn.feature_extraction.text import TfidfVectorizer

    reader = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=0.95, dtype=np.float32)
    rows = reader.fit_transform(texts)
    ones = np.ones((rows.shape[0], 1), dtype=np.float32)
    return sparse.hstack([rows, ones], format="csr", dtype=np.float32)


def fit(rows: sparse.csr_matrix, answers: NDArray[np.bool_], start: Floats, *, tolerance: float = TOLERANCE) -> Floats:
    """The weights of a support vector machine with squared hinge loss, by Newton's method from `start`.

    Chapelle (2007, Neural Computation 19:1155): few steps, each solved by conjugate gradients on sparse rows.
    """
    sign = np.where(answers, 1, -1).astype(np.float32)
    cost = _costs(answers)
    back = rows.T
    weights, scores = start, np.asarray(rows @ start, dtype=np.float32)
    enough = tolerance * float(np.linalg.norm(back @ (cost * sign)))
    for _ in range(MOST_STEPS):
        active = np.where(sign * scores < 1, cost, 0).astype(np.float32)
        slope = weights + back @ (active * (scores - sign))
        if float(np.linalg.norm(slope)) <= enough:
            break
        step = _solved(rows, back, active, -slope)
        moved = np.asarray(rows @ step, dtype=np.float32)
        size = _step_size(weights, scores, step, moved, sign, cost, float(slope @ step))
        weights, scores = weights + size * step, scores + size * moved
    return weights


def _costs(answers: NDArray[np.bool_]) -> Floats:
    relevant = max(int(answers.sum()), 1)
    weight = (
        np.where(answers, RATIO * (len(answers) - relevant) / relevant, 1.0) if not answers.all() else answers * 1.0
    )
    return np.asarray(2 * COST * weight * len(answers) / weight.sum(), dtype=np.float32)


def _solved(rows: sparse.csr_matrix, back: sparse.csc_matrix, active: Floats, wanted: Floats) -> Floats:
    """x with (1 + back active rows) x = wanted, by conjugate gradients to a tenth."""
    found = np.zeros_like(wanted)
    rest, way = wanted.copy(), wanted.copy()
    size = first = float(rest @ rest)
    for _ in range(MOST_TURNS):
        bent = way + back @ (active * (rows @ way))
        length = size / float(way @ bent)
        found += np.float32(length) * way
        rest -= np.float32(length) * bent
        before, size = size, float(rest @ rest)
        if size <= 0.01 * first:
            break
        way = rest + np.float32(size / before) * way
    return found


def _step_size(
    weights: Floats, scores: Floats, step: Floats, moved: Floats, sign: Floats, cost: Floats, slope: float
) -> np.float32:
    """The first of 1, 1/2, 1/4 ... that lowers the loss enough (Armijo)."""

    def loss(size: float) -> float:
        short = np.maximum(0, 1 - sign * (scores + size * moved))
        place = weights + size * step
        return float(0.5 * place @ place + 0.5 * (cost * short) @ short)

    size, now = 1.0, loss(0.0)
    while loss(size) > now + 1e-4 * size * slope and size > 1e-3:
        size /= 2
    return np.float32(size)
