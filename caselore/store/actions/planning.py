"""Work is shared out: assignments, double coding with as many cases as an interval needs, layers, sub-samples."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from caselore.errors import EvaluationError, StoreError
from caselore.store.actions.act import Act, act
from caselore.store.actions.refs import case_of, the
from caselore.store.models import Assignment, Case, Coder, DoubleCodingPlan, SubSample
from caselore.store.models.texts import LAYERS
from caselore.store.permissions import may, require

STRATA = ("year", "source_type", "layer")
"""Columns of a case by which a sample can be stratified."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The 95 % interval that double coding shall give: `coefficient` plus and minus `half_width`.

    `alike` is how far coders are expected to correlate, `shares` how often each value comes up; see
    `caselore.agreement.plan.units_needed`.
    """

    half_width: float
    coefficient: str = "alpha"
    alike: float = 0.7
    shares: tuple[float, ...] = (0.5, 0.5)


@dataclass(frozen=True, slots=True)
class Draw:
    """Cases drawn for double coding, each with its stratum and reason, and what the wanted interval needs in words."""

    cases: tuple[str, ...]
    strata: Mapping[str, tuple[int, int]]
    """Stratum -> cases drawn, of how many."""
    needs: int
    says: str


def assign(
    actor: Coder, case: Case | str, coder: Coder | str, *, due: date | str | None = None, order: int = 0,
    blind_first: bool | None = None, token: str = "",
) -> Assignment:  # fmt: skip
    """Give a case to a coder; `blind_first` is by custom as the study's share has drawn the case."""
    require(actor, "assign")
    with act(actor, "assign", token=token) as done:
        if done.repeated:
            return the(Assignment, done.repeated.subject)
        found = the(Case, case)
        done.case = found.pk
        return _assign(done, found, _who_codes(coder), due=due, order=order, blind_first=blind_first)


def unassign(actor: Coder, assignment: Assignment | str, *, token: str = "") -> Assignment:
    """Take a case from a coder; a pass that he has begun stays."""
    require(actor, "assign")
    with act(actor, "unassign", token=token) as done:
        found = the(Assignment, assignment)
        done.case = found.case_id
        return found if done.repeated else done.change(found, withdrawn=True)


def plan_double_coding(
    actor: Coder, *, coders: Sequence[Coder | str], share: float = 0.2, strata: Sequence[str] = (), seed: int = 0,
    wanted: Wanted | None = None, blind_first: bool | None = None, due: date | str | None = None, token: str = "",
) -> DoubleCodingPlan:  # fmt: skip
    """Draw cases that every named coder reads independently, and assign them.

    Args:
        actor: who plans.
        coders: at least two.
        share: of all cases, from 0 to 1; more are drawn where `wanted` needs more.
        strata: columns of `STRATA` within which cases are drawn in proportion.
        seed: of the draw, so that it can be repeated.
        wanted: the interval that the plan is made for.
        blind_first: whether they are shown without proposals first, by custom as the study draws each case.
        due: when they are due.
        token: the client's own, so that a resend is known.
    """
    require(actor, "plan")
    with act(actor, "plan", token=token) as done:
        if done.repeated:
            return the(DoubleCodingPlan, done.repeated.subject)
        given = [_who_codes(each) for each in coders]
        if len({coder.pk for coder in given}) < 2:
            raise StoreError("Double coding needs at least two coders; name them.")
        drawn = draw(share=share, strata=strata, seed=seed, wanted=wanted, coders=len(given))
        done.says = {"needs": drawn.says} if drawn.says else {}
        plan = done.new(
            DoubleCodingPlan(
                share=share, strata=list(strata), seed=seed, wanted=wanted.half_width if wanted else None,
                made=done.at, cases=list(drawn.cases), coders=[coder.pk for coder in given],
            )
        )  # fmt: skip
        rows = {case.pk: case for case in Case.objects.filter(pk__in=drawn.cases)}
        for n, case in enumerate(drawn.cases):
            for coder in given:
                _assign(done, rows[case], coder, due=due, order=n, blind_first=blind_first, plan=plan.pk)
        return plan


def draw(
    *, share: float, strata: Sequence[str] = (), seed: int = 0, wanted: Wanted | None = None, coders: int = 2
) -> Draw:
    """The cases that a plan would take: the share of all, or as many as the wanted interval needs if that is more."""
    from caselore.agreement.plan import choose, units_needed  # loads the statistics: only who plans pays for them

    unknown = Counter(strata) - Counter(STRATA)
    if unknown:
        raise StoreError(f"Cases cannot be stratified by '{next(iter(unknown))}'; choose from {', '.join(STRATA)}.")
    labels = {str(pk): ", ".join(map(str, row)) for pk, *row in Case.objects.values_list("pk", *strata)}
    if not labels:
        raise StoreError("There are no cases to draw from; add documents first.")
    try:
        need = wanted and units_needed(
            wanted.coefficient, width=2 * wanted.half_width, alike=wanted.alike, shares=wanted.shares, coders=coders
        )
        needs = min(need.units, len(labels)) if need else 0
        chosen = choose(labels, share=max(share, needs / len(labels)), seed=seed)
    except EvaluationError as error:
        raise StoreError(str(error)) from None
    taken, whole = Counter(each.stratum for each in chosen), Counter(labels.values())
    counted = {name: (taken[name], whole[name]) for name in sorted(whole)}
    return Draw(tuple(each.case for each in chosen), counted, needs, need.says if need else "")


