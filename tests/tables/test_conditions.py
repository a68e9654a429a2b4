"""Filters: what they keep, and what they say of what is no filter."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caselore.errors import TableError
from caselore.tables.compute import compute
from caselore.tables.conditions import condition
from caselore.tables.frame import Frame
from caselore.tables.table import Answers, Both, Column, Condition, Either, Not, Table, Where


@pytest.fixture(scope="module")
def release(release_of: Any, coded: Any) -> Any:
    cases = [
        {"case_id": "A", "source_type": "SCR", "year": 2011, "jurisdiction": "England and Wales"},
        {"case_id": "B", "source_type": "LCSPR", "year": 2020},
        {"case_id": "C", "source_type": "SCR", "year": 2014},
        {"case_id": "D", "source_type": "SCR"},
    ]
    codes = [
        coded("A", "outcome", "death"),
        coded("B", "outcome", "serious_harm"),
        coded("C", "outcome", answer="unclear"),
        coded("A", "child_age", "11", value=11),
        coded("B", "child_age", "12", value=12),
        coded("B", "agencies", "police"),
        coded("B", "agencies", "housing"),
    ]
    return release_of(cases=cases, codes=codes)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("source_type=scr and year>=2012", "C"),
        ("SOURCE_TYPE = SCR AND NOT year < 2012", "CD"),
        ("year != 2011", "BCD"),
        ("year > 2011 and year <= 2014", "C"),
        ("year in (2011, 2020)", "AB"),
        ("outcome=death or outcome=unclear", "AC"),
        ("outcome in (death, serious_harm) and child_age<12", "A"),
        ("not (outcome=death or source_type=LCSPR)", "CD"),
        ("agencies=police and agencies=housing", "B"),
        ("outcome=not_coded", "D"),
        ('jurisdiction="England and Wales"', "A"),
        ("source_type=scr and year=2011 or year=2020", "AB"),
        ("source_type=scr and (year=2011 or year=2020)", "A"),
    ],
)
def test_a_filter_keeps_the_cases_that_meet_it(text: str, kept: str, release: Any, book: Any) -> None:
    found = condition(text, book)
    frame = Frame(release.connection(), cohort=(found,))
    held = dict(frame.rows("SELECT ix, case_id FROM ids"))
    assert {held[place] for place in frame.mask().nonzero()[0]} == set(kept)
    table = Table(id="t", title="T", rows=Column("source_type"))
    assert compute(table, release, book=book, smallest=None, cohort=(found,)).cell("base").value == len(kept)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "ends where a name should stand"),
        ("outcome", "ends where a sign"),
        ("outcome=", "ends where a value"),
        ("outcome=deth", "'outcome' has no code 'deth'; did you mean death"),
        ("outcom=death", "no column and no field 'outcom'; did you mean outcome"),
        ("outcome>death", "compares 'outcome' by >, and it is no number"),
        ("year>=abc", "compares a number with 'abc'"),
        ("year>=nan", "compares a number with 'nan'"),
        ("(year=2011", "a bracket that is not closed"),
        ("year=2011 year=2012", "does not go on after '2011'"),
        ("year in 2011", "needs values in brackets after `in`"),
        ("year in (2011", "a list that is not closed"),
        ("outcome='death", "close the quotation mark"),
        ("outcome=(", "where a value should stand"),
        ("year; drop table cases", "has 'drop' after 'year;'|no column and no field 'year;'"),
        ("(" * 50 + "year=1" + ")" * 50, "more than 20 brackets"),
        ("a" * 3000, "2,000 are the most"),
    ],
)
def test_what_is_no_filter_is_said_in_one_sentence(text: str, words: str, book: Any) -> None:
    with pytest.raises(TableError, match=words) as error:
        condition(text, book)
    assert "\n" not in str(error.value)


@given(st.text(alphabet="year=<>!()'\", 0129inotadrscmoutcome_", max_size=60))
@example("not not not year=1")
def test_any_text_is_a_filter_or_a_sentence(book: Any, text: str) -> None:
    try:
        found: Condition | None = condition(text, book)
    except TableError:
        found = None
    assert found is None or isinstance(found, Where | Either | Both | Not)


def test_a_value_is_never_sql(release: Any, book: Any) -> None:
    hostile = "x'); DROP TABLE codes; --"
    found = condition(f'jurisdiction="{hostile}"', book)
    assert found == Where(Column("jurisdiction"), (hostile,))
    assert not Frame(release.connection(), cohort=(found,)).mask().any()
    assert condition("not outcome=death", book) == Not(Where(Answers("outcome"), ("death",)))


@pytest.mark.parametrize("text", ["outcome=death", "not outcome=death"])
def test_a_cohort_too_small_to_be_counted_is_refused(text: str, release: Any, book: Any) -> None:
    """Its very size would be a count of 1 or 2; so would what it leaves out."""
    table = Table(id="outcome", title="Outcome", rows=Answers("outcome"))
    with pytest.raises(TableError, match="widen it"):
        compute(table, release, book=book, cohort=(condition(text, book),))
    assert compute(table, release, book=book, cohort=(condition(text, book),), smallest=None)
