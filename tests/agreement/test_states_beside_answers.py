"""Answer states beside numbers and ratings, trends of many fields, and figures as they are printed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from caselore.agreement.answers import Answer, Reading
from caselore.agreement.drift import Trend
from caselore.agreement.intervals import Method
from caselore.agreement.kappa import cohen_kappa
from caselore.agreement.listing import rounded, sure_trends
from caselore.agreement.reliability import from_contingency
from caselore.agreement.summary import Summary, summary
from caselore.codebook.codebook import load
from caselore.records import AnswerState, Evidence

BOOK = load()
BARE = Method("none")


def of(*answers: Answer) -> Summary:
    cases = sorted({each.case for each in answers})
    readings = [Reading(coder, case) for case in cases for coder in ("ann", "ben")]
    return summary(answers, BOOK, readings=readings, method=BARE)


def age(case: str, coder: str, code: str = "", state: AnswerState = "present") -> Answer:
    words = (Evidence("s", "s", "r", 0, 5, f"{code} months old"),) if code else ()
    return Answer(case, "child_age", coder, code, state, None, words)


def test_a_number_that_only_one_finds_is_a_disagreement() -> None:
    found = of(
        age("a", "ann", "5"), age("a", "ben", "5.0"), age("b", "ann", "3"), age("b", "ben", "", "not_mentioned"),
        age("c", "ann", "2"), age("c", "ben", "9"), age("d", "ann", "1"),
    )  # fmt: skip
    (row,) = found.fields
    percent, interval, ratio = row.coefficients
    assert (percent.value, percent.units) == (0.25, 4), "who is silent on a number has not found one"
    assert interval.units == ratio.units == 2, "a state is no distance away from a number"
    assert [(each.case, [said.value for said in each.said]) for each in found.disagreements] == [
        ("b", ["3", "not_mentioned"]), ("c", ["2", "9"]), ("d", ["1", "not_mentioned"]),
    ]  # fmt: skip
    assert [[e.quote for e in said.evidence] for said in found.disagreements[1].said] == [
        ["2 months old"], ["9 months old"],
    ]  # fmt: skip


def test_a_rating_beside_a_state_of_the_whole_scale_is_a_disagreement() -> None:
    category, one = next(iter(BOOK.fields["risk_rating"].codes.items()))
    level = next(iter(one.levels))
    found = of(
        Answer("a", "risk_rating", "ann", f"{category}.{level}"), Answer("a", "risk_rating", "ben", "", "unclear"),
        Answer("b", "risk_rating", "ann", f"{category}.{level}"),
        Answer("b", "risk_rating", "ben", f"{category}.{level}"),
    )  # fmt: skip
    (row,) = found.fields
    assert row.coefficient("percent agreement").value == 0.5  # type: ignore[union-attr]
    assert [(each.case, each.code) for each in found.disagreements] == [("a", category)]


def test_draws_without_a_value_tell_no_interval() -> None:
    found = cohen_kappa(from_contingency([[29, 1], [0, 0]]))
    assert found.value == pytest.approx(0)
    assert (found.lower, found.upper, found.error) == (None, None, None)
    assert "In 3" in found.notes[0]
    assert "no interval is told" in found.notes[0]


def test_a_trend_among_many_fields_has_to_be_surer() -> None:
    (row,) = of(age("a", "ann", "5"), age("a", "ben", "5")).fields
    rising = Trend(0.4, 0.03, 30, "Agreement rises.")
    one = replace(row, trend=rising)
    assert [says for _, says in sure_trends([one])] == ["Agreement rises."]
    assert list(sure_trends([one, row])) == []
    assert len(list(sure_trends([replace(row, trend=replace(rising, p=0.02)), row]))) == 1


@pytest.mark.parametrize(
    ("value", "places", "told"),
    [(0.3125, 3, "0.313"), (0.0625, 3, "0.063"), (-0.0004, 3, "0.000"), (6.25, 1, "6.3"), (1, 2, "1.00")],
)
def test_figures_are_rounded_as_pages_round_them(value: float, places: int, told: str) -> None:
    assert rounded(value, places) == told


def test_sequences_of_one_case_beside_a_machine_are_drawn_together() -> None:
    steps = ("referral_made", "arrest_or_charge", "inspection")
    people = [f"p{n}" for n in range(6)]
    answers, readings = [], []
    for n in range(10):
        readings += [Reading(coder, f"c{n}", coder == "m@1") for coder in ("m@1", *people)]
        answers += [Answer(f"c{n}", "decision_type", "m@1", step) for step in steps]
        told = steps[: 1 + n % 3] if n % 2 else steps[::-1]
        answers += [Answer(f"c{n}", "decision_type", coder, step) for coder in people for step in told]
    six = summary(answers, BOOK, readings=readings).fields[-1]
    one = [each for each in answers if each.coder in ("m@1", "p0")]
    alone = summary(one, BOOK, readings=[each for each in readings if each.coder in ("m@1", "p0")]).fields[-1]
    assert six.group == alone.group == "human-machine (m@1)"
    for many, single in zip(six.coefficients[:2], alone.coefficients[:2], strict=True):
        assert (many.value, many.error) == pytest.approx((single.value, single.error)), "six who say the same are one"
        assert "draws of cases" in many.how


def test_what_a_machine_proposes_changes_nothing_among_people() -> None:
    def given(coder: str, case: str, *codes: str) -> list[Answer]:
        return [Answer(case, "agencies", coder, code) for code in codes]

    people = [*given("ann", "a", "police"), *given("ben", "a", "police"), *given("ann", "b", "police")]
    machine = [*given("m@1", "a", "police", "housing", "health_gp"), *given("m@1", "b", "housing")]
    readings = [Reading(coder, case, coder == "m@1") for case in "ab" for coder in ("ann", "ben", "m@1")]
    alone = summary(people, BOOK, readings=readings[:2] + readings[3:5])
    beside = summary([*people, *machine], BOOK, readings=readings)
    assert beside.fields[0] == alone.fields[0]
    assert alone.fields[0].coefficient("percent agreement").value == 0.5  # type: ignore[union-attr]
