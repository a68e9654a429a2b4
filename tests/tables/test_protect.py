"""What a determined reader can work out from everything that is shown, by linear algebra over the joint counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

from caselore.release.suppress import SMALLEST_COUNT
from caselore.tables.compute import compute, compute_all
from caselore.tables.linked import closed
from caselore.tables.measures.every import measured
from caselore.tables.measures.risk import THREE
from caselore.tables.published import every_table, published
from caselore.tables.result import Result
from caselore.tables.table import STATES, Groups

CROSSED = ("outcome", "source_of_harm", "nature_of_death")
LINKED = ("outcome", "source-of-harm", "source-of-harm-by-outcome", "nature-of-death", "nature-of-death-in-groups")
TABLES = {table.id: table for table in every_table()}


def functional(result: Result, row: str, column: str, joint: list[tuple[str, str, str]]) -> np.ndarray[Any, Any]:
    """A place of one of the linked tables as a sum over (outcome, source of harm, nature of death)."""
    place = {"outcome": 0, "source-of-harm": 1, "source-of-harm-by-outcome": 1}.get(result.table.id, 2)
    missing = result.table.missing
    rows = result.table.rows
    groups = {one.id: {code for _, code in one.codes} for one in rows.groups} if isinstance(rows, Groups) else {}

    def counts(cell: tuple[str, str, str]) -> bool:
        if place == 2 and cell[0] != "death":
            return False
        if column != "all" and cell[0] != column:
            return False
        return row == "all" or (cell[place] not in missing if row == "base" else cell[place] in groups.get(row, {row}))

    return np.array([counts(cell) for cell in joint], dtype=float)


def places(results: list[Result]) -> Iterator[tuple[Result, str, str, bool]]:
    for result in results:
        for row, column, measure, cell in result.addressed():
            if measure == "count":
                yield result, row.key, column.key, cell.suppressed


def joint_keys(book: Any) -> list[tuple[str, str, str]]:
    named = [
        (*tuple(book.fields[name].codes)[:5], *STATES) for name in ("outcome", "source_of_harm", "nature_of_death")
    ]
    return list(product(*named))


@pytest.mark.parametrize("seed", range(8))
def test_no_small_count_follows_from_what_is_shown(seed: int, book: Any, random_releases: Any) -> None:
    release = random_releases(seed, book, most=40)
    tables = [TABLES[name] for name in LINKED]
    hidden_results = compute_all(tables, release, book=book)
    open_results = {result.table.id: result for result in compute_all(tables, release, book=book, smallest=None)}
    joint = joint_keys(book)
    shown = [place[:3] for place in places(hidden_results) if not place[3]]
    told = [functional(result, row, column, joint) for result, row, column in shown]
    if not told:
        return
    _, sizes, basis = np.linalg.svd(np.array(told), full_matrices=False)
    known = basis[sizes > 1e-9]
    silent = {book.fields[name].default for name in CROSSED}
    for result, row, column, hidden in places(hidden_results):
        count = int(open_results[result.table.id].cell(row, column).value or 0)
        secret = row not in silent | set(STATES) and not (row in ("base", "all") and column in silent | set(STATES))
        if hidden and secret and 0 < count < SMALLEST_COUNT:
            wanted = functional(result, row, column, joint)
            left = wanted - known.T @ (known @ wanted)
            assert np.abs(left).max() > 1e-9, (result.table.id, row, column)


@pytest.mark.parametrize("seed", range(3))
def test_small_counts_are_hidden_and_a_hidden_cell_holds_nothing(seed: int, book: Any, random_releases: Any) -> None:
    release = random_releases(seed, book, most=30)
    tables = [table for table in published(book) if not table.public]
    seen = {result.table.id: result for result in compute_all(tables, release, book=book, smallest=None)}
    for result in compute_all(tables, release, book=book):
        silent = {book.fields[name].default for name in book.fields}
        for row, column, measure, cell in result.addressed():
            if cell.suppressed:
                assert (cell.value, cell.numerator, cell.base, cell.shown) == (None, None, None, "[c]")
                continue
            open_cell = seen[result.table.id].cell(row.key, column.key, measure)
            assert (cell.value, cell.shown) == (open_cell.value, open_cell.shown)
            if measure == "count" and row.kind == "category" and row.key not in silent | set(STATES):
                assert not 0 < int(cell.value or 0) < SMALLEST_COUNT, (result.table.id, row.key, column.key)


def test_a_count_hidden_in_one_table_is_hidden_in_all(book: Any, release_of: Any, coded: Any) -> None:
    sources = ["mother"] * 9 + ["stranger"] + ["father"] * 10
    release = release_of(
        cases=[{"case_id": f"C{n}"} for n in range(20)],
        codes=[coded(f"C{n}", "outcome", "death" if n < 12 else "serious_harm") for n in range(20)]
        + [coded(f"C{n}", "source_of_harm", source) for n, source in enumerate(sources)],
    )
    alone = compute(TABLES["source-of-harm"], release, book=book)
    together = compute_all([TABLES[name] for name in LINKED], release, book=book)
    assert alone.cell("stranger").suppressed
    assert alone.cell("mother").suppressed != alone.cell("father").suppressed
    by_outcome = next(result for result in together if result.table.id == "source-of-harm-by-outcome")
    assert by_outcome.cell("stranger", "all").suppressed
    assert by_outcome.cell("stranger", "death").suppressed


def test_nothing_is_hidden_when_it_is_switched_off(book: Any, random_releases: Any) -> None:
    results = compute_all(published(book), random_releases(3, book), book=book, smallest=None)
    assert not any(cell.suppressed for result in results for cell in result.cells.values())


def test_silence_is_no_secret(book: Any, release_of: Any, coded: Any) -> None:
    release = release_of(
        cases=[{"case_id": f"C{n}"} for n in range(20)],
        codes=[coded(f"C{n}", "outcome", "death") for n in range(9)]
        + [coded(f"C{n}", "outcome", "serious_harm") for n in range(9, 18)]
        + [coded("C18", "outcome", "other"), coded("C19", "outcome", answer="not_mentioned")],
    )
    result = compute(TABLES["outcome"], release, book=book)
    assert [result.cell(row).value for row in ("death", "serious_harm", "other", "not_mentioned")] == [9, 9, 1, 1]


def test_a_sum_that_tells_costs_its_smallest_part() -> None:
    counts = {"all": 20, "a": 1, "b": 5, "c": 14}
    sums = [("all", ("a", "b", "c"))]
    assert closed(counts, sums, {"a"}, guarded={"a"}) == {"a", "b"}
    assert closed(counts, sums, {"a"}, guarded={"a"}, known={"all"}, dear={"b": 1}) == {"a", "c"}
    assert closed(counts, sums, {"a"}, guarded={"a"}, known={"all", "b", "c"}) == {"a"}
    assert closed(counts, sums, {"a", "b"}, guarded={"a"}) == {"a", "b"}


def test_what_known_counts_give_away_covers_nothing() -> None:
    counts = {"all": 20, "base": 19, "silent": 1, "small": 1, "both": 2}
    sums = [("all", ("base", "silent")), ("both", ("small", "silent"))]
    known = {"all", "base"}
    assert closed(counts, sums, {"small"}, guarded={"small"}, known=known, dear={"both": 1}) == {"small", "both"}


@pytest.mark.parametrize("seed", range(3))
def test_no_measure_costs_a_declared_table_a_count(seed: int, book: Any, release_of: Any, coded: Any) -> None:
    chance = Random(seed)
    cases, codes = [{"case_id": f"C{n}"} for n in range(74)], []
    for n in range(74):
        codes.append(coded(f"C{n}", "outcome", chance.choice(["death", "serious_harm"]), answer="present"))
        risks = [one for one in THREE if chance.random() < 0.2]
        codes += [coded(f"C{n}", "risk_indicators", one) for one in risks or [""]]
    codes[0] = coded("C0", "outcome", answer="not_mentioned")
    release = release_of(cases=cases, codes=codes)
    alone = {result.table.id: result.cells for result in compute_all(published(book), release, book=book)}
    beside = {result.table.id: result.cells for result in measured(published(book), release, book=book)}
    assert all(beside[name] == cells for name, cells in alone.items())
