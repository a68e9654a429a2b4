"""Anchoring: likeness on blind-first and shown cases, worked by hand, and what is said of the difference."""

from __future__ import annotations

import pytest

from caselore.agreement.anchoring import anchoring
from caselore.agreement.answers import Answer, Reading
from caselore.codebook.codebook import load

BOOK = load()


def told(case: str, coder: str, *codes: str, outcome: str = "death") -> list[Answer]:
    return [*(Answer(case, "agencies", coder, code) for code in codes), Answer(case, "outcome", coder, outcome)]


def study(cases: int, *, lean: bool) -> tuple[list[Answer], list[Reading], dict[tuple[str, str], bool]]:
    """Cases of which every other is blind; where proposals are in sight, `lean` has people say what rules@1 says."""
    answers: list[Answer] = []
    for n in range(cases):
        blind = n % 2 == 0
        other = "serious_harm" if n % 4 == 0 else "death"
        answers += told(f"c{n}", "rules@1", "police", "housing")
        answers += told(f"c{n}", "ann", "police", *([] if blind or not lean else ["housing"]), outcome=other)
    names = [f"c{n}" for n in range(cases)]
    readings = [Reading(coder, case, coder == "rules@1") for case in names for coder in ("ann", "rules@1")]
    return answers, readings, {("ann", f"c{n}"): n % 2 == 0 for n in range(cases)}


def test_likeness_is_jaccard_of_sets_and_equality_of_choices() -> None:
    answers, readings, blind = study(4, lean=True)
    (found,) = anchoring(answers, readings, BOOK, blind=blind)
    # blind: c0 (0 + 1/2) / 2, c2 (1 + 1/2) / 2; shown: (1 + 1) / 2 each
    assert (found.blind.cases, found.blind.value) == (2, pytest.approx(0.5))
    assert (found.shown.cases, found.shown.value) == (2, pytest.approx(1.0))
    assert found.difference is None
    assert "Too few" in found.says
    assert found.machine == "rules@1"


def test_people_who_lean_on_proposals_are_told_so() -> None:
    (found,) = anchoring(*study(60, lean=True)[:2], BOOK, blind=study(60, lean=True)[2])
    assert found.difference == pytest.approx(0.5)
    assert found.lower is not None
    assert found.lower > 0
    assert "lean on them" in found.says
    assert "+50.0 points" in found.says


def test_without_a_difference_none_is_told() -> None:
    answers, readings, _ = study(60, lean=False)
    (found,) = anchoring(answers, readings, BOOK, blind={("ann", f"c{n}"): n % 8 < 4 for n in range(60)})
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower <= 0 <= found.upper
    assert "No difference is told from chance" in found.says


def test_a_pair_of_which_one_was_blind_counts_on_neither_side() -> None:
    answers = told("c", "ann", "police") + told("c", "ben", "police")
    readings = [Reading("ann", "c"), Reading("ben", "c")]
    (found,) = anchoring(answers, readings, BOOK, blind={("ann", "c"): True, ("ben", "c"): False})
    assert (found.blind.cases, found.shown.cases) == (0, 0)
