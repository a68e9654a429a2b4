"""Passes are blind to each other, blind-first cases hide their proposals, trainers read what was released."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caselore.errors import NotAllowed, StoreError
from caselore.store import permissions, queries
from caselore.store.actions import adjudication, coding, passes, people, planning, releasing, withdrawing
from caselore.store.models import Adjudication, Assignment, Case, Coding, Pass
from caselore.store.queries.codings import codings
from caselore.store.search import search
from caselore.store.sight import sight_of
from caselore.store.visibility import hides_proposals, shows_others, visible_passes


def seen(viewer, case) -> set[str]:
    """Names of the persons whose codings the viewer finds anywhere on the case's page."""
    view = queries.case_view(viewer, case)
    codings = [each for field in view.fields.values() for each in (*field.own, *field.others, *field.proposals)]
    return {each.coder for each in codings if not each.machine} - {viewer.name}


def test_two_coders_are_blind_until_both_have_submitted(owner, case, person) -> None:
    ann, ben, jo = person("ann"), person("ben"), person("jo", "adjudicator")
    for coder in (ann, ben):
        planning.assign(owner, case, coder)
    first, second = passes.open_pass(ann, case), passes.open_pass(ben, case)
    coding.add(ann, first, "agencies", "police", reason="a")
    coding.add(ben, second, "agencies", "foster_care", reason="b")
    assert seen(ann, case) == seen(ben, case) == set()
    passes.submit_pass(ann, first)
    assert seen(ann, case) == seen(ben, case) == set()
    assert seen(jo, case) == {"ann"}
    with pytest.raises(NotAllowed):
        adjudication.adjudicate(ann, case, "agencies", code="police", reason="x")
    passes.submit_pass(ben, second)
    assert seen(ann, case) == {"ben"}
    assert seen(ben, case) == {"ann"}
    (found,) = queries.to_adjudicate(jo)
    assert found.fields == ("agencies",)
    sides = queries.side_by_side(jo, case)
    assert [each.coder for each in sides.passes] == ["ann", "ben"]
    adjudication.adjudicate(jo, case, "agencies", code="police", reason="The chronology names it.")
    assert [each.settled for each in queries.to_adjudicate(jo)] == [()], "foster care is not settled yet"
    adjudication.adjudicate(jo, case, "agencies", code="foster_care", holds=False, reason="It came later.")
    assert queries.to_adjudicate(jo) == []


def test_whoever_could_see_another_takes_a_second_look(owner, case, person) -> None:
    ann, ben = person("ann"), person("ben")
    passes.submit_pass(ann, passes.open_pass(ann, case))
    assert passes.open_pass(ben, case).kind == "second_look"
    assert passes.open_pass(ann, case).kind == "second_look"
    assert {each.coder for each in codings().readings if not each.machine} <= {"ann"}


def test_an_adjudicator_who_codes_the_case_is_blind_too(owner, case, person) -> None:
    ann, jo = person("ann"), person("jo", "adjudicator", "coder")
    planning.assign(owner, case, jo)
    planning.assign(owner, case, ann)
    own, hers = passes.open_pass(jo, case), passes.open_pass(ann, case)
    coding.add(ann, hers, "agencies", "police", reason="a")
    passes.submit_pass(ann, hers)
    assert seen(jo, case) == set()
    for refused in (
        lambda: queries.side_by_side(jo, case),
        lambda: adjudication.adjudicate(jo, case, "agencies", code="police", reason="x"),
    ):
        with pytest.raises(NotAllowed):
            refused()
    passes.submit_pass(jo, own)
    assert seen(jo, case) == {"ann"}


