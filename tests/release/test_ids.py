"""Case ids say nothing, and stay the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from caselore.release.ids import CASE_ID, case_ids, case_key

keys = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(st.lists(keys, unique=True), st.randoms())
def test_ids_do_not_depend_on_the_order(found, random):
    mixed = random.sample(found, len(found))
    ids = case_ids(found)
    assert ids == case_ids(mixed)
    assert len(set(ids.values())) == len(found)
    assert all(CASE_ID.fullmatch(each) for each in ids.values())


def test_ids_that_would_be_the_same_grow_together():
    one, two, other = "ab" * 32, "ab" * 31 + "cd", "cd" * 32
    ids = case_ids([one, two, other])
    assert ids[other] == "C-cdcdcdcd"
    assert len(ids[one]) == len(ids[two]) == 66
    assert ids[one] != ids[two]


def test_a_case_has_the_same_id_in_every_release():
    assert case_ids([case_key("ab" * 32, 7)]) == {case_key("ab" * 32, 7): "C-ea3bab63"}
