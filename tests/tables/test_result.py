"""Percentages: rounding, bases, sums."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.errors import TableError
from caselore.tables.compute import compute
from caselore.tables.published import every_table
from caselore.tables.result import half_up, number, percent

TABLES = {table.id: table for table in every_table()}


def test_halves_go_up() -> None:
    assert [percent(n, 8, places=0).shown for n in (1, 3, 5, 7)] == ["13", "38", "63", "88"]
    assert percent(1, 200, places=0).shown == "1"
    assert half_up(Decimal("2.675"), 2) == "2.68"


def test_something_is_never_shown_as_nothing() -> None:
    assert percent(1, 1000, places=0).shown == "<1"
    assert percent(1, 10_000, places=1).shown == "<0.1"
    assert percent(0, 1000, places=0).shown == "0"


def test_a_percentage_of_nobody_is_not_available() -> None:
    assert (percent(0, 0, places=0).shown, percent(0, 0, places=0).value) == ("[x]", None)


@given(count=st.integers(0, 10**7), rest=st.integers(0, 10**7), places=st.integers(0, 1))
def test_a_shown_percentage_is_within_half_a_unit(count: int, rest: int, places: int) -> None:
    cell = percent(count, count + rest, places=places)
    if cell.value is None or cell.shown.startswith("<"):
        return
    assert abs(Decimal(cell.shown) * (count + rest) - 100 * count) * 2 * 10**places <= count + rest
    assert cell.base is not None
    assert cell.numerator is not None
    assert cell.base >= cell.numerator


@given(counts=st.lists(st.integers(0, 10**4), min_size=1, max_size=12), places=st.integers(0, 1))
def test_percentages_of_a_whole_add_to_a_hundred_within_rounding(counts: list[int], places: int) -> None:
    base = sum(counts)
    if not base:
        return
    cells = [percent(count, base, places=places) for count in counts]
    shown = sum(Decimal(cell.shown) for cell in cells if not cell.shown.startswith("<"))
    room = Decimal(len(counts)).scaleb(-places)
    assert abs(shown - 100) <= room
    assert sum(cell.value or 0 for cell in cells) == pytest.approx(100)


@pytest.mark.parametrize("seed", range(6))
def test_one_answer_columns_add_to_their_base(seed: int, book: Any, random_releases: Any) -> None:
    result = compute(
        TABLES["source-of-harm-by-outcome"], random_releases(seed, book, most=60), book=book, smallest=None
    )
    for column in result.columns:
        counts = [int(result.cell(row.key, column.key).value or 0) for row in result.rows_of("category")]
        base = int(result.cell("base", column.key).value or 0)
        assert sum(counts) == base
        apart = sum(int(result.cell(row.key, column.key).value or 0) for row in result.rows_of("missing"))
        everything = result.rows_of("all")
        assert base + apart == int(result.cell(everything[0].key if everything else "base", column.key).value or 0)


def test_statistics_show_one_decimal_and_whole_numbers_whole() -> None:
    assert [number(value).shown for value in (7.0, 6.5, 2.25, None)] == ["7", "6.5", "2.3", "[x]"]


def test_a_cell_that_is_not_there_says_what_is(book: Any, release_of: Any) -> None:
    result = compute(TABLES["outcome"], release_of(cases=[{"case_id": "C1"}]), book=book)
    assert result.empty
    with pytest.raises(TableError, match=r"no cell at row 'deth'.*its rows are death, serious_harm"):
        result.cell("deth")
