"""Every coefficient against its definition told pair by pair, and intervals that hang on nothing but the data."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import caselore
from caselore.agreement.alpha import krippendorff_alpha, set_alpha
from caselore.agreement.answers import Answer, Reading
from caselore.agreement.intervals import Method
from caselore.agreement.kappa import (
    brennan_prediger,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    percent_agreement,
    specific_agreement,
)
from caselore.agreement.reliability import Coefficient, reliability
from caselore.agreement.sequences import order_tau, sequence_similarity
from caselore.agreement.spans import Continuum, Span, overlap_f1, unitised_alpha
from caselore.agreement.summary import summary
from caselore.codebook.codebook import load
from caselore.records import Evidence

BARE = Method("none")
LEAST = 0.025**0.5
"""Of two units that agree, the smallest share of agreeing units that is not refuted."""

Row = Sequence[float | None]
Rows = Sequence[Row]

cell = st.one_of(st.none(), st.integers(0, 4).map(float))
tables = st.integers(2, 6).flatmap(
    lambda coders: st.lists(st.lists(cell, min_size=coders, max_size=coders), min_size=1, max_size=14)
)
measures = st.sampled_from([percent_agreement, fleiss_kappa, conger_kappa, gwet_ac, brennan_prediger])
KINDS = (0.0, 1.0, 2.0, 3.0, 4.0)


def said(row: Row) -> list[float]:
    return [value for value in row if value is not None]


def of_pairs(rows: Rows, likeness: Callable[[float, float], float]) -> float:
    """Mean over units of the mean over ordered pairs of coders."""
    units = [[likeness(a, b) for a, b in permutations(said(row), 2)] for row in rows if len(said(row)) > 1]
    return float(np.mean([np.mean(each) for each in units]))


def shares(rows: Rows) -> dict[float, float]:
    """Of every unit its distribution of values, and the mean of these."""
    units = [said(row) for row in rows if said(row)]
    return {kind: float(np.mean([unit.count(kind) / len(unit) for unit in units])) for kind in KINDS}


def by_chance(name: str, rows: Rows, likeness: Callable[[float, float], float]) -> float:
    whole = sum(likeness(a, b) for a in KINDS for b in KINDS)
    share = shares(rows)
    if name == "Fleiss' kappa":
        return sum(share[a] * share[b] * likeness(a, b) for a in KINDS for b in KINDS)
    if name == "Brennan-Prediger":
        return whole / len(KINDS) ** 2
    if name == "AC1":
        return whole / (len(KINDS) * (len(KINDS) - 1)) * sum(p * (1 - p) for p in share.values())
    if name == "percent agreement":
        return 0.0
    coders = [[value for value in column if value is not None] for column in zip(*rows, strict=True)]
    spoke = [Counter(each) for each in coders if each]
    met = [
        sum(one[a] * two[b] * likeness(a, b) for a in one for b in two) / (one.total() * two.total())
        for one, two in combinations(spoke, 2)
    ]
    return float(np.mean(met))


def plain(a: float, b: float) -> float:
    return float(a == b)


def linear(a: float, b: float) -> float:
    return 1 - abs(a - b) / 4


def quadratic(a: float, b: float) -> float:
    return 1 - ((a - b) / 4) ** 2


def ordinal(a: float, b: float) -> float:
    steps = abs(a - b) + 1
    return 1 - (steps * (steps - 1) / 2) / 10


@given(tables, measures, st.sampled_from([("identity", plain), ("linear", linear), ("quadratic", quadratic),
                                          ("ordinal", ordinal)]))  # fmt: skip
def test_a_kappa_is_agreement_of_pairs_beyond_its_own_chance(
    rows: Rows, measure: Callable[..., Coefficient], weights: tuple[str, Callable[[float, float], float]]
) -> None:
    assume(any(len(said(row)) > 1 for row in rows))
    found = measure(reliability(rows, values=KINDS), weighting=weights[0], method=BARE)
    name = found.name.partition(",")[0].replace("AC2", "AC1")
    agreed, chance = of_pairs(rows, weights[1]), by_chance(name, rows, weights[1])
    if abs(1 - chance) < 1e-12:
        assert found.value is None
        return
    assert found.observed == pytest.approx(agreed, abs=1e-12)
    assert (found.expected or 0.0) == pytest.approx(chance, abs=1e-12)
    assert found.value == pytest.approx((agreed - chance) / (1 - chance), abs=1e-9)


def metric(name: str, values: Sequence[float]) -> Callable[[float, float], float]:
    if name == "nominal":
        return lambda a, b: float(a != b)
    if name == "interval":
        return lambda a, b: (a - b) ** 2
    if name == "ratio":
        return lambda a, b: ((a - b) / (a + b)) ** 2 if a + b else 0.0
    times = Counter(values)
    return lambda a, b: (  # Krippendorff 2011: all ranks from one to the other, less half of both ends
        (sum(n for value, n in times.items() if min(a, b) <= value <= max(a, b)) - (times[a] + times[b]) / 2) ** 2
        if a != b else 0.0
    )  # fmt: skip


@given(tables, st.sampled_from(["nominal", "ordinal", "interval", "ratio"]))
def test_alpha_is_disagreement_of_pairs_over_that_of_all_pairs_of_values(rows: Rows, name: str) -> None:
    units = [said(row) for row in rows if len(said(row)) > 1]
    values = [value for unit in units for value in unit]
    found = krippendorff_alpha(reliability(rows), metric=name, method=BARE)  # type: ignore[arg-type]
    if not units or len(set(values)) == 1:
        assert found.value is None
        return
    apart = metric(name, values)
    inside = sum(apart(a, b) / (len(unit) - 1) for unit in units for a, b in permutations(unit, 2)) / len(values)
    among = sum(apart(a, b) for a, b in permutations(values, 2)) / (len(values) * (len(values) - 1))
    assert found.value == pytest.approx(1 - inside / among, abs=1e-9)


def test_what_has_no_values_is_no_fault_of_the_coefficient() -> None:
    for metric_ in ("nominal", "ordinal", "interval", "ratio"):
        found = krippendorff_alpha(reliability([[None, None], [None, None]]), metric=metric_)  # type: ignore[arg-type]
        assert (found.value, found.notes) == (None, ("Nobody said anything.",))


def test_a_ratio_of_values_below_zero_is_not_told() -> None:
    found = krippendorff_alpha(reliability([[-1, 1], [2, 2]]), metric="ratio")
    assert found.value is None
    assert "true zero" in found.notes[0]
    assert krippendorff_alpha(reliability([[0, 1], [2, 2]]), metric="ratio").value is not None


ROWS = [["a", "b"], ["a", "a"], ["b", "b"], ["c", "b"], ["a", "c"], ["b", "b"], ["c", "c"], ["a", "a"]]


@pytest.mark.parametrize("measure", [percent_agreement, fleiss_kappa, conger_kappa, gwet_ac, krippendorff_alpha])
def test_an_interval_does_not_hang_on_the_order_in_which_cases_were_read(measure: Callable[..., Coefficient]) -> None:
    turned = list(ROWS)
    random.Random(3).shuffle(turned)
    one, other = measure(reliability(ROWS)), measure(reliability(turned))
    assert (one.lower, one.upper, one.error) == pytest.approx((other.lower, other.upper, other.error), abs=1e-9)


SEEDED = """
from caselore.agreement.answers import Answer, Reading
from caselore.agreement.summary import summary
from caselore.codebook.codebook import load
codes = list(load().fields["risk_indicators"].codes)
answers, readings = [], []
for n in range(14):
    for coder in ("ann", "ben"):
        readings.append(Reading(coder, f"c{n}"))
        for m in range(1 + (n * 7 + (coder == "ben") * (n % 3)) % 5):
            answers.append(Answer(f"c{n}", "risk_indicators", coder, codes[(n * 3 + m * (5 + (coder == "ben"))) % 9]))
