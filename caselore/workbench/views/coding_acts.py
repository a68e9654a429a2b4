"""Acts on the coding page: a form comes in, one action of the store is done, the parts that it changed go out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from caselore.errors import CaseloreError, NotAllowed, StaleView, StoreError
from caselore.store import queries
from caselore.store.actions import coding, keeping, passes, register
from caselore.store.actions.act import listening
from caselore.store.actions.undo import can_undo, redo, undo
from caselore.store.books import codebook
from caselore.store.models import Case, Coder, Note, Pass, Step
from caselore.store.prepared import Prepared, PreparedRows
from caselore.store.sight import Sight, sight_of
from caselore.store.visibility import visible_case, visible_passes
from caselore.workbench import rows
from caselore.workbench.changes import Changed, changed_by, widened
from caselore.workbench.passages import repainted
from caselore.workbench.signed_in import requires

MOST_PASSAGES = 2000
"""Passages that one message may count as read."""

LONGEST_TOKEN = 80
MOST_SECONDS = 600
"""Seconds of reading that one message may add; the page sends one a minute."""


@dataclass(frozen=True)
class Told:
    """What the page sent with an act; `fields` are its form."""

    fields: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def token(self) -> str:
        """The client's own name for this act."""
        return self["token"][:LONGEST_TOKEN]

    @property
    def seen(self) -> int | None:
        """The version of the field that the page showed."""
        return number(self["seen"], "seen") if self["seen"] else None

    @property
    def spans(self) -> list[Any] | None:
        """The selected words; None where none were sent. Raises StoreError."""
        if not self["spans"]:
            return None
        try:
            told = json.loads(self["spans"])
        except ValueError:
            told = None
        if not isinstance(told, list):
            raise StoreError("The selected words were not understood; select them again.")
        return told

    def of_another(self, actor: Coder) -> bool:
        """Whether the page is of somebody else than who is signed in by now: in one browser all tabs change with it."""
        return bool(self["coder"]) and self["coder"] != actor.pk

    @property
    def with_token(self) -> dict[str, str]:
        """The token as a keyword."""
        return {"token": self.token}

    @property
    def guards(self) -> dict[str, Any]:
        """Token and version as keywords of a decision."""
        return {"token": self.token, "seen": self.seen}


def number(words: str, what: str) -> int:
    """A number of a form. Raises StoreError."""
    if not words.isdecimal() or len(words) > 15:
        raise StoreError(f"'{words[:20]}' is no number for {what}; load the page again.")
    return int(words)


_NEWEST = Prepared(
    lambda case, coder: Pass.objects.filter(case=case, coder=coder).order_by("-number").values_list("pk")[:1]
)
_NOTES = PreparedRows(Note, lambda passes: Note.objects.filter(reading__in=passes).order_by("pk"))


def reading(actor: Coder, case: Case) -> str:
    """The actor's pass to write in, as an id; a first one is opened by the first act."""
    newest = _NEWEST(case=case.pk, coder=actor.pk)
    return newest[0][0] if newest else passes.open_pass(actor, case).pk


def _accept(actor: Coder, case: Case, told: Told) -> object:
    return coding.accept(actor, reading(actor, case), told["coding"], evidence=told.spans, **told.guards)


def _reject(actor: Coder, case: Case, told: Told) -> object:
    return coding.reject(actor, reading(actor, case), told["coding"], reason=told["reason"], **told.guards)


def _amend(actor: Coder, case: Case, told: Told) -> object:
    return coding.amend(
        actor, reading(actor, case), told["coding"], code=told["code"], evidence=told.spans, reason=told["reason"],
        **told.guards,
    )  # fmt: skip


def _add(actor: Coder, case: Case, told: Told) -> object:
    return coding.add(
        actor, reading(actor, case), told["field"], told["code"], evidence=told.spans or (), reason=told["reason"],
        **told.guards,
    )  # fmt: skip


def _answer(actor: Coder, case: Case, told: Told) -> object:
    return coding.answer(
        actor, reading(actor, case), told["field"], told["state"], evidence=told.spans or (), reason=told["reason"],
        **told.guards,
    )  # fmt: skip


def _withdraw(actor: Coder, case: Case, told: Told) -> object:
    return coding.withdraw(actor, told["coding"], **told.guards)


def _undo(actor: Coder, case: Case, told: Told) -> object:
    return undo(actor, case, **told.with_token)


def _redo(actor: Coder, case: Case, told: Told) -> object:
    return redo(actor, case, **told.with_token)


def _note(actor: Coder, case: Case, told: Told) -> object:
    return passes.note(actor, reading(actor, case), told["words"], field=told["field"], **told.with_token)


def _remove_note(actor: Coder, case: Case, told: Told) -> object:
    passes.remove_note(actor, told["note"], **told.with_token)
    return None


def _confirm(actor: Coder, case: Case, told: Told) -> object:
    return register.confirm(actor, told["recommendation"], **told.with_token)


