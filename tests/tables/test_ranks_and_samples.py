"""Tests by rank, intervals by resampling, representativeness and sampling."""

from __future__ import annotations

from collections import Counter
from math import isnan
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from caselore.errors import TableError
from caselore.tables.ranks import bootstrap, kruskal_wallis, mann_whitney, spearman
from caselore.tables.samples import pick_sample, representativeness

PERMEABILITY = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
AT_TERM = [1.15, 0.88, 0.90, 0.74, 1.21]


def test_mann_whitney_as_published() -> None:
    """Hollander and Wolfe 1973, p. 69; R's wilcox.test: W = 35, one-sided exact p = 0.1272."""
    found = mann_whitney(PERMEABILITY, AT_TERM, names=("at term", "early"))
    assert (found.statistic, found.p) == (35, pytest.approx(2 * 0.1272, abs=1e-4))
    assert found.effect("chance of being higher") == 35 / 50
    assert found.effect("r (rank-biserial)") == pytest.approx(0.4)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=30), st.lists(st.integers(0, 30), min_size=2, max_size=30))
def test_mann_whitney_counts_who_is_higher(one: list[int], other: list[int]) -> None:
    found = mann_whitney(one, other, names=("a", "b"))
    wins = sum((x > y) + 0.5 * (x == y) for x in one for y in other)
    assert found.statistic == pytest.approx(wins)
    assert mann_whitney(other, one, names=("b", "a")).p == pytest.approx(found.p, nan_ok=True)


def test_kruskal_wallis_as_published() -> None:
    """Hollander and Wolfe 1973, p. 116; R's kruskal.test: H = 0.77143, df = 2, p = 0.68."""
    found = kruskal_wallis({"a": [2.9, 3.0, 2.5, 2.6, 3.2], "b": [3.8, 2.7, 4.0, 2.4], "c": [2.8, 3.4, 3.7, 2.2, 2.0]})
    assert (found.statistic, found.df, found.p) == (pytest.approx(0.77143, abs=5e-6), 2, pytest.approx(0.68, abs=5e-5))
    assert found.warnings == ("Fewer than five in b: p is an approximation.",)


def test_spearman_without_ties_is_the_formula_of_the_differences() -> None:
    one, other = list(range(12)), [3, 1, 0, 2, 5, 4, 8, 7, 6, 11, 10, 9]
    gaps = sum((x - y) ** 2 for x, y in zip(one, other, strict=True))
    found = spearman(one, other, names=("deprivation", "rate"))
    assert found.statistic == pytest.approx(1 - 6 * gaps / (12 * (144 - 1)))
    assert found.p == pytest.approx(stats.spearmanr(one, other).pvalue)
    (effect,) = found.effects
    assert effect.low is not None
    assert effect.high is not None
    assert effect.low < effect.value < effect.high


def test_a_correlation_needs_pairs_that_vary() -> None:
    assert isnan(spearman([1, 1, 1], [1, 2, 3], names=("a", "b")).p)
    with pytest.raises(TableError, match="needs pairs; a has 2 numbers and b 1"):
        spearman([1, 2], [1], names=("a", "b"))


def test_bootstrap_is_near_to_that_of_scipy_and_repeats() -> None:
    values = [float(one) for one in np.random.default_rng(4).gamma(2, 3, 40)]
    for of in (np.mean, np.median):
        low, high = bootstrap(values, of)
        theirs = stats.bootstrap((values,), of, n_resamples=20_000, method="BCa", random_state=3).confidence_interval
        assert low == pytest.approx(theirs.low, rel=0.05)
        assert high == pytest.approx(theirs.high, rel=0.05)
        assert bootstrap(values, of) == (low, high)
    assert bootstrap([4.0, 4.0, 4.0]) == (4, 4)
    assert all(map(isnan, bootstrap([1.0])))


