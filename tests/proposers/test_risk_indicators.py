"""Risk indicators on fictional reviews: the whole sets, and sentences that tell presence from mention."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml

from caselore.documents.sections import sections
from caselore.proposers.casetext import CaseText
from caselore.proposers.proposer import shipped
from caselore.proposers.rules import Rules
from caselore.records import Case, Document

HERE = Path(__file__).parent
FLOORS = {
    "reviews.yaml": 0.92,
    "reviews_second.yaml": 0.94,
    "reviews_third.yaml": 0.9,
    "reviews_fourth.yaml": 0.92,
    "reviews_fifth.yaml": 0.92,
    "reviews_sixth.yaml": 0.92,
    "reviews_seventh.yaml": 0.92,
}


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(shipped())


def risks(rules: Rules, text: str) -> set[str]:
    text = f"2020 - Made-up - Child X\n\n{text}"
    sha = hashlib.sha256(text.encode()).hexdigest()
    document = Document("made-up.txt", "text/plain", sha, text, "plain@1", sections=sections(text, ()))
    found = rules.propose(CaseText(document, Case("Made-up", "made-up.txt", sha, 0, len(text))))
    return {code.code for code in found.codes if code.field == "risk_indicators"}


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_micro_f1_on_fictional_reviews(rules: Rules, name: str, floor: float) -> None:
    right = wrong = missed = 0
    for case in yaml.safe_load((HERE / name).read_text(encoding="utf-8")):
        found, expected = risks(rules, case["text"]), set(case["risks"])
        right += len(found & expected)
        wrong += len(found - expected)
        missed += len(expected - found)
    assert 2 * right / (2 * right + wrong + missed) >= floor


@pytest.mark.parametrize(
    ("text", "present", "absent"),
    [
        ("There was no history of domestic abuse.", set(), {"domestic_abuse"}),
        ("Father had been violent towards mother.", {"domestic_abuse"}, set()),
        ("Mother herself had been in foster care as a girl.", {"parental_childhood_adversity"}, {"child_in_care"}),
        ("The boy had been in foster care for a year.", {"child_in_care"}, set()),
        ("He was bitten by the dog of a friend.", set(), {"neglect"}),
        ("Grievous bodily harm was done to him.", set(), {"bereavement_or_loss"}),
        ("She grieved for her grandmother.", set(), {"animal_risk"}),
        ("Plan under the category of neglect.", {"neglect"}, {"animal_risk"}),
        ("He was exposed to domestic abuse.", {"domestic_abuse"}, {"intra_familial_abuse"}),
        ("He was killed by his mother.", {"intra_familial_abuse"}, set()),
        ("He was killed by a stranger.", set(), {"intra_familial_abuse"}),
        ("He died of multiple injuries in a road traffic collision.", set(), {"intra_familial_abuse"}),
        ("The treatment-resistant illness came back.", set(), {"non_engagement"}),
        ("He was seen in extremis.", set(), {"radicalisation"}),
        ("Health and social care and criminal records were missing.", set(), {"criminality"}),
    ],
)
def test_presence_is_told_from_mention(rules: Rules, text: str, present: set[str], absent: set[str]) -> None:
    found = risks(rules, text)
    assert present <= found
    assert not absent & found
