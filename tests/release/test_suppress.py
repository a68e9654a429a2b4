"""Nobody who knows every shown cell and total can work a hidden one out."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from caselore.errors import TableError
from caselore.release.suppress import SMALLEST_COUNT, suppress

MARGINS = ["none", "rows", "columns", "both"]
small_tables = arrays(
    np.int64, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.sampled_from([0, 0, 1, 1, 2, 3, 4, 9, 40])
)


def extended(counts: np.ndarray) -> np.ndarray:
    wide = np.hstack([counts, counts.sum(axis=1, keepdims=True)])
    return np.vstack([wide, wide.sum(axis=0, keepdims=True)])


def laws(shape: tuple[int, int], margins: str) -> list[np.ndarray]:
    """Every sum that a reader knows to hold: cells of a line minus its total is 0."""
    rows, columns = shape
    found = []
    if margins in ("rows", "both"):
        for row in range(rows if margins == "both" else rows - 1):
            law = np.zeros(shape)
            law[row, : columns - 1], law[row, columns - 1] = 1, -1
            found.append(law)
    if margins in ("columns", "both"):
        for column in range(columns if margins == "both" else columns - 1):
            law = np.zeros(shape)
            law[: rows - 1, column], law[rows - 1, column] = 1, -1
            found.append(law)
    return found


def attacked(table: np.ndarray, hidden: np.ndarray, margins: str, most: np.ndarray | None = None):
    """For each hidden cell the least and the largest value that the shown cells leave open."""
    places = [tuple(p) for p in np.argwhere(hidden)]
    if not places:
        return
    known = np.where(hidden, 0, table)
    system = np.array([[law[p] for p in places] for law in laws(table.shape, margins)]).reshape(-1, len(places))
    target = np.array([-(law * known).sum() for law in laws(table.shape, margins)])
    tops = [10_000 if most is None else min(10_000, most[p]) for p in places]
    for index, place in enumerate(places):
        goal = np.zeros(len(places))
        goal[index] = 1
        ends = [
            linprog(
                sign * goal,
                A_eq=system if len(system) else None,
                b_eq=target if len(system) else None,
                bounds=[(1, top) for top in tops],
            )
            for sign in (1, -1)
        ]
        assert all(end.success for end in ends)
        yield place, ends[0].fun, -ends[1].fun


def flags(hidden, shape) -> np.ndarray:
    made = np.zeros((shape[0] + 1, shape[1] + 1), dtype=bool)
    made[:-1, :-1], made[:-1, -1], made[-1, :-1], made[-1, -1] = (
        hidden.cells,
        hidden.row_totals,
        hidden.column_totals,
        hidden.total,
    )
    return made


@settings(max_examples=250, deadline=None)
@given(small_tables, st.sampled_from(MARGINS), st.sampled_from([2, 3, 5]))
def test_no_hidden_cell_can_be_worked_out(counts, margins, smallest):
    hidden = suppress(counts, smallest=smallest, margins=margins)
    table, mask = extended(counts), flags(hidden, counts.shape)
    small = (counts > 0) & (counts < smallest)
    assert hidden.cells[small].all()
    assert not hidden.cells[counts == 0].any()
    for place, least, largest in attacked(table, mask, margins):
        assert largest - least > 0.5, (place, least, largest)


@settings(max_examples=150, deadline=None)
@given(small_tables, st.sampled_from(["none", "rows"]), st.lists(st.integers(0, 12), min_size=5, max_size=5))
def test_neither_can_one_be_worked_out_from_its_base(counts, margins, more):
    base = counts.max(axis=0) + np.array(more[: counts.shape[1]])
    hidden = suppress(counts, margins=margins, base=base)
    without = base - counts
    shown = ~hidden.cells & ~hidden.bases
    assert not ((without > 0) & (without < SMALLEST_COUNT) & (counts > 0) & shown).any()
    open_bases = np.append(hidden.bases, hidden.base_total)
    most = np.where(open_bases, 10_000, np.append(base, base.sum()) - 1)
    mask = flags(hidden, counts.shape)
    wide = np.broadcast_to(most, mask.shape)
    for place, least, largest in attacked(extended(counts), mask, margins, wide):
        assert largest - least > 0.5, (place, least, largest)


def test_the_base_of_all_does_not_tell_what_the_bases_hide():
    """Two hidden counts of at least 1 below a base of 3 could only be 1 and 1."""
    assert suppress([[1, 1]], margins="rows", base=[1, 2]).base_total


def test_a_single_small_count_takes_another_with_it():
    assert suppress([12, 7, 1], margins="columns").cells.tolist() == [False, True, True]


def test_a_table_without_small_counts_is_shown_whole():
    assert suppress([[12, 7], [3, 0]]).count == 0


def test_a_small_count_in_a_two_way_table_hides_a_rectangle():
    hidden = suppress([[20, 1, 9], [8, 30, 5], [7, 6, 40]])
    assert hidden.cells.sum() == 4
    assert not hidden.row_totals.any()
    assert not hidden.column_totals.any()


def test_a_small_total_is_hidden():
    hidden = suppress([[1, 1], [30, 20]], margins="rows")
    assert hidden.row_totals.tolist() == [True, False]


def test_ones_that_add_up_to_their_number_hide_the_total():
    assert suppress([1, 1, 1, 0], margins="columns").column_totals.tolist() == [True]


def test_several_answers_a_case_need_no_second_cell_but_their_complement_counts():
    hidden = suppress([10, 6, 1, 0, 11], margins="none", base=11)
    assert hidden.cells.tolist() == [True, False, True, False, False]
    assert hidden.bases.tolist() == [False]


def test_a_base_of_two_is_hidden():
    assert suppress([1, 2], margins="none", base=2).bases.tolist() == [True]


def test_a_threshold_of_one_hides_nothing():
    assert suppress([[1, 2], [0, 1]], smallest=1, base=[3, 3], margins="rows").count == 0


@pytest.mark.parametrize("counts", [[-1, 2], [[[1]]]])
def test_what_is_no_table_of_counts_is_refused(counts):
    with pytest.raises(TableError, match="whole numbers"):
        suppress(counts)


def test_a_large_table_takes_seconds():
    counts = np.random.default_rng(7).poisson(1.5, size=(45, 33))
    begun = time.perf_counter()
    suppress(counts)
    assert time.perf_counter() - begun < 5
