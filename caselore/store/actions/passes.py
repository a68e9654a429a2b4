"""A coder opens a pass on a case, writes the sequence of decisions and notes in it, submits it, opens it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from caselore.errors import NotAllowed, StoreError
from caselore.store.actions.act import Act, act
from caselore.store.actions.refs import case_of, check_seen, own_open_pass, the
from caselore.store.actions.spans import as_json, verified
from caselore.store.books import check_code, codebook, field_of
from caselore.store.models import Case, Coder, Note, Pass, Step
from caselore.store.permissions import may, require
from caselore.store.visibility import hides_proposals, shows_others

LONGEST_NOTE = 50_000


def open_pass(actor: Coder, case: Case | str, *, token: str = "") -> Pass:
    """The actor's open pass on a case; where there is none, a new one.

    A first pass is ``blind_first`` where its proposals are hidden; it is a ``second_look`` where the actor had a pass
    before, or could see another person's.
    """
    require(actor, "code")
    with act(actor, "open", token=token) as done:
        if done.repeated:
            return the(Pass, done.repeated.subject)
        found = case_of(actor, case)
        passes = Pass.objects.filter(case=found, machine=False)
        own = list(passes.filter(coder=actor).order_by("number"))
        if own and own[-1].state == "open":
            return own[-1]
        done.case = found.pk
        others = passes.exclude(coder=actor).exists() and shows_others(actor, found)
        kind = "second_look" if own or others else "blind_first" if hides_proposals(actor, found) else "independent"
        books = dict(codebook().versions)
        return done.new(Pass(case=found, coder=actor, number=len(own) + 1, kind=kind, started=done.at, books=books))


def submit_pass(actor: Coder, reading: Pass | str, *, token: str = "") -> Pass:
    """Close a pass: from now on it counts for agreement and release."""
    with act(actor, "submit", token=token) as done:
        if done.repeated:
            return the(Pass, done.repeated.subject)
        own = own_open_pass(actor, reading)
        done.case = own.case_id
        return done.change(own, state="submitted", submitted=done.at)


def reopen(actor: Coder, reading: Pass | str, *, reason: str, token: str = "") -> Pass:
    """Open a submitted pass again.

    Its coder may, as long as submitting it has shown him nothing (no proposals that were hidden, no other person's
    pass); who has the act `reopen` may always. Raises NotAllowed or StoreError.
    """
    with act(actor, "reopen", token=token) as done:
        if done.repeated:
            return the(Pass, done.repeated.subject)
        found = the(Pass, reading, "case")
        if found.machine or found.state != "submitted":
            raise StoreError("Only a submitted pass can be reopened.")
        if not reason.strip():
            raise StoreError("State why the pass is opened again.")
        _check_reopening(actor, found)
        done.case, done.says = found.case_id, {"reason": reason.strip()}
        return done.change(found, state="open", submitted=None)


def _check_reopening(actor: Coder, found: Pass) -> None:
    if may(actor, "reopen"):
        return
    if found.coder_id != actor.pk:
        raise NotAllowed(f"{actor.name} may not reopen another coder's pass.")
    others = Pass.objects.filter(case=found.case_id, machine=False).exclude(coder=actor).exists()
    if found.kind == "blind_first" or (others and found.kind == "independent"):
        raise NotAllowed("This pass was blind and is submitted; open a second look, which leaves it as it is.")


Told: TypeAlias = Sequence[Mapping[str, Any]]


def set_sequence(
    actor: Coder, reading: Pass | str, steps: Told | Callable[[Sequence[Step]], Told], *, seen: int | None = None,
    token: str = "",
) -> list[Step]:  # fmt: skip
    """Write the order of the case's decisions; each step has a decision type, evidence or a reason, an agency.

    A step with the `id` of one that is there stays that one, whatever is changed of it; the others go. `steps` may be
    what makes them of those that are there, in the same transaction.
    """
    with act(actor, "sequence", token=token) as done:
        own = own_open_pass(actor, reading)
        before = list(Step.objects.filter(reading=own))
        if done.repeated:
            return before
        done.case = own.case_id
        check_seen(seen, max((step.changed for step in before), default=0), "The sequence")
        told = steps(before) if callable(steps) else steps
        made = [_step(own, n, each) for n, each in enumerate(told)]
        done.about(own)
        _write(done, before, [str(each.get("id", "")) for each in told], made)
        return list(Step.objects.filter(reading=own))


def _write(done: Act, before: Sequence[Step], ids: Sequence[str], made: Sequence[Step]) -> None:
    """The steps `made` instead of those `before`; every one is new of this act, unless nothing differs at all."""
    if [step.pk for step in before] == list(ids) and all(map(_same, before, made)):
        return
    held = {step.pk: step for step in before}
    kept = [held.pop(key, None) for key in ids]
    for step in held.values():
        done.drop(step)
    for old, new in zip(kept, made, strict=True):
        new.changed = done.sequence
        if old is not None:
            done.change(old, **{name: getattr(new, name) for name in (*_SAYS, "order", "changed")})
    done.new_all(new for old, new in zip(kept, made, strict=True) if old is None)


_SAYS = ("decision_type", "agency", "evidence", "reason")


def _same(one: Step, other: Step) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _SAYS)


def _step(own: Pass, order: int, told: Mapping[str, Any]) -> Step:
    decision, agency = str(told.get("decision_type", "")), str(told.get("agency") or "")
    check_code(field_of("decision_type"), decision)
    if agency:
        check_code(field_of("agencies"), agency)
    spans, reason = verified(own.case, told.get("evidence", ())), str(told.get("reason", "")).strip()
    if not spans and not reason:
        raise StoreError(f"Step {order + 1}: select the words that tell of the decision, or state a reason.")
    return Step(
        reading=own, case_id=own.case_id, order=order, decision_type=decision, agency=agency,
        evidence=as_json(spans), reason=reason,
    )  # fmt: skip


def note(actor: Coder, reading: Pass | str, words: str, *, field: str = "", token: str = "") -> Note:
    """Write a note on the case, or on one field of it."""
    with act(actor, "note", token=token) as done:
        if done.repeated:
            return the(Note, done.repeated.subject)
        own = own_open_pass(actor, reading)
        done.case = own.case_id
        if not words.strip() or len(words) > LONGEST_NOTE:
            raise StoreError(f"A note has from 1 to {LONGEST_NOTE:,} characters.")
        if field:
            field_of(field)
        return done.new(Note(reading=own, case_id=own.case_id, field=field, words=words.strip(), written=done.at))


def remove_note(actor: Coder, ref: Note | str, *, token: str = "") -> None:
    """Delete an own note; the log keeps it."""
    with act(actor, "remove_note", token=token) as done:
        if done.repeated:
            return
        found = the(Note, ref)
        own_open_pass(actor, found.reading_id)
        done.case = found.case_id
        done.drop(found)
