"""In: reliability data. Out: percent agreement and the coefficients that correct it for chance: Cohen's, Conger's and
Fleiss' kappa, Scott's pi, Gwet's AC1/AC2, Brennan and Prediger's.

They differ only in what they expect by chance. Missing values are kept as Gwet (2014, chapters 2 to 4) keeps them: a
unit with one value counts for the distribution of values, not for agreement. Weights (`WEIGHTS`) give credit for near
agreement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from caselore.agreement.intervals import (
    NOTHING,
    Estimate,
    Method,
    Spread,
    Sums,
    at_an_end,
    discordant,
    ratio,
    spread,
    unanimous,
)
from caselore.agreement.reliability import Coefficient, Floats, Reliability
from caselore.errors import EvaluationError

Weighting = Literal["identity", "linear", "quadratic", "ordinal"]

HIGH, LOW, SKEWED = 0.8, 0.6, 0.8
"""Observed agreement, coefficient and share of one value from which the prevalence paradox is explained."""

DEFAULT = Method()


def _scores(values: tuple[Any, ...]) -> Floats:
    """Numbers stand for themselves, other values for their place in the order."""
    numeric = all(isinstance(value, int | float) for value in values)
    return np.array(values if numeric else range(len(values)), dtype=float)


def _distance(values: tuple[Any, ...], power: int) -> Floats:
    scores = _scores(values)
    widest = float(np.ptp(scores)) or 1.0
    return 1 - (np.abs(scores[:, None] - scores[None, :]) / widest) ** power


def _ordinal(values: tuple[Any, ...]) -> Floats:
    """Gwet's ordinal weights: by the number of pairs of categories between two."""
    place = np.arange(len(values))
    span = np.abs(place[:, None] - place[None, :]) + 1
    pairs = span * (span - 1) / 2
    return np.asarray(1 - pairs / (pairs.max() or 1.0), dtype=float)


WEIGHTS: Mapping[Weighting, Callable[[tuple[Any, ...]], Floats]] = {
    "identity": lambda values: np.eye(len(values)),
    "linear": lambda values: _distance(values, 1),
    "quadratic": lambda values: _distance(values, 2),
    "ordinal": _ordinal,
}


def agreeing(data: Reliability, weights: Floats) -> tuple[Floats, Floats]:
    """Of each unit the share of pairs of coders that agree (0 without a pair), and whether it has a pair."""
    said = data.said
    pairs = said * (said - 1)
    agreed = (data.counts * (data.counts @ weights.T - 1)).sum(axis=1)
    return np.divide(agreed, pairs, out=np.zeros_like(pairs), where=pairs > 0), (pairs > 0).astype(float)


Chance = Callable[[Reliability, Floats], tuple[Floats, Callable[[Sums], Any]]]
"""Of the data and weights: what each unit adds to the distribution of values, and chance agreement from its sums."""


def _shares(data: Reliability) -> Floats:
    return np.asarray(data.counts / data.said[:, None], dtype=float)


def _spoken(sums: Sums) -> Sums:
    """Sums of shares as a distribution of values."""
    return ratio(sums, sums.sum(axis=1, keepdims=True))


def _by_distribution(data: Reliability, weights: Floats) -> tuple[Floats, Callable[[Sums], Any]]:
    """Fleiss and Scott: two values drawn from the one distribution of all coders."""
    return _shares(data), lambda sums: ((_spoken(sums) @ weights) * _spoken(sums)).sum(axis=1)


def _by_guessing(data: Reliability, weights: Floats) -> tuple[Floats, Callable[[Sums], Any]]:
    """Gwet: some coder guesses evenly, which is likelier the more the values vary."""
    kinds = len(data.values)
    scale = float(weights.sum()) / (kinds * (kinds - 1)) if kinds > 1 else 0.0
    return _shares(data), lambda sums: scale * (_spoken(sums) * (1 - _spoken(sums))).sum(axis=1)


def _evenly(data: Reliability, weights: Floats) -> tuple[Floats, Callable[[Sums], Any]]:
    """Brennan and Prediger: every value is as likely as any other."""
    expected = float(weights.sum()) / len(data.values) ** 2
    return np.zeros((len(data.said), 0)), lambda sums: np.full(len(sums), expected)


def _never(data: Reliability, weights: Floats) -> tuple[Floats, Callable[[Sums], Any]]:
    return np.zeros((len(data.said), 0)), lambda sums: np.zeros(len(sums))


