"""Tests of counts against published values, against scipy, and against what must always hold."""

from __future__ import annotations

from itertools import product
from math import comb, factorial, isnan, prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from caselore.errors import TableError
from caselore.tables.compute import compute
from caselore.tables.inference import Inference, discoveries, probability
from caselore.tables.table import Answers, Table
from caselore.tables.tests import association, chi_square, difference, exact, odds_ratio, trend, wilson


def test_the_baby_girls_of_2011_14_against_2007_09() -> None:
    """Printed as 4.50 in section 2.4.1: 4.509, cut off rather than rounded."""
    found = chi_square([[55, 68], [70, 50]], groups=["2007-09", "2011-14"])
    assert found.statistic == pytest.approx(4.5094, abs=5e-5)
    assert found.p < 0.05
    assert found.groups == (("2007-09", 123), ("2011-14", 120))
    assert found.test == "Pearson chi-square without Yates' correction"


def test_known_to_social_care_by_age_is_printed_with_another_statistic() -> None:
    """Table 17 prints 24.59 (p .005); its own counts give 23.77 (p .005)."""
    printed = [[27, 8, 10, 25], [17, 14, 8, 6], [6, 4, 3, 1], [29, 7, 4, 6]]
    found = chi_square(printed)
    assert (found.statistic, found.df) == (pytest.approx(23.773, abs=5e-4), 9)
    assert found.p == pytest.approx(0.0047, abs=5e-5)
    assert found.effect("Cramer's V") == pytest.approx((23.7734 / (175 * 3)) ** 0.5, abs=1e-4)
    assert found.warnings == ()  # 3 of 16 expected counts are under 5, which is no more than a fifth
    assert chi_square([[3, 1], [1, 3]]).warnings == (
        "4 of 4 expected counts are under 5 (the smallest is 2.0): use the exact test.",
    )


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_chi_square_is_that_of_scipy(data: st.DataObject) -> None:
    wide = data.draw(st.integers(2, 5))
    grid = data.draw(st.lists(st.lists(st.integers(1, 60), min_size=wide, max_size=wide), min_size=2, max_size=5))
    yates = len(grid) == wide == 2 and data.draw(st.booleans())
    found, theirs = chi_square(grid, yates=yates), stats.chi2_contingency(grid, correction=yates)
    assert found.statistic == pytest.approx(theirs.statistic)
    assert found.p == pytest.approx(theirs.pvalue)
    assert (found.df, found.n) == (theirs.dof, sum(map(sum, grid)))


def test_fisher_as_published() -> None:
    """Fisher's tea and the twins of convicts, as R's fisher.test prints them."""
    assert exact([[3, 1], [1, 3]]).p == pytest.approx(0.4857, abs=5e-5)
    assert exact([[2, 15], [10, 3]]).p == pytest.approx(0.0005367, abs=5e-8)


def test_a_larger_table_by_simulation_as_published() -> None:
    """Job satisfaction (Agresti 2002, p. 57); R prints p = 0.7827."""
    found = exact([[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]], simulations=40_000)
    assert found.p == pytest.approx(0.7827, abs=0.01)
    assert exact([[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]], simulations=40_000).p == found.p
    assert "40,000 simulated tables" in found.warnings[-1]


def counted_out(grid: list[list[int]]) -> float:
    """The exact p of a 2 x 3 table, by going through every table of its margins."""
    first, columns = sum(grid[0]), [sum(column) for column in zip(*grid, strict=True)]

    def chance(row: tuple[int, ...]) -> float:
        return prod(comb(column, one) for column, one in zip(columns, row, strict=True)) / comb(sum(columns), first)

    seen = chance(tuple(grid[0]))
    every = [row for row in product(*(range(column + 1) for column in columns)) if sum(row) == first]
    assert sum(map(chance, every)) == pytest.approx(1)
    return sum(chance(row) for row in every if chance(row) <= seen * (1 + 1e-7))


@pytest.mark.parametrize("grid", [[[3, 0, 5], [1, 6, 2]], [[9, 1, 0], [2, 4, 1]], [[2, 2, 2], [2, 2, 2]]])
def test_simulation_comes_near_to_the_whole_distribution(grid: list[list[int]]) -> None:
    assert exact(grid).p == pytest.approx(counted_out(grid), abs=0.012)


def test_trend_as_published() -> None:
    """Smokers among patients (Fleiss 1981, p. 139): R's prop.trend.test prints X-squared = 8.2249, p = 0.004132."""
    found = trend([83, 90, 129, 70], [86, 93, 136, 82])
    assert found.statistic == pytest.approx(8.2249, abs=5e-5)
    assert found.p == pytest.approx(0.004132, abs=5e-7)
    assert found.effect("slope per step") < 0


def test_trend_over_two_groups_is_chi_square() -> None:
    assert trend([7, 30], [50, 81]).statistic == pytest.approx(chi_square([[7, 43], [30, 51]]).statistic)