def _dismiss(actor: Coder, case: Case, told: Told) -> object:
    return register.dismiss(actor, told["recommendation"], **told.with_token)


def _sequence(actor: Coder, case: Case, told: Told) -> object:
    """One change of the order: `change` is take, add, remove, up, down or set."""
    change = _CHANGES.get(told["change"])
    if change is None:
        raise StoreError("The change of the sequence was not understood; load the page again.")

    def changed(held: Sequence[Step]) -> list[dict[str, Any]]:
        steps = [{"id": step.pk, **_as_told(step)} for step in held]
        change(steps, told, actor, case)
        return steps

    return passes.set_sequence(actor, reading(actor, case), changed, seen=told.seen, token=told.token)


def _as_told(step: Step) -> dict[str, Any]:
    return {
        "decision_type": step.decision_type, "agency": step.agency, "evidence": step.evidence, "reason": step.reason,
    }  # fmt: skip


def _take(steps: list[dict[str, Any]], told: Told, actor: Coder, case: Case) -> None:
    """A proposed step; one that was taken already, as by a key pressed twice, is not taken again."""
    proposed = Step.objects.filter(reading__in=visible_passes(actor), case=case, pk=told["step"]).first()
    if proposed is None:
        raise StoreError("This step is not there any more; load the page again.")
    if not any(rows.tells_same(proposed, step["decision_type"], step["evidence"]) for step in steps):
        steps.append(_as_told(proposed))


def _add_step(steps: list[dict[str, Any]], told: Told, actor: Coder, case: Case) -> None:
    steps.append(
        {
            "decision_type": told["code"], "agency": told["agency"], "evidence": told.spans or [],
            "reason": told["reason"],
        }
    )  # fmt: skip


def _remove_step(steps: list[dict[str, Any]], told: Told, actor: Coder, case: Case) -> None:
    """A step that is gone already, as by a key pressed twice, takes no other with it."""
    steps[:] = [step for step in steps if step["id"] != told["step"]]


def _up(steps: list[dict[str, Any]], told: Told, actor: Coder, case: Case) -> None:
    at = _at(steps, told)
    if at:
        steps[at - 1], steps[at] = steps[at], steps[at - 1]


def _down(steps: list[dict[str, Any]], told: Told, actor: Coder, case: Case) -> None:
    at = _at(steps, told)
    if at + 1 < len(steps):
        steps[at + 1], steps[at] = steps[at], steps[at + 1]


def _set_step(steps: list[dict[str, Any]], told: Told, actor: Coder, case: Case) -> None:
    step = steps[_at(steps, told)]
    step["agency"] = told["agency"] if "agency" in told.fields else step["agency"]
    step["decision_type"] = told["code"] or step["decision_type"]
    step["evidence"] = told.spans or step["evidence"]


def _at(steps: list[dict[str, Any]], told: Told) -> int:
    """Where the step stands that the page names."""
    found = [n for n, step in enumerate(steps) if step["id"] == told["step"]]
    if not found:
        raise StaleView("The sequence changed since this page was loaded; look at it again.")
    return found[0]


_CHANGES: Mapping[str, Callable[[list[dict[str, Any]], Told, Coder, Case], None]] = {
    "take": _take, "add": _add_step, "remove": _remove_step, "up": _up, "down": _down, "set": _set_step,
}  # fmt: skip

ACTS: Mapping[str, Callable[[Coder, Case, Told], object]] = {
    "accept": _accept, "reject": _reject, "amend": _amend, "add": _add, "answer": _answer, "withdraw": _withdraw,
    "undo": _undo, "redo": _redo, "note": _note, "remove-note": _remove_note, "sequence": _sequence,
    "confirm": _confirm, "dismiss": _dismiss,
}  # fmt: skip
NOTHING = {"undo": "There is nothing to undo.", "redo": "There is nothing to redo."}


@requires("code")
@require_POST
def do(request: Any, case: str, verb: str) -> HttpResponse:
    """Do an act; the answer holds what it changed. 409 with the present state where the page was out of date."""
    if verb not in ACTS:
        raise Http404
    told = Told(request.POST.dict())
    if told.of_another(request.coder):
        return _turned_away(request.coder)
    found = visible_case(request.coder, case)
    says, status, payload = "", 200, ""
    try:
        with listening() as events:
            if ACTS[verb](request.coder, found, told) is None and verb in NOTHING:
                says = NOTHING[verb]
        payload = next((each.payload for each in events if told.token and each.token == told.token), "")
    except NotAllowed:
        raise
    except StaleView as error:
        says, status = f"{error} This is the new state.", 409
    except CaseloreError as error:
        says, status = str(error), 422
    changed = changed_by(payload)
    if told["field"] in codebook().fields and not payload:
        changed.fields.add(told["field"])
        changed.whole.add(told["field"])
    changed.sequence |= bool(told["change"])
    words = render_to_string("workbench/coding_changed.html", parts(request.coder, found, changed, says))
    return HttpResponse(words, status=status)


