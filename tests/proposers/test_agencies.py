"""Agencies on fictional reviews: the whole sets, and sentences that tell the near ones apart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from caselore.documents.sections import sections
from caselore.proposers.casetext import CaseText
from caselore.proposers.proposer import shipped
from caselore.proposers.rules import Rules
from caselore.records import Case, Document

HERE = Path(__file__).parent
SETS = tuple(f"reviews{n}.yaml" for n in ("", "_second", "_third", "_fourth", "_fifth", "_sixth", "_seventh"))


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(shipped())


def agencies(rules: Rules, text: str) -> set[str]:
    text = f"2020 - Made-up - Child X\n\n{text}"
    sha = hashlib.sha256(text.encode()).hexdigest()
    document = Document("made-up.txt", "text/plain", sha, text, "plain@1", sections=sections(text, ()))
    found = rules.propose(CaseText(document, Case("Made-up", "made-up.txt", sha, 0, len(text))))
    return {code.code for code in found.codes if code.field == "agencies"}


def cases(name: str) -> Iterator[tuple[str, set[str]]]:
    for case in yaml.safe_load((HERE / name).read_text(encoding="utf-8")):
        yield case["text"], set(case["agencies"])


@pytest.mark.parametrize("name", SETS)
def test_micro_f1_on_fictional_reviews(rules: Rules, name: str) -> None:
    right = wrong = missed = 0
    for text, expected in cases(name):
        found = agencies(rules, text)
        right += len(found & expected)
        wrong += len(found - expected)
        missed += len(expected - found)
    assert 2 * right / (2 * right + wrong + missed) >= 0.94


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The school nurse wrote a letter.", {"health_community"}),
        ("Pre-school staff washed his clothes.", {"early_years"}),
        ("He was admitted to a psychiatric hospital.", {"health_mental"}),
        ("Adult social care closed the case.", {"adult_social_care"}),
        ("The family were not known to children's social care.", set()),
        ("He had never had any contact with CAMHS.", set()),
        ("His past was not known to the health visitor.", {"health_community"}),
        ("Professionals and agencies should work together.", set()),
        ("The father was found guilty of murder.", set()),
        ("The Crown Prosecution Service decided not to go on.", {"cps"}),
        ("The family court made a care order.", {"courts_and_legal"}),
        ("The coroner recorded an open verdict.", set()),
        ("Mother sought refuge with a friend.", set()),
        ("She was on conventional medication.", set()),
        ("An independent reviewing officer asked for a meeting.", {"childrens_social_care"}),
        ("The review used the Social Care Institute for Excellence model.", set()),
        ("Staff of the care home rang the GP.", {"residential_care", "health_gp"}),
        ("The Child Protection Committee met in May.", {"safeguarding_partnership"}),
        ("A kinship foster carer wrote a diary.", {"foster_care"}),
        ("The YOT worker met him.", {"youth_offending"}),
    ],
)
def test_near_ones_are_told_apart(rules: Rules, text: str, expected: set[str]) -> None:
    assert agencies(rules, text) == expected
