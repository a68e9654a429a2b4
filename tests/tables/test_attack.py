"""A reader who knows every shown count, every sum, and that a hidden count is no nought, solves for the hidden ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from caselore.tables.linked import Fact, Sum, closed

SMALLEST = 3
ANY = "*"


def values(counts: Mapping[Fact, int], sums: Sequence[Sum], secret: Set[Fact], fact: Fact) -> tuple[int, int]:
    """The least and the largest value of a hidden count that fits everything shown."""
    names = sorted(secret, key=repr)
    at = {name: index for index, name in enumerate(names)}
    matrix, told = np.zeros((len(sums), len(names))), np.zeros(len(sums))
    for row, (total, parts) in enumerate(sums):
        for one, sign in [(total, -1), *((part, 1) for part in parts)]:
            if one in at:
                matrix[row, at[one]] += sign
            else:
                told[row] -= sign * counts[one]
    low = [min(1, counts[name]) for name in names]
    ends = []
    for sign in (1, -1):
        aim = np.zeros(len(names))
        aim[at[fact]] = sign
        fits = LinearConstraint(matrix, told, told)
        found = milp(aim, constraints=fits, bounds=Bounds(low, 10_000), integrality=np.ones(len(names)))
        ends.append(round(sign * found.fun))
    return ends[0], ends[1]


def margins(cells: Mapping[tuple[str, ...], int]) -> tuple[dict[Fact, int], list[Sum]]:
    """Every total of a table of three lines, as tables of one, two and three lines would print it; and their sums."""
    lines = [sorted({cell[line] for cell in cells}) for line in range(3)]
    counts: dict[Fact, int] = {}
    sums: list[Sum] = []
    for place in product(*([*line, ANY] for line in lines)):
        inside = [n for cell, n in cells.items() if all(a in (ANY, b) for a, b in zip(place, cell, strict=True))]
        counts[place] = sum(inside)
        for line in range(3):
            if place[line] == ANY:
                parts = tuple((*place[:line], one, *place[line + 1 :]) for one in lines[line])
                sums.append((place, parts))
    return counts, sums


def drawn(chance: Random, shape: Iterable[int]) -> dict[tuple[str, ...], int]:
    sizes = chance.choice([(0, 0, 1, 1, 2, 4), (0, 1, 2, 3, 7), (1, 1, 1, 2, 9), (0, 0, 0, 1, 5, 30)])
    return {cell: chance.choice(sizes) for cell in product(*([f"{n}" for n in range(size)] for size in shape))}


def attacked(counts: Mapping[Fact, int], sums: Sequence[Sum], known: Set[Fact]) -> list[Fact]:
    """The small counts that can have but one value, though they have more if nothing but public counts is shown."""
    small = {fact for fact, count in counts.items() if 0 < count < SMALLEST} - known
    secret = set(closed(counts, sums, small, guarded=small, known=known))
    told = [fact for fact in small if len(set(values(counts, sums, secret, fact))) == 1]
    most = {fact for fact, count in counts.items() if count} - known
    return [fact for fact in told if len(set(values(counts, sums, most, fact))) == 2]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.tuples(st.integers(1, 2), st.integers(2, 4), st.integers(2, 5)))
def test_no_small_count_of_linked_tables_can_be_worked_out(seed: int, shape: tuple[int, int, int]) -> None:
    counts, sums = margins(drawn(Random(seed), shape))
    assert not attacked(counts, sums, {(ANY, ANY, ANY)} if counts[ANY, ANY, ANY] >= SMALLEST else set())


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ({"a": 1, "b": 1, "c": 8}, "two that add to two, and neither is nought"),
        ({"a": 1, "b": 1, "c": 1, "d": 20, "e": 5}, "three that add to three"),
    ],
)
def test_hidden_counts_that_stand_at_their_least_cost_one_more(shown: dict[str, int], told: str) -> None:
    counts: dict[Fact, int] = {"all": sum(shown.values())}
    counts |= shown.items()
    sums: list[Sum] = [("all", tuple(shown))]
    small = {fact for fact in shown if shown[fact] < SMALLEST}
    secret = closed(counts, sums, small, guarded=small, known={"all"})
    assert len(secret) == len(small) + 1, told
    assert all(len(set(values(counts, sums, secret, fact))) == 2 for fact in small)


def test_what_pins_a_count_from_afar_is_found() -> None:
    """A column of ones is hidden with its total; the totals add up to a public one, so another total goes, no cell."""
    cells: dict[tuple[str, ...], int] = {
        ("0", f"{row}", column): n for row in range(3) for column, n in (("few", 1), ("many", 9), ("more", 12))
    }
    counts, sums = margins(cells)
    few = {("0", f"{row}", "few") for row in range(3)}
    hidden = {*few, (ANY, ANY, "few"), ("0", ANY, "few"), *((ANY, f"{row}", "few") for row in range(3))}
    known = {(ANY, ANY, ANY), *((ANY, f"{row}", ANY) for row in range(3))}
    secret = closed(counts, sums, hidden, guarded=few, known=known)
    assert all(len(set(values(counts, sums, set(secret), fact))) == 2 for fact in few)


def test_a_count_that_may_be_nought_is_not_told_by_its_total() -> None:
    counts: dict[Fact, int] = {"all": 20, "a": 1, "b": 1, "c": 18}
    sums: list[Sum] = [("all", ("a", "b", "c"))]
    assert closed(counts, sums, {"a", "b"}, guarded={"a", "b"}, dark={"a", "b"}) == {"a", "b"}
