"""Tables by period, in other bands, as rates, and beside published figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from caselore.codebook.codebook import load
from caselore.errors import TableError
from caselore.tables.beside import all_beside, beside
from caselore.tables.cohorts import as_rates, bands_named, by_period, period, population, rebanded
from caselore.tables.compute import compute, compute_all
from caselore.tables.earlier import series
from caselore.tables.published import every_table, published
from caselore.tables.result import Result
from caselore.tables.table import Answers, Pairs, Table
from tests.tables import test_plain as plain_loops

TABLES = {table.id: table for table in every_table()}


@pytest.mark.parametrize(
    ("text", "label", "years"),
    [
        ("2011-2013", "2011 to 2013", 3),
        ("2012", "2012", 1),
        ("2011/12-2013/14", "April 2011 to March 2014", 3),
        ("1999/00", "April 1999 to March 2000", 1),
    ],
)
def test_periods(text: str, label: str, years: int) -> None:
    assert (period(text).label, period(text).years) == (label, years)


@pytest.mark.parametrize("text", ["2014-2011", "11-14", "2011/13", "2011/12-2010/11", "", "2011-14"])
def test_what_is_no_period_is_said(text: str) -> None:
    with pytest.raises(TableError, match=r"no period|no financial year"):
        period(text)


def test_overlapping_periods_are_refused(book: Any) -> None:
    with pytest.raises(TableError, match="'2011 to 2013' and '2013 to 2015' overlap"):
        by_period([TABLES["outcome"]], [period("2011-2013"), period("2013-2015")], book)
    with pytest.raises(TableError, match="periods of one kind"):
        by_period([TABLES["outcome"]], [period("2011-2013"), period("2010")][:0], book)


@pytest.mark.parametrize("seed", range(3))
def test_every_table_by_period_equals_plain_loops(seed: int, book: Any, random_releases: Any) -> None:
    release = random_releases(seed, book, most=30)
    tables = by_period(published(book), [period("2014"), period("2015-2016")], book)
    plain = plain_loops.Plain(release)
    for table, result in zip(tables, compute_all(tables, release, book=book, smallest=None), strict=True):
        plain_loops.check(table, plain, result)


def test_periods_of_unequal_length_are_told_by_the_year(book: Any, random_releases: Any) -> None:
    release = random_releases(2, book, most=60)
    (table,) = by_period([TABLES["outcome"]], [period("2014"), period("2015-2016")], book)
    result = compute(table, release, book=book, smallest=None)
    for column, years in (("2014-2014", 1), ("2015-2016", 2)):
        count = result.cell("death", column).value
        assert count
        assert result.cell("death", column, "per_year").value == count / years
    assert ("death", "all", "per_year") not in result.cells  # some reviews are in no period


def test_gender_is_counted_within_each_period(book: Any, random_releases: Any) -> None:
    release = random_releases(2, book, most=60)
    (table,) = by_period([TABLES["outcome-by-gender"]], [period("2014"), period("2015-2016")], book)
    result = compute(table, release, book=book, smallest=None)
    within = [line.key for line in result.columns if line.key.startswith("2015-2016/")]
    assert len(within) == 2
    assert sum(result.cell("death", one, "count").value or 0 for one in within) > 0
    label = next(line.label for line in result.columns if line.key == "2015-2016/female")
    assert label == "2015 to 2016: Female"


def test_financial_years_need_a_month(tmp_path: Path, book: Any, release_of: Any, coded: Any) -> None:
    with pytest.raises(TableError, match="no number field 'incident_month'"):
        by_period([TABLES["outcome"]], [period("2011/12")], book)
    own = tmp_path / "own.yaml"
    own.write_text(
        "book: own\nversion: '1.0.0'\ntitle: Own\nsource: ours\nfields:\n  incident_month:\n    label: Month\n"
        "    kind: number\n    unit: month\n    question: Which?\n    least: 1\n    most: 12\n    source: ours\n",
        "utf-8",
    )
    wider = load(str(own))
    (table,) = by_period([TABLES["outcome"]], [period("2011/12"), period("2012/13")], wider)
    dated = [("A", 2012, 3), ("B", 2012, 4), ("C", 2011, 4), ("D", 2013, 4), ("E", 2012, None)]
    release = release_of(
        cases=[{"case_id": name, "incident_year": year} for name, year, _ in dated],
        codes=[coded(name, "outcome", "death") for name, *_ in dated]
        + [coded(name, "incident_month", str(month), value=month) for name, _, month in dated if month],
    )
    result = compute(table, release, book=wider, smallest=None)
    assert [result.cell("death", column).value for column in ("fy2011-2012", "fy2012-2013")] == [2, 1]
    assert result.cell("death", "not_mentioned").value == 1  # no month


def test_ages_in_any_bands(tmp_path: Path, book: Any, release_of: Any, coded: Any) -> None:
    own = tmp_path / "bands.csv"
    own.write_text(
        "# label: Age in halves\nid,label,from,below\nlow,Under nine,,108\nhigh,Nine and over,108,\n", "utf-8"
    )
    release = release_of(
        cases=[{"case_id": f"C{age}", "children": 1} for age in (0, 11, 12, 71, 72, 131, 216)],
        codes=[coded(f"C{age}", "child_age", str(age), value=age) for age in (0, 11, 12, 71, 72, 131, 216)],
    )
    wanted = {"report": [2, 2, 2, 0, 0], "ons": [2, 1, 2, 1, 0], "months": [1, 0, 1], str(own): [5, 2]}
    for name, counts in wanted.items():
        (table,) = rebanded([TABLES["age-band"]], bands_named(name))
        result = compute(table, release, book=book, smallest=None)
        assert [result.cell(band.id).value for band in bands_named(name).bands] == counts
    (crossed,) = rebanded([TABLES["outcome-by-age"]], bands_named("ons"))
    assert crossed.columns == bands_named("ons")


def test_bad_bands_are_said(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no bands 'onz'; choose from report, ons, months"):
        bands_named("onz")
    bad = tmp_path / "bad.csv"
    bad.write_text("id,label\na,A\n", "utf-8")
    with pytest.raises(TableError, match="must name the columns id, label, from, below"):
        bands_named(str(bad))
    bad.write_text("id,label,from,below\na,A,9,3\n", "utf-8")
    with pytest.raises(TableError, match="must begin before it ends"):
        bands_named(str(bad))


def test_the_printed_rates_follow_from_the_printed_population(book: Any, release_of: Any, coded: Any) -> None:
    """Table 2: reviews by region over three years, and the children of each region, give the rates as printed."""
    printed, years = series("region"), 3
    people = population("england-regions")
    cases, codes = [], []
    for row in printed.rows:
        assert dict(people.people)[row.key] == printed.figure(row.key, "population").n
        for kind, code in (("fatal", "death"), ("non_fatal", "serious_harm")):
            for place in range(printed.figure(row.key, kind).n or 0):
                name = f"{row.key}-{kind}-{place}"
                cases.append({"case_id": name, "incident_year": 2011 + place % years})
                codes += [coded(name, "region", row.key), coded(name, "outcome", code)]
    (plain,) = as_rates([Table(id="r", title="R", rows=Answers("region"))], people, book)
    (table,) = by_period([plain], [period("2011-2013")], book)
    result = compute(table, release_of(cases=cases, codes=codes), book=book, smallest=None)
    for row in printed.rows:
        cell = result.cell(row.key, "2011-2013", "per_100000")
        assert cell.value == pytest.approx(printed.figure(row.key, "rate").rate, abs=0.0006), row.key
        assert cell.base == dict(people.people)[row.key]
    assert any("Children aged 0 to 17 in the regions" in note for note in result.notes)


def test_a_population_names_itself_and_its_source(tmp_path: Path) -> None:
    own = tmp_path / "people.csv"
    own.write_text("# name: Ours\nkey,people\nlondon,100\n", "utf-8")
    with pytest.raises(TableError, match="say in a line `# source: "):
        population(str(own))
    own.write_text("# name: Ours\n# source: counted by us\nkey,people\nlondon,none\n", "utf-8")
    with pytest.raises(TableError, match="'none' is no number of people"):
        population(str(own))
    with pytest.raises(TableError, match="no population 'mars'; choose from england-regions"):
        population("mars")


def new_cohort(book: Any, release_of: Any, coded: Any) -> Result:
    kinds = ["physical_assault"] * 7 + ["child_sexual_exploitation"] * 5 + ["neglect"]
    cases = [{"case_id": f"N{place}", "incident_year": 2015} for place in range(len(kinds))]
    codes = [coded(f"N{place}", "outcome", "serious_harm") for place in range(len(kinds))]
    codes += [coded(f"N{place}", "nature_of_harm", kind) for place, kind in enumerate(kinds)]
    return compute(TABLES["nature-of-harm"], release_of(cases=cases, codes=codes), book=book)


def test_a_new_cohort_stands_beside_the_old_ones(book: Any, release_of: Any, coded: Any) -> None:
    result = beside(new_cohort(book, release_of, coded), series("nature-of-harm"), cohort="2015", years=1)
    assert [line.label for line in result.columns] == ["2007-09", "2009-11", "2011-14", "2015"]
    assert result.cell("neglect", "2011-14").value == 14
    assert result.cell("neglect", "2011-14", "column_percent").shown == "15"
    assert result.cell("neglect", "new:all").suppressed  # one case: published figures are open, new ones protected
    assert result.cell("physical_assault", "new:all", "per_year").value == 7
    assert result.cell("physical_assault", "2011-14", "per_year").shown == "16.7"


def test_breaks_and_misprints_are_marked(book: Any, release_of: Any, coded: Any) -> None:
    result = beside(new_cohort(book, release_of, coded), series("nature-of-harm"))
    row = next(line for line in result.rows if line.key == "child_sexual_exploitation")
    assert row.label.endswith("[b]")
    assert result.cell("child_sexual_exploitation", "2007-09").shown == "[x]"
    assert any(note.startswith("[b] Child sexual exploitation, 2011-14: A new category") for note in result.notes)
    age = compute(TABLES["age-band"], release_of(cases=[{"case_id": "A"}]), book=book, smallest=None)
    assert any("Printed as 22%: Table 4" in note for note in beside(age, series("age-band")).notes)


def test_every_series_of_periods_finds_its_table(book: Any, random_releases: Any) -> None:
    results = compute_all(published(book), random_releases(1, book, most=30), book=book)
    found = all_beside(results)
    assert len(found) == len({one.table.id for one in found}) >= 13
    with pytest.raises(TableError, match="no periods that a new cohort could stand beside"):
        beside(results[0], series("activity"))


def test_pairs_are_counted_once_a_period(book: Any) -> None:
    tables = by_period([Table(id="p", title="P", rows=Pairs("agencies"), multi_response=True)], [period("2014")], book)
    assert [(one.id, one.title, len(one.where)) for one in tables] == [("p-2014-2014", "P, 2014", 1)]
