"""Declarations: what is refused, with which words; what is shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import caselore.tables.published as shipped
from caselore.errors import TableError
from caselore.tables.compute import compute
from caselore.tables.published import CHAPTERS, every_table, published
from caselore.tables.table import Answers, Band, Bands, Column, Fields, Pairs, Table, Where, check


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"id": "Age Band"}, "lower-case words joined by hyphens"),
        ({"title": ""}, "say in `title`"),
        ({"measures": ("median",)}, r"\['median'\] are not among count"),
        ({"measures": ()}, "are not among"),
        ({"measures": ("lift",)}, "rows must be Pairs"),
        ({"measures": ("row_percent",)}, "needs columns"),
        ({"columns": Pairs("agencies")}, "stand in rows"),
        ({"missing": ("unknown",)}, "no answer states"),
        ({"rows": Fields()}, "go together"),
    ],
)
def test_a_broken_declaration_is_refused(more: dict[str, Any], words: str) -> None:
    with pytest.raises(TableError, match=words):
        Table(**{"id": "outcome", "title": "Outcome", "rows": Answers("outcome"), **more})


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"rows": Answers("outcom")}, "the codebook has no field 'outcom'; it has"),
        ({"rows": Answers("agencies")}, "declare multi_response=True"),
        ({"rows": Answers("outcome"), "multi_response": True}, "is a choice, one answer a case"),
        ({"rows": Answers("outcome"), "columns": Answers("agencies")}, "declare multi_columns=True"),
        ({"rows": Pairs("risk_indicators", ("neglekt",))}, "has no code 'neglekt'"),
        ({"rows": Answers("outcome"), "where": (Where(Answers("mood"), ("low",)),)}, "no field 'mood'"),
    ],
)
def test_a_table_that_does_not_fit_the_codebook_is_refused(more: dict[str, Any], words: str, book: Any) -> None:
    with pytest.raises(TableError, match=words):
        check(Table(id="t", title="T", **more), book)


def test_a_column_that_a_case_does_not_have_is_named(book: Any, release_of: Any) -> None:
    table = Table(id="t", title="T", rows=Column("colour"))
    with pytest.raises(TableError, match=r"no column 'colour'; choose from children, decision_types"):
        compute(table, release_of(cases=[{"case_id": "C1"}]), book=book)


def test_every_shipped_table_fits_the_shipped_codebook(book: Any) -> None:
    tables = published(book)
    assert tables == every_table()
    assert {table.chapter for table in tables} == set(CHAPTERS)
    assert len(tables) >= 40


def test_a_shipped_declaration_is_short() -> None:
    for path in Path(shipped.__path__[0]).glob("[a-z]*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 36, path.name


def test_any_banding_of_an_exact_number(book: Any, release_of: Any, coded: Any) -> None:
    months = [0, 11, 12, 59, 60, 215, 216]
    release = release_of(
        cases=[{"case_id": f"C{n}"} for n in range(9)],
        codes=[coded(f"C{n}", "child_age", str(age), value=age) for n, age in enumerate(months)]
        + [coded("C7", "child_age", answer="withheld")],
    )
    ons = (Band("0", "Under 1", 0, 12), Band("1-4", "1 to 4", 12, 60), Band("5-17", "5 to 17", 60, 216))
    table = Table(id="age", title="Age", rows=Bands(Answers("child_age"), ons))
    result = compute(table, release, book=book, smallest=None)
    assert [result.cell(band.id).value for band in ons] == [2, 2, 2]
    assert {row.key: result.cell(row.key).value for row in result.rows_of("missing")} == {
        "not_applicable": 1,
        "withheld": 1,
        "not_coded": 1,
    }


def test_a_cohort_keeps_the_cases_that_meet_every_condition(book: Any, random_releases: Any) -> None:
    release = random_releases(5, book, most=40)
    table = next(one for one in every_table() if one.id == "agencies")
    cohort = (Where(Column("year"), at_least=2015, below=2016), Where(Answers("outcome"), ("death",)))
    result = compute(table, release, book=book, smallest=None, cohort=cohort)
    died = {row["case_id"] for row in release.rows("codes") if (row["field"], row["code"]) == ("outcome", "death")}
    wanted = [row for row in release.rows("cases") if row["case_id"] in died and row["year"] == 2015]
    assert result.cell("all" if result.rows_of("all") else "base").value == len(wanted)
    assert wanted
