"""The statistical stopping rule: its probabilities against direct counting, and its promise under simulation."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caselore.proposers.stopping import after_sample, in_order


def test_p_is_the_chance_of_so_few_in_the_sample() -> None:
    """Counted by hand: 19 found before; one left unseen would make 19 of 20, which is 95 %; two would miss it."""
    verdict = after_sample(19, 100, 60, 0, target=0.95)
    assert verdict.p == pytest.approx(comb(98, 60) / comb(100, 60))
    assert not verdict.stop
    assert after_sample(19, 100, 85, 0, target=0.95).stop


def test_the_bound_of_recall_is_the_one_that_the_sample_does_not_refute() -> None:
    verdict = after_sample(19, 100, 60, 0, confidence=0.95)
    left = round(19 / verdict.recall) - 19
    assert comb(100 - left, 60) / comb(100, 60) >= 0.05
    assert comb(100 - left - 1, 60) / comb(100, 60) < 0.05


def test_nothing_left_is_certainty() -> None:
    assert in_order([True, False, False], 3).stop
    assert after_sample(3, 10, 10, 1).stop
    assert after_sample(3, 10, 10, 1).recall == 1.0


def test_nothing_found_never_stops() -> None:
    assert not in_order([False] * 500, 1000).stop


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="sample"):
        after_sample(3, 10, 11, 1)


def test_after_a_random_sample_the_rule_is_wrong_no_oftener_than_it_says() -> None:
    """1,000 corpora in which recall is just below the target when the sample is drawn."""
    generator = np.random.default_rng(1)
    wrong = 0
    for _ in range(1000):
        missed, before, left = 6, 100, 500  # recall 100 / 106 = .943
        hidden = np.zeros(left, dtype=bool)
        hidden[:missed] = True
        found = int(generator.permutation(hidden)[:200].sum())
        still = before + found < 0.95 * (before + missed)
        wrong += still and after_sample(before, left, 200, found, target=0.95).stop
    assert wrong / 1000 <= 0.05


@given(
    before=st.integers(0, 60),
    left=st.integers(1, 200),
    share=st.floats(0, 1),
    found_share=st.floats(0, 1),
    target=st.sampled_from([0.8, 0.9, 0.95]),
)
@settings(max_examples=200, deadline=None)
def test_a_verdict_is_a_probability_and_a_recall(
    before: int, left: int, share: float, found_share: float, target: float
) -> None:
    sampled = max(1, int(share * left))
    found = int(found_share * sampled)
    verdict = after_sample(before, left, sampled, found, target=target)
    assert 0 <= verdict.p <= 1
    assert 0 <= verdict.recall <= 1
    if verdict.recall >= target and before + found and sampled < left:
        assert verdict.stop


@given(labels=st.lists(st.booleans(), min_size=1, max_size=120), more=st.integers(1, 200))
@settings(max_examples=100, deadline=None)
def test_more_irrelevant_ones_never_argue_against_stopping(labels: list[bool], more: int) -> None:
    documents = len(labels) + more
    before = in_order(labels, documents)
    after = in_order([*labels, False], documents)
    assert after.p <= before.p + 1e-9
