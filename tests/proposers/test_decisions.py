"""Decisions: steps that were taken, each once, in their order, with the agency that took them."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest
import yaml

from caselore.documents.sections import sections
from caselore.proposers.casetext import CaseText
from caselore.proposers.proposer import shipped
from caselore.proposers.rules import Rules
from caselore.records import Case, Document, Step

HERE = Path(__file__).parent
SETS = tuple(f"reviews{n}.yaml" for n in ("", "_second", "_third", "_fourth", "_fifth", "_sixth", "_seventh"))
FLOORS = {"reviews_sixth.yaml": 0.9, "reviews_seventh.yaml": 0.92}


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(shipped())


def steps(rules: Rules, text: str) -> tuple[Step, ...]:
    text = f"2020 - Made-up - Child X\n\n{text}"
    sha = hashlib.sha256(text.encode()).hexdigest()
    document = Document("made-up.txt", "text/plain", sha, text, "plain@1", sections=sections(text, ()))
    found = rules.propose(CaseText(document, Case("Made-up", "made-up.txt", sha, 0, len(text)))).sequence
    assert all(text[e.start : e.end] == e.quote for step in found for e in step.evidence)
    return found


@pytest.mark.parametrize("name", SETS)
def test_types_on_fictional_reviews(rules: Rules, name: str) -> None:
    right = wrong = missed = 0
    for case in yaml.safe_load((HERE / name).read_text(encoding="utf-8")):
        found = Counter(step.decision_type for step in steps(rules, case["text"]))
        expected = Counter(each.partition("/")[0] for each in case["decisions"])
        right += (found & expected).total()
        wrong += (found - expected).total()
        missed += (expected - found).total()
    assert 2 * right / (2 * right + wrong + missed) >= FLOORS.get(name, 0.94)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "He was made subject to a child protection plan. The plan was ended in May.",
            [
                ("child_protection_plan_made", "childrens_social_care"),
                ("plan_ended_or_case_closed", "childrens_social_care"),
            ],
        ),
        ("The father was convicted of murder.", [("prosecution_conviction", "cps")]),
        ("The mother was found not guilty.", [("acquittal_or_no_charge", "courts_and_legal")]),
        ("Police notified children's services of the call.", [("information_passed", "police")]),
        ("The school should make a referral.", []),
        ("The nurse did not make a referral.", []),
        ("He had convictions for assault.", []),
        ("A strategy discussion was not held.", []),
        ("The parents might be charged with cruelty.", []),
        ("He was known to be a convicted sex offender.", []),
        ("The coroner opened an inquest; I commenced an investigation into the death.", []),
        (
            "He was assessed by a psychologist and by the police.",
            [("assessment", "health_mental"), ("assessment", "police")],
        ),
        (
            "A referral by the school nurse was judged not to meet the threshold.",
            [("referral_made", "health_community"), ("no_further_action", "childrens_social_care")],
        ),
        ("The twins were taken into police protection.", [("removed_into_care", "police")]),
        ("The boy was placed with the couple.", [("children_placed", "childrens_social_care")]),
        ("She was discharged to her GP.", [("plan_ended_or_case_closed", "health_mental")]),
        (
            "A police inquiry did not lead to a prosecution.",
            [("investigation_launched", "police"), ("acquittal_or_no_charge", "police")],
        ),
    ],
)
def test_steps_and_who_took_them(rules: Rules, text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(step.decision_type, step.agency) for step in steps(rules, text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "He was placed in foster care after a police investigation.",
            ["investigation_launched", "removed_into_care"],
        ),
        (
            "Death of a boy, whose father was convicted of murder.\nBackground: He was on a child protection plan.",
            ["child_protection_plan_made", "prosecution_conviction"],
        ),
        (
            "Key issues: In 2015 the children were taken into care. In 2013 an initial assessment was completed.",
            ["assessment", "removed_into_care"],
        ),
        (
            "Neglect of a girl, who was taken into care.\nBackground: The school made a referral.",
            ["referral_made", "removed_into_care"],
        ),
    ],
)
def test_the_order_is_that_of_events(rules: Rules, text: str, expected: list[str]) -> None:
    assert [step.decision_type for step in steps(rules, text)] == expected


def test_a_step_told_twice_is_one_and_another_is_another(rules: Rules) -> None:
    once = "The children were taken into care in May 2015. When they were taken into care they were thin."
    twice = "He was on a child protection plan. A second period of child protection planning followed."
    assert len(steps(rules, once)) == 1
    assert len(steps(rules, twice)) == 2
