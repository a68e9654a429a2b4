"""Denied, possible, asked for, left undone, long past: what the words around a phrase make of it."""

from __future__ import annotations

import hashlib

import pytest

from caselore.codebook.codebook import Codebook, CodeDefinition, Cue, Field
from caselore.proposers.casetext import CaseText
from caselore.proposers.matcher import Matcher
from caselore.proposers.stance import triggers
from caselore.records import Case, Document

ALL = frozenset({"negated", "hypothetical", "recommended", "omitted", "no_contact"})


def stances(text: str, phrase: str) -> set[str]:
    """The stances of the first place of `phrase` in a made-up text."""
    code = CodeDefinition("code", "a code", "for tests", "test", cues=(Cue(phrase, allow=ALL),))
    book = Codebook({"field": Field("field", "Field", "multi", "test", codes={"code": code})}, {}, {})
    sha = hashlib.sha256(text.encode()).hexdigest()
    document = Document("made-up.txt", "text/plain", sha, text, "plain@1")
    return set(Matcher(book).matches(CaseText(document, Case("t", "made-up.txt", sha, 0, len(text))))[0].stances)


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("There was no evidence of domestic abuse.", "domestic abuse", {"negated"}),
        ("She denied any drug misuse or self-harm.", "self harm", {"negated"}),
        ("Neither neglect nor abuse was found.", "neglect", {"negated"}),
        ("The family was not known to social care.", "social care", {"no_contact"}),
        ("His past was not known to social care.", "social care", set()),
        ("Sexual abuse was ruled out.", "sexual abuse", {"negated"}),
        ("Not only neglect but also cruelty was seen.", "neglect", set()),
        ("There is no doubt that neglect harmed him.", "neglect", set()),
        ("No concerns were held; neglect was found later.", "neglect", set()),
        ("He was not ill but neglect was plain.", "neglect", set()),
        ("The nurse failed to complete an assessment.", "assessment", {"omitted"}),
        ("There was a lack of professional curiosity.", "professional curiosity", {"omitted"}),
        ("The father was not considered in any plan.", "the father", {"omitted"}),
        ("Information was not shared with the school.", "information", {"omitted"}),
        ("It was a missed opportunity to protect her.", "protect", {"omitted"}),
        ("A delay in the referral left him at home.", "referral", {"omitted"}),
        ("The risk was overlooked by all agencies.", "the risk", {"omitted"}),
        ("Staff did not consider the effect of violence.", "violence", {"omitted"}),
        ("The Board should review its policy.", "policy", {"recommended"}),
        ("Learning: the importance of supervision.", "supervision", {"recommended"}),
        ("There is a need to ensure that records are kept.", "records", {"recommended"}),
        ("Training must be offered to all staff.", "training", {"recommended"}),
        ("He was at risk of exploitation.", "exploitation", {"hypothetical"}),
        ("If there is neglect, act.", "neglect", {"hypothetical"}),
        ("It is possible that violence occurred.", "violence", {"hypothetical"}),
        ("There was a history of self-harm.", "self harm", {"historical"}),
        ("She had previously been referred.", "referred", {"historical"}),
        ("He was abused and his mother drank.", "abused", set()),
    ],
)
def test_the_words_around_a_phrase(text: str, phrase: str, expected: set[str]) -> None:
    assert stances(text, phrase) == expected


def test_a_clause_ends_the_reach() -> None:
    assert stances("No injury was seen. Neglect was recorded.", "neglect") == set()
    assert stances("No injury was seen, although neglect was recorded.", "neglect") == set()


def test_every_trigger_says_what_it_does() -> None:
    for trigger in triggers():
        assert trigger.kind != "stance" or (trigger.stance and trigger.reach > 0), trigger.pattern
