"""What must hold of every coefficient of agreement, whatever the data."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from caselore.agreement.alpha import krippendorff_alpha, set_alpha, set_differences
from caselore.agreement.intervals import Method, draws
from caselore.agreement.kappa import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    percent_agreement,
    scott_pi,
    specific_agreement,
)
from caselore.agreement.plan import imagined
from caselore.agreement.reliability import Coefficient, from_contingency, from_distribution, reliability
from caselore.errors import EvaluationError

Measure = Callable[..., Coefficient]
BARE = Method("none")
MANY: list[Measure] = [percent_agreement, fleiss_kappa, conger_kappa, krippendorff_alpha, gwet_ac, brennan_prediger]
PAIR: list[Measure] = [*MANY, cohen_kappa, scott_pi]

cell = st.one_of(st.none(), st.sampled_from("abcd"))
tables = st.integers(2, 4).flatmap(
    lambda coders: st.lists(st.lists(cell, min_size=coders, max_size=coders), min_size=2, max_size=15)
)


def value(measure: Measure, rows: list[list[str | None]]) -> float | None:
    return measure(reliability(rows, values="abcd"), method=BARE).value


def same(one: float | None, other: float | None) -> bool:
    return one == other if one is None or other is None else abs(one - other) < 1e-9


@pytest.mark.parametrize("measure", PAIR)
def test_full_agreement_is_one_with_an_interval_that_few_units_leave_wide(measure: Measure) -> None:
    few, many = (measure(reliability([["a", "a"], ["b", "b"]] * n)) for n in (5, 100))
    assert few.value == many.value == pytest.approx(1)
    assert few.upper == many.upper == 1
    assert few.lower is not None
    assert many.lower is not None
    assert few.lower < 0.75 < 0.95 < many.lower < 1


@given(tables, st.randoms())
def test_the_order_of_units_and_coders_is_nothing(rows: list[list[str | None]], random: np.random.Generator) -> None:
    units, coders = list(range(len(rows))), list(range(len(rows[0])))
    random.shuffle(units)  # type: ignore[arg-type]
    random.shuffle(coders)  # type: ignore[arg-type]
    turned = [[rows[unit][coder] for coder in coders] for unit in units]
    for measure in MANY:
        assert same(value(measure, rows), value(measure, turned))


@given(tables, st.permutations("abcd"))
def test_the_names_of_nominal_values_are_nothing(rows: list[list[str | None]], names: list[str]) -> None:
    named = dict(zip("abcd", names, strict=True))
    turned = [[None if said is None else named[said] for said in row] for row in rows]
    for measure in MANY:
        assert same(value(measure, rows), value(measure, turned))


@given(tables)
def test_a_coder_who_says_nothing_is_no_coder(rows: list[list[str | None]]) -> None:
    for measure in MANY:
        assert same(value(measure, rows), value(measure, [[*row, None] for row in rows]))


@given(tables)
def test_a_unit_that_nobody_coded_is_no_unit(rows: list[list[str | None]]) -> None:
    for measure in MANY:
        assert same(value(measure, rows), value(measure, [*rows, [None] * len(rows[0])]))


@given(tables)
def test_alpha_leaves_units_of_one_value_aside(rows: list[list[str | None]]) -> None:
    paired = [row for row in rows if sum(said is not None for said in row) > 1]
    assume(paired)
    assert same(value(krippendorff_alpha, rows), value(krippendorff_alpha, paired))


@given(tables)
def test_no_coefficient_is_above_one(rows: list[list[str | None]]) -> None:
    for measure in MANY:
        found = measure(reliability(rows, values="abcd"), method=BARE)
        assert found.value is None or found.value <= 1 + 1e-9
        assert found.value is not None or found.notes


@settings(deadline=None)
@given(tables)
def test_intervals_hold_together(rows: list[list[str | None]]) -> None:
    for how in ("bootstrap", "analytic"):
        for measure in MANY:
            found = measure(reliability(rows, values="abcd"), method=Method(how, resamples=100))  # type: ignore[arg-type]
            if found.lower is not None:
                assert found.upper is not None
                assert found.lower <= found.upper <= 1 + 1e-9


def test_alpha_tends_to_pi() -> None:
    gaps = []
    for times in (1, 10, 100):
        data = from_contingency(np.array([[9, 2], [3, 6]]) * times)
        alpha, pi = krippendorff_alpha(data, method=BARE).value, scott_pi(data, method=BARE).value
        assert alpha is not None
        assert pi is not None
        gaps.append(alpha - pi)
    assert gaps[0] > gaps[1] > gaps[2] > 0
    assert gaps[0] / gaps[2] == pytest.approx(100, rel=1e-6)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=20))
def test_of_two_coders_conger_is_cohen_and_fleiss_is_scott(pairs: list[tuple[str, str]]) -> None:
    data = reliability(pairs, values="abc")
    assert same(conger_kappa(data, method=BARE).value, cohen_kappa(data, method=BARE).value)
    assert same(fleiss_kappa(data, method=BARE).value, scott_pi(data, method=BARE).value)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=2, max_size=20))
def test_of_two_values_every_metric_is_nominal(pairs: list[tuple[int, int]]) -> None:
    data = reliability(pairs, values=(0, 1))
    nominal = krippendorff_alpha(data, method=BARE).value
    for metric in ("ordinal", "interval"):
        assert same(nominal, krippendorff_alpha(data, metric=metric, method=BARE).value)  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=20))
def test_ordinal_alpha_sees_only_the_order(pairs: list[tuple[int, int]]) -> None:
    stretched = [(one**3 + 1, other**3 + 1) for one, other in pairs]
    one = krippendorff_alpha(reliability(pairs), metric="ordinal", method=BARE).value
    assert same(one, krippendorff_alpha(reliability(stretched), metric="ordinal", method=BARE).value)


def test_bootstrap_and_linearised_errors_agree_on_many_units() -> None:
    data = imagined(600, alike=0.6, shares=(0.5, 0.3, 0.2), coders=3, seed=1)
    for measure in MANY:
        drawn, linear = measure(data), measure(data, method=Method("analytic"))
        assert drawn.error == pytest.approx(linear.error, rel=0.06)


def test_a_seed_gives_the_same_interval_and_another_seed_another() -> None:
    data = imagined(60, alike=0.5, shares=(0.5, 0.5), coders=2, seed=2)
    one, again, other = (gwet_ac(data, method=Method(seed=seed)) for seed in (0, 0, 1))
    assert one == again
    assert one.error != other.error


def test_units_of_one_case_are_drawn_together() -> None:
    data = imagined(60, alike=0.5, shares=(0.5, 0.5), coders=2, seed=2)
    rows = [list(row) for row in data.cells for _ in range(4)]
    alone = gwet_ac(data)
    clustered = gwet_ac(reliability(rows, clusters=[n // 4 for n in range(240)]))
    blind = gwet_ac(reliability(rows))
    assert alone.error is not None
    assert blind.error is not None
    assert clustered.error == pytest.approx(alone.error, rel=0.05)
    assert blind.error < 0.6 * alone.error


def test_draws_keep_their_number_and_cannot_be_written() -> None:
    drawn = draws(7, 50, 3)
    assert (drawn.sum(axis=1) == 7).all()
    with pytest.raises(ValueError, match="read-only"):
        drawn[0, 0] = 1


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["a", "a"], ["a", "a"]], "Every value is 'a'"),
        ([["a", None], ["b", None]], "one coder only"),
        ([["a", None], [None, "b"]], "No unit has values of two coders"),
        ([[None, None]], "Nobody said anything"),
    ],
)
def test_what_cannot_be_told_is_said(rows: list[list[str | None]], words: str) -> None:
    found = krippendorff_alpha(reliability(rows, values="ab"))
    assert found.value is None
    assert words in found.notes[0]


def test_the_prevalence_paradox_is_explained() -> None:
    found = cohen_kappa(from_contingency([[2, 3], [3, 92]], values=("yes", "no")))
    assert found.observed == 0.94
    assert found.value is not None
    assert found.value < 0.4
    assert "95% of the values are 'no'" in found.notes[0]
    assert (gwet_ac(from_contingency([[2, 3], [3, 92]])).value or 0) > 0.9


def test_specific_agreement_is_dice_for_two_coders() -> None:
    data = from_contingency([[8, 2], [3, 20]], values=("yes", "no"))
    assert specific_agreement(data, "yes").value == pytest.approx(2 * 8 / (2 * 8 + 2 + 3))
    never = specific_agreement(from_contingency([[0, 1], [1, 9]], values=("yes", "no")), "yes")
    assert (never.value, never.lower) == (0, 0)
    assert never.upper == pytest.approx(1 - 0.025**0.5)  # two units, in which nobody agreed
    assert specific_agreement(reliability([["no", "no"]], values=("yes", "no")), "yes").value is None


def test_sets_by_hand() -> None:
    one, two, three, none = frozenset("ab"), frozenset("abc"), frozenset("cd"), frozenset[str]()
    sets = [one, two, three, none]
    jaccard, masi = set_differences(sets, "jaccard"), set_differences(sets)
    assert jaccard[0, 1] == pytest.approx(1 / 3)
    assert masi[0, 1] == masi[1, 0] == pytest.approx(1 - 2 / 3 * 2 / 3)
    assert masi[1, 2] == pytest.approx(1 - 1 / 4 * 1 / 3)
    assert masi[0, 2] == masi[0, 3] == 1
    assert masi.diagonal().tolist() == jaccard.diagonal().tolist() == [0, 0, 0, 0]
    data = reliability([[one, two], [three, three], [one, one]], values=(one, two, three))
    counts = np.array([3, 1, 2])
    expected = (masi[:3, :3] * counts[:, None] * counts).sum() / (6 * 5)
    assert set_alpha(data).value == pytest.approx(1 - 2 * masi[0, 1] / 6 / expected)


def test_refusals() -> None:
    with pytest.raises(EvaluationError, match="two coders and got 3"):
        cohen_kappa(reliability([["a", "b", "a"]]))
    with pytest.raises(EvaluationError, match="which coder gave which"):
        conger_kappa(from_distribution([[2, 1]]))
    with pytest.raises(EvaluationError, match="needs numbers"):
        krippendorff_alpha(reliability([["a", "b"]]), metric="interval")
    with pytest.raises(EvaluationError, match="'c' was said"):
        reliability([["a", "c"]], values="ab")
    with pytest.raises(EvaluationError, match="2 cells"):
        reliability([["a", "b"], ["a"]])