def _by_coder(data: Reliability, weights: Floats) -> tuple[Floats, Callable[[Sums], Any]]:
    """Cohen and Conger: two coders, each with a distribution of their own (mean over all pairs of coders)."""
    kinds, used = len(data.values), np.flatnonzero((data.cells >= 0).any(axis=0))
    told = data.cells[:, used, None] == np.arange(kinds)

    def expected(sums: Sums) -> Sums:
        own = sums.reshape(len(sums), len(used), kinds)
        spoke = own.sum(axis=2, keepdims=True)
        shares = np.where(spoke == 0, 0, own / np.where(spoke == 0, 1, spoke))
        coders = (spoke[:, :, 0] != 0).sum(axis=1)  # a draw may leave a coder without any unit
        whole, self_pairs = shares.sum(axis=1), ((shares @ weights) * shares).sum(axis=(1, 2))
        return ratio(((whole @ weights) * whole).sum(axis=1) - self_pairs, coders * (coders - 1))

    return told.reshape(len(told), -1).astype(float), expected


def _kappa(name: str, chance: Chance, data: Reliability, weighting: Weighting, method: Method) -> Coefficient:
    data = data.rows(data.said > 0)
    weights = WEIGHTS[weighting](data.values)
    if plight := unanswerable(data):
        return _told(name, data, None, notes=(plight,))
    agreed, paired = agreeing(data, weights)
    shares, expected = chance(data, weights)

    def of(sums: Sums) -> tuple[Sums, Sums]:
        return ratio(sums[:, 0], sums[:, 1]), expected(sums[:, 2:])

    parts = np.column_stack([agreed, paired, shares])
    observed, chances = of(parts.sum(axis=0)[None, :])
    # Gwet's variance takes the share of units with a pair as given, not as estimated.
    share = paired / paired.mean() - 1
    beside = ratio(observed - chances, 1 - chances)[0] * share / len(paired)
    estimate = Estimate(parts, of, beside=beside)
    return conclude(name, data, estimate, method)


def conclude(name: str, data: Reliability, estimate: Estimate, method: Method) -> Coefficient:
    """The coefficient of an estimate, with its interval and the notes that a reader needs."""
    observed, expected = (float(each[0]) for each in estimate.of(estimate.parts.sum(axis=0)[None, :]))
    if abs(1 - expected) < 1e-12:
        return _told(name, data, None, observed, 1.0, notes=(alike(data),))
    value = (observed - expected) / (1 - expected)
    found = _at_an_end(data, value, observed, expected) if method.interval != "none" else NOTHING
    found = found or spread(estimate, method, clusters=data.clusters)
    return _told(
        name, data, value, observed, expected, found, notes=found.notes + paradox(data, value, observed, expected)
    )


def _at_an_end(data: Reliability, value: float, observed: float, expected: float) -> Spread | None:
    """The exact interval where all agree on everything or none on anything: neither draws nor errors have width."""
    units, chance = _independent(data), min(expected, _even_chance(data))
    if abs(observed - 1) < 1e-12:
        return unanimous(units, chance)
    if data.counts.max() <= 1 and observed <= 1 / data.pairable + 1e-12:  # alpha corrects agreement by that much
        return discordant(units, value, chance)
    return None


def _told(
    name: str,
    data: Reliability,
    value: float | None,
    observed: float | None = None,
    expected: float | None = None,
    found: Spread = NOTHING,
    *,
    notes: tuple[str, ...] = (),
) -> Coefficient:
    return Coefficient(
        name,
        value,
        found.lower,
        found.upper,
        found.error,
        found.how,
        units=data.units,
        coders=data.active,
        pairable=data.pairable,
        observed=observed,
        expected=expected,
        notes=notes,
    )


def _even_chance(data: Reliability) -> float:
    """How often two values drawn from all are the very same: near agreement is no part of an exact interval."""
    shares = data.counts.sum(axis=0) / data.counts.sum()
    return float((shares**2).sum())


def _independent(data: Reliability) -> int:
    """Units, or clusters of them, that have a pair."""
    paired = data.said >= 2
    return int(paired.sum()) if data.clusters is None else len(np.unique(data.clusters[paired]))


def unanswerable(data: Reliability) -> str:
    """Why no coefficient can be told of these data; empty where one can."""
    if not (data.said > 0).any():
        return "Nobody said anything."
    if data.units:
        return ""
    if data.named and (data.cells >= 0).any(axis=0).sum() == 1:
        return "There is one coder only; agreement needs a second."
    return "No unit has values of two coders."


def shown(value: Any) -> str:
    """A value as a sentence says it."""
    return (", ".join(sorted(value)) or "no code") if isinstance(value, frozenset) else repr(str(value))


def alike(data: Reliability) -> str:
    """Why a coefficient is undefined when all said the same of everything."""
    return (
        f"Every value is {shown(data.commonest[0])}: all agree, and chance alone would too, so the coefficient is "
        "undefined. It needs units on which the values vary."
    )


