"""What a statistical test says, as one frozen record: the test, its numbers, its groups, and when not to believe it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from scipy import stats

from caselore.errors import TableError
from caselore.tables.result import half_up


@dataclass(frozen=True, slots=True)
class Effect:
    """How large a difference is, with its interval where one is known."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None

    def said(self) -> str:
        """The effect in words: ``odds ratio 0.57 (95% interval 0.34 to 0.96)``."""
        bounds = (
            "" if self.low is None or self.high is None else f" (95% interval {_two(self.low)} to {_two(self.high)})"
        )
        return f"{self.name} {_two(self.value)}{bounds}"


@dataclass(frozen=True, slots=True)
class Inference:
    """One test: what was compared, with what, and what came out.

    `symbol` names the `statistic`; `df` is None for a test that has none, `p` is two-sided. `groups` are the groups
    compared, each with its size; `q` is p after control of the false-discovery rate over a family of tests.
    """

    test: str
    symbol: str
    statistic: float | None
    df: int | None
    p: float
    n: int
    groups: tuple[tuple[str, int], ...]
    effects: tuple[Effect, ...] = ()
    about: str = ""
    warnings: tuple[str, ...] = ()
    q: float | None = None

    def effect(self, name: str) -> float:
        """The value of one effect; raises TableError where there is none of that name."""
        for one in self.effects:
            if one.name == name:
                return one.value
        raise TableError(f"{self.test} has no effect {name!r}; it has {', '.join(one.name for one in self.effects)}.")

    def said(self) -> str:
        """The whole result in one line, groups first."""
        against = " against ".join(f"{name} (n = {n:,})" for name, n in self.groups)
        df = "" if self.df is None else f", df = {self.df}"
        statistic = "" if self.statistic is None else f"{self.symbol} = {_places(self.statistic, 2)}{df}, "
        adjusted = "" if self.q is None else f", q = {probability(self.q)}"
        effects = "".join(f"; {one.said()}" for one in self.effects)
        about = f"{self.about}: " if self.about else ""
        return (
            f"{about}{against}: {self.test}, {statistic}p = {probability(self.p)}{adjusted}, n = {self.n:,}{effects}."
        )


def probability(p: float) -> str:
    """A p value with three decimals; a smaller one as ``<0.001``, and none as ``undefined``."""
    if p != p:
        return "undefined"
    return "<0.001" if p < 0.0005 else _places(p, 3)


def discoveries(found: Sequence[Inference], *, rate: float = 0.05) -> tuple[Inference, ...]:
    """The same tests, each with its q value, in the same order; a q of at most `rate` is a discovery.

    Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995). Tests without a p take no
    part. Raises TableError for a rate outside 0 to 1.
    """
    if not 0 < rate < 1:
        raise TableError(f"A false-discovery rate of {rate} is none; give a number between 0 and 1, such as 0.05.")
    told = [place for place, one in enumerate(found) if one.p == one.p]
    if len(told) < 2:  # no family
        return tuple(found)
    adjusted = stats.false_discovery_control([found[place].p for place in told])
    q = dict(zip(told, map(float, adjusted), strict=True))
    family = f"One of {len(told)} tests; q controls the share of false discoveries at {rate:g}."
    return tuple(
        replace(one, q=q[place], warnings=(*one.warnings, family)) if place in q else one
        for place, one in enumerate(found)
    )


def _places(value: float, places: int) -> str:
    return half_up(Decimal(repr(float(value))), places) if abs(value) < float("inf") else str(value)


def _two(value: float) -> str:
    return _places(value, 2) if value == value else "undefined"
