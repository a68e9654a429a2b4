"""Learning themes and kinds of action: what fictional statements are coded as, and that every cue can match."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from caselore.codebook.cues import parse_cue
from caselore.proposers.casetext import CaseText
from caselore.proposers.proposer import shipped
from caselore.proposers.rules import Rules
from caselore.proposers.wordings import wordings
from caselore.records import Case, Document, Section

FIELDS = {"themes": "learning_themes", "flags": "integrity_flags", "types": "recommendation_type"}
FILES = ("statements.yaml", "statements_2.yaml", "statements_3.yaml")
STATEMENTS: list[dict[str, Any]] = [
    statement
    for name in FILES
    for statement in yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))["statements"]
]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(shipped())


def coded(rules: Rules, section: str, words: str, field: str) -> set[str]:
    """The codes of one field for words that stand alone under a heading of that kind."""
    sections = (Section(section, "", 0, 0, len(words)),)
    document = Document("s", "text/plain", "0" * 64, words, "test@1", sections=sections)
    proposal = rules.propose(CaseText(document, Case("", "s", "0" * 64, 0, len(words))))
    return {code.code for code in proposal.codes if code.field == field}


@pytest.mark.parametrize(
    ("statement", "kind"),
    [(statement, kind) for statement in STATEMENTS for kind in ("themes", "types") if kind in statement],
    ids=lambda value: value if isinstance(value, str) else value["text"][:50],
)
def test_a_statement_gets_its_codes_and_no_others(rules: Rules, statement: dict[str, Any], kind: str) -> None:
    assert coded(rules, statement["section"], statement["text"], FIELDS[kind]) == set(statement[kind])


@pytest.mark.parametrize("field", ["learning_themes", "recommendation_type", "integrity_flags", "addressee", "smart"])
def test_every_cue_has_words_to_be_found_by(field: str) -> None:
    """A cue without fixed words, as where an alternative holds a gap, would never be tried."""
    codebook = shipped()
    for code in codebook.fields[field].codes.values():
        for pattern in [*(cue.pattern for cue in code.cues), *code.not_cues]:
            assert wordings(parse_cue(pattern), codebook.thesaurus).phrases, (code.id, pattern)


@pytest.mark.parametrize("field", ["learning_themes", "recommendation_type", "integrity_flags"])
def test_every_code_is_defined_with_its_limits_and_an_example(field: str) -> None:
    for code in shipped().fields[field].codes.values():
        assert all([code.definition, code.include, code.exclude, code.example, code.source, code.cues]), code.id


def test_keywords_and_the_story_alone_give_no_theme(rules: Rules) -> None:
    for section in ("keywords", "incident", "background"):
        words = "domestic abuse, neglect, disguised compliance, assessment, fathers"
        assert coded(rules, section, words, "learning_themes") == set()