@pytest.mark.parametrize(
    ("held", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(held: int, n: int, low: float, high: float) -> None:
    """R. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3."""
    assert wilson(held, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(
    ("counts", "low", "high"), [([[56, 14], [48, 32]], 0.0524, 0.3339), ([[9, 1], [3, 7]], 0.1705, 0.8090)]
)
def test_difference_as_published(counts: list[list[int]], low: float, high: float) -> None:
    """R. Newcombe, Statistics in Medicine 17 (1998), 873-890, table II, method 10."""
    found = difference(counts)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_odds_ratio_with_an_empty_cell_has_an_interval() -> None:
    found = odds_ratio([[5, 0], [3, 4]])
    assert found.value == float("inf")
    assert found.low is not None
    assert 0 < found.low < 9 * 5.5 < (found.high or 0)


def fifteen() -> list[Inference]:
    """The p values of Benjamini and Hochberg's own example (1995, section 4)."""
    printed = "0.0001 0.0004 0.0019 0.0095 0.0201 0.0278 0.0298 0.0344 0.0459 0.3240 0.4262 0.5719 0.6528 0.7590 1.0000"
    return [Inference("t", "x", 0.0, 1, float(p), 10, ()) for p in printed.split()]


def test_false_discovery_as_published() -> None:
    """They reject the four smallest at 0.05."""
    found = discoveries(fifteen())
    assert [one.q is not None and one.q <= 0.05 for one in found] == [True] * 4 + [False] * 11
    assert found[3].q == pytest.approx(15 * 0.0095 / 4)


def test_a_test_without_p_takes_no_part_in_false_discovery() -> None:
    found = discoveries([chi_square([[3, 0], [5, 0]]), chi_square([[9, 1], [2, 8]])])
    assert [one.q for one in found] == [None, None]  # one test is no family


def test_nothing_to_compare_is_said() -> None:
    found = chi_square([[3, 0], [5, 0]], groups=["a", "b"])
    assert isnan(found.p)
    assert "fewer than two rows or columns" in found.warnings[-1]
    assert "p = undefined" in found.said()


@pytest.mark.parametrize(
    ("counts", "words"),
    [([[1, 2], [3]], "same length"), ([[0.5, 1], [1, 2]], "whole counts"), ([[-1, 1], [1, 2]], "whole counts")],
)
def test_what_is_no_table_of_counts_is_refused(counts: Any, words: str) -> None:
    with pytest.raises(TableError, match=words):
        chi_square(counts)


def test_a_result_says_everything_in_one_line() -> None:
    said = chi_square([[55, 68], [70, 50]], groups=["2007-09", "2011-14"], about="Girls among babies").said()
    assert said.startswith(
        "Girls among babies: 2007-09 (n = 123) against 2011-14 (n = 120): Pearson chi-square without"
    )
    assert (
        "chi-square = 4.51, df = 1, p = 0.034, n = 243; phi 0.14; odds ratio 0.58 (95% interval 0.35 to 0.96)" in said
    )
    assert probability(0.0001) == "<0.001"


def test_tests_of_a_computed_table(book: Any, random_releases: Any) -> None:
    release = random_releases(3, book, most=60)
    one = Table(id="t", title="Outcome", rows=Answers("outcome"), columns=Answers("incident_context"))
    result = compute(one, release, book=book, smallest=None)
    (found,) = association(result)
    rows = [line.key for line in result.rows_of("category")]
    columns = [line.key for line in result.columns if line.kind == "category"]
    grid = [[result.cell(row, column).numerator or 0 for row in rows] for column in columns]
    assert found.statistic == pytest.approx(chi_square(grid).statistic)
    many = Table(id="f", title="F", rows=Answers("agencies"), columns=Answers("outcome"), multi_response=True)
    each = association(compute(many, release, book=book, smallest=None))
    assert len(each) == sum(1 for line in compute(many, release, book=book, smallest=None).rows_of("category"))


def test_a_table_with_hidden_counts_is_not_tested(book: Any, random_releases: Any) -> None:
    table = Table(id="t", title="Outcome", rows=Answers("outcome"), columns=Answers("incident_context"))
    with pytest.raises(TableError, match="a test could give them away"):
        association(compute(table, random_releases(3, book, most=14), book=book))


def test_two_by_two_fisher_is_the_sum_of_the_tables_as_unlikely() -> None:
    grid = [[7, 2], [3, 9]]
    a, b, c, d = (one for row in grid for one in row)

    def chance(x: int) -> float:
        cells = (x, a + b - x, a + c - x, d - a + x)
        top = factorial(a + b) * factorial(c + d) * factorial(a + c) * factorial(b + d)
        return top / (factorial(a + b + c + d) * prod(map(factorial, cells)))

    seen = chance(a)
    every = [chance(x) for x in range(max(0, a - d), min(a + b, a + c) + 1)]
    assert exact(grid).p == pytest.approx(sum(one for one in every if one <= seen * (1 + 1e-9)))
