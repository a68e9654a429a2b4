"""Courses of decisions and steps that never came, against plain loops over the rows."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, product
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caselore.agreement.sequences import distance
from caselore.tables.measures import undone
from caselore.tables.measures.courses import FAR, UNLIKE, courses, distances, typical
from caselore.tables.measures.every import measured
from caselore.tables.paths import Steps
from caselore.tables.published import published

KINDS = ("allegation_raised", "assessment", "no_further_action", "plan_ended_or_case_closed", "referral_made")


def told(cases: list[list[int]], kinds: int = len(KINDS)) -> Steps:
    number = [place for place, steps in enumerate(cases) for _ in steps]
    kind = [one for steps in cases for one in steps]
    none = np.full(len(kind), -1)
    return Steps(np.array(number, dtype=np.int64), np.array(kind, dtype=np.int64), none, KINDS[:kinds], ())


SEQUENCES = st.lists(st.integers(0, 4), min_size=1, max_size=7)


@given(SEQUENCES, st.lists(SEQUENCES, min_size=1, max_size=6))
def test_distances_are_levenshteins_over_the_longer(one: list[int], others: list[list[int]]) -> None:
    rows = np.full((len(others), max(map(len, others))), -1, dtype=np.int16)
    for row, other in zip(rows, others, strict=True):
        row[: len(other)] = other
    plain = [distance(tuple((str(a), None) for a in one), tuple((str(b), None) for b in other)) for other in others]
    assert distances(np.array(one), rows).tolist() == pytest.approx(plain)


@given(st.lists(st.lists(st.integers(0, 4), max_size=4), min_size=1, max_size=12), st.data())
def test_courses_are_counted_whole_and_of_the_cohort(cases: list[list[int]], data: st.DataObject) -> None:
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(cases), max_size=len(cases))))
    found = courses(told(cases), mask)
    plain = Counter(
        ">".join(KINDS[k] for k in steps) for steps, there in zip(cases, mask, strict=True) if there and steps
    )
    assert {found.spelled(one): int(size) for one, size in enumerate(found.sizes)} == dict(plain)
    for case, course in zip(found.cases, found.course, strict=True):
        assert found.spelled(course) == ">".join(KINDS[k] for k in cases[case])


@settings(deadline=None)
@given(st.lists(SEQUENCES, min_size=1, max_size=25))
def test_a_typical_course_is_shared_and_the_nearest(cases: list[list[int]]) -> None:
    found = typical(courses(told(cases), np.ones(len(cases), dtype=bool)), least=2)
    counted = Counter(tuple(one) for one in cases)
    centres = [tuple(found.found.kinds(one).tolist()) for one in found.centres]
    assert all(counted[one] >= 2 for one in centres)
    assert bool(centres) == (max(counted.values()) >= 2)
    units, keys, places = found.keyed()
    for case, place in zip(units, places, strict=True):
        apart = [distance(_sequel(cases[case]), _sequel(one)) for one in centres]
        if keys[place] == UNLIKE:
            assert not apart or min(apart) > FAR
        else:
            assert apart[place] == pytest.approx(min(apart))
            assert min(apart) <= FAR


def _sequel(kinds: Any) -> tuple[tuple[str, None], ...]:
    return tuple((str(one), None) for one in kinds)


def test_two_kinds_of_case_have_two_typical_courses() -> None:
    cases = [[0, 1, 2]] * 5 + [[0, 1, 2, 3]] + [[4, 4]] * 5 + [[4]]
    found = typical(courses(told(cases), np.ones(len(cases), dtype=bool)))
    assert {key for key in found.keyed()[1] if key != UNLIKE} == {
        "allegation_raised>assessment>no_further_action",
        "referral_made>referral_made",
    }
    assert found.mean_distance("allegation_raised>assessment>no_further_action") == pytest.approx(0.25 / 6)


def plainly(steps: list[str], pattern: undone.Undone) -> str | None:
    """Whether the answer came, by reading the steps from the last that opens."""
    places = [place for place, kind in enumerate(steps) if kind in pattern.opens]
    if not places:
        return None
    after = steps[places[-1] + 1 :]
    if any(kind in pattern.answers for kind in after):
        return undone.CAME
    if pattern.then and not any(kind in pattern.then for kind in after):
        return undone.CAME
    return undone.NEVER


@given(st.lists(st.lists(st.integers(0, 4), max_size=5), max_size=10))
def test_an_answer_is_looked_for_after_the_last_step_that_opens(cases: list[list[int]]) -> None:
    for pattern in undone.patterns():
        units, keys, places = undone.answered(told(cases), pattern)
        found = {int(unit): keys[place] for unit, place in zip(units, places, strict=True)}
        plain = {n: plainly([KINDS[k] for k in steps], pattern) for n, steps in enumerate(cases)}
        assert found == {n: one for n, one in plain.items() if one}


def test_patterns_name_decisions_that_the_codebook_has(book: Any) -> None:
    known = set(book.fields["decision_type"].codes)
    for one in undone.patterns():
        assert {*one.opens, *one.answers, *one.then} <= known
        assert not set(one.opens) & set(one.answers) or one.opens != one.answers


@pytest.fixture(scope="module")
def release(release_of: Any, coded: Any) -> Any:
    chance = Random(7)
    cases = {f"C{n}": [chance.choice(KINDS) for _ in range(chance.randint(0, 4))] for n in range(120)}
    return release_of(
        cases=[{"case_id": case, "year": chance.choice([2012, 2016, None]), "status": "proposed"} for case in cases],
        codes=[coded(case, "outcome", chance.choice(["death", "other"])) for case in cases],
        decisions=[
            {
                "case_id": c,
                "step": n,
                "decision_type": k,
                "agency": chance.choice(["police", None]),
                "status": "proposed",
            }
            for c, kinds in cases.items()
            for n, k in enumerate(kinds, 1)
        ],
    )


def steps_of(release: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {row["case_id"]: [] for row in release.rows("cases")}
    for row in sorted(release.rows("decisions"), key=lambda row: (row["case_id"], row["step"])):
        found[row["case_id"]].append(row["decision_type"])
    return found


def test_never_came_is_counted_as_by_hand(release: Any, book: Any) -> None:
    results = {one.table.id: one for one in measured(published(book), release, book=book, smallest=None)}
    dead = {row["case_id"] for row in release.rows("codes") if row["code"] == "death"}
    for one in undone.patterns():
        plain = [plainly(steps, one) for case, steps in steps_of(release).items() if not one.harmed or case in dead]
        opened, never = sum(map(bool, plain)), plain.count(undone.NEVER)
        table = results["steps-that-never-came"]
        if opened:
            assert table.cell(one.id, measure="opened").value == opened
            assert table.cell(one.id, measure="never").value == never
            assert table.cell(one.id, measure="column_percent").value == pytest.approx(100 * never / opened)


def test_periods_and_agencies_add_up_to_the_whole(release: Any, book: Any) -> None:
    results = {one.table.id: one for one in measured(published(book), release, book=book, smallest=None)}
    years = {row["case_id"]: row["year"] for row in release.rows("cases")}
    one = undone.patterns()[0]
    table = results["steps-that-never-came-by-period"]
    for key, first in (("2010-2014", 2010), ("2015-2019", 2015)):
        inside = [c for c, year in years.items() if year and first <= year < first + 5]
        plain = [plainly(steps_of(release)[c], one) for c in inside]
        assert table.cell(one.id, key, "opened").value == sum(map(bool, plain))
        assert table.cell(one.id, key, "never").value == plain.count(undone.NEVER)


def test_whole_courses_show_no_small_count_even_by_subtraction(release: Any, book: Any) -> None:
    results = {one.table.id: one for one in measured(published(book), release, book=book, smallest=3)}
    table, paths = results["decision-courses"], results["decision-paths"]
    plain = Counter(">".join(steps) for steps in steps_of(release).values() if steps)
    shown = {row.key: table.cell(row.key).value for row in table.rows_of("category")}
    assert shown
    assert all(plain[key] == value >= 3 for key, value in shown.items())
    for row in paths.rows_of("category"):
        under = [key for key in shown if ">".join(key.split(">")[:3]) == row.key]
        left = (paths.cell(row.key).value or 0) - sum(shown[key] for key in under)
        assert not under or left == 0 or left >= 3


def test_branches_are_the_two_commonest_that_are_shown(release: Any, book: Any) -> None:
    results = {one.table.id: one for one in measured(published(book), release, book=book, smallest=None)}
    follows: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for steps in steps_of(release).values():
        for one, other in pairwise(steps):
            follows[one][other] += 1
    table = results["decision-branches"]
    for kind, after in follows.items():
        best = after.most_common(1)[0][1]
        assert table.cell(kind, measure="next_percent").value == pytest.approx(100 * best / after.total())
        assert table.cell(kind, measure="gap").shown == "[x]"
    assert any("no dates" in note for note in table.notes)


def test_a_typical_table_counts_every_case_with_a_decision(release: Any, book: Any) -> None:
    results = {one.table.id: one for one in measured(published(book), release, book=book, smallest=None)}
    table = results["typical-courses"]
    assert sum(table.cell(row.key).value for row in table.rows_of("category")) == table.cell("base").value
    assert table.cell("base").value == sum(map(bool, steps_of(release).values()))


def test_every_pair_of_kinds_is_at_most_one_apart() -> None:
    for one, other in product(range(3), repeat=2):
        far = distances(np.array([one]), np.array([[other]], dtype=np.int16))[0]
        assert far == (one != other)


def test_how_few_reviews_have_the_step_that_opens_is_not_shown(release_of: Any, book: Any) -> None:
    cases = {f"C{n}": ["allegation_raised", "assessment"] if n < 8 else ["inspection"] for n in range(14)}
    cases["C13"] = ["referral_made"]
    made = release_of(
        cases=[{"case_id": case, "status": "proposed"} for case in cases],
        decisions=[
            {"case_id": case, "step": n, "decision_type": kind, "status": "proposed"}
            for case, kinds in cases.items()
            for n, kind in enumerate(kinds)
        ],
    )
    table = {one.table.id: one for one in measured(published(book), made, book=book, smallest=3)}[
        "steps-that-never-came"
    ]
    row = {one.key: table.cell(one.key, measure="opened") for one in table.rows}
    assert row["referral_unassessed"].suppressed
    assert table.cell("referral_unassessed", measure="column_percent").suppressed
    assert table.cell("allegation_unanswered", measure="opened").value == 8
