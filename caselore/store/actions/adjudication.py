"""Where passes differ, an adjudicator settles the code with a reason; he can take that back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max

from caselore.errors import NotAllowed, StoreError
from caselore.store.actions.act import Act, act
from caselore.store.actions.refs import case_of, check_seen, the
from caselore.store.actions.spans import SpanLike, as_json, verified
from caselore.store.books import check_code, check_state, displaced, field_of
from caselore.store.models import Adjudication, Case, Coder, Pass
from caselore.store.permissions import require
from caselore.store.visibility import shows_others, under_way

UNDER_WAY = "Somebody is still coding this case; it is settled when every assigned pass is submitted."


def adjudicate(
    actor: Coder, case: Case | str, field: str, *, reason: str, code: str = "", answer: str = "present",
    holds: bool = True, evidence: Iterable[SpanLike] = (), passes: Iterable[str] | None = None,
    seen: int | None = None, token: str = "",
) -> Adjudication:  # fmt: skip
    """Settle one code of a field (it holds, or not), or the answer of the field as a whole.

    `passes` are those that it settles, by custom all submitted passes of persons on the case. A code that holds
    displaces what it excludes among earlier adjudications. Raises NotAllowed while the actor codes the case himself,
    StoreError while anybody does.
    """
    require(actor, "adjudicate")
    with act(actor, "adjudicate", token=token) as done:
        if done.repeated:
            return the(Adjudication, done.repeated.subject)
        found = open_for_settling(actor, case)
        done.case = found.pk
        _check(field, code, answer, reason)
        check_seen(seen, settled_version(found, field), field_of(field).label)
        made = Adjudication(
            case=found, field=field, code=code, answer=answer, holds=holds, reason=reason.strip(),
            evidence=as_json(verified(found, evidence)), adjudicator=actor, passes=passes_of(found, passes), at=done.at,
            changed=done.sequence,
        )  # fmt: skip
        before = list(Adjudication.objects.filter(case=found, field=field, retracted=False))
        done.new(made)
        _displace(done, made, before)
        return made


def unsettle(actor: Coder, adjudication: Adjudication | str, *, reason: str, token: str = "") -> Adjudication:
    """Take an adjudication back; the reason stands in the log."""
    require(actor, "adjudicate")
    with act(actor, "unsettle", token=token) as done:
        found = the(Adjudication, adjudication)
        if done.repeated:
            return found
        if not reason.strip():
            raise StoreError("State why the settled answer is taken back.")
        done.case, done.says = found.case_id, {"reason": reason.strip()}
        return done.change(found, retracted=True, changed=done.sequence)


def settled_version(case: Case | str, field: str) -> int:
    """The sequence of the event that last settled the field of a case, 0 where none did."""
    rows = Adjudication.objects.filter(case=case, field=field)
    return int(rows.aggregate(last=Max("changed"))["last"] or 0)


def _check(field: str, code: str, answer: str, reason: str) -> None:
    if answer == "present":
        if field_of(field).kind == "sequence":
            raise StoreError(f"{field_of(field).label}: settle the order as a whole, not one code of it.")
        check_code(field_of(field), code)
    else:
        check_state(field_of(field), answer)
    if not reason.strip():
        raise StoreError("State the reason for which the disagreement is settled so.")


def open_for_settling(actor: Coder, case: Case | str) -> Case:
    """The case, if the actor may settle it now. Raises NotAllowed while he codes it, StoreError while anybody does."""
    found = case_of(actor, case)
    if not shows_others(actor, found):
        raise NotAllowed(f"{actor.name} codes this case; submit the own pass before settling it.")
    if under_way(found):
        raise StoreError(UNDER_WAY)
    return found


def passes_of(case: Case, given: Iterable[str] | None) -> list[str]:
    """The submitted passes of persons on a case, or those given of them. Raises StoreError."""
    known = Pass.objects.filter(case=case, machine=False, state="submitted")
    every = list(known.order_by("pk").values_list("pk", flat=True))
    if given is None:
        return every
    wanted = list(given)
    if not set(wanted) <= set(every):
        raise StoreError("An adjudication settles submitted passes of its own case; load the page again.")
    return wanted


def _displace(done: Act, made: Adjudication, before: list[Adjudication]) -> None:
    for each in before:
        same = (each.code, each.answer) == (made.code, made.answer)
        whole = made.holds and each.holds and "present" in (made.answer, each.answer) and made.answer != each.answer
        other_state = made.holds and each.holds and made.answer != "present" and each.answer != "present"
        one_value = made.holds and each.holds and displaced(field_of(made.field), made.code, each.code)
        if same or whole or other_state or one_value:
            done.change(each, retracted=True, changed=done.sequence)
