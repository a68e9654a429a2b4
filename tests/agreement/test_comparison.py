"""Two proposers case by case, the calibration curve, and confusions with their places. All codings are made up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from caselore.agreement.calibration import calibrate, curve
from caselore.agreement.comparison import compare, mcnemar
from caselore.agreement.confusions import confusions
from caselore.agreement.evaluation import evaluate
from caselore.agreement.gold import GoldCase
from caselore.records import Case, Code, Evidence, Proposal, Step

EVIDENCE = (Evidence("d" * 64, "t" * 64, "r", 4, 11, "records"),)


def gold(id_: str, *, outcome: str = "death", themes: tuple[str, ...] = (), steps: tuple[str, ...] = ()) -> GoldCase:
    return GoldCase(
        id=id_,
        title=f"2018 - Ashby - Child {id_}",
        text="The records were poor.",
        single={"outcome": outcome, "nature_of_death": None},
        multiple={"learning_themes": dict.fromkeys(themes, "poor")},
        decisions=tuple((step, None, "words") for step in steps),
    )


def proposal(id_: str, *, steps: tuple[str, ...] = (), **codes: Any) -> Proposal:
    """`codes`: field=[(code, confidence), ...]."""
    case = Case(f"2018 - Ashby - Child {id_}", "d", "0" * 64, 0, 20)
    found = [Code(name, code, sure, "a@1", EVIDENCE) for name, pairs in codes.items() for code, sure in pairs]
    return Proposal(case, tuple(found), tuple(Step(step, None) for step in steps))


GOLD = (
    gold("A", themes=("neglect", "optimism"), steps=("referral_made", "referral_made")),
    gold("B", outcome="serious_harm", themes=("neglect",)),
    gold("C"),
)
ONE = (
    proposal("A", outcome=[("death", 0.9)], learning_themes=[("neglect", 0.8)], steps=("referral_made",)),
    proposal("B", outcome=[("death", 0.6)], learning_themes=[("neglect", 0.8), ("escalation", 0.6)]),
)
TWO = (
    proposal("A", outcome=[("death", 0.9)], learning_themes=[("optimism", 0.7)], steps=("referral_made",) * 2),
    proposal("B", outcome=[("serious_harm", 0.7)], learning_themes=[("neglect", 0.8)]),
    proposal("C", outcome=[("death", 0.9)]),
)


def test_who_is_right_where_two_differ() -> None:
    found = compare(ONE, TWO, GOLD)
    assert found.cases == 2
    themes = found.fields["learning_themes"]
    assert (themes.both_right, themes.only_one, themes.only_two, themes.both_wrong) == (1, 1, 2, 0)
    outcome = found.fields["outcome"]
    assert (outcome.both_right, outcome.only_one, outcome.only_two, outcome.both_wrong) == (1, 0, 1, 0)
    told = {(each.case, each.field, each.one, each.two, each.right) for each in found.discords}
    assert told == {
        ("A", "learning_themes", "neglect", "", "one"),
        ("A", "learning_themes", "", "optimism", "two"),
        ("A", "decisions", "", "referral_made", "two"),
        ("B", "learning_themes", "escalation", "", "two"),
        ("B", "outcome", "death", "serious_harm", "two"),
    }
    assert all(each.evidence == EVIDENCE for each in found.discords if each.field != "decisions")


def test_two_wrong_answers_that_differ_are_told_as_neither() -> None:
    case = (gold("A", outcome="other"),)
    found = compare([proposal("A", outcome=[("death", 1.0)])], [proposal("A", outcome=[("serious_harm", 1.0)])], case)
    assert [each.right for each in found.discords] == ["neither"]
    assert found.fields["outcome"].both_wrong == 1


def test_a_proposer_never_differs_from_itself() -> None:
    found = compare(TWO, TWO, GOLD)
    assert found.discords == ()
    assert {contest.p for contest in found.fields.values()} == {1.0}


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_exact_test_is_the_binomial(one: int, two: int) -> None:
    expected = binomtest(one, one + two).pvalue if one + two else 1.0
    assert mcnemar(one, two) == pytest.approx(expected)


def test_the_curve_counts_the_codes_given() -> None:
    themes = calibrate(ONE, GOLD)["learning_themes"]
    assert (themes.count, [(each.count, each.right) for each in themes.bins if each.count]) == (3, [(1, 0), (2, 2)])
    assert themes.brier == pytest.approx((0.36 + 0.04 + 0.04) / 3)
    assert themes.error == pytest.approx((1 * 0.6 + 2 * 0.2) / 3)
    assert set(calibrate(ONE, GOLD)) == {"outcome", "learning_themes"}


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=50), st.integers(1, 20))
def test_every_code_is_in_one_bin_and_its_mean_confidence_inside(pairs: list[tuple[float, bool]], bins: int) -> None:
    found = curve("f", pairs, bins=bins)
    assert sum(each.count for each in found.bins) == found.count == len(pairs)
    assert sum(each.right for each in found.bins) == sum(right for _, right in pairs)
    assert all(each.low - 1e-9 <= each.confidence <= each.high + 1e-9 for each in found.bins if each.count)
    assert 0 <= found.error <= 1
    assert 0 <= found.brier <= 1


def test_confusions_say_where_to_read() -> None:
    found = confusions(evaluate(ONE, GOLD, resamples=0))
    wrong = next(each for each in found if each.kind == "wrong")
    assert (wrong.field, wrong.code, wrong.instead_of, wrong.count) == ("outcome", "death", "serious_harm", 1)
    place = wrong.places[0]
    assert (place.document, place.start, place.end, place.quote) == ("d" * 64, 4, 11, "records")
    missed = next(each for each in found if each.kind == "missed" and each.field == "learning_themes")
    assert (missed.code, missed.places[0].document, missed.places[0].quote) == ("optimism", "", "poor")