def test_the_175_reports_represent_the_293_notifications() -> None:
    """Appendix A prints 0.4714 (p .4923) and 0.383 (p .536): against the full set, which overlaps, without Yates."""
    outcome = representativeness({"death": 123, "harm": 52}, {"death": 197, "harm": 96}, about="Outcome")
    assert outcome.against_full.statistic == pytest.approx(0.4714, abs=5e-5)
    assert outcome.against_full.p == pytest.approx(0.4923, abs=5e-5)
    assert "overlap" in outcome.against_full.warnings[0]
    gender = representativeness({"girl": 91, "boy": 84}, {"girl": 161, "boy": 132})
    assert gender.against_full.statistic == pytest.approx(0.383, abs=5e-4)
    assert gender.against_full.p == pytest.approx(0.536, abs=5e-4)
    age = representativeness({"0": 70, "1": 45, "6": 14, "11": 46}, {"0": 120, "1": 64, "6": 28, "11": 81})
    assert (age.against_full.df, age.against_full.statistic) == (3, pytest.approx(1.0999, abs=5e-5))  # printed 1.09
    assert age.against_full.p == pytest.approx(0.777, abs=5e-4)


def test_against_the_rest_the_groups_are_apart() -> None:
    found = representativeness(
        {"death": 123, "harm": 52}, {"death": 197, "harm": 96}, names=("with report", "notified")
    )
    assert found.against_rest.groups == (("with report", 175), ("rest of the notified", 118))
    theirs = stats.chi2_contingency([[123, 52], [74, 44]], correction=False)
    assert found.against_rest.statistic == pytest.approx(theirs.statistic)
    assert found.against_rest.p < found.against_full.p
    assert found.exact_rest.p == pytest.approx(stats.fisher_exact([[123, 52], [74, 44]]).pvalue)


def test_a_sub_sample_cannot_have_more_than_its_set() -> None:
    with pytest.raises(TableError, match="'death': the sample has 5 and the full set 4"):
        representativeness({"death": 5}, {"death": 4, "harm": 3})


def cases(seed: int, n: int = 120) -> dict[str, dict[str, str]]:
    chance = Random(seed)
    return {
        f"C{place:03}": {
            "gender": chance.choice(["girl", "boy"]),
            "outcome": chance.choice(["death", "death", "harm"]),
            "age": chance.choice(["baby", "child", "teen"]),
            "kind": "rare" if place % 40 == 7 else "common",
        }
        for place in range(n)
    }


TARGETS = {"gender": {"girl": 0.5, "boy": 0.5}, "outcome": {"death": 0.65, "harm": 0.35}, "age": {"baby": 0.4}}


@pytest.mark.parametrize("seed", range(6))
def test_a_sample_meets_its_targets_and_says_why(seed: int) -> None:
    found = cases(seed)
    sample = pick_sample(
        found, size=40, targets=TARGETS, always={"C000": "known nationally"}, every=[("kind", "rare")], seed=seed
    )
    chosen = [pick.case for pick in sample.picks]
    assert len(set(chosen)) == 40
    assert {case for case, known in found.items() if known["kind"] == "rare"} | {"C000"} <= set(chosen)
    for variable, shares in TARGETS.items():
        held = Counter(found[case][variable] for case in chosen)
        assert all(abs(held[category] - share * 40) <= 2 for category, share in shares.items())
    assert all(pick.reasons for pick in sample.picks)
    assert sample.picks[0].reasons[0] == "of named interest: known nationally"
    assert sample == pick_sample(
        found, size=40, targets=TARGETS, always={"C000": "known nationally"}, every=[("kind", "rare")], seed=seed
    )


def test_a_sample_says_which_targets_the_set_cannot_meet() -> None:
    found = {f"C{place}": {"gender": "girl" if place < 2 else "boy"} for place in range(30)}
    sample = pick_sample(found, size=10, targets={"gender": {"girl": 0.5, "boy": 0.5}})
    assert sample.short == (("gender", "girl", 5, 2),)


def test_a_sample_that_cannot_be_taken_is_refused() -> None:
    with pytest.raises(TableError, match="cannot be taken from 120"):
        pick_sample(cases(1), size=121, targets=TARGETS)
    with pytest.raises(TableError, match="No case has a variable"):
        pick_sample(cases(1), size=10, targets={"colour": {"red": 1.0}})
    with pytest.raises(TableError, match="must be in the sample, and it is to hold 3"):
        pick_sample(cases(1), size=3, targets={}, every=[("gender", "girl")])
