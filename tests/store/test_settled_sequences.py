"""Two people put a case's decisions in different orders; an adjudicator settles one order, and may take it back."""

from __future__ import annotations

import json

import pytest

from caselore.errors import NotAllowed, StaleView, StoreError
from caselore.release.folder import write_release
from caselore.store import queries
from caselore.store.actions import adjudication, passes, planning
from caselore.store.actions.settled_sequence import settle_sequence
from caselore.store.actions.undo import redo, undo
from caselore.store.books import codebook
from caselore.store.models import Adjudication, Event, SettledStep, Step
from caselore.store.proof import prove

WHY = "The chronology says so."
MEETING, REFERRED = "strategy_or_marac_meeting", "referral_made"


def told(coder, case, *steps):
    """A submitted pass with these decisions: (type, agency, evidence)."""
    reading = passes.open_pass(coder, case)
    rows = [{"decision_type": step, "agency": agency, "evidence": spans} for step, agency, spans in steps]
    passes.set_sequence(coder, reading, rows)
    return passes.submit_pass(coder, reading)


@pytest.fixture
def people(person):
    return person("ann"), person("ben"), person("jo", "adjudicator")


@pytest.fixture
def split(case, people):
    """Ann has the referral before the meeting, Ben after it and by another agency."""
    ann, ben, _ = people
    told(ann, case, (REFERRED, "police", [(0, 20)]), (MEETING, "", [(30, 45)]))
    told(ben, case, (MEETING, "", [(50, 60)]), (REFERRED, "education_school", [(5, 25)]))
    return case


def steps_of(case, coder):
    return list(Step.objects.filter(case=case, reading__coder=coder))


def row(*sources, kind="", agency=None):
    first = sources[0]
    agency = first.agency if agency is None else agency
    return {"decision_type": kind or first.decision_type, "agency": agency, "taken": [each.pk for each in sources]}


def test_an_order_is_settled_with_the_evidence_of_what_was_taken(split, people) -> None:
    ann, ben, jo = people
    assert queries.differing(split) == ("decision_type",)
    assert queries.to_adjudicate(jo)[0].fields == ("decision_type",)
    first, meeting = steps_of(split, ann)
    also, other = steps_of(split, ben)
    events = Event.objects.count()
    made = settle_sequence(jo, split, [row(meeting, also), row(other, agency="health_gp")], reason=WHY, seen=0)
    event = Event.objects.get(sequence=events + 1)
    assert Event.objects.count() == events + 1
    assert (event.verb, event.subject) == ("settle_sequence", made.pk)
    assert [each["kind"] for each in json.loads(event.payload)["rows"]] == [
        "adjudication", "settled_step", "settled_step",
    ]  # fmt: skip
    one, two = made.steps.all()
    assert [(each["start"], each["end"]) for each in one.evidence] == [(30, 45), (50, 60)]
    assert (two.decision_type, two.agency, two.taken) == (REFERRED, "health_gp", [other.pk])
    assert first.pk not in one.taken + two.taken
    assert queries.to_adjudicate(jo) == []
    assert queries.to_adjudicate(jo, settled=True)[0].settled == ("decision_type",)
    assert prove().holds


def test_the_release_has_the_settled_order(split, people, tmp_path) -> None:
    ann, ben, jo = people
    assert {each.status for each in queries.proposal_of(split).sequence} == {"proposed"}
    meeting, referred = steps_of(split, ben)
    settle_sequence(jo, split, [row(referred), row(meeting)], reason=WHY)
    out = write_release(
        tmp_path / "rel", queries.release_cases(), codebook=codebook(), draft=False, persons=queries.persons().values()
    )
    (made,) = json.loads((out.path / "layer.json").read_text("utf-8"))["cases"]
    coder = queries.persons()[jo.pk]
    assert [(each["step"], each["decision_type"], each["agency"]) for each in made["decisions"]] == [
        (1, REFERRED, "education_school"), (2, MEETING, None),
    ]  # fmt: skip
    assert {(each["status"], each["coder"]) for each in made["decisions"]} == {("adjudicated", coder)}
    assert made["fields"]["decision_type"]["status"] == "adjudicated"
    assert {each["code"] for each in made["fields"]["decision_type"]["codes"]} == {REFERRED, MEETING}
    assert ann.pk not in (out.path / "layer.json").read_text("utf-8")


def test_that_there_was_no_decision_can_be_settled(split, people) -> None:
    jo = people[2]
    made = settle_sequence(jo, split, [], reason="What both quote is the recommendation.")
    assert (made.answer, made.code) == ("not_mentioned", "")
    going = queries.proposal_of(split)
    assert going.sequence == ()
    assert [(c.answer, c.status) for c in going.codes if c.field == "decision_type"] == [
        ("not_mentioned", "adjudicated")
    ]
    assert queries.to_adjudicate(jo) == []


