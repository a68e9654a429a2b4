"""Sequences abreast: what is the same, by another agency, moved, or told by some only."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from caselore.agreement.abreast import abreast
from caselore.agreement.sequences import Sequel

REFERRED, BY_SCHOOL, MET, CHARGED = (
    ("referral_made", "police"),
    ("referral_made", "school"),
    ("met", None),
    ("charged", "cps"),
)


def shown(*told: Sequel) -> list[tuple[tuple[int | None, ...], str]]:
    return [(line.at, line.mark) for line in abreast(told)]


def test_two_sequences() -> None:
    assert shown((REFERRED, MET), (BY_SCHOOL, MET, CHARGED)) == [
        ((0, 0), "agency"),
        ((1, 1), "same"),
        ((None, 2), "only"),
    ]
    assert shown((), (MET,)) == [((None, 0), "only")]
    assert shown((), ()) == []


def test_a_step_that_stands_elsewhere_is_moved_and_not_left_out() -> None:
    lines = abreast(((REFERRED, MET, CHARGED), (MET, CHARGED, REFERRED)))
    assert [(line.at, line.mark, line.elsewhere) for line in lines] == [
        ((0, None), "moved", 3), ((1, 0), "same", None), ((2, 1), "same", None), ((None, 2), "moved", 0),
    ]  # fmt: skip


def test_of_two_steps_that_may_have_moved_the_one_of_the_same_agency_has() -> None:
    lines = abreast(((BY_SCHOOL, REFERRED, MET, CHARGED), (MET, CHARGED, REFERRED)))
    assert {line.at: line.mark for line in lines} == {
        (0, None): "only", (1, None): "moved", (2, 0): "same", (3, 1): "same", (None, 2): "moved",
    }  # fmt: skip


def test_three_sequences() -> None:
    assert shown((REFERRED, MET), (MET,), (REFERRED, MET)) == [((0, None, 0), "only"), ((1, 0, 1), "same")]
    turned = shown((REFERRED, MET), (MET, REFERRED), (REFERRED, MET))
    assert sorted(mark for _, mark in turned) == ["moved", "moved", "same"]


steps = st.lists(st.sampled_from([REFERRED, BY_SCHOOL, MET, CHARGED]), max_size=6).map(tuple)


@given(st.lists(steps, min_size=1, max_size=4))
def test_every_step_stands_once_and_in_its_order(told: list[Sequel]) -> None:
    lines = abreast(told)
    for column, sequence in enumerate(told):
        assert [line.at[column] for line in lines if line.at[column] is not None] == list(range(len(sequence)))
    for number, line in enumerate(lines):
        types = {sequence[at][0] for sequence, at in zip(told, line.at, strict=True) if at is not None}
        assert len(types) == 1
        assert (line.mark in ("same", "agency")) == (None not in line.at)
        if line.elsewhere is not None:
            assert lines[line.elsewhere].elsewhere == number
    if len({tuple(each) for each in told}) == 1:
        assert {line.mark for line in lines} <= {"same"}
