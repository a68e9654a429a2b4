"""Undo and redo: the last act of a coder on a case is taken back by another event, which can be taken back too."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import ProtectedError

from caselore.errors import StaleView
from caselore.store.actions.act import Act, act
from caselore.store.actions.refs import case_of
from caselore.store.models import KEPT, Case, Coder, Event, Pass

UNDOABLE = frozenset(
    {
        "accept", "reject", "amend", "add", "answer", "withdraw", "sequence", "note", "remove_note", "adjudicate",
        "settle_sequence", "unsettle", "confirm", "dismiss", "respond", "set_owner", "set_due", "set_progress",
        "set_impact", "set_layer",
    }
)  # fmt: skip
"""Verbs that undo takes back. Submitting is not among them: it may have shown what was hidden (see `reopen`)."""

CLOSING = frozenset({"submit", "reopen", "open"})
"""Acts on a pass that undo does not reach behind."""

GONE = "Another act has built on this one since; change it by hand instead of undoing it."


def undo(actor: Coder, case: Case | str, *, token: str = "") -> Event | None:
    """Take back the actor's last act on a case; None where there is none. Raises StaleView where others built on it."""
    return _turn(actor, case, "undo", token)


def redo(actor: Coder, case: Case | str, *, token: str = "") -> Event | None:
    """Do again what the last undo took back, as long as nothing was done since; None where there is nothing."""
    return _turn(actor, case, "redo", token)


def can_undo(actor: Coder, case: Case | str) -> tuple[bool, bool]:
    """Whether there is something to undo, and something to redo."""
    done, undone = _stacks(actor, case.pk if isinstance(case, Case) else case)
    return bool(done), bool(undone)


def next_turns(actor: Coder, case: Case | str) -> tuple[str, str]:
    """The verb of the act that `undo` would take back, and of the one that `redo` would do again; empty: none."""
    done, undone = _stacks(actor, case.pk if isinstance(case, Case) else case)
    found = Event.objects.in_bulk([*done[-1:], *undone[-1:]])
    last = found[done[-1]].verb if done else ""
    return last, str(json.loads(found[undone[-1]].payload)["says"].get("verb", "")) if undone else ""


def _turn(actor: Coder, ref: Case | str, verb: str, token: str) -> Event | None:
    case = case_of(actor, ref)
    with act(actor, verb, case=case, token=token) as under_way:
        if under_way.repeated:
            return under_way.repeated
        done, undone = _stacks(actor, case.pk)
        stack = done if verb == "undo" else undone
        if not stack:
            return None
        event = Event.objects.get(sequence=stack[-1])
        under_way.undoes, under_way.subject = event.sequence, (event.kind, event.subject)
        under_way.says = {"verb": event.verb}
        _turn_back(under_way, json.loads(event.payload)["rows"])
        sequence = under_way.sequence
    return Event.objects.get(sequence=sequence)


def _stacks(actor: Coder, case: str) -> tuple[list[int], list[int]]:
    """Sequences of what can be undone and of what can be redone (undo events), each with the next one last."""
    done: list[int] = []
    undone: list[int] = []
    rows = Event.objects.filter(actor=actor.pk, case=case).order_by("sequence")
    for sequence, verb in rows.values_list("sequence", "verb"):
        if verb == "undo":
            done.pop()
            undone.append(sequence)
        elif verb == "redo":
            undone.pop()
            done.append(sequence)
        elif verb in UNDOABLE:
            done.append(sequence)
            undone.clear()
        elif verb in CLOSING:
            done.clear()
            undone.clear()
    return done, undone


def _turn_back(under_way: Act, rows: list[dict[str, Any]]) -> None:
    """Bring every row back to what it was before, if it still is what it was after."""
    try:
        for told in reversed(rows):
            _turn_row(under_way, told)
    except ProtectedError:
        raise StaleView(GONE) from None


def _turn_row(under_way: Act, told: dict[str, Any]) -> None:
    model, before, after = KEPT[told["kind"]], told["before"], told["after"]
    if after is None:
        _check_open(before)
        under_way.new(model(**{name: _typed(model, name, value) for name, value in before.items()}))
        return
    row = model._default_manager.filter(pk=told["id"]).first()
    if row is None:
        raise StaleView(GONE)
    now = row.image()
    if any(now[name] != value for name, value in after.items()):
        raise StaleView(GONE)
    _check_open(now)
    if before is None:
        under_way.drop(row)
    else:
        under_way.change(row, **{name: _typed(model, name, value) for name, value in before.items()})


def _check_open(image: dict[str, Any]) -> None:
    """A row of a pass is turned only while the pass is open."""
    reading = image.get("reading_id")
    if reading and Pass.objects.filter(pk=reading, state="submitted").exists():
        raise StaleView("The pass is submitted; reopen it or take a second look.")


def _typed(model: Any, name: str, value: Any) -> Any:
    """The image's value as the column's own type: times and dates are ISO 8601 there."""
    column = next(f for f in model._meta.concrete_fields if f.attname == name)
    return column.to_python(value) if isinstance(value, str) else value
