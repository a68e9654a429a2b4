"""Agreement on where words stand and in which order decisions were taken. All texts and cases are made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.agreement.intervals import Method
from caselore.agreement.sequences import (
    OTHER_AGENCY,
    UNSTATED_AGENCY,
    Sequel,
    align,
    distance,
    order_tau,
    sequence_alpha,
    sequence_similarity,
)
from caselore.agreement.spans import Continuum, Span, merged, overlap_f1, unitised_alpha
from caselore.errors import EvaluationError

BARE = Method("none")

marks = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), max_size=5).map(
    lambda found: merged([Span(start, start + length) for start, length in found])
)


@given(marks, marks)
def test_one_kind_of_mark_is_alpha_of_characters_but_for_self_pairs(
    one: tuple[Span, ...], other: tuple[Span, ...]
) -> None:
    """Observed disagreement is that of the characters one by one."""
    found = unitised_alpha([Continuum(80, {"A": one, "B": other})], method=BARE)
    inside = [{n for span in side for n in range(span.start, span.end)} for side in (one, other)]
    if found.value is not None:
        assert found.observed == pytest.approx(1 - len(inside[0] ^ inside[1]) / 80)
        assert found.value <= 1


@given(marks)
def test_the_same_marks_agree(one: tuple[Span, ...]) -> None:
    found = unitised_alpha([Continuum(80, {"A": one, "B": one})], method=BARE)
    assert found.value == pytest.approx(1) if one else found.value is None
    assert overlap_f1([Continuum(80, {"A": one, "B": one})], method=BARE).value == (1 if one else None)


def test_texts_are_resampled_whole() -> None:
    good = Continuum(50, {"A": (Span(0, 10),), "B": (Span(0, 10),)})
    bad = Continuum(50, {"A": (Span(0, 10),), "B": (Span(30, 40),)})
    found = unitised_alpha([good] * 6 + [bad] * 3)
    assert found.lower is not None
    assert found.upper is not None
    assert found.value is not None
    assert found.lower < found.value < found.upper <= 1
    assert "texts" in found.how


def test_marks_meet_within_some_characters_and_once() -> None:
    one, other = (Span(0, 5), Span(20, 25)), (Span(7, 9), Span(21, 22), Span(23, 24))
    near = [Continuum(50, {"A": one, "B": other})]
    assert overlap_f1(near).value == pytest.approx(2 * 1 / 5)
    assert overlap_f1(near, tolerance=2).value == pytest.approx(2 * 2 / 5)
    assert overlap_f1(near, tolerance=1).value == pytest.approx(2 * 1 / 5)


def test_marks_of_a_coder_are_joined_or_refused() -> None:
    assert merged([Span(3, 8, "a"), Span(0, 4, "a"), Span(8, 9, "a")]) == (Span(0, 9, "a"),)
    with pytest.raises(EvaluationError, match="'a' and 'b'"):
        merged([Span(0, 4, "a"), Span(3, 8, "b")])


def test_nothing_marked_is_said() -> None:
    assert unitised_alpha([Continuum(9, {"A": (), "B": ()})]).notes == ("Nobody marked anything.",)
    assert unitised_alpha([Continuum(9, {"A": (Span(0, 2),)})]).value is None


REFERRED, HELD, CHARGED = ("referral_made", "police"), ("strategy_discussion", None), ("prosecution_conviction", "cps")


def test_costs_of_steps() -> None:
    by_school: Sequel = (("referral_made", "education"),)
    unstated: Sequel = (("referral_made", None),)
    assert distance((REFERRED,), (REFERRED,)) == 0
    assert distance((REFERRED,), by_school) == OTHER_AGENCY
    assert distance((REFERRED,), unstated) == UNSTATED_AGENCY
    assert distance((REFERRED,), ()) == 1
    assert distance((REFERRED, HELD), (REFERRED, HELD, CHARGED)) == pytest.approx(1 / 3)
    assert distance((), ()) == 0


def test_an_alignment_tells_what_was_left_out_and_keeps_what_is_common() -> None:
    found = align((REFERRED, HELD, CHARGED), (REFERRED, CHARGED))
    assert [(each.one, each.other) for each in found] == [(0, 0), (1, None), (2, 1)]
    turned = align((REFERRED, HELD, CHARGED), (REFERRED, CHARGED, HELD))
    assert sum(each.cost == 0 for each in turned) == 2


steps = st.lists(st.sampled_from([REFERRED, HELD, CHARGED, ("referral_made", None)]), max_size=6).map(tuple)


@given(steps, steps)
def test_distance_is_even_and_bounded_and_the_alignment_adds_up(one: Sequel, other: Sequel) -> None:
    apart = distance(one, other)
    assert apart == pytest.approx(distance(other, one))
    assert 0 <= apart <= 1
    assert (apart == 0) == (one == other)
    found = align(one, other)
    assert [each.one for each in found if each.one is not None] == list(range(len(one)))
    assert [each.other for each in found if each.other is not None] == list(range(len(other)))


def test_sequences_of_cases() -> None:
    told = {
        "first": {"A": (REFERRED, HELD), "B": (REFERRED, HELD)},
        "second": {"A": (CHARGED, HELD), "B": (HELD, CHARGED)},
        "third": {"A": (), "B": (CHARGED,)},
        "fourth": {"A": (), "B": ()},
    }
    similar = sequence_similarity(told)
    assert similar.value == pytest.approx((1 + 0 + 0) / 3)  # two empty sequences are no question
    assert similar.units == 3
    assert order_tau(told).value == 0  # one pair in order, one turned
    alpha = sequence_alpha(told)
    assert alpha.value is not None
    assert alpha.value < 1
    same = {case: {"A": by["A"], "B": by["A"]} for case, by in told.items()}
    assert sequence_alpha(same).value == pytest.approx(1)
