"""In: an exact share and a figure as printed. Out: the rounding rules under which the one can be the other.

Rules: half up, half to even, truncation. Whole percentages on a base below 100 are tested as in Brown and Heathers
(2017), "The GRIM test".
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

RULES: dict[str, Callable[[Fraction], int]] = {
    "half up": lambda value: floor(value + Fraction(1, 2)),
    "half even": lambda value: round(value),
    "truncation": lambda value: floor(value),
}
ALL_RULES = ", ".join(RULES)
EVERY = frozenset(RULES)
ROUNDING = frozenset(("half up", "half even"))


def rules_that_fit(exact: Fraction, printed: float, decimals: int) -> frozenset[str]:
    """The rules that turn the exact value into the printed one at its number of decimals."""
    scale = 10**decimals
    wanted = round(printed * scale)
    return frozenset(name for name, rule in RULES.items() if rule(exact * scale) == wanted)


def percentage(count: float, base: float) -> Fraction:
    """Exactly 100 x count / base; the base is not zero."""
    return 100 * Fraction(count).limit_denominator(10**6) / Fraction(base).limit_denominator(10**6)


def fits(count: float, base: float, printed: float, decimals: int) -> frozenset[str]:
    """The rules under which `count` of `base` is printed as this percentage."""
    return rules_that_fit(percentage(count, base), printed, decimals) if base else frozenset()


def possible_counts(base: int, printed: float, decimals: int, rules: frozenset[str] = EVERY) -> tuple[int, ...]:
    """The counts on this base that one of the rules prints as this percentage; empty means an impossible percentage."""
    near = printed * base / 100
    reach = base / 100 / 10**decimals + 1
    candidates = range(max(0, floor(near - reach)), min(base, ceil(near + reach)) + 1)
    return tuple(count for count in candidates if fits(count, base, printed, decimals) & rules)


def neighbours(base: int, printed: float) -> str:
    """The two shares on this base that lie around a percentage, as they would be printed: "7/20 = 35.0%"."""
    low = floor(printed * base / 100)
    return " and ".join(f"{n}/{base} = {100 * n / base:.1f}%" for n in (low, low + 1) if 0 <= n <= base)


def within(value: float, printed: float, decimals: int, *, slack: float = 0.0) -> bool:
    """Whether a computed value can be printed like this, rounded or truncated, with a relative slack."""
    unit = 10.0**-decimals
    spare = abs(value) * slack + 1e-9
    return printed - unit / 2 - spare <= value < printed + unit + (spare if slack else -1e-9)


def shown(value: float, decimals: int = 1) -> str:
    """A number for a person: thousands apart, no trailing zeros beyond the asked decimals."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.{max(decimals, 1)}f}"