def test_a_blind_first_case_hides_its_proposals_everywhere(owner, case, person) -> None:
    ann = person("ann")
    proposed = Coding.objects.filter(case=case, origin="proposed", field="agencies").first()
    planning.assign(owner, case, ann, blind_first=True)
    reading = passes.open_pass(ann, case)
    assert reading.kind == "blind_first"
    view = queries.case_view(ann, case)
    assert view.blind
    assert not any(field.proposals for field in view.fields.values())
    assert view.recommendations == () == view.proposed_sequence
    (row,) = queries.queue(ann).rows
    assert (row.blind, row.proposals) == (True, 0)
    assert search(ann, "", filters={"code": f"agencies:{proposed.code}"}).total == 0
    assert search(owner, "", filters={"code": f"agencies:{proposed.code}"}).total
    with pytest.raises(NotAllowed):
        coding.accept(ann, reading, proposed)
    with pytest.raises(NotAllowed):
        passes.submit_pass(ann, reading) and passes.reopen(ann, reading, reason="let me see again")
    view = queries.case_view(ann, case)
    assert not view.blind
    assert any(field.proposals for field in view.fields.values())


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    acts=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["assign", "open", "code", "submit", "blind"])), max_size=25
    )
)
def test_no_order_of_acts_shows_a_pass_before_ones_own_is_in(acts, owner, case, person, request) -> None:
    crew = request.node.__dict__.get("crew")
    if crew is None:
        crew = request.node.crew = [person("ann"), person("ben"), person("jo", "coder", "adjudicator")]
        request.node.readers = [person("cy", "custodian"), person("tess", "trainer"), person("al", "administrator")]
    readers = request.node.readers
    from caselore.store.models import CodingEvidence, Note, Step

    for model in (CodingEvidence, Coding, Step, Note, Pass):  # each example begins with an unread case
        rows = model.objects.filter(coding__reading__machine=False) if model is CodingEvidence else None
        rows = model.objects.filter(machine=False) if model is Pass else rows
        (model.objects.filter(reading__machine=False) if rows is None else rows).delete()
    Assignment.objects.all().delete()
    for who, act in acts:
        coder = crew[who]
        own = Pass.objects.filter(case=case, coder=coder, machine=False).order_by("-number").first()
        is_open = own is not None and own.state == "open"
        if act == "assign":
            planning.assign(owner, case, coder)
        elif act == "blind":
            planning.assign(owner, case, coder, blind_first=True)
        elif act == "open":
            passes.open_pass(coder, case)
        elif act == "code" and is_open:
            coding.add(coder, own, "agencies", "police", reason="r")
        elif act == "submit" and is_open:
            passes.submit_pass(coder, own)
        for viewer in (*crew, *readers):
            _check(viewer, case)
    taken = withdrawing.withdraw_document(owner, case.document_id, reason="Added twice.")
    for viewer in (*crew, *readers):
        assert not sight_of(viewer, Case.every.get(pk=case.pk)).seen
        assert not visible_passes(viewer).filter(case=case.pk).exists()
    withdrawing.return_document(owner, taken, reason="It was another one.")


def _check(viewer, case) -> None:
    own = Pass.objects.filter(case=case, coder=viewer, machine=False)
    owes = Assignment.objects.filter(case=case, coder=viewer, withdrawn=False).exists()
    first_open = own.filter(state="open", kind__in=("independent", "blind_first")).exists()
    submitted = own.filter(state="submitted").exists()
    others = visible_passes(viewer).filter(case=case, machine=False).exclude(coder=viewer)
    if first_open or (owes and not submitted):
        assert not others.exists()
        assert seen(viewer, case) == set()
        assert not shows_others(viewer, case)
    unsubmitted = others.filter(state="open").exclude(kind="second_look")
    assert not unsubmitted.exists()
    told = sight_of(viewer, Case.objects.get(pk=case.pk))
    assert set(told.seen) == set(visible_passes(viewer).filter(case=case).values_list("pk", flat=True))
    assert (told.hides_proposals, told.shows_others) == (hides_proposals(viewer, case), shows_others(viewer, case))
    blind = Assignment.objects.filter(case=case, coder=viewer, blind_first=True, withdrawn=False).exists()
    if blind and not submitted:
        assert not visible_passes(viewer).filter(case=case, machine=True).exists()