def test_undo_redo_taking_back_and_settling_anew(split, people) -> None:
    ann, ben, jo = people
    (first, meeting), (_, other) = steps_of(split, ann), steps_of(split, ben)
    once = settle_sequence(jo, split, [row(first), row(meeting)], reason=WHY)
    undo(jo, split)
    assert not SettledStep.objects.exists()
    assert not Adjudication.objects.exists()
    assert queries.to_adjudicate(jo)[0].settled == ()
    redo(jo, split)
    assert [each.decision_type for each in Adjudication.objects.get(pk=once.pk).steps.all()] == [REFERRED, MEETING]
    again = settle_sequence(jo, split, [row(other)], reason=WHY)
    assert Adjudication.objects.get(retracted=False).pk == again.pk
    assert [each.agency for each in queries.proposal_of(split).sequence] == ["education_school"]
    undo(jo, split)
    assert Adjudication.objects.get(retracted=False).pk == once.pk
    adjudication.unsettle(jo, once, reason="A slip.")
    assert queries.to_adjudicate(jo)[0].settled == ()
    assert {each.status for each in queries.proposal_of(split).sequence} == {"proposed"}
    assert prove().holds


def test_a_resend_settles_once_and_a_stale_page_does_not(split, people) -> None:
    ann, _, jo = people
    first, meeting = steps_of(split, ann)
    made = settle_sequence(jo, split, [row(first)], reason=WHY, seen=0, token="once")
    assert settle_sequence(jo, split, [row(first)], reason=WHY, seen=0, token="once").pk == made.pk
    with pytest.raises(StaleView):
        settle_sequence(jo, split, [row(meeting)], reason=WHY, seen=0)
    assert SettledStep.objects.count() == 1


def test_what_is_refused(split, people, person, document, owner) -> None:
    ann, ben, jo = people
    first, _ = steps_of(split, ann)
    machine = Step.objects.filter(reading__machine=True, case=split).first()
    alien = {"decision_type": MEETING, "agency": "", "taken": ["0123456789abcdef012345"]}
    for steps, error, says in (
        ([row(first), row(first)], StoreError, "taken twice"),
        ([row(first, first)], StoreError, "taken twice"),
        ([alien], StaleView, "changed since"),
        ([row(first) | {"taken": []}], StoreError, "taken from nobody"),
        ([row(first, kind="no_such")], StoreError, "no code"),
        ([row(first, agency="no_such")], StoreError, "no code"),
        ([row(first)] * 501, StoreError, "at most"),
        *([([row(machine)], StaleView, "changed since")] if machine else []),
    ):
        with pytest.raises(error, match=says):
            settle_sequence(jo, split, steps, reason=WHY)
    with pytest.raises(StoreError, match="reason"):
        settle_sequence(jo, split, [row(first)], reason="  ")
    with pytest.raises(StoreError, match="submitted passes of its own case"):
        settle_sequence(jo, split, [row(first)], reason=WHY, passes=["0123456789abcdef012345"])
    with pytest.raises(StaleView):
        settle_sequence(jo, split, [row(first)], reason=WHY, passes=[steps_of(split, ben)[0].reading_id])
    with pytest.raises(StoreError, match="as a whole"):
        adjudication.adjudicate(jo, split, "decision_type", code=MEETING, reason=WHY)
    assert not Adjudication.objects.exists()


def test_only_an_adjudicator_who_does_not_code_it_and_only_when_all_are_in(split, people, person) -> None:
    ann, _, jo = people
    first, _ = steps_of(split, ann)
    for other in (ann, person("tim", "trainer"), person("kim", "custodian")):
        with pytest.raises(NotAllowed):
            settle_sequence(other, split, [row(first)], reason=WHY)
    late = person("lou")
    given = planning.assign(jo, split, late)
    with pytest.raises(StoreError, match="still coding"):
        settle_sequence(jo, split, [row(first)], reason=WHY)
    planning.unassign(jo, given)
    both = person("max", "coder", "adjudicator")
    planning.assign(jo, split, both)
    with pytest.raises(NotAllowed, match="codes this case"):
        settle_sequence(both, split, [row(first)], reason=WHY)
    assert not Adjudication.objects.exists()


def test_the_same_order_from_other_words_is_no_difference(case, people) -> None:
    ann, ben, jo = people
    told(ann, case, (REFERRED, "police", [(0, 20)]))
    told(ben, case, (REFERRED, "police", [(5, 25)]))
    assert queries.differing(case) == ()
    assert queries.to_adjudicate(jo) == []