for row in summary(answers, load(), readings=readings).fields:
    for each in row.coefficients:
        print(each.name, each.value, each.lower, each.upper, each.error)
"""


def test_an_interval_does_not_hang_on_the_seed_of_a_run() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", SEEDED],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            cwd=Path(caselore.__file__).parent.parent,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
    assert b"alpha of sets" in next(iter(told))


def ends() -> Iterator[tuple[str, Coefficient, float, float]]:
    """Coefficients of two units at an end of what can be, with the interval that they should have."""
    yield "percent, all", percent_agreement(reliability([["a", "a"], ["b", "b"]])), LEAST, 1
    yield "percent, none", percent_agreement(reliability([["a", "b"], ["b", "a"]])), 0, 1 - LEAST
    yield "yes, none", specific_agreement(reliability([["a", "b"], ["b", "a"]]), "a"), 0, 1 - LEAST
    course = (("referral_made", None), ("arrest_or_charge", "police"))
    same = {case: {"ann": course, "ben": course} for case in "ab"}
    turned = {case: {"ann": course, "ben": course[::-1]} for case in "ab"}
    yield "sequences, all", sequence_similarity(same), LEAST, 1
    yield "order, all", order_tau(same), 2 * LEAST - 1, 1
    yield "order, none", order_tau(turned), -1, 1 - 2 * LEAST
    marked = [Continuum(100, {"ann": (Span(10, 20),), "ben": (Span(10, 20),)}) for _ in range(2)]
    yield "marks, all", overlap_f1(marked), LEAST, 1


@pytest.mark.parametrize(("name", "found", "lower", "upper"), list(ends()))
def test_two_units_at_an_end_leave_a_wide_interval(name: str, found: Coefficient, lower: float, upper: float) -> None:
    assert (found.lower, found.upper) == pytest.approx((lower, upper)), name
    assert found.error is None
    assert "Clopper" in found.how


def test_marks_alike_in_two_texts_leave_a_wide_interval() -> None:
    marked = [Continuum(100, {"ann": (Span(10, 20),), "ben": (Span(10, 20),)}) for _ in range(2)]
    found = unitised_alpha(marked)
    assert found.value == pytest.approx(1)
    assert found.lower is not None
    assert found.lower < 0.2


def test_units_that_are_all_the_same_tell_no_interval() -> None:
    found = percent_agreement(reliability([["a", "a", "b"]] * 5))
    assert (found.lower, found.upper, found.error) == (None, None, None)
    assert "no interval" in found.notes[0]


def test_marks_of_one_case_are_drawn_together() -> None:
    def marks(shift: int, case: str) -> Continuum:
        return Continuum(200, {"ann": (Span(20, 60),), "ben": (Span(20 + shift, 60 + shift),)}, case)

    alone = [marks(3 * n, f"case {n}") for n in range(12)]
    fourfold = [marks(3 * n, f"case {n}") for n in range(12) for _ in range(4)]
    apart = [marks(3 * n, "") for n in range(12) for _ in range(4)]
    errors = [unitised_alpha(each).error or 0.0 for each in (alone, fourfold, apart)]
    assert errors[1] == pytest.approx(errors[0], rel=0.05)
    assert errors[2] < 0.7 * errors[0]


sets = st.lists(
    st.lists(st.frozensets(st.sampled_from("abc")), min_size=2, max_size=3).filter(lambda row: len(row) > 1),
    min_size=2, max_size=8,
)  # fmt: skip


@settings(deadline=None)
@given(sets, st.sampled_from(["masi", "jaccard"]))
def test_alpha_of_sets_pair_by_pair(rows: list[list[frozenset[str]]], kind: str) -> None:
    def apart(one: frozenset[str], other: frozenset[str]) -> float:
        if one == other:
            return 0.0
        index = len(one & other) / len(one | other)
        held, meet = one <= other or other <= one, one & other
        return 1 - index * (1 if kind == "jaccard" else 2 / 3 if held else 1 / 3 if meet else 0)

    width = max(map(len, rows))
    values = [each for row in rows for each in row]
    assume(len(set(values)) > 1)
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    found = set_alpha(reliability(padded), distance=kind, method=BARE)  # type: ignore[arg-type]
    inside = sum(apart(a, b) / (len(row) - 1) for row in rows for a, b in permutations(row, 2)) / len(values)
    among = sum(apart(a, b) for a, b in permutations(values, 2)) / (len(values) * (len(values) - 1))
    assert found.value == pytest.approx(1 - inside / among, abs=1e-9)


def test_marks_beside_a_machine_are_not_those_of_people_among_themselves() -> None:
    def coded(coder: str, start: int) -> Answer:
        words = Evidence("s", "s", "r", start, start + 40, "x" * 40)
        return Answer("one", "risk_indicators", coder, "domestic_abuse", evidence=(words,))

    readings = [Reading(name, "one", name == "m@1", None, "s", 0, 500) for name in ("ann", "ben", "m@1")]
    found = summary([coded("ann", 10), coded("ben", 300), coded("m@1", 10)], load(), readings=readings)
    told = {row.group: row.spans[1].value for row in found.fields}
    assert told == {"human-human": 0.0, "human-machine (m@1)": 0.5}
