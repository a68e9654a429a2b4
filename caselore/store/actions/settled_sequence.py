"""Where sequences of decisions differ, an adjudicator settles one: steps of the passes, in his order, with a reason.

Taking it back is `unsettle`, as with every other settlement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from caselore.errors import StaleView, StoreError
from caselore.store.actions.act import act
from caselore.store.actions.adjudication import open_for_settling, passes_of, settled_version
from caselore.store.actions.refs import check_seen, the
from caselore.store.actions.spans import as_json, verified
from caselore.store.books import DECISIONS, check_code, field_of
from caselore.store.models import Adjudication, Case, Coder, SettledStep, Step
from caselore.store.permissions import require

NONE = "not_mentioned"
"""What is settled where the case tells of no decision."""

MOST_STEPS = 500


def settle_sequence(
    actor: Coder, case: Case | str, steps: Sequence[Mapping[str, Any]], *, reason: str,
    passes: Iterable[str] | None = None, seen: int | None = None, token: str = "",
) -> Adjudication:  # fmt: skip
    """Settle the order of a case's decisions; without steps, that the source tells of none.

    Each step has `decision_type`, `agency` (empty: not stated) and `taken`: the ids of the steps of the `passes` (by
    custom all submitted ones of persons) that it is taken from, whose evidence and reasons it carries; none is taken
    twice. An earlier settlement of the sequence is displaced. Raises NotAllowed while the actor codes the case
    himself, StoreError while anybody does, StaleView where a step is gone.
    """
    require(actor, "adjudicate")
    with act(actor, "settle_sequence", token=token) as done:
        if done.repeated:
            return the(Adjudication, done.repeated.subject)
        found = open_for_settling(actor, case)
        done.case = found.pk
        if not reason.strip():
            raise StoreError("State the reason for which the sequence is settled so.")
        check_seen(seen, settled_version(found, DECISIONS), field_of(DECISIONS).label)
        settled = passes_of(found, passes)
        told = _told(found, settled, steps)
        made = Adjudication(
            case=found, field=DECISIONS, answer="present" if told else NONE, reason=reason.strip(), adjudicator=actor,
            passes=settled, at=done.at, changed=done.sequence,
        )  # fmt: skip
        before = list(Adjudication.objects.filter(case=found, field=DECISIONS, retracted=False))
        done.new(made)
        for step in told:
            step.adjudication = made
        done.new_all(told)
        for each in before:
            done.change(each, retracted=True, changed=done.sequence)
        return made


def _told(case: Case, passes: Sequence[str], steps: Sequence[Mapping[str, Any]]) -> list[SettledStep]:
    """The steps as rows, each with what it is taken from. Raises StoreError or StaleView."""
    if len(steps) > MOST_STEPS:
        raise StoreError(f"A sequence has at most {MOST_STEPS} decisions; {len(steps)} were sent.")
    named = [str(each) for step in steps for each in step.get("taken", ())]
    if len(set(named)) < len(named):
        raise StoreError("A coder's step is taken twice; leave one of the two out.")
    sources = Step.objects.filter(reading__in=passes, case=case, pk__in=named[: MOST_STEPS * 10]).in_bulk()
    if len(sources) < len(named):
        raise StaleView("A coder's sequence changed since this page was loaded; look at it again.")
    return [
        _row(case, order, step, [sources[str(each)] for each in step.get("taken", ())])
        for order, step in enumerate(steps)
    ]


def _row(case: Case, order: int, step: Mapping[str, Any], taken: Sequence[Step]) -> SettledStep:
    decision, agency = str(step.get("decision_type", "")), str(step.get("agency") or "")
    if not taken:
        raise StoreError(f"Step {order + 1} is taken from nobody; take it from one of the passes.")
    check_code(field_of(DECISIONS), decision)
    if agency:
        check_code(field_of("agencies"), agency)
    spans = verified(case, [span for source in taken for span in source.evidence])
    return SettledStep(
        case=case, order=order, decision_type=decision, agency=agency, taken=[source.pk for source in taken],
        evidence=as_json(sorted(spans, key=lambda span: (span.start, span.end))),
        reason="\n".join(dict.fromkeys(source.reason for source in taken if source.reason)),
    )  # fmt: skip
