"""Screening finds what is relevant early, says when to stop, and its learner agrees with scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

pytest.importorskip("sklearn")

from caselore.proposers.screening import Screening, _costs, fit

FILLER = [
    "the",
    "report",
    "of",
    "a",
    "hearing",
    "on",
    "a",
    "ward",
    "where",
    "staff",
    "and",
    "family",
    "were",
    "heard",
    "about",
    "care",
    "plan",
    "notes",
    "and",
    "handover",
]


def texts(relevant: set[int], count: int) -> list[str]:
    """Fictional: word salad, of which the relevant ones speak of trains."""
    generator = np.random.default_rng(3)
    out = []
    for n in range(count):
        words = list(generator.choice(FILLER, 40))
        if n in relevant:
            words += list(generator.choice(["railway", "platform", "crossing", "train"], 3))
        out.append(" ".join(words))
    return out


RELEVANT = set(range(0, 300, 15))


@pytest.fixture
def screening() -> Screening:
    return Screening(texts(RELEVANT, 300), seed=1)


def test_relevant_texts_come_first(screening: Screening) -> None:
    screening.label({0: True, 1: False})
    shown: list[int] = []
    while len(shown) < 30:
        batch = screening.next(5)
        assert not set(batch) & set(screening.labels)
        screening.label({n: n in RELEVANT for n in batch})
        shown += batch
    assert len(RELEVANT & set(shown)) >= 18


def test_before_anything_relevant_is_known_the_order_is_random_and_complete(screening: Screening) -> None:
    screening.label({1: False})
    assert sorted(screening.next(299)) == [n for n in range(300) if n != 1]


def test_it_says_when_enough_was_seen(screening: Screening) -> None:
    screening.label({0: True, 1: False})
    while not screening.enough().stop:
        screening.label({n: n in RELEVANT for n in screening.next(10)})
    assert len(screening.labels) < 300
    assert sum(screening.labels.values()) >= 0.95 * len(RELEVANT)


def test_the_same_seed_gives_the_same_order() -> None:
    orders = []
    for _ in range(2):
        one = Screening(texts(RELEVANT, 300), seed=4)
        one.label({0: True, 1: False})
        orders.append(one.next(50))
    assert orders[0] == orders[1]


def test_the_fit_is_that_of_scikit_learns_support_vector_machine() -> None:
    from sklearn.svm import LinearSVC

    generator = np.random.default_rng(0)
    rows = sparse.random(200, 30, density=0.3, random_state=0, format="csr", dtype=np.float32)
    rows = sparse.hstack([rows, np.ones((200, 1), dtype=np.float32)], format="csr", dtype=np.float32)
    answers = generator.random(200) < 0.2
    found = fit(rows, answers, np.zeros(31, dtype=np.float32), tolerance=1e-5)
    weights = _costs(answers) / 2
    theirs = LinearSVC(C=1.0, fit_intercept=False, tol=1e-8, max_iter=100_000).fit(rows, answers, sample_weight=weights)
    assert np.corrcoef(rows @ found, rows @ theirs.coef_[0])[0, 1] > 0.999