def set_layer(
    actor: Coder, case: Case | str, layer: str, *, target: str = "", reason: str = "", token: str = ""
) -> Case:
    """Say how far a case is read, and (`target`, with the reason) how far it shall be."""
    require(actor, "plan" if target and not may(actor, "code") else "code")
    with act(actor, "set_layer", token=token) as done:
        # Who plans need not be one who may read: he sees which cases there are, and none of their words.
        found = the(Case, case) if may(actor, "plan") else case_of(actor, case)
        if done.repeated:
            return found
        for each in filter(None, (layer, target)):
            if each not in LAYERS:
                raise StoreError(f"There is no layer '{each}'; choose from {', '.join(LAYERS)}.")
        if target and not reason.strip():
            raise StoreError("State why the case shall be read that far.")
        done.case = found.pk
        why = reason.strip() or found.layer_reason
        return done.change(found, layer=layer, target_layer=target or found.target_layer, layer_reason=why)


def pick_subsample(
    actor: Coder, name: str, *, targets: Mapping[str, Mapping[str, int]], seed: int = 0, layer: str = "full_coding",
    token: str = "",
) -> SubSample:  # fmt: skip
    """Pick cases until every margin of `targets` ({column: {value: count}}) is met as far as the cases allow.

    Each pick takes the case that fills most of what is still short, by chance among equals, and records which.
    The picked cases' target layer becomes `layer`.
    """
    require(actor, "plan")
    with act(actor, "subsample", token=token) as done:
        if done.repeated:
            return the(SubSample, done.repeated.subject)
        unknown = [column for column in targets if column not in STRATA]
        if unknown or not targets:
            raise StoreError(f"Targets are set for {', '.join(STRATA)}; '{', '.join(unknown)}' is none of them.")
        picks = _picks(list(Case.objects.order_by("pk")), targets, seed)
        plain = {column: {str(value): int(n) for value, n in margin.items()} for column, margin in targets.items()}
        told = [{"case": case.pk, "reason": reason} for case, reason in picks]
        sample = done.new(SubSample(name=name.strip() or "Sub-sample", targets=plain, picks=told, made=done.at))
        for case, reason in picks:
            done.change(case, target_layer=layer, layer_reason=f"{sample.name}: {reason}")
        return sample


def _picks(cases: list[Case], targets: Mapping[str, Mapping[str, int]], seed: int) -> list[tuple[Case, str]]:
    short = {(column, str(value)): int(n) for column, margin in targets.items() for value, n in margin.items()}
    random.Random(seed).shuffle(cases)
    picks: list[tuple[Case, str]] = []
    while cases and any(n > 0 for n in short.values()):
        best = max(cases, key=lambda case: len(_fills(case, short, targets)))
        fills = _fills(best, short, targets)
        if not fills:
            break
        cases.remove(best)
        told = ", ".join(f"{column} {value} ({short[column, value]} short)" for column, value in fills)
        for key in fills:
            short[key] -= 1
        picks.append((best, f"fills {told}"))
    return picks


def _fills(case: Case, short: Mapping[tuple[str, str], int], targets: Iterable[str]) -> list[tuple[str, str]]:
    """The margins still short that a case would fill, unless it would overfill another one that was named."""
    keys = [(column, str(getattr(case, column))) for column in targets]
    if any(key in short and short[key] <= 0 for key in keys):
        return []
    return [key for key in keys if short.get(key, 0) > 0]


def _assign(
    done: Act, case: Case, coder: Coder, *, due: Any, order: int, blind_first: bool | None, plan: str = ""
) -> Assignment:
    blind = case.blind_first if blind_first is None else blind_first
    due = date.fromisoformat(due) if isinstance(due, str) and due else due or None
    before = Assignment.objects.filter(case=case, coder=coder).first()
    if before is not None:
        return done.change(before, due=due or before.due, order=order, blind_first=blind, withdrawn=False, plan=plan)
    return done.new(Assignment(case=case, coder=coder, due=due, order=order, blind_first=blind, plan=plan))


def _who_codes(ref: Coder | str) -> Coder:
    found = the(Coder, ref)
    if not may(found, "code"):
        raise StoreError(f"{found.name} may not code; give the role 'coder' first.")
    return found
