"""Flags with intervals, pairs tested, cumulative risk and lists of cases, against plain loops over the rows."""

from __future__ import annotations

from itertools import combinations
from math import exp, log, sqrt
from random import Random
from typing import Any

import pytest
from scipy import stats

from caselore.tables.measures.every import measured
from caselore.tables.published import published
from caselore.tables.table import Answers, Column, Where

FLAGS = ("information_not_shared", "record_keeping_poor", "oversight_inadequate", "procedures_ignored")
THREE = ("domestic_abuse", "mental_ill_health", "substance_use")


@pytest.fixture(scope="module")
def release(release_of: Any, coded: Any) -> Any:
    chance = Random(3)
    cases, codes = [], []
    for n in range(90):
        case = f"C-{n:04}"
        year, kind = chance.choice([2013, 2017, 2018]), chance.choice(["SCR", "LCSPR"])
        cases.append({"case_id": case, "year": year, "source_type": kind, "title": f"Review {n}", "status": "proposed"})
        flags = [one for place, one in enumerate(FLAGS) if chance.random() < 0.5 - 0.1 * place]
        if "record_keeping_poor" in flags and chance.random() < 0.7:
            flags = list({*flags, "information_not_shared"})
        risks = [one for one in THREE if chance.random() < 0.4]
        for field, held in (("integrity_flags", flags), ("risk_indicators", risks)):
            codes += [coded(case, field, one) for one in held] or [coded(case, field, answer="not_mentioned")]
        codes += [coded(case, "agencies", one) for one in chance.sample(["police", "housing"], chance.randint(1, 2))]
    return release_of(cases=cases, codes=codes)


