"""A document taken out of the study: every list, count and figure leaves it out, nothing is lost, and it comes back."""

from __future__ import annotations

from typing import Any

import pytest
import worked_study

from caselore.errors import NotAllowed, StoreError


@pytest.fixture
def people(owner: Any) -> Any:
    from caselore.store.actions.people import make_coder

    return worked_study.people_of(lambda name, *roles: make_coder(owner, name, roles=list(roles)))


@pytest.fixture
def cases(owner: Any, people: Any) -> list[Any]:
    """Two cases, each read by two persons who differ; the first is to be taken out."""
    from caselore.store.actions import planning, register, releasing
    from caselore.store.models import Recommendation

    found = worked_study.add_documents(owner, worked_study.FILES[:1] + worked_study.FILES[2:3])
    for case in found:
        for coder in (people.ann, people.ben):
            planning.assign(people.fay, case, coder)
        worked_study.differ(people.ann, people.ben, case)
        if first := Recommendation.objects.filter(case=case).first():
            register.confirm(owner, first)
    releasing.mark_released(people.dan, "2026-01", [case.pk for case in found])
    planning.assign(people.fay, found[0], people.cyn)
    return found


def seen(people: Any, owner: Any, case: Any) -> dict[str, bool]:
    """Where the case stands, by the name of the place."""
    from caselore.store import queries
    from caselore.store.alike import similar_cases
    from caselore.store.queries.codings import codings
    from caselore.store.search import facets, search
    from caselore.store.visibility import visible_cases, visible_passes

    other = visible_cases(owner).exclude(pk=case.pk).first()
    told = queries.progress(owner)
    return {
        "queue": case.pk in {row.case for row in queries.queue(people.ann).rows},
        "next": queries.next_case(people.cyn) == case.pk,
        "documents counted": told.documents == 2,
        "cases counted": told.cases == 2,
        "read counted": told.submitted == 2,
        "read twice counted": told.double_coded == 2,
        "passes counted": {name: done for name, _, done in told.by_coder}["ann"] == 2,
        "decisions counted": told.decisions == sum(queries.decided(visible_passes(owner)).values()) > DECISIONS[0],
        "pace": queries.pace(people.ann).days[-1][2] == 2,
        "left": queries.pace(people.cyn).left == 1,
        "search": case.pk in {hit.case for hit in search(owner, "child").rows},
        "search of neighbours": case.pk in {hit.case for hit in search(owner, "dog muzzle housing").rows},
        "search of trainers": case.pk in {hit.case for hit in search(people.eve, "child").rows},
        "facets": sum(n for _, n in facets(owner)["source_type"]) == 2,
        "alike": case.pk in {each.case for each in similar_cases(owner, other)},
        "agreement": case.pk in codings().titles,
        "agreement of a viewer": case.pk in codings(among=visible_passes(owner)).titles,
        "register": queries.register(owner).filter(case=case.pk).exists(),
        "release": case.pk in queries.all_cases(),
        "released records": len(list(queries.release_cases())) == 2,
    }  # fmt: skip


DECISIONS = [0]


def test_every_place_leaves_it_out_and_has_it_back(people: Any, owner: Any, cases: list[Any]) -> None:
    from caselore.store import queries
    from caselore.store.actions.withdrawing import return_document, withdraw_document
    from caselore.store.models import Event
    from caselore.store.proof import prove
    from caselore.store.visibility import visible_passes

    case = cases[0]
    DECISIONS[0] = sum(queries.decided(visible_passes(owner).filter(case=cases[1])).values())
    before = seen(people, owner, case)
    assert {place for place, there in before.items() if not there} == set()
    events = Event.objects.count()
    made = withdraw_document(people.dan, case.document_id, reason="It was added by mistake.")
    assert {place for place, there in seen(people, owner, case).items() if there} == set()
    with pytest.raises(NotAllowed):
        queries.case_view(people.ann, case.pk)
    assert prove().holds
    event = Event.objects.order_by("-sequence").first()
    assert (event.verb, event.sequence) == ("withdraw_document", events + 1)
    assert "by mistake" in event.payload
    return_document(people.fay, made, reason="It was none.")
    assert seen(people, owner, case) == before
    assert prove().holds


def test_nothing_is_to_settle_on_what_is_taken_out(people: Any, owner: Any, cases: list[Any]) -> None:
    from caselore.store import queries
    from caselore.store.actions.withdrawing import withdraw_document

    def waiting() -> set[str]:
        return {each.case for each in queries.to_adjudicate(owner)}

    assert waiting() == {cases[1].pk}  # the first is owed a pass
    withdraw_document(people.dan, cases[1].document_id, reason="It was added by mistake.")
    assert waiting() == set()
    with pytest.raises(NotAllowed):
        queries.side_by_side(owner, cases[1].pk)


def test_who_may_and_what_is_refused(people: Any, owner: Any, cases: list[Any]) -> None:
    from caselore.store.actions import coding, passes
    from caselore.store.actions.withdrawing import return_document, withdraw_document

    document = cases[0].document_id
    for who in (people.ann, people.cyn, people.eve):
        with pytest.raises(NotAllowed):
            withdraw_document(who, document, reason="No.")
    with pytest.raises(StoreError, match="why"):
        withdraw_document(people.fay, document, reason="  ")
    reading = passes.open_pass(people.cyn, cases[0])
    made = withdraw_document(people.fay, document, reason="Not a review.", token="once")
    assert withdraw_document(people.fay, document, reason="Not a review.", token="once").pk == made.pk
    with pytest.raises(StoreError, match="already"):
        withdraw_document(people.fay, document, reason="Again.")
    with pytest.raises(StoreError, match="taken out"):
        coding.add(people.cyn, reading, "outcome", "death", reason="A page that was open before.")
    with pytest.raises(NotAllowed):
        return_document(people.ann, made, reason="No.")
    return_document(people.dan, made, reason="It is one.")
    with pytest.raises(StoreError, match="in the study already"):
        return_document(people.dan, made, reason="Twice.")


def test_a_mark_that_no_event_made_is_found(people: Any, owner: Any, cases: list[Any]) -> None:
    from caselore.store.models import Case
    from caselore.store.proof import prove

    Case.every.filter(pk=cases[0].pk).update(withdrawn=True)
    assert any("marked as taken out" in fault for fault in prove().faults)