def _turned_away(actor: Coder) -> HttpResponse:
    """The page keeps the act until its own coder is signed in again."""
    words = f"{actor.name} is signed in here now, and this page is of somebody else; nothing was written."
    return HttpResponse(words, status=401, content_type="text/plain; charset=utf-8", headers={"X-Caselore": "other"})


def parts(actor: Coder, case: Case, changed: Changed, says: str) -> dict[str, Any]:
    """What the template of a change needs."""
    sight, fields = sight_of(actor, case), codebook().fields
    codings = widened(sight, changed)
    notes = _NOTES(passes=sight.own[:1]) if changed.notes or changed.fields else []
    noted = [note.field for note in notes]
    views = queries.views_of(sight, codings, changed.fields - {rows.SEQUENCE}) if changed.fields else {}
    told: dict[str, Any] = {
        "rows": [rows.row(fields[name], view, noted.count(name)) for name, view in views.items() if name in fields],
        "passages": repainted(sight, changed.ranges),
        "sequence": changed.sequence, "says": says, "can_code": True,
        "touched": " ".join(dict.fromkeys(pk for pk in changed.touched if pk)),
        "notes": rows.notes(notes), "show_notes": changed.notes, "show_recommendations": changed.recommendations,
    }  # fmt: skip
    if changed.recommendations:
        told["recommendations"] = rows.recommendations(queries.recommendations_of(actor, case))
    if changed.sequence:
        told |= sequence(sight)
    told["can_undo"], told["can_redo"] = can_undo(actor, case)
    return told


def sequence(sight: Sight) -> dict[str, Any]:
    """The viewer's steps, the proposed ones and the settled order."""
    every = queries.steps_of(sight)
    mine = [step for step in every if step.reading_id in sight.own[:1]]
    settled = queries.views_of(sight, [], [rows.SEQUENCE])[rows.SEQUENCE].adjudicated
    return {
        **rows.steps(mine, [step for step in every if sight.seen[step.reading_id].machine], settled),
        "sequence_version": max((step.changed for step in mine), default=0),
    }


@requires("code")
@require_POST
def submit(request: Any, case: str) -> HttpResponse:
    """Close the pass; what was hidden is shown from now on."""
    found = visible_case(request.coder, case)
    own = queries.own_pass(request.coder, found)
    if own is None:
        raise StoreError("Nothing is decided yet, so there is no pass to submit; code the case first.")
    if own.state == "open":
        passes.submit_pass(request.coder, own, token=request.POST.get("token", "")[:LONGEST_TOKEN])
    return redirect("coding", found.pk)


@requires("code")
@require_POST
def look_again(request: Any, case: str) -> HttpResponse:
    """Open a second look on a case whose pass is submitted; the first one stays as it is."""
    found = visible_case(request.coder, case)
    passes.open_pass(request.coder, found)
    return redirect("coding", found.pk)


@requires("code")
@require_POST
def reopen(request: Any, case: str) -> HttpResponse:
    """Open one's submitted pass again, with a reason."""
    found = visible_case(request.coder, case)
    own = queries.own_pass(request.coder, found)
    if own is None:
        raise StoreError("There is no pass of yours on this case.")
    if own.state != "open":
        passes.reopen(request.coder, own, reason=request.POST.get("reason", ""))
    return redirect("coding", found.pk)


@requires("read")
@require_POST
def place(request: Any, case: str) -> HttpResponse:
    """Remember where the coder is, and count what he has read; neither is told to anybody."""
    told, actor = Told(request.POST.dict()), request.coder
    if told.of_another(actor):
        return _turned_away(actor)
    found = visible_case(actor, case)
    if told["passage"]:
        keeping.keep_place(
            actor, found, passage=number(told["passage"], "the place"), scroll=_height(told["scroll"]),
            field=told["item"],
        )  # fmt: skip
    read, graphic = _numbers(told["read"]), _numbers(told["graphic"])
    seconds = min(number(told["seconds"], "seconds"), MOST_SECONDS) if told["seconds"] else 0
    if not (read or graphic or seconds):
        return HttpResponse(status=204)
    today = keeping.count_exposure(actor, found, read=read, graphic=graphic, seconds=seconds)
    return JsonResponse({"passages": today.passages, "graphic": today.graphic, "seconds": today.seconds})


def _numbers(words: str) -> list[int]:
    """Numbers of passages, with commas between them. Raises StoreError."""
    return [number(each, "a passage") for each in words.split(",", MOST_PASSAGES)[:MOST_PASSAGES]] if words else []


def _height(words: str) -> float:
    try:
        height = float(words or 0)
    except ValueError:
        return 0.0
    return height if -1e6 < height < 1e6 else 0.0
