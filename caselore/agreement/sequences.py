"""In: the decisions that coders put in order, case by case. Out: how far they tell the same course of events.

Two sequences are aligned (Needleman and Wunsch 1970): steps are matched, changed or left out at the least cost, and the
cost over the longer length is their distance (normalised Levenshtein). Kendall's tau asks of the steps that both have
whether they stand in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from caselore.agreement.alpha import krippendorff_alpha
from caselore.agreement.intervals import Estimate, Method, at_an_end, ratio, spread
from caselore.agreement.kappa import DEFAULT
from caselore.agreement.reliability import Coefficient, Floats, reliability

OTHER_AGENCY = 0.5
"""What it costs that the same step is said to be taken by another agency; leaving a step out costs 1."""

UNSTATED_AGENCY = 0.25
"""What it costs that one of two coders names no agency."""

MOST_CASES = 150
"""Cases of which every sequence is laid beside every other, to know how alike sequences are by chance."""

Sequel = tuple[tuple[str, str | None], ...]
"""Steps in order: decision type and agency (None: not stated)."""


@dataclass(frozen=True, slots=True)
class Match:
    """One place of an alignment: positions in both sequences (None: the other has no such step) and its cost."""

    one: int | None
    other: int | None
    cost: float


def step_cost(one: tuple[str, str | None], other: tuple[str, str | None]) -> float:
    """What it costs to take one step for another, from 0 (the same) to 1."""
    if one[0] != other[0]:
        return 1.0
    if one[1] == other[1]:
        return 0.0
    return UNSTATED_AGENCY if one[1] is None or other[1] is None else OTHER_AGENCY


def _table(one: Sequel, other: Sequel) -> list[list[float]]:
    table = [[float(n) for n in range(len(other) + 1)]]
    for row, step in enumerate(one, 1):
        line = [float(row)]
        for column, there in enumerate(other, 1):
            changed = table[-1][column - 1] + step_cost(step, there)
            line.append(min(changed, table[-1][column] + 1, line[-1] + 1))
        table.append(line)
    return table


def distance(one: Sequel, other: Sequel) -> float:
    """The least cost of turning one sequence into the other, over the length of the longer; 0 between empty ones."""
    longest = max(len(one), len(other))
    return _table(one, other)[-1][-1] / longest if longest else 0.0


def align(one: Sequel, other: Sequel) -> tuple[Match, ...]:
    """The places of the cheapest alignment in order; of equally cheap ones that with more steps matched.

    A step changed into another type is told as two places: one left out, one put in.
    """
    table, found = _table(one, other), list[Match]()
    row, column = len(one), len(other)
    while row or column:
        here = table[row][column]
        cost = step_cost(one[row - 1], other[column - 1]) if row and column else 2.0
        across = bool(row and column) and _close(here, table[row - 1][column - 1] + cost)
        if across and cost < 1:
            row, column = row - 1, column - 1
            found.append(Match(row, column, cost))
        elif row and _close(here, table[row - 1][column] + 1):
            row -= 1
            found.append(Match(row, None, 1.0))
        elif column and _close(here, table[row][column - 1] + 1):
            column -= 1
            found.append(Match(None, column, 1.0))
        else:
            row, column = row - 1, column - 1
            found += [Match(None, column, 1.0), Match(row, None, 1.0)]
    return tuple(reversed(found))


def _close(one: float, other: float) -> bool:
    return abs(one - other) < 1e-9


Told = Mapping[str, Mapping[str, Sequel]]
"""By case, by coder, the sequence told; a coder who read the case and found no decision has an empty one."""

Drawn = Mapping[str, str] | None
"""Key of `Told` -> the case that it is of, where a case has several: they are drawn together."""


def sequence_similarity(told: Told, *, cases: Drawn = None, method: Method = DEFAULT) -> Coefficient:
    """1 minus the mean distance of two coders' sequences of a case; two empty sequences are no question."""
    rows = {case: [1 - distance(a, b) for a, b in _pairs(by) if a or b] for case, by in told.items()}
    parts = {case: (sum(each), len(each)) for case, each in rows.items() if each}
    return _of_cases("sequence similarity", parts, told, cases, method)


