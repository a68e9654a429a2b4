"""Integrity flags: failures that a review says occurred are flagged, hopes are not. All statements are fictional."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from caselore.proposers.casetext import CaseText
from caselore.proposers.proposer import shipped
from caselore.proposers.rules import Rules
from caselore.records import Case, Document, Section

STATEMENTS: list[dict[str, Any]] = [
    statement
    for name in ("statements.yaml", "statements_2.yaml", "statements_3.yaml")
    for statement in yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))["statements"]
    if "flags" in statement
]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(shipped())


def flags(rules: Rules, section: str, words: str) -> set[str]:
    """The flags of words that stand alone under a heading of that kind."""
    sections = (Section(section, "", 0, 0, len(words)),)
    document = Document("s", "text/plain", "0" * 64, words, "test@1", sections=sections)
    proposal = rules.propose(CaseText(document, Case("", "s", "0" * 64, 0, len(words))))
    return {code.code for code in proposal.codes if code.field == "integrity_flags"}


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement["text"][:50])
def test_a_statement_gets_its_flags_and_no_others(rules: Rules, statement: dict[str, Any]) -> None:
    assert flags(rules, statement["section"], statement["text"]) == set(statement["flags"])


@pytest.mark.parametrize(
    "hope",
    [
        "The importance of assessment.",
        "Agencies should share information.",
        "The need for robust supervision and for clear plans.",
        "Ensure that the voice of the child is heard.",
        "Professionals need to recognise risk.",
        "Fathers should be involved in assessments.",
        "Interpreters must be used.",
    ],
)
@pytest.mark.parametrize("section", ["learning", "analysis"])
def test_a_hope_is_no_flag(rules: Rules, hope: str, section: str) -> None:
    assert flags(rules, section, hope) == set()


def test_recommendations_tell_no_failures(rules: Rules) -> None:
    assert flags(rules, "recommendations", "Information was not shared, and training should mend that.") == set()