def test_trainers_read_released_cases_only_and_only_what_is_settled(owner, case, person) -> None:
    tess = person("tess", "trainer")
    reading = passes.open_pass(owner, case)
    coding.add(owner, reading, "agencies", "police", reason="a")
    assert search(tess, "baby").total == 0
    passes.submit_pass(owner, reading)
    releasing.mark_released(owner, "first", [case.pk])
    assert search(tess, "baby").total > 0
    assert search(tess, "", filters={"code": "agencies:police"}).total > 0
    unreviewed = Coding.objects.filter(case=case, origin="proposed").exclude(field="agencies").first()
    assert search(tess, "", filters={"code": f"{unreviewed.field}:{unreviewed.code}"}).total == 0
    for refused in (
        lambda: queries.case_view(tess, case),
        lambda: passes.open_pass(tess, case),
        lambda: queries.progress(tess),
        lambda: queries.side_by_side(tess, case),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_who_may_do_what(owner, case, person) -> None:
    ann, cust, tess, jo = (
        person("ann"),
        person("cust", "custodian"),
        person("tess", "trainer"),
        person("jo", "adjudicator"),
    )
    refused = [
        (ann, lambda who: people.make_coder(who, "x")),
        (ann, lambda who: planning.assign(who, case, ann)),
        (ann, lambda who: releasing.mark_released(who, "r", [])),
        (cust, lambda who: passes.open_pass(who, case)),
        (tess, lambda who: planning.pick_subsample(who, "s", targets={"year": {"2017": 1}})),
        (jo, lambda who: people.set_roles(who, jo, ["administrator"])),
        (jo, lambda who: planning.plan_double_coding(who, coders=[ann, owner])),
    ]
    for who, act in refused:
        with pytest.raises(NotAllowed):
            act(who)
    people.set_active(owner, ann, False)
    ann.refresh_from_db()
    with pytest.raises(NotAllowed):
        passes.open_pass(ann, case)
    assert not any(permissions.may(None, act) for acts in permissions.ROLE_ACTS.values() for act in acts)


def test_the_last_administrator_stays(owner, person) -> None:
    from caselore.errors import StoreError

    for act in (lambda: people.set_roles(owner, owner, ["coder"]), lambda: people.set_active(owner, owner, False)):
        with pytest.raises(StoreError, match="only administrator"):
            act()
    people.set_roles(owner, person("ann"), ["administrator"])
    people.set_roles(owner, owner, ["coder"])


def test_an_adjudication_is_hidden_from_who_still_codes(owner, case, person) -> None:
    ann, ben, jo = person("ann"), person("ben"), person("jo", "adjudicator")
    reading = passes.open_pass(ann, case)
    coding.add(ann, reading, "agencies", "police", reason="r")
    passes.submit_pass(ann, reading)
    adjudication.adjudicate(jo, case, "agencies", code="police", reason="r")
    planning.assign(owner, case, ben)
    assert queries.case_view(ben, case).fields["agencies"].adjudicated == ()
    assert Adjudication.objects.count() == Case.objects.count() == 1


def test_nothing_is_settled_before_every_assigned_pass_is_in(owner, case, person) -> None:
    ann, ben, cyn = person("ann"), person("ben"), person("cyn")
    jo = person("jo", "adjudicator")
    for coder in (ann, ben, cyn):
        planning.assign(owner, case, coder)
    for coder, code in ((ann, "police"), (ben, "foster_care")):
        reading = passes.open_pass(coder, case)
        coding.add(coder, reading, "agencies", code, reason="r")
        passes.submit_pass(coder, reading)
    assert queries.to_adjudicate(jo) == []
    for act in (
        lambda: queries.side_by_side(jo, case),
        lambda: adjudication.adjudicate(jo, case, "agencies", code="police", reason="r"),
    ):
        with pytest.raises(StoreError, match="still coding"):
            act()
    passes.submit_pass(cyn, passes.open_pass(cyn, case))
    (found,) = queries.to_adjudicate(jo)
    assert found.coders == ("ann", "ben", "cyn")
    assert queries.side_by_side(jo, case).differing == ("agencies",)
