"""In: a coefficient as a function of sums over units. Out: its standard error and 95 % interval.

Every coefficient here is a function of sums of what each unit adds. So one definition gives the value, the bootstrap
(units drawn with replacement, Efron and Tibshirani 1993; all draws in one matrix product) and the linearised standard
error (delta method). The linearisation is what Gwet (2014, Handbook of Inter-Rater Reliability, 4th edition) writes out
for each coefficient; here the gradient is taken by complex steps (Squire and Trapp 1998), exact to rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

Interval = Literal["bootstrap", "analytic", "none"]

Sums = NDArray[Any]
"""Draws x parts, real or complex."""

RESAMPLES = 2000
LEVEL = 0.95
STEP = 1e-30
DIGITS = 12
"""Of what a unit adds: sums of the same parts in another order are the same."""
LOST = 0.05
"""Share of draws without a value above which no interval is told: what they would say is unknown."""


@dataclass(frozen=True)
class Method:
    """What is asked of an interval: how it is made, from how many draws, with which seed.

    `large_sample` divides by n instead of n - 1, as the formulas for two-way tables do.
    """

    interval: Interval = "bootstrap"
    resamples: int = RESAMPLES
    seed: int = 0
    large_sample: bool = False


@dataclass(frozen=True)
class Estimate:
    """What each unit adds (`parts`, units x parts) and how agreement comes of the sums of it.

    `of` takes draws x parts and gives observed and expected agreement of every draw. The published standard errors
    differ from the plain linearisation in small terms: `linear` stands for `of` there, `beside` is added to what each
    unit moves.
    """

    parts: NDArray[np.float64]
    of: Callable[[Sums], tuple[Sums, Sums]]
    linear: Callable[[Sums], tuple[Sums, Sums]] | None = None
    beside: NDArray[np.float64] | None = None

    def values(self, sums: Sums) -> Sums:
        """The coefficient of every draw, NaN where chance alone would agree always."""
        observed, expected = self.of(sums)
        return ratio(observed - expected, 1 - expected)


@dataclass(frozen=True)
class Spread:
    """A standard error, an interval, the words that say how it was made, and what a reader must know of it."""

    error: float | None
    lower: float | None
    upper: float | None
    how: str
    notes: tuple[str, ...] = ()


NOTHING = Spread(None, None, None, "none")

WIDTHLESS = Spread(None, None, None, "none", ("Every draw gives the same value, so these data tell no interval.",))


def ratio(above: Sums, below: Sums) -> Sums:
    """above / below, NaN where below is zero (to rounding)."""
    below = np.asarray(below)
    small = np.abs(below) < 1e-12
    result: Sums = np.where(small, np.nan, above / np.where(small, 1, below))
    return result


@lru_cache(maxsize=16)
def draws(units: int, resamples: int, seed: int) -> NDArray[np.int64]:
    """How often each resample draws each unit: resamples x units; one row of ones without resamples."""
    if not resamples:
        return np.ones((1, units), dtype=np.int64)
    generator = np.random.default_rng(seed)
    drawn = generator.multinomial(units, np.full(units, 1 / units), size=resamples)
    drawn.flags.writeable = False
    return drawn


@lru_cache(maxsize=64)
def _drawn(times: tuple[int, ...], resamples: int, seed: int) -> NDArray[np.float64]:
    """How often each resample draws each kind of unit, where the kinds come so many times (floats multiply fast)."""
    whole = sum(times)
    drawn = np.random.default_rng(seed).multinomial(whole, np.array(times) / whole, size=resamples)
    return drawn.astype(float)


def _resampled(parts: NDArray[np.float64], method: Method) -> NDArray[np.float64]:
    """The sums of every resample. Units that add the same are drawn as one kind, which is the same and much faster.

    Units are drawn in an order of their own, so that it is nothing in which order they were read.
    """
    kinds, times = np.unique(np.round(parts, DIGITS), axis=0, return_counts=True)
    if 2 * len(kinds) > len(parts):  # nearly all differ: all coefficients of these units can share their draws
        kinds, times = np.repeat(kinds, times, axis=0), np.ones(len(parts), dtype=np.int64)
    return _drawn(tuple(times.tolist()), method.resamples, method.seed) @ kinds


def gathered(parts: NDArray[np.float64], clusters: NDArray[np.int64] | None) -> NDArray[np.float64]:
    """Parts added up within each cluster."""
    if clusters is None:
        return parts
    numbers = np.unique(clusters, return_inverse=True)[1]
    whole = np.zeros((int(numbers.max(initial=-1)) + 1, parts.shape[1]))
    np.add.at(whole, numbers, parts)
    return whole


def spread(estimate: Estimate, method: Method, *, clusters: NDArray[np.int64] | None = None) -> Spread:
    """The interval of an estimate that has a value; `clusters` are drawn whole."""
    if method.interval == "none":
        return NOTHING
    if method.interval == "analytic":
        return _analytic(estimate, method, clusters)
    what = "units" if clusters is None else "cases"
    return _bootstrap(estimate, gathered(estimate.parts, clusters), method, what)


def influence(estimate: Estimate) -> NDArray[np.float64]:
    """How much each unit moves the value: the gradient at the sums, times what it adds."""
    parts = estimate.parts
    stepped = parts.sum(axis=0)[None, :] + 1j * STEP * np.eye(parts.shape[1])
    observed, expected = (estimate.linear or estimate.of)(stepped)
    gradient = ratio(observed - expected, 1 - expected).imag / STEP
    moved = np.asarray(parts @ gradient, dtype=np.float64)
    return moved if estimate.beside is None else moved + estimate.beside


def _analytic(estimate: Estimate, method: Method, clusters: NDArray[np.int64] | None) -> Spread:
    moved = gathered(influence(estimate)[:, None], clusters)
    size = len(moved)
    if size < 2:
        return NOTHING
    value = float(estimate.values(estimate.parts.sum(axis=0)[None, :])[0])
    scale = 1.0 if method.large_sample else size / (size - 1)
    error = float(np.sqrt(scale * (moved**2).sum()))
    if error < 1e-12:
        return WIDTHLESS
    reach = error * float(special.stdtrit(size - 1, (1 + LEVEL) / 2))
    return Spread(error, value - reach, min(1.0, value + reach), "linearised standard error, t")


def _bootstrap(estimate: Estimate, parts: NDArray[np.float64], method: Method, what: str) -> Spread:
    if len(parts) < 2:
        return NOTHING
    sums = _resampled(parts, method)
    found = np.asarray(estimate.values(sums), dtype=np.float64)
    kept = found[~np.isnan(found)]
    if len(kept) < 2:
        return NOTHING
    if (lost := 1 - len(kept) / len(found)) > LOST:
        why = f"In {lost:.0%} of the draws the coefficient is undefined, so no interval is told"
        return Spread(None, None, None, "none", (f"{why}: the data have too few of the rarer answers.",))
    if np.ptp(kept) < 1e-12:
        return WIDTHLESS
    lower, upper = np.percentile(kept, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return Spread(
        float(kept.std(ddof=1)), float(lower), float(upper), f"bootstrap, {method.resamples:,} draws of {what}"
    )


def unanimous(units: int, expected: float) -> Spread:
    """The interval where all agree, in which neither draws nor a standard error have any width.

    The lower end takes the smallest share of agreeing units that is not refuted at the two-sided level (Clopper and
    Pearson 1934) as observed agreement.
    """
    if not units:
        return NOTHING
    least = _least(units)
    lower = (least - expected) / (1 - expected) if expected < 1 else least
    return Spread(None, lower, 1.0, "exact (Clopper-Pearson), as all agree")


def discordant(units: int, value: float, expected: float) -> Spread:
    """The interval where no two coders agree on any unit: the upper end as the lower one of `unanimous`."""
    if not units:
        return NOTHING
    upper = (1 - _least(units) - expected) / (1 - expected) if expected < 1 else 1.0
    return Spread(None, value, max(value, upper), "exact (Clopper-Pearson), as none agree")


def at_an_end(value: float, units: int, *, lowest: float = 0.0) -> Spread | None:
    """The exact interval of a mean over units that is 1 or `lowest`, as if units were either; None elsewhere."""
    if abs(value - 1) < 1e-12:
        return unanimous(units, lowest / (lowest - 1))
    if abs(value - lowest) < 1e-12:
        return discordant(units, lowest, lowest / (lowest - 1))
    return None


def _least(units: int) -> float:
    """The smallest share that is not refuted when every unit agrees."""
    return float(((1 - LEVEL) / 2) ** (1 / units))
