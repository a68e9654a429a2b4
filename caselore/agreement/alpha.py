"""In: reliability data and a metric of difference. Out: Krippendorff's alpha, with missing values.

Alpha is 1 minus observed over expected disagreement (Krippendorff 2011, Computing Krippendorff's Alpha-Reliability;
2019, Content Analysis, 4th edition, chapter 12). Observed and expected agreement are told in Gwet's (2014) form, of
which alpha is the chance-corrected ratio. Metrics: nominal, ordinal, interval, ratio, or any matrix of differences, as
for sets of codes (Jaccard; MASI, Passonneau 2006).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from caselore.agreement.intervals import Estimate, Method, Sums, ratio
from caselore.agreement.kappa import DEFAULT, conclude, unanswerable
from caselore.agreement.reliability import Coefficient, Floats, Reliability
from caselore.errors import EvaluationError

Metric = Literal["nominal", "ordinal", "interval", "ratio"]
SetDistance = Literal["masi", "jaccard"]


def _interval(numbers: Floats) -> Floats:
    return np.asarray((numbers[:, None] - numbers[None, :]) ** 2, dtype=float)


def _ratio(numbers: Floats) -> Floats:
    whole = np.abs(numbers[:, None]) + np.abs(numbers[None, :])
    apart = (numbers[:, None] - numbers[None, :]) ** 2
    return np.asarray(np.divide(apart, whole**2, out=np.zeros_like(apart), where=whole > 0), dtype=float)


DIFFERENCES: Mapping[str, Callable[[Floats], Floats]] = {"interval": _interval, "ratio": _ratio}


def set_differences(values: Sequence[frozenset[Any]], kind: SetDistance = "masi") -> Floats:
    """How far sets of codes are apart, each from each, from 0 to 1.

    Jaccard: 1 minus the share of codes in both among those in any; two empty sets are the same. MASI (Passonneau 2006):
    1 minus Jaccard's index times 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap.
    """
    codes = sorted({code for each in values for code in each})
    has = np.array([[code in each for code in codes] for each in values], dtype=float).reshape(len(values), len(codes))
    both, size = has @ has.T, has.sum(axis=1)
    either = size[:, None] + size[None, :] - both
    index = np.divide(both, either, out=np.ones_like(both), where=either > 0)
    if kind == "jaccard":
        return np.asarray(1 - index, dtype=float)
    held = both == np.minimum(size[:, None], size[None, :])
    kinship = np.where(both == either, 1.0, np.where(held, 2 / 3, 1 / 3))
    return np.asarray(1 - index * kinship, dtype=float)


def krippendorff_alpha(
    data: Reliability, *, metric: Metric | Floats = "nominal", name: str = "", method: Method = DEFAULT
) -> Coefficient:
    """Krippendorff's alpha. A metric may be a matrix of differences between `data.values`, zero on the diagonal.

    Raises:
        EvaluationError: the metric needs numbers and the values are none.
    """
    kept = data.rows(data.said >= 2)
    called = name or (f"alpha, {metric}" if isinstance(metric, str) else "alpha")
    if plight := unanswerable(data) or _below_zero(kept, metric):
        return Coefficient(called, None, notes=(plight,))
    estimate = _ordinal(kept) if isinstance(metric, str) and metric == "ordinal" else _fixed(kept, metric)
    return conclude(called, kept, estimate, method)


def _below_zero(data: Reliability, metric: str | Floats) -> str:
    """Why the ratio metric says nothing of these values; empty where it does."""
    if isinstance(metric, str) and metric == "ratio":
        said = [data.values[n] for n in np.flatnonzero(data.counts.sum(axis=0))]
        if any(isinstance(value, int | float) and value < 0 for value in said):
            return "The ratio metric needs values from a true zero upwards, and one is below it; read interval."
    return ""


def _matrix(data: Reliability, metric: str | Floats) -> Floats:
    if not isinstance(metric, str):
        return metric
    if metric == "nominal":
        return 1 - np.eye(len(data.values))
    if not all(isinstance(value, int | float) for value in data.values):
        raise EvaluationError(f"The {metric} metric needs numbers, and a value is no number; take nominal or ordinal.")
    return DIFFERENCES[metric](np.array(data.values, dtype=float))


def _fixed(data: Reliability, metric: str | Floats) -> Estimate:
    """A unit adds its disagreement, shared among its coders, and its values."""
    apart = _matrix(data, metric)
    apart = apart / (apart.max() or 1.0)
    found = ((data.counts @ apart) * data.counts).sum(axis=1) / (data.said - 1)
    shrink = 1 - 1 / data.pairable

    def of(sums: Sums, shrunk: float = shrink) -> tuple[Sums, Sums]:
        counts = sums[:, 1:]
        whole = counts.sum(axis=1)
        expected = ratio(((counts @ apart) * counts).sum(axis=1), whole**2)
        return 1 - shrunk * ratio(sums[:, 0], whole), 1 - expected

    parts = np.column_stack([found, data.counts])
    return Estimate(parts, of, linear=lambda sums: of(sums, 1.0), beside=_unevenness(data, parts, of))


def _unevenness(data: Reliability, parts: Floats, of: Callable[..., tuple[Sums, Sums]]) -> Floats:
    """What the published formula adds where units have unequal numbers of values: it corrects by shrunk agreement."""
    sums = parts.sum(axis=0)[None, :]
    (shrunk, expected), (plain, _) = of(sums), of(sums, 1.0)
    relative = data.said / data.said.mean() - 1
    return np.asarray(-ratio(shrunk - plain, 1 - expected)[0] * relative / len(relative), dtype=float)


def _ordinal(data: Reliability) -> Estimate:
    """The ordinal metric is the interval metric on mid-ranks, which every draw has of its own.

    A unit adds its coincidences (values x values).
    """
    kinds = len(data.values)
    pairs = data.counts[:, :, None] * data.counts[:, None, :] - data.counts[:, :, None] * np.eye(kinds)
    parts = (pairs / (data.said - 1)[:, None, None]).reshape(len(data.counts), -1)
    shrink = 1 - 1 / data.pairable

    def of(sums: Sums) -> tuple[Sums, Sums]:
        found = sums.reshape(len(sums), kinds, kinds)
        counts = found.sum(axis=2)
        ranks = np.cumsum(counts, axis=1) - counts / 2
        whole = counts.sum(axis=1)
        apart = (ranks[:, :, None] - ranks[:, None, :]) ** 2
        widest = (apart.real.max(axis=(1, 2)) + (apart.real.max(axis=(1, 2)) == 0))[:, None, None]
        apart = apart / widest  # only a scale: it leaves alpha as it is
        expected = ratio((apart * counts[:, :, None] * counts[:, None, :]).sum(axis=(1, 2)), whole**2)
        return 1 - shrink * ratio((found * apart).sum(axis=(1, 2)), whole), 1 - expected

    return Estimate(parts, of)


def set_alpha(data: Reliability, *, distance: SetDistance = "masi", method: Method = DEFAULT) -> Coefficient:
    """Alpha of whole sets of codes: the values of the data are frozensets."""
    sets = [value for value in data.values if isinstance(value, frozenset)]
    called = f"alpha of sets, {'MASI' if distance == 'masi' else 'Jaccard'}"
    return krippendorff_alpha(data, metric=set_differences(sets, distance), name=called, method=method)
