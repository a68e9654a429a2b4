"""Sequences of decisions: what follows what, and how cases go."""

from __future__ import annotations

from typing import Any

import pytest

from caselore.tables.compute import compute
from caselore.tables.published import every_table

TABLES = {table.id: table for table in every_table()}
CASES = {
    "C1": ["referral_made", "assessment", "no_further_action", "assessment"],
    "C2": ["referral_made", "assessment"],
    "C3": ["referral_made", "assessment", "no_further_action"],
    "C4": [],
}


@pytest.fixture(scope="module")
def release(release_of: Any) -> Any:
    return release_of(
        cases=[{"case_id": case} for case in CASES],
        decisions=[
            {"case_id": case, "step": 10 * place, "decision_type": kind, "agency": "police", "status": "proposed"}
            for case, kinds in CASES.items()
            for place, kind in reversed(list(enumerate(kinds, 1)))
        ],
    )


def test_what_directly_follows_what(release: Any, book: Any) -> None:
    result = compute(TABLES["decision-transitions"], release, book=book, smallest=None)
    shown = {row.key: result.cell(row.key).value for row in result.rows_of("category")}
    assert shown == {
        "referral_made>assessment": 3,
        "assessment>no_further_action": 2,
        "no_further_action>assessment": 1,
    }
    assert result.rows[0].label == "Referral made → Assessment"
    assert result.cell("base").value == 6


def test_paths_are_told_by_their_first_steps_whatever_their_numbers(release: Any, book: Any) -> None:
    result = compute(TABLES["decision-paths"], release, book=book, smallest=None)
    assert result.cell("referral_made>assessment>no_further_action").value == 2
    assert result.cell("referral_made>assessment").value == 1
    assert result.cell("not_mentioned").value == 1
    assert result.cell("referral_made>assessment", measure="column_percent").shown == "33"


def test_what_comes_next(release: Any, book: Any) -> None:
    result = compute(TABLES["decision-follow-on"], release, book=book, smallest=None)
    assert result.cell("assessment", "no_further_action", "row_percent").value == 100
    assert result.cell("referral_made", "assessment").value == 3


def test_first_last_and_how_many(release: Any, book: Any) -> None:
    first = compute(TABLES["first-decision"], release, book=book, smallest=None)
    last = compute(TABLES["last-decision"], release, book=book, smallest=None)
    steps = compute(TABLES["steps-per-review"], release, book=book, smallest=None)
    assert first.cell("referral_made").value == 3
    assert last.cell("assessment").value == 2
    assert (steps.cell("all", measure="n").value, steps.cell("all", measure="median").value) == (4, 2.5)


def test_the_commonest_are_cut_without_telling_the_small(release: Any, book: Any) -> None:
    result = compute(TABLES["decision-transitions"], release, book=book)
    assert [row.key for row in result.rows_of("category")] == ["referral_made>assessment"]
    assert any("2 are left out" in note for note in result.notes)
