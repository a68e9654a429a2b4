"""The register of proposers, and what becomes of one case that several of them read."""

from __future__ import annotations

import hashlib

import pytest

from caselore.codebook.codebook import load
from caselore.errors import CodebookError
from caselore.proposers.casetext import CaseText
from caselore.proposers.proposer import PROPOSERS, merge, propose_case, proposer, proposers
from caselore.records import Case, Code, Document, Evidence, Proposal, Recommendation, Step

TEXT = "Death of a girl aged 4 in June 2014."
SHA = hashlib.sha256(TEXT.encode()).hexdigest()
DOCUMENT = Document("made up", "text/plain", SHA, TEXT, "plain@1")
CASE = Case("A girl", "made up", SHA, 0, len(TEXT))
BOOK = load("case_facts", "coded_layer")


def evidence(start: int, end: int) -> Evidence:
    return Evidence(SHA, DOCUMENT.text_sha256, "plain@1", start, end, TEXT[start:end])


def code(field: str, value: str, confidence: float, coder: str, *spans: tuple[int, int]) -> Code:
    return Code(field, value, confidence, coder, tuple(evidence(*span) for span in spans))


def merged(*proposals: tuple[Code, ...]) -> tuple[Code, ...]:
    return merge(CASE, [Proposal(CASE, codes) for codes in proposals], BOOK).codes


def test_the_same_code_of_two_coders_stands_once_with_the_surer_coder_and_all_evidence() -> None:
    (one,) = merged(
        (code("agencies", "police", 0.6, "a@1", (0, 5), (6, 8)),),
        (code("agencies", "police", 0.9, "b@1", (0, 5), (9, 15)),),
    )
    assert (one.coder, one.confidence) == ("b@1", 0.9)
    assert [each.start for each in one.evidence] == [0, 9, 6]


def test_a_field_of_one_code_keeps_the_surest() -> None:
    found = merged((code("outcome", "death", 0.8, "a@1"),), (code("outcome", "serious_harm", 0.85, "b@1"),))
    assert [each.code for each in found] == ["serious_harm"]


def test_a_field_of_many_codes_keeps_them_all() -> None:
    found = merged((code("child_gender", "female", 0.8, "a@1"),), (code("child_gender", "male", 0.4, "b@1"),))
    assert [each.code for each in found] == ["female", "male"]


def test_the_sequence_is_that_of_the_first_who_gives_one() -> None:
    first, second = (Step("assessment", None, coder="a@1"),), (Step("inspection", None, coder="b@1"),)
    proposals = [Proposal(CASE), Proposal(CASE, sequence=first), Proposal(CASE, sequence=second)]
    assert merge(CASE, proposals, BOOK).sequence == first


def test_of_recommendations_that_overlap_the_surer_stands_and_the_order_is_the_texts() -> None:
    late, early, rival = (
        Recommendation(label, evidence(*span), confidence=confidence)
        for label, span, confidence in (("2", (20, 30), 0.7), ("1", (0, 10), 0.5), ("x", (5, 12), 0.4))
    )
    found = merge(CASE, [Proposal(CASE, recommendations=(late, rival)), Proposal(CASE, recommendations=(early,))], BOOK)
    assert [each.label for each in found.recommendations] == ["1", "2"]


def test_an_unknown_name_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(CodebookError, match="facts"):
        proposer("nobody", BOOK)


def test_the_proposers_of_the_register_are_declared_coders_with_a_version() -> None:
    for name in PROPOSERS:
        found, version = proposer(name).id.split("@")
        assert (found, version[0].isdigit()) == (name, True)


def test_a_case_is_put_to_every_proposer() -> None:
    class Nobody:
        id = "nobody@1"

        def propose(self, text: CaseText) -> Proposal:
            return Proposal(text.case, (code("outcome", "other", 0.1, self.id),))

    found = propose_case(DOCUMENT, CASE, [*proposers(["facts"], BOOK), Nobody()], codebook=BOOK)
    assert {each.field: each.code for each in found.codes}["outcome"] == "death"
