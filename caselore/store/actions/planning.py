"""Work is shared out: assignments, double coding with as many cases as an interval needs, layers, sub-samples."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import ceil
from typing import Any

from caselore.errors import StoreError
from caselore.store.actions.act import Act, act
from caselore.store.actions.refs import case_of, the
from caselore.store.models import Assignment, Case, Coder, DoubleCodingPlan, SubSample
from caselore.store.models.texts import LAYERS
from caselore.store.permissions import may, require

STRATA = ("year", "source_type", "layer")
"""Columns of a case by which a sample can be stratified."""

AGREEMENT = 0.85
"""The share of agreement expected where nothing is known yet."""

Z95 = 1.959963984540054


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
    wanted: float | None = None, blind_first: bool | None = None, due: date | str | None = None, token: str = "",
) -> DoubleCodingPlan:  # fmt: skip
    """Draw cases that every named coder reads independently, and assign them.

    Args:
        actor: who plans.
        coders: at least two.
        share: of all cases, from 0 to 1; more are drawn where `wanted` needs more.
        strata: columns of `STRATA` within which cases are drawn in proportion.
        seed: of the draw, so that it can be repeated.
        wanted: half-width of the 95 % interval of the share of agreement, e.g. 0.05.
        blind_first: whether they are shown without proposals first, by custom as the study draws each case.
        due: when they are due.
        token: the client's own, so that a resend is known.
    """
    require(actor, "plan")
    with act(actor, "plan", token=token) as done:
        if done.repeated:
            return the(DoubleCodingPlan, done.repeated.subject)
        given = [_who_codes(each) for each in coders]
        _check_plan(given, share, strata)
        cases = list(Case.objects.order_by("pk"))
        count = max(ceil(share * len(cases)), needed(wanted, len(cases)))
        drawn = stratified(cases, count, strata, seed)
        plan = done.new(
            DoubleCodingPlan(
                share=share, strata=list(strata), seed=seed, wanted=wanted, made=done.at,
                cases=[case.pk for case in drawn], coders=[coder.pk for coder in given],
            )
        )  # fmt: skip
        for n, case in enumerate(drawn):
            for coder in given:
                _assign(done, case, coder, due=due, order=n, blind_first=blind_first, plan=plan.pk)
        return plan


def needed(half_width: float | None, cases: int, *, agreement: float = AGREEMENT) -> int:
    """Cases to code twice so that the 95 % interval of the share of agreement is narrow (Wald, finite population)."""
    if half_width is None or cases == 0:
        return 0
    if not 0 < half_width < 1:
        raise StoreError("The wanted half-width of the interval is a share between 0 and 1, for example 0.05.")
    endless = Z95**2 * agreement * (1 - agreement) / half_width**2
    return min(cases, ceil(endless / (1 + (endless - 1) / cases)))


def stratified(cases: Sequence[Case], count: int, strata: Sequence[str], seed: int) -> list[Case]:
    """So many cases, each stratum in proportion (largest remainders), drawn at random within it."""
    chance = random.Random(seed)
    groups: dict[tuple[str, ...], list[Case]] = {}
    for case in cases:
        groups.setdefault(tuple(str(getattr(case, name)) for name in strata), []).append(case)
    shares = {key: count * len(group) / len(cases) for key, group in groups.items()}
    take = {key: int(share) for key, share in shares.items()}
    for key in sorted(groups, key=lambda k: (take[k] - shares[k], k))[: count - sum(take.values())]:
        take[key] += 1
    return [case for key in sorted(groups) for case in chance.sample(groups[key], min(take[key], len(groups[key])))]


def set_layer(
    actor: Coder, case: Case | str, layer: str, *, target: str = "", reason: str = "", token: str = ""
) -> Case:
    """Say how far a case is read, and (`target`, with the reason) how far it shall be."""
    require(actor, "plan" if target and not may(actor, "code") else "code")
    with act(actor, "set_layer", token=token) as done:
        found = case_of(actor, case)
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


def _check_plan(coders: Sequence[Coder], share: float, strata: Sequence[str]) -> None:
    if len({coder.pk for coder in coders}) < 2:
        raise StoreError("Double coding needs at least two coders; name them.")
    if not 0 <= share <= 1:
        raise StoreError("The share of cases to code twice is from 0 to 1.")
    unknown = Counter(strata) - Counter(STRATA)
    if unknown:
        raise StoreError(f"Cases cannot be stratified by '{next(iter(unknown))}'; choose from {', '.join(STRATA)}.")
