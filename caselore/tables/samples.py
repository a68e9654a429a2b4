"""A set of cases comes in; whether a sample of it represents it, or a new sample with its reasons, goes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from caselore.errors import TableError
from caselore.tables.inference import Inference
from caselore.tables.tests import SEED, chi_square, exact

Case = Mapping[str, str]
"""What is known of a case: category by variable."""

Targets = Mapping[str, Mapping[str, float]]
"""For each variable the share that each category should have of the sample."""


@dataclass(frozen=True, slots=True)
class Representativeness:
    """One variable of a sub-sample, tested against the cases that are not in it and against the full set.

    Against the rest the groups are apart and the test is sound. Against the full set they overlap, so p is too high:
    it is here because published analyses print it. `exact_rest` is the exact test against the rest.
    """

    against_rest: Inference
    against_full: Inference
    exact_rest: Inference


def representativeness(
    sample: Mapping[str, int],
    full: Mapping[str, int],
    *,
    about: str = "",
    names: tuple[str, str] = ("sample", "full set"),
) -> Representativeness:
    """Test whether a sub-sample is like the set that it was taken from, in one variable.

    `sample` and `full` hold counts by category. Raises TableError where a category of the sample has more cases than
    that of the full set.
    """
    for category, count in sample.items():
        if count > full.get(category, 0):
            raise TableError(
                f"{category!r}: the sample has {count} and the full set {full.get(category, 0)}; "
                "a sub-sample cannot have more than its set."
            )
    categories = list(full)
    inside = [sample.get(one, 0) for one in categories]
    whole = [full[one] for one in categories]
    rest = [all_ - some for all_, some in zip(whole, inside, strict=True)]
    named = [names[0], f"rest of the {names[1]}"]
    apart = chi_square([inside, rest], groups=named, about=about)
    overlapping = chi_square([inside, whole], groups=list(names), about=about)
    warning = "The sample is part of the full set: the groups overlap, and p is too high."
    return Representativeness(
        against_rest=apart,
        against_full=_warned(overlapping, warning),
        exact_rest=exact([inside, rest], groups=named, about=about),
    )


def _warned(found: Inference, warning: str) -> Inference:
    return replace(found, warnings=(warning, *found.warnings))


@dataclass(frozen=True, slots=True)
class Pick:
    """A case that was chosen, and every reason for it, in words."""

    case: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """Cases chosen in order; `short` says, for each category, how many were wanted and how many there are."""

    picks: tuple[Pick, ...]
    short: tuple[tuple[str, str, int, int], ...] = ()


def pick_sample(
    cases: Mapping[str, Case],
    *,
    size: int,
    targets: Targets,
    always: Mapping[str, str] | None = None,
    every: Sequence[tuple[str, str]] = (),
    seed: int = SEED,
) -> Sample:
    """Choose `size` cases whose margins come as near as they can to `targets`, and say why each was chosen.

    `always` are cases of named interest with the reason; `every` are (variable, category) of which all cases are
    taken. The rest fill, one by one, the categories that are furthest short of their target; among equals chance
    decides, by `seed`. Raises TableError where the set is too small or a name is unknown.
    """
    _check(cases, size, targets, always or {}, every)
    reasons: dict[str, list[str]] = {}
    for case, why in (always or {}).items():
        reasons.setdefault(case, []).append(f"of named interest: {why}")
    for variable, category in every:
        for case, known in cases.items():
            if known.get(variable) == category:
                reasons.setdefault(case, []).append(f"every case with {variable} {category}")
    if len(reasons) > size:
        raise TableError(f"{len(reasons)} cases must be in the sample, and it is to hold {size}; make it larger.")
    wanted = {(variable, one): share * size for variable, shares in targets.items() for one, share in shares.items()}
    _fill(cases, size, wanted, reasons, seed)
    return Sample(tuple(Pick(case, tuple(why)) for case, why in reasons.items()), _short(cases, reasons, wanted))


def _check(
    cases: Mapping[str, Case],
    size: int,
    targets: Targets,
    always: Mapping[str, str],
    every: Sequence[tuple[str, str]],
) -> None:
    if not 0 < size <= len(cases):
        raise TableError(f"A sample of {size} cannot be taken from {len(cases)} cases.")
    if lost := [case for case in always if case not in cases]:
        raise TableError(f"Case {lost[0]!r} must be in the sample and is not in the set.")
    known = {(variable, value) for case in cases.values() for variable, value in case.items()}
    variables = {variable for variable, _ in known}
    if lost := [one for one in (*targets, *(variable for variable, _ in every)) if one not in variables]:
        raise TableError(f"No case has a variable {lost[0]!r}; there are {', '.join(sorted(variables))}.")
    for variable, shares in targets.items():
        if any(share < 0 for share in shares.values()) or sum(shares.values()) > 1 + 1e-9:
            raise TableError(f"The target shares of {variable!r} must be nought and more, and at most 1 together.")


def _fill(
    cases: Mapping[str, Case],
    size: int,
    wanted: Mapping[tuple[str, str], float],
    reasons: dict[str, list[str]],
    seed: int,
) -> None:
    chance = Random(seed)
    left = [case for case in sorted(cases) if case not in reasons]
    chance.shuffle(left)
    held = Counter((variable, value) for case in reasons for variable, value in cases[case].items())
    while len(reasons) < size:
        best = max(left, key=lambda case: _gain(cases[case], wanted, held))
        missed = [
            f"{variable} {value}: {held[variable, value]} of {wanted[variable, value]:.1f} wanted"
            for variable, value in cases[best].items()
            if wanted.get((variable, value), 0) > held[variable, value]
        ]
        reasons[best] = missed or ["by chance: every target that it could serve is met"]
        held.update(cases[best].items())
        left.remove(best)


def _gain(case: Case, wanted: Mapping[tuple[str, str], float], held: Counter[tuple[str, str]]) -> float:
    """By how much the squared distance from the targets falls if the case is taken."""
    gaps = (wanted[at] - held[at] for at in case.items() if at in wanted)
    return sum(2 * gap - 1 for gap in gaps)


def _short(
    cases: Mapping[str, Case], chosen: Mapping[str, object], wanted: Mapping[tuple[str, str], float]
) -> tuple[tuple[str, str, int, int], ...]:
    held = Counter((variable, value) for case in chosen for variable, value in cases[case].items())
    rounded = {at: round(share) for at, share in wanted.items()}
    return tuple((*at, count, held[at]) for at, count in rounded.items() if held[at] < count)