def paradox(data: Reliability, value: float, observed: float, expected: float) -> tuple[str, ...]:
    """The note on a low coefficient beside high agreement (Feinstein and Cicchetti 1990), where it applies."""
    common, share = data.commonest
    if observed < HIGH or value >= LOW or share < SKEWED:
        return ()
    return (
        f"Agreement is {observed:.0%} and the coefficient low because {share:.0%} of the values are {shown(common)} "
        f"and chance would agree on {expected:.0%}: the data say little about the rare values. Read AC1 and the "
        "specific agreement beside it, and code more cases that have them.",
    )


def percent_agreement(data: Reliability, *, weighting: Weighting = "identity", method: Method = DEFAULT) -> Coefficient:
    """The mean share of pairs of coders that agree, over units with a pair."""
    found = _kappa("percent agreement", _never, data, weighting, method)
    return replace(found, expected=None)  # it asks nothing of chance


def cohen_kappa(data: Reliability, *, weighting: Weighting = "identity", method: Method = DEFAULT) -> Coefficient:
    """Cohen's kappa (1960; weighted 1968) of two coders, on units that both gave a value.

    Raises:
        EvaluationError: there are more or fewer than two coders, or it is unknown who said what.
    """
    return _kappa(_named("Cohen's kappa", weighting), _by_coder, _two(data), weighting, method)


def scott_pi(data: Reliability, *, weighting: Weighting = "identity", method: Method = DEFAULT) -> Coefficient:
    """Scott's pi (1955) of two coders, on units that both gave a value. Raises EvaluationError as `cohen_kappa`."""
    return _kappa(_named("Scott's pi", weighting), _by_distribution, _two(data), weighting, method)


def fleiss_kappa(data: Reliability, *, weighting: Weighting = "identity", method: Method = DEFAULT) -> Coefficient:
    """Fleiss' kappa (1971) of any number of coders, in Gwet's form for missing values."""
    return _kappa(_named("Fleiss' kappa", weighting), _by_distribution, data, weighting, method)


def conger_kappa(data: Reliability, *, weighting: Weighting = "identity", method: Method = DEFAULT) -> Coefficient:
    """Conger's kappa (1980): Cohen's for any number of coders. Raises EvaluationError where coders are unknown."""
    if not data.named:
        raise EvaluationError("Conger's kappa needs to know which coder gave which value; take Fleiss' kappa instead.")
    return _kappa(_named("Conger's kappa", weighting), _by_coder, data, weighting, method)


def gwet_ac(data: Reliability, *, weighting: Weighting = "identity", method: Method = DEFAULT) -> Coefficient:
    """Gwet's AC1 (2008), or AC2 with other weights than identity."""
    return _kappa("AC1" if weighting == "identity" else f"AC2, {weighting}", _by_guessing, data, weighting, method)


def brennan_prediger(data: Reliability, *, weighting: Weighting = "identity", method: Method = DEFAULT) -> Coefficient:
    """Brennan and Prediger's coefficient (1981), for two values also known as the prevalence-adjusted kappa."""
    return _kappa(_named("Brennan-Prediger", weighting), _evenly, data, weighting, method)


def specific_agreement(data: Reliability, value: Any, *, method: Method = DEFAULT) -> Coefficient:
    """When one coder gives this value, how often another does (Spitzer and Fleiss 1974); for two coders the Dice index.

    Undefined where nobody gives it.
    """
    name = f"specific agreement on {value}"
    if plight := unanswerable(data):
        return _told(name, data, None, notes=(plight,))
    gave = data.counts[:, data.values.index(value)]
    parts: NDArray[np.float64] = np.column_stack([gave * (gave - 1), gave * np.maximum(data.said - 1, 0)])
    if not parts[:, 1].sum():
        return _told(name, data, None, notes=(f"No coder gave {str(value)!r}.",))
    estimate = Estimate(parts, lambda sums: (ratio(sums[:, 0], sums[:, 1]), np.zeros(len(sums))))
    observed = float(parts[:, 0].sum() / parts[:, 1].sum())
    had = data.rows((gave > 0) & (data.said >= 2))
    found = at_an_end(observed, _independent(had)) if method.interval != "none" else NOTHING
    found = found or spread(estimate, method, clusters=data.clusters)
    return _told(name, data, observed, observed, None, found, notes=found.notes)


def _named(name: str, weighting: Weighting) -> str:
    return name if weighting == "identity" else f"{name}, {weighting}"


def _two(data: Reliability) -> Reliability:
    if not data.named or len(data.coders) != 2:
        raise EvaluationError(
            f"This coefficient takes two coders and got {len(data.coders)}; take Conger's or Fleiss'."
        )
    return data.complete()
