"""A prepared question gives what the queryset gives, on SQLite and on PostgreSQL, however its values vary."""

from __future__ import annotations

import random

from caselore.store.actions import coding, passes
from caselore.store.actions.act import listening
from caselore.store.actions.undo import CLOSING, UNDOABLE, can_undo, last_open, redo, undo
from caselore.store.models import Case, Coder, Coding, CodingEvidence, Event, Pass
from caselore.store.prepared import Prepared, PreparedRows
from caselore.workbench.highlights import within


def test_lists_of_every_length_and_none(owner, case) -> None:
    keys = list(Coding.objects.order_by("pk").values_list("pk", flat=True))
    asked = Prepared(lambda keys: Coding.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "retracted"))
    for n in range(min(len(keys), 9) + 1):
        assert [key for key, _ in asked(keys=keys[:n])] == keys[:n]
    assert asked(keys=tuple(keys[:3])) == asked(keys=keys[:3])
    assert all(retracted is False for _, retracted in asked(keys=keys))  # a truth value on SQLite too
    assert asked(keys=["' OR 1=1 --", "mark 0", "%s"]) == []


def test_stretches_are_pairs_of_numbers(owner, case) -> None:
    def pieces(stretches, passes):
        return CodingEvidence.objects.filter(within(stretches), coding__reading__in=passes).order_by("pk")

    asked = Prepared(lambda stretches, passes: pieces(stretches, passes).values_list("pk"))
    readings, chance = list(Pass.objects.values_list("pk", flat=True)), random.Random(2)
    for n in (1, 2, 3, 5):
        stretches = [(at, at + 40) for at in (chance.randrange(0, 900) for _ in range(n))]
        plain = pieces(stretches, readings)
        assert [key for (key,) in asked(stretches=stretches, passes=readings)] == [each.pk for each in plain]


def test_whole_rows_are_the_rows_with_what_they_name(owner, case) -> None:
    reading = passes.open_pass(owner, case)
    plain = Pass.objects.select_related("case").get(pk=reading.pk)
    (found,) = PreparedRows(Pass, lambda key: Pass.objects.filter(pk=key), related="case")(key=reading.pk)
    assert found.image() == plain.image()  # times, lists of JSON and truth values as their own types
    assert found.case.image() == plain.case.image()
    assert PreparedRows(Coder, lambda key: Coder.objects.filter(pk=key))(key="none") == []
    assert PreparedRows(Case, lambda key: Case.objects.filter(pk=key))(key=case.pk)[0] == case
    found.state = "submitted"
    found.save(update_fields=["state"])
    assert Pass.objects.get(pk=reading.pk).state == "submitted"


def test_who_listens_hears_what_was_written_and_what_was_sent_before(owner, case) -> None:
    reading = passes.open_pass(owner, case)
    for _ in range(2):
        with listening() as events:
            coding.add(owner, reading, "agencies", "police", reason="told", token="once")
        assert [(each.verb, each.token) for each in events] == [("add", "once")]
    assert events[0].payload == Event.objects.get(token="once").payload
    with listening() as events:
        assert undo(owner, case) == events[0]


def test_what_is_undone_next_is_found_from_the_end_as_from_the_beginning(owner, case) -> None:
    """More acts than are read at first, of which all but the oldest are undone and some done again."""
    reading = passes.open_pass(owner, case)
    coding.add(owner, reading, "agencies", "police", reason="first")
    for _ in range(12):
        coding.add(owner, reading, "agencies", "probation", reason="and again")
        undo(owner, case)
    assert can_undo(owner, case) == (True, True)
    undo(owner, case)
    assert can_undo(owner, case) == (False, True)
    assert redo(owner, case) is not None
    assert Coding.objects.get(reading=reading, retracted=False).code == "police"


def test_the_last_open_act_is_the_top_of_the_stack() -> None:
    chance = random.Random(6)
    for _ in range(400):
        done: list[int] = []
        undone: list[int] = []
        acts: list[tuple[int, str]] = []
        for sequence in range(chance.randrange(1, 30)):
            verb = chance.choice(["accept", "undo", "undo", "redo", "submit", "propose", "add"])
            if (verb == "undo" and not done) or (verb == "redo" and not undone):
                continue
            acts.append((sequence, verb))
            if verb in CLOSING:
                done, undone = [], []
            elif verb == "undo":
                done, undone = done[:-1], [*undone, sequence]
            elif verb == "redo":
                done, undone = [*done, sequence], undone[:-1]
            elif verb in UNDOABLE:
                done, undone = [*done, sequence], []
        back = acts[::-1]
        assert last_open(back, made=UNDOABLE | {"redo"}, taken={"undo"}, ended=CLOSING) == next(iter(done[-1:]), None)
        assert last_open(back, made={"undo"}, taken={"redo"}, ended=UNDOABLE | CLOSING) == next(iter(undone[-1:]), None)
