"""Whatever is done, in any order: the chain verifies, a replay is the state, undo restores, tampering is found."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caselore.errors import CaseloreError
from caselore.store.actions import adjudication, coding, keeping, passes, planning, register, undo
from caselore.store.connect import is_postgresql
from caselore.store.models import KEPT, Adjudication, Coding, Event, Head, Note, Pass, Recommendation
from caselore.store.proof import prove, write_log

ACTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(
            ["accept", "reject", "amend", "add", "answer", "withdraw", "note", "unnote", "undo", "undo", "redo",
             "submit", "reopen", "open", "settle", "unsettle", "owner", "due", "layer", "sequence", "search", "assign"]
        ),
        st.integers(0, 30),
        st.sampled_from(["", "", "a", "b", "c"]),
    ),
    min_size=5, max_size=40,
)  # fmt: skip
"""Who acts, how, on which of the things there, under which token."""


def image() -> dict[tuple[str, str], object]:
    return {(kind, row.pk): row.image() for kind, model in KEPT.items() for row in model._default_manager.all()}


def pick(rows, n: int):
    rows = list(rows.order_by("pk"))
    return rows[n % len(rows)] if rows else None


def perform(actor, case, verb: str, n: int, token: str) -> None:
    """One act of a random sequence; what the store refuses is part of the game."""
    mine = Pass.objects.filter(case=case, coder=actor).order_by("-number").first()
    proposal = pick(Coding.objects.filter(case=case, origin="proposed"), n)
    own = pick(Coding.objects.filter(reading=mine, retracted=False), n) if mine else None
    recommendation = pick(Recommendation.objects.filter(case=case), n)
    settled = pick(Adjudication.objects.filter(case=case), n)
    field, code = [("agencies", "police"), ("outcome", "death"), ("outcome", "other"), ("agencies", "foster_care")][
        n % 4
    ]
    spans = [(n, n + 20)]
    table = {
        "open": lambda: passes.open_pass(actor, case, token=token),
        "accept": lambda: coding.accept(actor, mine, proposal, token=token),
        "reject": lambda: coding.reject(actor, mine, proposal, reason="no" * (n % 2), token=token),
        "amend": lambda: coding.amend(actor, mine, own or proposal, evidence=spans, token=token),
        "add": lambda: coding.add(actor, mine, field, code, evidence=spans, token=token),
        "answer": lambda: coding.answer(
            actor, mine, field, ["unclear", "not_mentioned"][n % 2], reason="so", token=token
        ),
        "withdraw": lambda: coding.withdraw(actor, own, token=token),
        "note": lambda: passes.note(actor, mine, f"note {n} \x00 \ud800 é", token=token),
        "unnote": lambda: passes.remove_note(actor, Note.objects.filter(reading=mine).first(), token=token),
        "undo": lambda: undo.undo(actor, case),
        "redo": lambda: undo.redo(actor, case),
        "submit": lambda: passes.submit_pass(actor, mine, token=token),
        "reopen": lambda: passes.reopen(actor, mine, reason="again"),
        "settle": lambda: adjudication.adjudicate(actor, case, field, code=code, holds=n % 3 > 0, reason="because"),
        "unsettle": lambda: adjudication.unsettle(actor, settled, reason="not so"),
        "owner": lambda: register.set_owner(actor, recommendation, f"owner {n}", token=token),
        "due": lambda: register.set_due(actor, recommendation, f"2026-01-{n % 28 + 1:02}"),
        "layer": lambda: planning.set_layer(actor, case, "structured_summary", target="full_coding", reason=f"r{n}"),
        "sequence": lambda: passes.set_sequence(
            actor, mine, [{"decision_type": "children_placed", "evidence": spans}] * (n % 3)
        ),
        "search": lambda: keeping.save_search(actor, f"s{n % 2}", words="x", filters={"year": n}),
        "assign": lambda: planning.assign(actor, case, actor, due="2026-02-03", order=n),
    }
    with suppress(CaseloreError):
        table[verb]()


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_replay_equals_the_state_after_any_acts(acts, owner, case, person, request) -> None:
    crew = request.node.__dict__.setdefault("crew", None)
    if crew is None:
        crew = request.node.crew = [owner, person("ann", "coder", "adjudicator"), person("ben")]
    for who, verb, n, token in acts:
        perform(crew[who], case, verb, n, token and f"{token}{who}")
    proof = prove()
    assert proof.faults == ()
    assert proof.events == Event.objects.count() == Head.objects.get().sequence
    for actor in crew:
        before = image()
        with suppress(CaseloreError):
            if undo.undo(actor, case) is not None:
                undo.redo(actor, case)
        after = image()
        assert {key: value for key, value in after.items() if before.get(key) != value} == {}
        assert set(before) == set(after)
    assert prove().holds


def test_undoing_everything_restores_the_beginning(owner, case) -> None:
    reading = passes.open_pass(owner, case)
    before = image()
    verbs = ["accept", "reject", "amend", "add", "answer", "withdraw", "note", "settle", "owner", "due", "sequence"]
    for n, verb in enumerate(verbs * 2):
        perform(owner, case, verb, n * 7, "")
    assert image() != before
    while undo.undo(owner, case) is not None:
        pass
    assert image() == before
    assert reading.pk in {key for _, key in before}


def drop_guards() -> None:
    """What someone with the database in his hands can do: take the triggers away."""
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute("ALTER TABLE store_event DISABLE TRIGGER USER")
            return
        cursor.execute("DROP TRIGGER event_no_update")
        cursor.execute("DROP TRIGGER event_no_delete")


def test_the_database_refuses_to_change_the_log(owner, case) -> None:
    for statement in ("UPDATE store_event SET verb = 'x'", "DELETE FROM store_event", "DELETE FROM store_head"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert prove().holds


@pytest.mark.parametrize(
    "column", ["verb", "actor", "at", "payload", "case", "hash", "previous", "subject", "kind", "token"]
)
def test_any_changed_event_is_found(owner, case, column: str) -> None:
    reading = passes.open_pass(owner, case)
    coding.add(owner, reading, "agencies", "police", reason="because", token="t")
    drop_guards()
    for event in Event.objects.all():
        before = getattr(event, column)
        Event.objects.filter(pk=event.pk).update(**{column: f"{(before or '')[:-1]}~"})
        assert not prove().holds, f"event {event.sequence}, {column}"
        Event.objects.filter(pk=event.pk).update(**{column: before})
    assert prove().holds


def test_events_cut_off_or_left_out_are_found(owner, case) -> None:
    reading = passes.open_pass(owner, case)
    coding.add(owner, reading, "agencies", "police", reason="because")
    noted = prove().head
    drop_guards()
    last = Event.objects.order_by("-sequence").first()
    with transaction.atomic():
        Event.objects.filter(pk=last.pk).delete()
        assert "cut off" in " ".join(prove().faults)
        transaction.set_rollback(True)
    with transaction.atomic():
        Event.objects.filter(pk=2).delete()
        assert "Event 2 is missing" in prove().faults[0]
        transaction.set_rollback(True)
    with transaction.atomic():  # even with the head moved back and the rows dropped, who noted the head can tell
        made = Coding.objects.filter(reading=reading)
        Event.objects.filter(pk=last.pk).delete()
        made.delete()
        Head.objects.update(sequence=last.sequence - 1, hash=last.previous)
        assert prove().holds
        assert not prove(expect=noted).holds
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE store_coding SET code = 'x' WHERE origin = 'proposed'",
        "UPDATE store_case SET title = 'another'",
        "UPDATE store_coder SET roles = '[\"administrator\"]'",
        "UPDATE store_codingevidence SET start = start + 1",
        "UPDATE store_recommendation SET owner = 'nobody'",
        "UPDATE store_document SET text = 'x' || substr(text, 2)",
        "UPDATE store_document SET pages = '[1]'",
        "UPDATE store_passage SET text = 'x' WHERE number = 1",
        "UPDATE store_passage SET start = start - 1 WHERE number = 1",
        "DELETE FROM store_passage WHERE number = 1",
        "DELETE FROM store_step",
        "DELETE FROM store_recommendation",
        "INSERT INTO store_subsample (id, name, targets, picks, made) VALUES ('x', 'y', '{}', '[]', '2026-01-01')",
    ],
)
def test_any_row_changed_behind_the_log_is_found(owner, case, statement: str) -> None:
    reading = passes.open_pass(owner, case)
    passes.set_sequence(owner, reading, [{"decision_type": "children_placed", "evidence": [(0, 20)]}])
    assert prove().holds
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.rowcount
        assert not prove().holds
        transaction.set_rollback(True)


def test_the_log_goes_out_as_json_lines(owner, case, tmp_path) -> None:
    count = write_log(tmp_path / "log.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text("utf-8").splitlines()]
    assert count == len(lines) == Event.objects.count()
    assert [line["previous"] for line in lines[1:]] == [line["hash"] for line in lines[:-1]]
    assert {line["verb"] for line in lines} >= {"make_coder", "add_document", "propose"}


def test_an_act_that_fails_leaves_nothing(owner, case) -> None:
    reading, before = passes.open_pass(owner, case), Event.objects.count()
    with pytest.raises(CaseloreError):
        coding.add(owner, reading, "agencies", "police", evidence=[(0, 10), (5, 3)])
    assert Event.objects.count() == before
    assert prove().holds
