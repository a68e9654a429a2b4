"""Report quality, recommendations made again and saturation, against plain loops over the rows and all orders."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise, permutations
from random import Random
from statistics import mean, median
from typing import Any

import numpy as np
import pytest

from caselore.tables.measures.every import measured
from caselore.tables.measures.quality import asked
from caselore.tables.measures.saturation import FIELDS, between, expected, seen
from caselore.tables.published import published

HOLDERS = {"a": {0, 1, 2}, "b": {3}, "c": {1, 4}, "d": {0, 1, 2, 3, 4}}
"""Which of five reviews hold which of four codes."""


@pytest.fixture(scope="module")
def release(release_of: Any, coded: Any) -> Any:
    chance = Random(11)
    cases, codes, asked_for = [], [], []
    for n in range(60):
        case, year = f"C-{n:04}", chance.choice([2012, 2014, 2016, 2018])
        kind = chance.choice(["SCR", "DHR"])
        cases.append(
            {"case_id": case, "year": year, "source_type": kind, "incident_year": year - 2, "status": "proposed"}
        )
        words = chance.randint(500, 90_000)
        codes.append(coded(case, "report_words", str(words), value=float(words)))
        codes.append(coded(case, "family_involved", chance.choice(["yes", "in_part", "no"])))
        codes += [
            coded(case, "risk_indicators", one) for one in chance.sample(["neglect", "substance_use", "housing"], 2)
        ]
        for number in range(1, chance.randint(1, 5)):
            group = chance.choice([None, None, "R-0001", "R-0002"])
            told = {
                "case_id": case,
                "number": number,
                "types": ["training"],
                "addressees": ["police"],
                "repeat_group": group,
            }
            asked_for.append({**told, "smart": [], "time_frame": False, "level": "", "status": "proposed"})
    return release_of(cases=cases, codes=codes, recommendations=asked_for)


@pytest.fixture(scope="module")
def results(release: Any, book: Any) -> dict[str, Any]:
    return {one.table.id: one for one in measured(published(book), release, book=book, smallest=None)}


def test_measures_of_reports_are_summed_up(release: Any, results: dict[str, Any]) -> None:
    table = results["report-measures"]
    words = [row["value"] for row in release.rows("codes") if row["field"] == "report_words"]
    assert table.cell("report_words", measure="n").value == len(words) == 60
    assert table.cell("report_words", measure="median").value == median(words)
    assert table.cell("report_words", measure="highest").value == max(words)


def test_medians_by_kind(release: Any, results: dict[str, Any]) -> None:
    kinds = {row["case_id"]: row["source_type"] for row in release.rows("cases")}
    by_kind = defaultdict(list)
    for row in release.rows("codes"):
        if row["field"] == "report_words":
            by_kind[kinds[row["case_id"]]].append(row["value"])
    for kind, words in by_kind.items():
        assert results["report-measures-by-kind"].cell("report_words", kind, "median").value == median(words)


def test_answers_are_counted_by_mark(release: Any, results: dict[str, Any]) -> None:
    codes = [row["code"] for row in release.rows("codes") if row["field"] == "family_involved"]
    for mark in ("yes", "in_part", "no"):
        assert results["report-answers"].cell("family_involved", measure=mark).value == codes.count(mark)


def test_the_template_names_every_item_and_who_fills_it(results: dict[str, Any]) -> None:
    table = results["report-template"]
    assert [row.key for row in table.rows] == [field.id for field in asked()]
    assert table.cell("report_words").value == 60
    assert table.cell("report_words", measure="filled_by").shown == "a machine measures it"
    assert table.cell("well_structured", measure="filled_by").shown == "a person must"
    assert table.cell("well_structured").value == 0


def test_what_was_asked_for_again(release: Any, results: dict[str, Any]) -> None:
    table = results["repeated-recommendations"]
    years = {row["case_id"]: row["year"] for row in release.rows("cases")}
    for group in ("R-0001", "R-0002"):
        rows = [row for row in release.rows("recommendations") if row["repeat_group"] == group]
        assert table.cell(group, measure="reviews").value == len({row["case_id"] for row in rows})
        assert table.cell(group, measure="count").value == len(rows)
        assert table.cell(group, measure="first_year").shown == str(min(years[row["case_id"]] for row in rows))


def test_made_before_is_made_in_an_earlier_year(release: Any, results: dict[str, Any]) -> None:
    table = results["recommendations-made-before"]
    years = {row["case_id"]: row["year"] for row in release.rows("cases")}
    rows = [(years[row["case_id"]], row["repeat_group"]) for row in release.rows("recommendations")]
    late = [(year, group) for year, group in rows if year >= 2015]
    before = sum(any(g == group and y < year for y, g in rows) for year, group in late if group)
    assert table.cell("2015-2019").value == len(late)
    assert table.cell("2015-2019", measure="before").value == before


def test_a_release_without_groups_has_no_such_tables(release: Any, book: Any) -> None:
    old = type(release)(
        {**release.frames, "recommendations": release.frames["recommendations"].drop_columns(["repeat_group"])}
    )
    ids = {one.table.id for one in measured(published(book), old, book=book)}
    assert not ids & {"repeated-recommendations", "recommendations-made-before"}


def pairs() -> tuple[Any, Any]:
    found = [(review, code) for code, held in enumerate(HOLDERS.values()) for review in sorted(held)]
    return tuple(np.array(each) for each in zip(*found, strict=True))


def test_the_mean_curve_is_that_of_all_orders() -> None:
    points = [1, 2, 3, 4, 5]
    plain = [
        mean(sum(bool(held & set(order[:point])) for held in HOLDERS.values()) for order in permutations(range(5)))
        for point in points
    ]
    holders = np.array([len(held) for held in HOLDERS.values()])
    assert expected(holders, 5, points).tolist() == pytest.approx(plain)


def test_random_orders_lie_around_the_mean_and_are_the_same_each_time() -> None:
    chance = np.random.default_rng(5)
    reviews, codes = np.nonzero(chance.random((300, 40)) < np.linspace(0.003, 0.6, 40))
    points = list(range(20, 300, 20))
    low, high = between(reviews, codes, 300, points)
    middle = expected(np.unique(codes, return_counts=True)[1], 300, points)
    assert (low <= middle + 0.5).all()
    assert (high >= middle - 0.5).all()
    assert (between(reviews, codes, 300, points) == [low, high]).all()


def test_codes_are_seen_with_their_first_review() -> None:
    assert seen(np.array([0, 0, 4, 2]), [1, 2, 3, 5]).tolist() == [2, 2, 3, 4]


def test_the_curve_by_date_adds_new_codes_as_reviews_are_read(release: Any, results: dict[str, Any]) -> None:
    table = results["saturation"]
    order = sorted(release.rows("cases"), key=lambda row: (row["year"], row["case_id"]))
    held = defaultdict(set)
    for row in release.rows("codes"):
        if row["field"] in FIELDS:
            held[row["case_id"]].add((row["field"], row["code"]))
    for row in table.rows:
        read = [held[one["case_id"]] for one in order if held[one["case_id"]]][: int(row.key)]
        assert table.cell(row.key, measure="by_date").value == len(set().union(*read))


def test_points_are_far_enough_apart_to_show_no_review(release: Any, book: Any) -> None:
    found = {one.table.id: one for one in measured(published(book), release, book=book, smallest=5)}
    points = [0, *(int(row.key) for row in found["saturation"].rows)]
    assert min(b - a for a, b in pairwise(points)) >= 5