def held(release: Any, field: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {row["case_id"]: set() for row in release.rows("cases")}
    for row in release.rows("codes"):
        if row["field"] == field and row["answer"] == "present":
            found[row["case_id"]].add(row["code"])
    return found


def tables(release: Any, book: Any, **more: Any) -> dict[str, Any]:
    found = measured(published(book), release, book=book, **{"smallest": None, **more})
    return {one.table.id: one for one in found}


def wilson(k: int, n: int) -> tuple[float, float]:
    """The roots of the score equation, written another way than in the program."""
    z = stats.norm.ppf(0.975)
    a, b, c = 1 + z * z / n, -(2 * k / n + z * z / n), (k / n) ** 2
    root = sqrt(b * b - 4 * a * c)
    return 100 * (-b - root) / (2 * a), 100 * (-b + root) / (2 * a)


def test_prevalence_has_wilsons_interval(release: Any, book: Any) -> None:
    table = tables(release, book)["flags-prevalence"]
    flags = held(release, "integrity_flags")
    for flag in FLAGS:
        k = sum(flag in one for one in flags.values())
        low, high = wilson(k, len(flags))
        assert table.cell(flag).value == k
        assert table.cell(flag, measure="low").value == pytest.approx(low)
        assert table.cell(flag, measure="high").value == pytest.approx(high)


@pytest.mark.parametrize(
    ("table", "column", "belongs"),
    [
        ("flags-share-by-kind", "SCR", lambda row, agencies: row["source_type"] == "SCR"),
        ("flags-share-by-period", "2015-2019", lambda row, agencies: 2015 <= row["year"] < 2020),
        ("flags-share-by-agency", "police", lambda row, agencies: "police" in agencies),
    ],
)
def test_shares_are_of_the_reviews_of_the_column(
    table: str, column: str, belongs: Any, release: Any, book: Any
) -> None:
    found, agencies = tables(release, book)[table], held(release, "agencies")
    inside = {row["case_id"] for row in release.rows("cases") if belongs(row, agencies[row["case_id"]])}
    flags = held(release, "integrity_flags")
    for flag in FLAGS:
        k = sum(flag in flags[case] for case in inside)
        assert found.cell(flag, column, "column_percent").value == pytest.approx(100 * k / len(inside))
        low, high = (f"{one:.0f}" for one in wilson(k, len(inside)))
        assert found.cell(flag, column, "interval").shown == f"{low}–{high}"


def test_pairs_are_tested_and_their_false_discoveries_controlled(release: Any, book: Any) -> None:
    table, flags = tables(release, book)["flags-met"], held(release, "integrity_flags")
    n, plain = len(flags), {}
    for one, other in combinations(sorted(FLAGS), 2):
        a = sum({one, other} <= each for each in flags.values())
        b, c = (sum(flag in each for each in flags.values()) - a for flag in (one, other))
        plain[f"{one}+{other}"] = (a, b, c, n - a - b - c)
    p = {key: stats.fisher_exact([[a, b], [c, d]])[1] for key, (a, b, c, d) in plain.items() if a}
    order = sorted(p, key=lambda key: p[key])
    q, least = {}, 1.0
    for rank in range(len(order), 0, -1):
        least = min(least, p[order[rank - 1]] * len(order) / rank)
        q[order[rank - 1]] = least
    assert {row.key for row in table.rows} == set(p)
    for key in p:
        a, b, c, d = plain[key]
        assert table.cell(key, measure="p").value == pytest.approx(p[key])
        assert table.cell(key, measure="q").value == pytest.approx(q[key])
        assert table.cell(key, measure="lift").value == pytest.approx(a * n / ((a + b) * (a + c)))
        assert table.cell(key, measure="odds_ratio").value == pytest.approx(a * d / (b * c))
        error = 1.959964 * sqrt(1 / a + 1 / b + 1 / c + 1 / d)
        assert table.cell(key, measure="odds_low").value == pytest.approx(exp(log(a * d / b / c) - error), rel=1e-5)


def test_what_rests_on_a_hidden_count_is_hidden(release: Any, book: Any) -> None:
    open_, closed = tables(release, book), tables(release, book, smallest=30)
    single, prevalence = closed["integrity-flags"], closed["flags-prevalence"]
    hidden = {flag for flag in FLAGS if single.cell(flag).suppressed}
    assert hidden
    assert hidden < set(FLAGS)
    for flag in hidden:
        assert all(prevalence.cell(flag, measure=one).suppressed for one in prevalence.table.measures)
    for row in closed["flags-met"].rows if "flags-met" in closed else ():
        assert not hidden & set(row.key.split("+"))
        assert closed["flags-met"].cell(row.key).value == open_["flags-met"].cell(row.key).value >= 30


def test_the_list_behind_a_flag_has_its_cases_and_no_others(release: Any, book: Any) -> None:
    flags = held(release, "integrity_flags")
    listed = tables(release, book)["information-not-shared"]
    assert {row.key for row in listed.rows} == {case for case, each in flags.items() if FLAGS[0] in each}
    assert not listed.empty
    assert listed.draft
    cohort = (Where(Column("source_type"), ("SCR",)),)
    kept = tables(release, book, cohort=cohort)["information-not-shared"]
    kinds = {row["case_id"]: row["source_type"] for row in release.rows("cases")}
    assert {row.key for row in kept.rows} == {c for c, each in flags.items() if FLAGS[0] in each and kinds[c] == "SCR"}


def test_a_list_never_says_of_a_review_that_it_meets_a_filter(release: Any, book: Any) -> None:
    """The list names reviews one by one; under a filter by a flag it would tell that flag of each."""
    secret = tables(release, book, cohort=(Where(Answers("integrity_flags"), (FLAGS[1],)),))
    assert secret["integrity-flags"].cell(FLAGS[0]).value
    assert "information-not-shared" not in secret


def test_a_flag_that_may_not_be_counted_has_no_list(release: Any, book: Any) -> None:
    assert "information-not-shared" not in tables(release, book, smallest=80)


def test_cumulative_risk_counts_how_many_of_the_three(release: Any, book: Any) -> None:
    table, risks = tables(release, book)["cumulative-risk"], held(release, "risk_indicators")
    for many in range(4):
        assert table.cell(str(many)).value == sum(len(each & set(THREE)) == many for each in risks.values())


def test_cumulative_risk_hides_a_sum_with_a_hidden_part(release: Any, book: Any) -> None:
    found = tables(release, book, smallest=9)
    overlap, table = found["overlap"], found["cumulative-risk"]
    for many in range(4):
        parts = [row.key for row in overlap.rows if row.key.startswith("together:") and row.key.count("1") == many]
        assert table.cell(str(many)).suppressed == any(overlap.cell(part).suppressed for part in parts)
