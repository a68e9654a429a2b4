"""Rounding rules: every figure that an honest rule prints is accepted, and impossible ones are not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.audit.rounding import RULES, fits, possible_counts, rules_that_fit, within


@given(st.integers(1, 5000), st.data(), st.sampled_from(sorted(RULES)), st.integers(0, 2))
def test_what_a_rule_prints_fits_by_that_rule(base: int, data: st.DataObject, rule: str, decimals: int) -> None:
    count = data.draw(st.integers(0, base))
    printed = RULES[rule](Fraction(100 * count, base) * 10**decimals) / 10**decimals
    assert rule in fits(count, base, printed, decimals)
    assert count in possible_counts(base, printed, decimals)


@given(st.integers(1, 400), st.integers(0, 100))
def test_an_impossible_percentage_is_that_of_no_count(base: int, printed: int) -> None:
    possible = {count for count in range(base + 1) if fits(count, base, printed, 0)}
    assert set(possible_counts(base, printed, 0)) == possible


@pytest.mark.parametrize(
    ("count", "base", "printed", "rules"),
    [(1, 8, 12, {"half even", "truncation"}), (1, 8, 13, {"half up"}), (3, 8, 37, {"truncation"}), (1, 3, 34, set())],
)
def test_the_rules_differ_at_a_half(count: int, base: int, printed: float, rules: set[str]) -> None:
    assert fits(count, base, printed, 0) == rules


def test_within_takes_rounded_and_cut_off_values_only() -> None:
    assert within(2.349, 2.3, 1)
    assert within(2.25, 2.3, 1)
    assert not within(2.4, 2.3, 1)
    assert not within(2.24, 2.3, 1)
    assert rules_that_fit(Fraction(12154, 1000), 12.2, 1) == {"half up", "half even"}
