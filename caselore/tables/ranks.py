"""Numbers of two groups or more come in; tests by rank and intervals by resampling go out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import atanh, nan, sqrt, tanh

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from caselore.errors import TableError
from caselore.tables.inference import Effect, Inference
from caselore.tables.tests import SEED

FEW = 10
"""Fewer pairs or numbers than this, and a p by approximation is in doubt."""

RESAMPLES = 9_999
_HELD = 2_000_000
_JACKKNIFE = 2_000
_Z95 = 1.959963984540054

Values = npt.NDArray[np.float64]


def spearman(first: Sequence[float], second: Sequence[float], *, names: tuple[str, str], about: str = "") -> Inference:
    """Spearman's rank correlation of two numbers of the same units; p by the t distribution, ties by midranks.

    The interval is that of D. Bonett and T. Wright (Psychometrika 65, 2000). Raises TableError unless the two are
    of one length.
    """
    one, other = _numbers(first), _numbers(second)
    if len(one) != len(other):
        raise TableError(f"A correlation needs pairs; {names[0]} has {len(one)} numbers and {names[1]} {len(other)}.")
    n = len(one)
    groups = ((names[0], n), (names[1], n))
    test = "Spearman rank correlation"
    if n < 3 or len(set(one)) < 2 or len(set(other)) < 2:
        why = "A correlation needs three pairs and more, and both numbers must vary."
        return Inference(test, "rho", None, None, nan, n, groups, (), about, (why,))
    found = stats.spearmanr(one, other)
    rho = float(found.statistic)
    low, high = _correlation_bounds(rho, n)
    warnings = (f"Only {n} pairs: p is an approximation.",) if n < FEW else ()
    effects = (Effect("rho", rho, low, high),)
    return Inference(test, "rho", rho, n - 2, float(found.pvalue), n, groups, effects, about, warnings)


def _correlation_bounds(rho: float, n: int) -> tuple[float | None, float | None]:
    if n < 4 or abs(rho) >= 1:
        return None, None
    half = _Z95 * sqrt((1 + rho * rho / 2) / (n - 3))
    return tanh(atanh(rho) - half), tanh(atanh(rho) + half)


def mann_whitney(
    first: Sequence[float], second: Sequence[float], *, names: tuple[str, str], about: str = ""
) -> Inference:
    """The rank-sum test of Mann and Whitney: whether one group's numbers tend to be higher.

    Exact where either group has at most eight numbers and none is tied, else the normal approximation with ties and
    continuity corrected. Effects: the rank-biserial correlation (positive: the first is higher), and the chance that
    a number of the first group is higher than one of the second.
    """
    one, other = _numbers(first), _numbers(second)
    groups = ((names[0], len(one)), (names[1], len(other)))
    n = len(one) + len(other)
    test = "Mann-Whitney test"
    if not len(one) or not len(other):
        return Inference(test, "U", None, None, nan, n, groups, (), about, ("One of the groups is empty.",))
    tied = len(np.unique(np.concatenate([one, other]))) < n
    by = "exact" if min(len(one), len(other)) <= 8 and not tied else "asymptotic"
    found = stats.mannwhitneyu(one, other, alternative="two-sided", method=by)
    chance = float(found.statistic) / (len(one) * len(other))
    doubt = by == "asymptotic" and min(len(one), len(other)) < FEW
    warnings = ("A group is small and numbers are tied: p is an approximation.",) if doubt else ()
    effects = (Effect("r (rank-biserial)", 2 * chance - 1), Effect("chance of being higher", chance))
    p = float(found.pvalue)
    return Inference(f"{test}, {by}", "U", float(found.statistic), None, p, n, groups, effects, about, warnings)


def kruskal_wallis(groups: Mapping[str, Sequence[float]], *, about: str = "") -> Inference:
    """The rank test of Kruskal and Wallis for three groups and more, ties corrected; the effect is epsilon squared."""
    held = {name: _numbers(values) for name, values in groups.items() if len(values)}
    sizes = tuple((name, len(values)) for name, values in held.items())
    n = sum(size for _, size in sizes)
    test = "Kruskal-Wallis test"
    if len(held) < 2 or len(np.unique(np.concatenate([*held.values()]))) < 2:
        why = "Nothing to compare: fewer than two groups hold numbers, or all numbers are the same."
        return Inference(test, "H", None, None, nan, n, sizes, (), about, (why,))
    found = stats.kruskal(*held.values())
    few = [name for name, size in sizes if size < 5]
    warnings = (f"Fewer than five in {', '.join(few)}: p is an approximation.",) if few else ()
    statistic = float(found.statistic)
    effects = (Effect("epsilon squared", statistic / (n - 1)),)
    return Inference(test, "H", statistic, len(held) - 1, float(found.pvalue), n, sizes, effects, about, warnings)


def bootstrap(
    values: Sequence[float],
    of: Callable[..., npt.NDArray[np.float64]] = np.mean,
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> tuple[float, float]:
    """An interval for a statistic of one group of numbers, by resampling it (BCa, B. Efron, JASA 82, 1987).

    `of` takes an array and an `axis`, as np.mean and np.median do. Where leaving any one number out changes nothing,
    the interval is that of plain percentiles. (nan, nan) where there are fewer than two numbers.
    """
    numbers = _numbers(values)
    n = len(numbers)
    if n < 2:
        return nan, nan
    chance = np.random.default_rng(seed)
    drawn = np.concatenate([of(numbers[chance.integers(0, n, (rows, n))], axis=1) for rows in _batches(resamples, n)])
    sides = np.array([(1 - level) / 2, (1 + level) / 2])
    low, high = np.quantile(drawn, _corrected(sides, numbers, drawn, of))
    return float(low), float(high)


def _batches(resamples: int, n: int) -> list[int]:
    """How many resamples to hold at once, so that a long list of numbers does not fill the memory."""
    most = max(1, _HELD // n)
    return [most] * (resamples // most) + [resamples % most] * bool(resamples % most)


def _corrected(sides: Values, numbers: Values, drawn: Values, of: Callable[..., npt.NDArray[np.float64]]) -> Values:
    """The quantiles to take, corrected for bias and for skew; `numbers` without each one in turn tells the skew."""
    seen = of(numbers, axis=0)
    share = ((drawn < seen).sum() + (drawn <= seen).sum()) / (2 * len(drawn))
    without = np.array([of(np.delete(numbers, place), axis=0) for place in range(min(len(numbers), _JACKKNIFE))])
    gaps = without.mean() - without
    if not (gaps**2).sum() or not 0 < share < 1:
        return sides
    skew = (gaps**3).sum() / (6 * (gaps**2).sum() ** 1.5)
    bias = special.ndtri(share)
    shifted = bias + special.ndtri(sides)
    corrected: Values = special.ndtr(bias + shifted / (1 - skew * shifted))
    return corrected


def _numbers(values: Sequence[float]) -> Values:
    found = np.asarray(values, dtype=float)
    if found.ndim != 1 or not np.isfinite(found).all():
        raise TableError("A test by rank needs plain numbers; leave gaps out, and say how many they are.")
    return found
