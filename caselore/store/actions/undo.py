"""Undo and redo: the last act of a coder on a case is taken back by another event, which can be taken back too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Set
from typing import Any

from django.db.models import ProtectedError

from caselore.errors import StaleView
from caselore.store.actions.act import Act, act
from caselore.store.actions.refs import case_of
from caselore.store.models import KEPT, Case, Coder, Event, Pass
from caselore.store.prepared import Prepared

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

FEW = 16
"""Acts that are read to find the last one; nearly always it is among them."""

GONE = "Another act has built on this one since; change it by hand instead of undoing it."


def undo(actor: Coder, case: Case | str, *, token: str = "") -> Event | None:
    """Take back the actor's last act on a case; None where there is none. Raises StaleView where others built on it."""
    return _turn(actor, case, "undo", token)


def redo(actor: Coder, case: Case | str, *, token: str = "") -> Event | None:
    """Do again what the last undo took back, as long as nothing was done since; None where there is nothing."""
    return _turn(actor, case, "redo", token)


def can_undo(actor: Coder, case: Case | str) -> tuple[bool, bool]:
    """Whether there is something to undo, and something to redo."""
    done, undone = _tops(actor, case.pk if isinstance(case, Case) else case)
    return done is not None, undone is not None


def next_turns(actor: Coder, case: Case | str) -> tuple[str, str]:
    """The verb of the act that `undo` would take back, and of the one that `redo` would do again; empty: none."""
    done, undone = _tops(actor, case.pk if isinstance(case, Case) else case)
    found = Event.objects.in_bulk([each for each in (done, undone) if each is not None])
    last = found[done].verb if done is not None else ""
    return last, str(json.loads(found[undone].payload)["says"].get("verb", "")) if undone is not None else ""


def _turn(actor: Coder, ref: Case | str, verb: str, token: str) -> Event | None:
    case = case_of(actor, ref)
    with act(actor, verb, case=case, token=token) as under_way:
        if under_way.repeated:
            return under_way.repeated
        done, undone = _tops(actor, case.pk)
        turned = done if verb == "undo" else undone
        if turned is None:
            return None
        event = Event.objects.get(sequence=turned)
        under_way.undoes, under_way.subject = event.sequence, (event.kind, event.subject)
        under_way.says = {"verb": event.verb}
        _turn_back(under_way, json.loads(event.payload)["rows"])
    return under_way.event


_NEWEST = Prepared(
    lambda actor, case: (
        Event.objects.filter(actor=actor, case=case).order_by("-sequence").values_list("sequence", "verb")[:FEW]
    )
)


def _tops(actor: Coder, case: str) -> tuple[int | None, int | None]:
    """Sequences of the act that is undone next, and of the undo event that is redone next."""
    few = _NEWEST(actor=actor.pk, case=case)
    return (
        last_open(_backwards(actor, case, few), made=UNDOABLE | {"redo"}, taken={"undo"}, ended=CLOSING),
        last_open(_backwards(actor, case, few), made={"undo"}, taken={"redo"}, ended=UNDOABLE | CLOSING),
    )


def _backwards(actor: Coder, case: str, few: list[Any]) -> Iterator[tuple[int, str]]:
    """All acts of an actor on a case, the newest first; beyond the `few` newest they are read only if asked for."""
    yield from few
    if len(few) == FEW:
        rows = Event.objects.filter(actor=actor.pk, case=case).order_by("-sequence")
        yield from rows.values_list("sequence", "verb")[FEW:]


def last_open(acts: Iterable[tuple[int, str]], *, made: Set[str], taken: Set[str], ended: Set[str]) -> int | None:
    """Of acts, the newest first, the last one `made` that none `taken` since matches; none lies before one `ended`."""
    matched = 0
    for sequence, verb in acts:
        if verb in taken:
            matched += 1
        elif verb in made:
            if not matched:
                return sequence
            matched -= 1
        elif verb in ended:
            return None
    return None


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
