"""In: the interval that is wanted and what is expected, or cases and a share. Out: how many units to code twice, and
which cases, with a reason for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy import special

from caselore.agreement.alpha import krippendorff_alpha
from caselore.agreement.intervals import LEVEL, Method
from caselore.agreement.kappa import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    percent_agreement,
)
from caselore.agreement.kappa import scott_pi as scott
from caselore.agreement.reliability import Coefficient, Reliability
from caselore.errors import EvaluationError

MEASURES: Mapping[str, Callable[..., Coefficient]] = {
    "percent": percent_agreement,
    "cohen": cohen_kappa,
    "scott": scott,
    "fleiss": fleiss_kappa,
    "conger": conger_kappa,
    "alpha": krippendorff_alpha,
    "ac1": gwet_ac,
    "brennan-prediger": brennan_prediger,
}

SIMULATED = 50_000
"""Units of the imagined study of which the standard error is taken."""

FEWEST = 10
"""Never fewer units than this, whatever the formula says."""


@dataclass(frozen=True, slots=True)
class Need:
    """How many units two or more coders must code for an interval of the wanted width, and on what that rests.

    `value` is what the coefficient is expected to be, `per_unit` its standard error times the root of the units.
    """

    units: int
    coefficient: str
    value: float
    per_unit: float
    width: float
    says: str


def units_needed(
    coefficient: str,
    *,
    width: float,
    alike: float = 0.7,
    shares: Sequence[float] = (0.5, 0.5),
    coders: int = 2,
    seed: int = 0,
) -> Need:
    """How many units give a 95 % interval of this whole width.

    Values are imagined as every coder's independent draw from a unit's own distribution, which varies between units so
    that any two coders correlate by `alike` within the `shares` of values (Dirichlet-multinomial; for two values the
    beta-binomial of Bloch and Kraemer 1989). `alike` is then what kappa, pi and alpha are expected to be; AC1 and
    percent agreement follow from it. The standard error is Gwet's linearisation on a large imagined study.

    Raises:
        EvaluationError: an unknown coefficient, or a width, share or `alike` outside (0, 1), or fewer than two coders.
    """
    _check(coefficient, width, alike, shares, coders)
    data = imagined(SIMULATED, alike=alike, shares=shares, coders=coders, seed=seed)
    found = MEASURES[coefficient](data, method=Method("analytic"))
    assert found.error is not None and found.value is not None  # noqa: PT018
    per_unit = found.error * float(np.sqrt(SIMULATED))
    reach = float(special.ndtri((1 + LEVEL) / 2))
    units = max(FEWEST, ceil((2 * reach * per_unit / width) ** 2))
    said = ", ".join(f"{share:.0%}" for share in shares)
    return Need(
        units,
        coefficient,
        found.value,
        per_unit,
        width,
        f"{units} units coded by {coders} coders give {coefficient} an interval about {width:.2f} wide, if coders "
        f"correlate by {alike:.2f} (then {coefficient} is {found.value:.2f}) and values come up in {said}.",
    )


def _check(coefficient: str, width: float, alike: float, shares: Sequence[float], coders: int) -> None:
    if coefficient not in MEASURES:
        raise EvaluationError(f"{coefficient!r} is no coefficient of the plan; take one of {', '.join(MEASURES)}.")
    if not (0 < width < 2 and 0 < alike < 1 and coders >= 2):
        raise EvaluationError(
            "A plan needs a width between 0 and 2, an expected value between 0 and 1, and two coders."
        )
    if len(shares) < 2 or min(shares) <= 0 or abs(sum(shares) - 1) > 1e-6:
        raise EvaluationError("The shares of the values must be two or more, above 0, and add up to 1.")
    if coefficient in ("cohen", "scott") and coders != 2:
        raise EvaluationError(f"{coefficient} is of two coders; take fleiss, conger or alpha for {coders}.")


def imagined(units: int, *, alike: float, shares: Sequence[float], coders: int, seed: int) -> Reliability:
    """Values of coders of whom any two correlate by `alike`, in these shares on the whole."""
    generator = np.random.default_rng(seed)
    own = generator.dirichlet(np.array(shares) * (1 - alike) / alike, size=units)
    steps = np.cumsum(own, axis=1)
    drawn = (generator.random((units, coders, 1)) > steps[:, None, :-1]).sum(axis=2)
    return Reliability(
        drawn.astype(np.int64), tuple(range(len(shares))), tuple(f"coder {n + 1}" for n in range(coders))
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case to be coded twice, the stratum that it stands for, and why it was chosen."""

    case: str
    stratum: str
    reason: str


def choose(strata: Mapping[str, str], *, share: float, seed: int = 0) -> tuple[Chosen, ...]:
    """Choose cases for double coding, each stratum in its share, at random.

    Every stratum gets its share of the places by largest remainders, and one at least as long as there are places.

    Args:
        strata: the stratum of every case, such as ``"SCR, 2017"``.
        share: of all cases, from 0 to 1; rounded up to whole cases.
        seed: of the draw: the same cases, share and seed choose the same.

    Raises:
        EvaluationError: the share is not between 0 and 1.
    """
    if not 0 < share <= 1:
        raise EvaluationError(f"The share {share} is not between 0 and 1; 0.2 has every fifth case coded twice.")
    groups: dict[str, list[str]] = defaultdict(list)
    for case in sorted(strata):
        groups[strata[case]].append(case)
    places = _places({name: len(cases) for name, cases in groups.items()}, ceil(share * len(strata) - 1e-9))
    generator = np.random.default_rng(seed)
    chosen: list[Chosen] = []
    for name in sorted(groups):
        cases, count = groups[name], places[name]
        reason = f"{count} of {len(cases)} drawn from {name or 'all cases'} (share {share:.0%}, seed {seed})"
        order = generator.permutation(len(cases))[:count]
        chosen += [Chosen(cases[n], name, reason) for n in sorted(order)]
    return tuple(chosen)


def _places(sizes: Mapping[str, int], whole: int) -> dict[str, int]:
    exact: dict[str, float] = {name: size * whole / max(1, sum(sizes.values())) for name, size in sizes.items()}
    given = {name: int(each + 1e-9) for name, each in exact.items()}
    if whole >= len(sizes):
        given = {name: max(1, count) for name, count in given.items()}
    # Places left go to the largest remainders; places too many come off the strata that got most over their share.
    while sum(given.values()) != whole:
        lacking = sum(given.values()) < whole
        open_ = [name for name in sorted(sizes) if (given[name] < sizes[name] if lacking else given[name] > 1)]
        pick = (max if lacking else min)(open_, key=lambda name: exact[name] - given[name])
        given[pick] += 1 if lacking else -1
    return given
