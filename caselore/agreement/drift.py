"""In: reliability data with the day on which each unit was coded. Out: agreement by calendar block or running window,
and whether it rises or falls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from scipy import stats

from caselore.agreement.intervals import Method
from caselore.agreement.kappa import DEFAULT, WEIGHTS, agreeing, gwet_ac
from caselore.agreement.reliability import Coefficient, Reliability, Whole

Block = Literal["week", "month", "quarter", "year"]

BLOCKS: Mapping[Block, Callable[[date], str]] = {
    "week": lambda day: f"{day.isocalendar().year}-W{day.isocalendar().week:02}",
    "month": lambda day: f"{day.year}-{day.month:02}",
    "quarter": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    "year": lambda day: str(day.year),
}

SURE = 0.05
"""Probability below which a trend is told."""

FEWEST = 10
"""Units (or cases) with a pair below which no trend is told."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Agreement in one block of the calendar or one window of units; `first` and `last` are days."""

    name: str
    first: date
    last: date
    agreement: Coefficient


@dataclass(frozen=True, slots=True)
class Trend:
    """Whether units coded later agree more: Kendall's tau-b of time and agreement (Mann 1945), two-sided p.

    `tau` and `p` are None where there is nothing to tell it from; `says` is the sentence for a reader.
    """

    tau: float | None
    p: float | None
    units: int
    says: str


@dataclass(frozen=True, slots=True)
class Drift:
    """Agreement over time: the stretches in order, and the trend over all units."""

    stretches: tuple[Stretch, ...]
    trend: Trend


Measure = Callable[..., Coefficient]


def by_calendar(
    data: Reliability,
    days: Sequence[date],
    *,
    block: Block = "month",
    measure: Measure = gwet_ac,
    method: Method = DEFAULT,
) -> Drift:
    """Agreement in each calendar block. `days` (one a unit) are when the unit's last coder coded it."""
    names = np.array([BLOCKS[block](day) for day in days])
    stretches = [
        _stretch(str(name), data, days, np.flatnonzero(names == name), measure, method) for name in np.unique(names)
    ]
    return Drift(tuple(stretches), trend(data, days))


def by_window(
    data: Reliability,
    days: Sequence[date],
    *,
    size: int = 50,
    step: int = 0,
    measure: Measure = gwet_ac,
    method: Method = DEFAULT,
) -> Drift:
    """Agreement in windows of `size` units in the order of time, `step` units apart (by default half a window)."""
    order = np.argsort(np.array([day.toordinal() for day in days]), kind="stable")
    step = step or max(1, size // 2)
    starts = range(0, max(1, len(order) - size + 1), step)
    stretches = [
        _stretch(f"units {n + 1}-{min(n + size, len(order))}", data, days, order[n : n + size], measure, method)
        for n in starts
    ]
    return Drift(tuple(stretches), trend(data, days))


def _stretch(
    name: str, data: Reliability, days: Sequence[date], which: Whole, measure: Measure, method: Method
) -> Stretch:
    inside = [days[n] for n in which]
    return Stretch(name, min(inside), max(inside), measure(data.rows(which), method=method))


def trend(data: Reliability, days: Sequence[date]) -> Trend:
    """Test whether agreement moves with time, over all units with a pair; units of one case (cluster) count once.

    The test takes the mean agreement of a case and the last of its days: questions on one case are not independent.
    """
    shares, paired = agreeing(data, WEIGHTS["identity"](data.values))
    used = paired > 0
    owner = np.arange(len(used)) if data.clusters is None else data.clusters
    cases, at = np.unique(owner[used], return_inverse=True)
    count = len(cases)
    agreed = np.bincount(at, weights=shares[used], minlength=count) / np.maximum(np.bincount(at, minlength=count), 1)
    when = np.zeros(count)
    np.maximum.at(when, at, np.array([day.toordinal() for day in days], dtype=float)[used])
    what = "units" if data.clusters is None else "cases"
    if count < FEWEST:
        return Trend(None, None, count, f"{count} {what} are too few to tell a trend (at least {FEWEST}).")
    if np.ptp(when) == 0 or np.ptp(agreed) == 0:
        return Trend(None, None, count, f"All {what} have one day or one agreement: there is no trend to tell.")
    tau, p = (float(each) for each in stats.kendalltau(when, agreed))
    if p >= SURE:
        return Trend(tau, p, count, f"No trend is told from chance (tau {tau:+.2f}, p = {p:.2f}).")
    way = "rises" if tau > 0 else "falls"
    return Trend(tau, p, count, f"Agreement {way} with time (tau {tau:+.2f}, p = {p:.3f}).")
