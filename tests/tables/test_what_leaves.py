"""What a stranger reads in several things that leave together: tables, the list of reviews, completeness, a curve."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from caselore.tables.compute import compute_all
from caselore.tables.measures.every import measured
from caselore.tables.published import every_table, published
from caselore.tables.table import STATES, Answers, Column, Table, Where

TABLES = {table.id: table for table in every_table()}
FLAG = "information_not_shared"


def by_id(release: Any, book: Any, **more: Any) -> dict[str, Any]:
    return {one.table.id: one for one in measured(published(book), release, book=book, **more)}


@pytest.fixture(scope="module")
def reviews(release_of: Any, coded: Any) -> Any:
    """Thirty reviews of three kinds; all but one of the nine SCRs, and one of the LCSPRs, did not share."""
    chance = Random(5)
    kinds = ["SCR"] * 9 + ["LCSPR"] * 8 + ["other"] * 13
    holders = {*range(8), 9, *range(20, 27)}
    cases = [{"case_id": f"C{n:02}", "source_type": kind, "year": 2012 + n % 9} for n, kind in enumerate(kinds)]
    codes = [coded(f"C{n:02}", "outcome", "death" if n < 16 else "serious_harm") for n in range(30)]
    for n in range(30):
        also = [one for one in ("record_missing", "procedures_ignored") if chance.random() < 0.4]
        flags = [FLAG, *also] if n in holders else also
        codes += [coded(f"C{n:02}", "integrity_flags", one) for one in flags]
        codes += [] if flags else [coded(f"C{n:02}", "integrity_flags", answer="not_mentioned")]
    return release_of(cases=cases, codes=codes)


def test_what_a_list_tells_review_by_review_is_shown_and_covers_nothing(reviews: Any, book: Any) -> None:
    """The list counts itself by kind: a cell of it that a table hides would hide nothing, and cover nothing."""
    found = by_id(reviews, book)
    listed = Counter(
        found["information-not-shared"].cell(row.key, measure="kind").shown
        for row in found["information-not-shared"].rows
    )
    table = found["flags-by-kind-of-review"]
    for column in table.columns:
        if column.kind == "category":
            assert table.cell(FLAG, column.key).value == listed[column.label.lower()]
    assert sorted(listed.values()) == [1, 7, 8]


def test_a_filter_that_citations_do_not_tell_makes_nothing_public(reviews: Any, book: Any) -> None:
    """How many reviews of each period a cohort has, its citations would tell; nobody knows who is in it."""
    cohort = (Where(Answers("integrity_flags"), ("record_missing",)),)
    shown = [
        (result.table.id, row.key, column.key)
        for result in measured(published(book), reviews, book=book, cohort=cohort)
        for row, column, measure, cell in result.addressed()
        if measure in ("count", "n") and result.table.unit == "case" and row.key not in STATES
        if column.key not in STATES and 0 < (cell.numerator or 0) < 3
        if not result.table.id.startswith(("completeness", "report-template"))
    ]
    assert not shown


def test_completeness_does_not_tell_a_silence_that_a_table_hides(release_of: Any, coded: Any, book: Any) -> None:
    """One review of twelve names an agency: each agency named is named by one, whatever the table hides."""
    codes = [coded(f"C{n}", "agencies", answer="not_mentioned") for n in range(11)]
    codes += [coded("C11", "agencies", one) for one in ("police", "health_gp")]
    release = release_of(cases=[{"case_id": f"C{n}"} for n in range(12)], codes=codes)
    agencies, completeness = compute_all([TABLES["agencies"], TABLES["completeness"]], release, book=book)
    assert agencies.cell("police").suppressed
    assert agencies.cell("not_mentioned").suppressed
    assert completeness.cell("agencies", "present").suppressed
    assert completeness.cell("agencies", "not_mentioned").suppressed


def test_the_size_of_a_small_column_is_hidden_with_its_cells(release_of: Any, coded: Any, book: Any) -> None:
    """Of one child with a plan in the past no harm is told; that there is one such child stood below the base."""
    table = Table("by-plan", "By plan", Answers("nature_of_harm"), Answers("child_protection_plan"))
    plans = ["never"] * 8 + ["current"] * 7 + ["past"]
    codes = [coded(f"C{n}", "child_protection_plan", one) for n, one in enumerate(plans)]
    codes += [coded(f"C{n}", "nature_of_harm", "neglect" if n % 2 else "physical_abuse") for n in range(15)]
    codes += [coded("C15", "nature_of_harm", answer="not_mentioned")]
    release = release_of(cases=[{"case_id": f"C{n}"} for n in range(16)], codes=codes)
    (result,) = compute_all([table], release, book=book)
    assert result.cell("all", "past").suppressed
    assert [result.cell("all", key).suppressed for key in ("past", "current", "never")] == [True, True, False]


def test_a_curve_does_not_tell_how_many_codes_one_review_holds(reviews: Any, book: Any) -> None:
    """The exact mean over all orders is a sum over the holders of each code: twenty points of it give them away."""
    table = by_id(reviews, book)["saturation"]
    for row, _, measure, cell in table.addressed():
        assert isinstance(cell.value, int), (row.key, measure)


def test_what_was_not_made_before_is_a_count_too(release_of: Any, book: Any) -> None:
    cases = [{"case_id": f"C{n}", "year": 2011 if n < 4 else 2016, "source_type": "SCR"} for n in range(8)]
    made = [{"case_id": f"C{n}", "repeat_group": "G1", "status": "proposed"} for n in range(8)]
    made.append({"case_id": "C7", "status": "proposed"})
    release = release_of(cases=cases, codes=[], recommendations=made)
    table = by_id(release, book)["recommendations-made-before"]
    assert table.cell("2015-2019").value == 5
    assert table.cell("2015-2019", measure="before").suppressed


def test_a_cohort_of_one_kind_is_told_by_citations(reviews: Any, book: Any) -> None:
    found = by_id(reviews, book, cohort=(Where(Column("source_type"), ("SCR",)),))
    assert len(found["information-not-shared"].rows) == 8
