"""Trainers are told the codes that a release told as settled: none that is newer, disputed or overruled."""

from __future__ import annotations

import pytest

from caselore.store import queries
from caselore.store.actions import adjudication, coding, passes, planning, releasing
from caselore.store.search import facets, search, seen_codings
from caselore.store.settled import releases, upheld_codes


@pytest.fixture
def people(person):
    return {name: person(name) for name in ("ann", "ben")} | {
        "jo": person("jo", "adjudicator"), "tess": person("tess", "trainer"),
    }  # fmt: skip


def read(coder, case, *codes: str, **fields: str) -> None:
    reading = passes.open_pass(coder, case)
    for field, code in [("agencies", code) for code in codes] + list(fields.items()):
        coding.add(coder, reading, field, code, reason="told")
    passes.submit_pass(coder, reading)


def both(people, case, first, second) -> None:
    for name in ("ann", "ben"):
        planning.assign(people["owner"], case, people[name])
    for name, codes in (("ann", first), ("ben", second)):
        read(people[name], case, **codes) if isinstance(codes, dict) else read(people[name], case, *codes)


def told(viewer) -> set[str]:
    return {code for _, code in seen_codings(viewer).values_list("field", "code")}


def found(viewer, code: str) -> int:
    return search(viewer, "", filters={"code": code}).total


@pytest.fixture
def all_(people, owner):
    return people | {"owner": owner}


def test_what_is_submitted_after_a_release_waits_for_the_next(owner, case, all_) -> None:
    tess = all_["tess"]
    planning.assign(owner, case, all_["ben"], blind_first=True)
    releasing.mark_released(owner, "first", [case.pk])
    read(all_["ann"], case, "police")
    assert (told(tess), found(tess, "agencies:police"), facets(tess)["agency"]) == (set(), 0, [])
    releasing.mark_released(owner, "second", [case.pk])
    assert (told(tess), found(tess, "agencies:police"), facets(tess)["agency"]) == ({"police"}, 1, [("police", 1)])
    assert list(releases()) == ["first", "second"]
    read(all_["ben"], case, "police")
    releasing.mark_released(owner, "second", [case.pk])
    assert seen_codings(tess).count() == 2


def test_what_coders_dispute_is_told_only_as_an_adjudicator_settles_it(owner, case, all_) -> None:
    tess, jo = all_["tess"], all_["jo"]
    both(all_, case, ["police", "housing"], ["police", "health_gp"])
    releasing.mark_released(owner, "first", [case.pk])
    assert told(tess) == {"police"}
    adjudication.adjudicate(jo, case, "agencies", code="housing", reason="The chronology tells.")
    adjudication.adjudicate(jo, case, "agencies", code="education_school", reason="It is on page 4.")
    assert told(tess) == {"police"}
    assert not upheld_codes().exists()
    releasing.mark_released(owner, "second", [case.pk])
    assert told(tess) == {"police", "housing"}
    assert set(upheld_codes().values_list("code", flat=True)) == {"housing", "education_school"}


def test_what_is_overruled_is_told_no_more(owner, case, all_) -> None:
    tess, jo = all_["tess"], all_["jo"]
    both(all_, case, {"agencies": "police", "outcome": "death"}, {"agencies": "police", "outcome": "death"})
    releasing.mark_released(owner, "first", [case.pk])
    assert told(tess) == {"police", "death"}
    adjudication.adjudicate(jo, case, "outcome", code="serious_harm", reason="The child lived.")
    assert told(tess) == {"police"}
    adjudication.adjudicate(jo, case, "agencies", code="police", holds=False, reason="They were not called.")
    assert told(tess) == set()


def test_a_second_pass_of_a_person_stands_for_the_first(owner, case, all_) -> None:
    tess, ann = all_["tess"], all_["ann"]
    read(ann, case, "police", "housing")
    again = passes.reopen(ann, ann.passes.get(case=case), reason="One agency too many.")
    assert told(tess) == set()
    housing = again.codings.get(code="housing", retracted=False)
    coding.withdraw(ann, housing)
    passes.submit_pass(ann, again)
    releasing.mark_released(owner, "first", [case.pk])
    assert told(tess) == {"police"}


def test_it_is_what_the_release_calls_settled(owner, case, all_) -> None:
    """Against the records that a release is written of."""
    both(all_, case, ["police", "housing"], ["police", "health_gp"])
    adjudication.adjudicate(all_["jo"], case, "agencies", code="housing", reason="The chronology tells.")
    releasing.mark_released(owner, "first", [case.pk])
    codes = queries.proposal_of(case).codes
    settled = {code.code for code in codes if code.status != "proposed" and code.answer == "present" and code.code}
    assert told(all_["tess"]) == settled
