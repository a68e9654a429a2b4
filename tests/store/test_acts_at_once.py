"""Acts that meet: sent again, done by two connections at one moment, by many coders in any order."""

from __future__ import annotations

import random
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from caselore.errors import CaseloreError
from caselore.records import Proposal
from caselore.store.actions import adjudication, coding, keeping, passes, people, planning, proposing, register, texts
from caselore.store.actions.undo import redo, undo
from caselore.store.models import (
    KEPT,
    Assignment,
    Case,
    Coder,
    Coding,
    Event,
    Exposure,
    Pass,
    Place,
    Recommendation,
)
from caselore.store.prepared import Prepared
from caselore.store.proof import prove
from caselore.store.reading import case_record
from caselore.store.sight import sight_of
from caselore.store.visibility import hides_proposals, shows_others, visible_passes

Image = dict[tuple[str, str], object]


def image() -> Image:
    return {(kind, row.pk): row.image() for kind, model in KEPT.items() for row in model._default_manager.all()}


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Each act in a thread with a connection of its own, begun together; what it gave, or the error."""
    barrier, came = Barrier(len(acts)), [None] * len(acts)

    def run(n: int, act: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(30)
            came[n] = act()
        except Exception as error:
            came[n] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return came


def test_an_act_that_is_sent_again_writes_nothing_whatever_came_between(owner, case, person, document) -> None:
    ann = person("ann", "coder")
    reading = passes.open_pass(ann, case, token="opened")
    note = passes.note(ann, reading, "words", token="noted")
    passes.submit_pass(ann, reading, token="submitted")
    given = planning.assign(owner, case, ann, token="given")
    entry = Recommendation.objects.first()
    file = register.attach(owner, entry, "a.txt", b"a", token="attached")
    proposing.requeue(owner, case, token="queued")
    before, events = image(), Event.objects.count()
    assert passes.open_pass(ann, case, token="opened") == reading, "no second look is begun by a resend"
    assert passes.note(ann, reading, "words", token="noted") == note
    assert passes.submit_pass(ann, reading, token="submitted") == reading
    assert planning.assign(owner, case, ann, token="given") == given
    assert register.attach(owner, entry, "a.txt", b"a", token="attached") == file
    proposing.requeue(owner, case, token="queued")
    nothing = Proposal(case=case_record(case))
    proposing.store_proposals(owner, case, {"new@1": nothing}, token="p")
    before = image()
    with pytest.raises(CaseloreError, match="sent before"):  # where an act forgot to ask, the log still holds
        proposing.store_proposals(owner, case, {"other@1": nothing}, token="p")
    assert image() == before
    assert Event.objects.count() == events + 1
    assert prove().faults == ()


def test_a_question_asked_with_its_values_in_another_order_is_answered_alike(owner, case) -> None:
    asked = Prepared(lambda state, answer: Coding.objects.filter(field=state, answer=answer).values_list("pk"))
    field = Coding.objects.filter(answer="present").first().field
    first = asked(state=field, answer="present")
    assert first
    assert asked(answer="present", state=field) == first


def test_to_propose_again_leaves_the_doubt_as_it_was(owner, case) -> None:
    doubt = Case.objects.get().doubt
    assert doubt != 0.5
    proposing.requeue(owner, case)
    proposing.propose(owner, case)
    assert Case.objects.get().doubt == doubt
    assert Case.objects.get().proposing == "done"


def test_two_proposers_of_one_case_say_it_once(study, owner, case, document) -> None:
    kept = texts.add_path(owner, document("Overby"), propose=False)[0]
    new = Case.objects.get(document=kept.document)
    came = at_once(*[lambda: proposing.propose(owner, new)] * 3)
    assert not [each for each in came if isinstance(each, Exception)], came
    assert Event.objects.filter(verb="propose", case=new.pk).count() == 1
    assert Case.objects.get(pk=new.pk).doubt != 0.5
    assert prove().faults == ()


def test_what_stops_a_proposer_stops_no_other_case(owner, document, monkeypatch) -> None:
    for town in ("Netherby", "Overby"):
        texts.add_path(owner, document(town), propose=False)
    real = proposing.propose
    first = Case.objects.order_by("pk").first()

    def failing(actor, case, **more):
        if case == first.pk:
            raise IndexError("list index out of range")
        return real(actor, case, **more)

    monkeypatch.setattr(proposing, "propose", failing)
    told = proposing.work(owner)
    assert (told.done, told.failed) == (1, 1)
    assert Case.objects.get(pk=first.pk).proposing == "failed"
    assert prove().faults == ()


def test_two_administrators_who_dismiss_each_other_leave_one(owner, person) -> None:
    for n in range(5):
        ann, ben = person(f"ann {n}", "administrator"), person(f"ben {n}", "administrator")
        people.set_roles(ann, owner, ["coder"])
        came = at_once(lambda: people.set_roles(ann, ben, ["coder"]), lambda: people.set_active(ben, ann, False))  # noqa: B023
        assert sum(isinstance(each, CaseloreError) for each in came) == 1, came
        left = ben if isinstance(came[0], CaseloreError) else ann
        people.set_roles(left, owner, ["administrator", "coder", "adjudicator"])
        people.set_active(owner, left, False)
    assert prove().faults == ()


def test_one_case_is_opened_assigned_and_settled_once_by_two_at_a_time(owner, case, person) -> None:
    ann = person("ann", "coder", "adjudicator")
    came = at_once(*[lambda: planning.assign(owner, case, ann)] * 3)
    assert len({each.pk for each in came}) == 1
    assert Assignment.objects.count() == 1
    came = at_once(*[lambda: passes.open_pass(ann, case)] * 3)
    assert len({each.pk for each in came}) == 1, came
    passes.submit_pass(ann, came[0])
    came = at_once(
        *[lambda: adjudication.adjudicate(ann, case, "outcome", code="death", reason="so", seen=0)] * 3
    )  # all saw the same page: one settles, the others are told
    assert sorted(type(each).__name__ for each in came) == ["Adjudication", "StaleView", "StaleView"]
    assert prove().faults == ()


def test_one_decision_of_two_tabs_that_saw_the_same_is_taken(owner, case, person) -> None:
    ann = person("ann")
    reading = passes.open_pass(ann, case)
    proposed = Coding.objects.filter(origin="proposed", answer="present").order_by("pk").first()
    came = at_once(
        lambda: coding.accept(ann, reading, proposed, seen=0),
        lambda: coding.reject(ann, reading, proposed, seen=0),
        lambda: coding.answer(ann, reading, proposed.field, "unclear", reason="?", seen=0),
    )
    assert sorted(type(each).__name__ for each in came) == ["Coding", "StaleView", "StaleView"], came
    assert at_once(lambda: passes.submit_pass(ann, reading), lambda: passes.note(ann, reading, "late"))[0] == reading
    assert prove().faults == ()


def test_the_same_file_attached_by_several_at_once_is_there(owner, case) -> None:
    entry = Recommendation.objects.first()
    for n in range(6):
        data = bytes([65 + n]) * 3_000_000
        came = at_once(*[lambda: register.attach(owner, entry, "plan.txt", data)] * 4)  # noqa: B023
        assert not [each for each in came if isinstance(each, Exception)], came
        assert register.attachment_path(came[0]).read_bytes() == data
    assert [p.name for p in register.attachment_path(came[0]).parent.iterdir() if p.name.startswith(".")] == []


def test_places_and_exposure_of_several_tabs_are_counted_once(owner, case) -> None:
    came = at_once(
        *[lambda: keeping.count_exposure(owner, case, read=range(5), seconds=7)] * 4,
        *[lambda: keeping.keep_place(owner, case, passage=3)] * 3,
    )
    assert not [each for each in came if isinstance(each, Exception)], came
    today = Exposure.objects.get()
    assert (today.passages, today.seconds) == (5, 28)
    assert Place.objects.count() == 1


VERBS = ("open", "accept", "reject", "amend", "add", "answer", "withdraw", "note", "undo", "undo", "redo", "submit",
         "reopen", "settle", "unsettle", "owner", "sequence", "assign", "unassign")  # fmt: skip


def do(actor: Coder, case: Case, verb: str, n: int) -> str:
    """One act; the name of what came of it."""
    mine = Pass.objects.filter(case=case, coder=actor).order_by("-number").first()
    proposed = Coding.objects.filter(case=case, origin="proposed").order_by("pk")[n % 5]
    own = Coding.objects.filter(reading=mine, retracted=False).order_by("pk").first()
    settled = adjudication.Adjudication.objects.filter(case=case).first()
    given = Assignment.objects.filter(case=case).first()
    table: dict[str, Callable[[], Any]] = {
        "open": lambda: passes.open_pass(actor, case),
        "accept": lambda: coding.accept(actor, mine, proposed),
        "reject": lambda: coding.reject(actor, mine, proposed),
        "amend": lambda: coding.amend(actor, mine, own or proposed, evidence=[(n, n + 20)]),
        "add": lambda: coding.add(actor, mine, "agencies", ["police", "foster_care"][n % 2], evidence=[(n, n + 20)]),
        "answer": lambda: coding.answer(actor, mine, "agencies", "not_mentioned"),
        "withdraw": lambda: coding.withdraw(actor, own),
        "note": lambda: passes.note(actor, mine, f"note {n}"),
        "undo": lambda: undo(actor, case),
        "redo": lambda: redo(actor, case),
        "submit": lambda: passes.submit_pass(actor, mine),
        "reopen": lambda: passes.reopen(actor, mine, reason="again"),
        "settle": lambda: adjudication.adjudicate(actor, case, "outcome", code="death", reason="so"),
        "unsettle": lambda: adjudication.unsettle(actor, settled, reason="not so"),
        "owner": lambda: register.set_owner(actor, Recommendation.objects.filter(case=case).first(), f"owner {n}"),
        "sequence": lambda: passes.set_sequence(
            actor, mine, [{"decision_type": "children_placed", "evidence": [(n, n + 20)]}] * (n % 3)
        ),
        "assign": lambda: planning.assign(actor, case, actor, order=n),
        "unassign": lambda: planning.unassign(actor, given),
    }
    if verb in ("withdraw", "unsettle", "unassign") and not {"withdraw": own, "unsettle": settled}.get(verb, given):
        return "nothing"
    if mine is None and verb not in ("open", "undo", "redo", "settle", "unsettle", "owner", "assign", "unassign"):
        return "nothing"
    try:
        table[verb]()
    except CaseloreError as error:
        return type(error).__name__
    return "done"


def check_sight(crew: list[Coder], cases: list[Case]) -> None:
    """What one case shows by the short way is what the rules in SQL show."""
    for viewer in crew:
        for case in cases:
            sight = sight_of(viewer, case)
            assert sight.hides_proposals == hides_proposals(viewer, case)
            assert sight.shows_others == shows_others(viewer, case)
            plain = set(visible_passes(viewer).filter(case=case).values_list("pk", flat=True))
            assert set(sight.seen) == plain, (viewer.name, case.pk)


@pytest.mark.parametrize("seed", range(3))
def test_coders_in_threads_leave_a_study_that_verifies_and_can_be_undone(
    study, owner, case, person, document, seed: int
) -> None:
    second = texts.add_path(owner, document("Overby"))[0]
    cases = [case, Case.objects.get(document=second.document)]
    Case.objects.filter(pk=cases[1].pk).update(blind_first=False)
    crew = [owner, person("ann", "coder", "adjudicator"), person("ben"), person("cyn", "coder", "custodian")]
    came: list[str] = []

    def work(coder: Coder, n: int) -> Callable[[], None]:
        chance = random.Random(seed * 100 + n)

        def run() -> None:
            came.extend(do(coder, chance.choice(cases), chance.choice(VERBS), chance.randrange(60)) for _ in range(40))

        return run

    wrong = [each for each in at_once(*(work(coder, n) for n, coder in enumerate(crew))) if each is not None]
    assert wrong == []
    assert came.count("done") > 40, came
    proof = prove()
    assert proof.faults == ()
    assert proof.events == Event.objects.count()
    check_sight(crew, cases)
    everything = image()
    with transaction.atomic():  # whoever's acts they are: as far as undo reaches, then done again, is the same
        taken = [(coder, each) for coder in crew for each in cases for _ in range(50) if turned(undo, coder, each)]
        assert prove().faults == ()
        transaction.set_rollback(True)
    assert image() == everything
    assert taken


def turned(turn: Callable[..., Any], coder: Coder, case: Case) -> bool:
    try:
        return turn(coder, case) is not None
    except CaseloreError:
        return False


def test_all_that_was_done_alone_is_undone_to_the_beginning_and_done_again(owner, case, person) -> None:
    """One coder's acts, in any order, against the plain images of every row after each."""
    for seed in range(4):
        ann, chance = person(f"ann {seed}", "coder", "adjudicator"), random.Random(seed)
        passes.open_pass(ann, case)
        line: list[Image] = [image()]
        for _ in range(25):
            verb = chance.choice(["accept", "reject", "amend", "add", "answer", "withdraw", "note", "sequence"])
            before = Event.objects.count()
            do(ann, case, verb, chance.randrange(60))
            if Event.objects.count() > before:
                line.append(image())
        assert len(line) > 5
        for then in reversed(line[:-1]):
            assert undo(ann, case) is not None
            assert image() == then
        assert undo(ann, case) is None
        for then in line[1:]:
            assert redo(ann, case) is not None
            assert image() == then
        assert redo(ann, case) is None
    assert prove().faults == ()