def order_tau(told: Told, *, cases: Drawn = None, method: Method = DEFAULT) -> Coefficient:
    """Kendall's tau of the steps that both coders have: pairs in the same order less pairs turned round, over all.

    Steps are matched by type, the first of a type with the first; a case with fewer than two of them adds nothing.
    """
    parts = {case: turns for case, by in told.items() if (turns := _turns(by))[1]}
    return _of_cases("order of common steps (tau)", parts, told, cases, method, lowest=-1.0)


def sequence_alpha(told: Told, *, cases: Drawn = None, method: Method = DEFAULT) -> Coefficient:
    """Krippendorff's alpha with the distance of sequences: by chance, sequences of any two cases meet.

    Beyond `MOST_CASES` cases, so many are drawn at random (by the method's seed).
    """
    chosen = sorted(told)
    if len(chosen) > MOST_CASES:
        order = np.random.default_rng(method.seed).permutation(len(chosen))[:MOST_CASES]
        chosen = [chosen[n] for n in sorted(order)]
    coders = sorted({coder for case in chosen for coder in told[case]})
    kinds = sorted({each for case in chosen for each in told[case].values()}, key=repr)
    at = {each: n for n, each in enumerate(kinds)}
    rows = [[at.get(told[case][coder]) if coder in told[case] else None for coder in coders] for case in chosen]
    owners = [(cases or {}).get(case, case) for case in chosen]
    data = reliability(rows, values=range(len(kinds)), coders=coders, clusters=owners)
    data = replace(data, values=tuple(map(_shown, kinds)))
    found = krippendorff_alpha(data, metric=_distances(kinds), name="alpha of sequences", method=method)
    if len(chosen) < len(told):
        found = found.noting(f"On {len(chosen)} of {len(told)} cases, drawn at random.")
    return found


def _shown(sequence: Sequel) -> str:
    return " > ".join(step for step, _ in sequence) or "no decision"


def _distances(kinds: Sequence[Sequel]) -> Floats:
    apart = np.zeros((len(kinds), len(kinds)))
    for one, other in combinations(range(len(kinds)), 2):
        apart[one, other] = apart[other, one] = distance(kinds[one], kinds[other])
    return apart


def _pairs(by: Mapping[str, Sequel]) -> list[tuple[Sequel, Sequel]]:
    return [(by[one], by[other]) for one, other in combinations(sorted(by), 2)]


def _turns(by: Mapping[str, Sequel]) -> tuple[int, int]:
    same = turned = 0
    for one, other in _pairs(by):
        places = _numbered(other)
        order = [places[key] for key in _numbered(one) if key in places]
        rising = sum(a < b for a, b in combinations(order, 2))
        same, turned = same + rising, turned + len(order) * (len(order) - 1) // 2 - rising
    return same - turned, same + turned


def _numbered(sequence: Sequel) -> dict[tuple[str, int], int]:
    """Where each step stands, by type and its number among its like, in order."""
    types = [step for step, _ in sequence]
    return {(step, types[:n].count(step)): n for n, step in enumerate(types)}


def _of_cases(
    name: str, rows: Mapping[str, tuple[float, int]], told: Told, cases: Drawn, method: Method, *, lowest: float = 0.0
) -> Coefficient:
    coders = len({coder for by in told.values() for coder in by})
    if not rows:
        return Coefficient(name, None, coders=coders, notes=("No case has steps of two coders to compare.",))
    parts = np.array(list(rows.values()), dtype=float)
    owners = np.unique([(cases or {}).get(case, case) for case in rows], return_inverse=True)[1]
    value = float(parts[:, 0].sum() / parts[:, 1].sum())
    estimate = Estimate(parts, lambda sums: (ratio(sums[:, 0], sums[:, 1]), np.zeros(len(sums))))
    end = at_an_end(value, len(set(owners)), lowest=lowest) if method.interval != "none" else None
    found = end or spread(estimate, method, clusters=owners)
    return Coefficient(
        name, value, found.lower, found.upper, found.error, found.how,
        units=len(parts), coders=coders, pairable=int(parts[:, 1].sum()), observed=value, notes=found.notes,
    )  # fmt: skip
