"""What to validate next, and how much is left: on made-up proposals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.proposers.ordering import doubts, next_cases, uncertainty, work_left
from caselore.records import Case, Code, Proposal


def proposal(name: str, **confidences: float) -> Proposal:
    codes = tuple(Code("agencies", code, sure, "rules@1.0") for code, sure in confidences.items())
    return Proposal(Case(name, f"{name}.txt", name, 0, 10), codes)


SURE = proposal("sure", police=0.97, cafcass=0.97)
UNSURE = proposal("unsure", police=0.5, cafcass=0.55)
ALIKE = proposal("alike", police=0.5, cafcass=0.56)
OTHER = proposal("other", housing=0.6, probation=0.6)


def test_doubtful_cases_come_before_sure_ones() -> None:
    assert [one.case for one in next_cases([SURE, UNSURE], 2)] == [1, 0]


def test_a_case_like_one_just_chosen_waits() -> None:
    assert [one.case for one in next_cases([UNSURE, ALIKE, OTHER], 3, diversity=1.0)] == [0, 2, 1]
    assert [one.case for one in next_cases([UNSURE, ALIKE, OTHER], 3, diversity=0.0)] == [0, 1, 2]


def test_validated_cases_are_not_named_again_and_make_their_likes_less_worth() -> None:
    found = next_cases([UNSURE, ALIKE, OTHER], 3, validated={0})
    assert [one.case for one in found] == [2, 1]
    assert found[0].novelty == 1.0
    assert found[1].novelty < 0.01


def test_a_case_without_codes_is_not_forgotten() -> None:
    assert next_cases([SURE, proposal("empty")])[0].case == 1


def test_doubts_name_codes_of_open_cases_the_evenest_first() -> None:
    found = doubts([SURE, UNSURE], validated={0})
    assert [(one.case, one.code.code) for one in found] == [(1, "police"), (1, "cafcass")]


def test_work_left_reaches_what_is_wanted() -> None:
    """90 of 100 codes were right: 100 cases of which 20 are done; m more give (20 + m + .9 (80 - m)) / 100."""
    cases = [SURE] * 100
    left = work_left(cases, 0.95, validated=range(20), right=90, wrong=10)
    assert left.measured
    assert left.low <= left.cases <= left.high
    rate = left.agreement
    done = 20 + left.cases
    assert (done + (100 - done) * rate) / 100 >= 0.95 > (done - 1 + (101 - done) * rate) / 100


def test_work_left_before_anything_is_validated_rests_on_confidence_and_says_so() -> None:
    left = work_left([SURE, UNSURE], 0.9)
    assert not left.measured
    assert left.agreement == pytest.approx((0.97 + 0.97 + 0.5 + 0.55) / 4)


def test_nothing_is_left_where_enough_agrees() -> None:
    assert work_left([SURE] * 10, 0.5, right=50, wrong=1).cases == 0


@given(st.floats(0, 1))
def test_uncertainty_is_the_same_for_yes_and_no(confidence: float) -> None:
    assert 0 <= uncertainty(confidence) <= 1
    assert uncertainty(confidence) == pytest.approx(uncertainty(1 - confidence), abs=1e-6)
