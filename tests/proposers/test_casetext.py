"""What a proposer reads: folded text of the same length, evidence that verifies."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from caselore.documents.sections import sections
from caselore.proposers.casetext import CaseText, folded
from caselore.records import Case, Document


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(folded(text)) == len(text)


def test_folding_makes_plain() -> None:
    assert folded("The Child’s “NEEDS” –\xa0İ\nnow") == 'the child\'s "needs" - İ\nnow'.replace("İ", folded("İ"))
    assert folded("İ") == "İ"


def case_text(text: str, start: int, end: int) -> CaseText:
    document = Document("made.txt", "text/plain", "ab", text, "plain@1", sections=sections(text))
    return CaseText(document, Case("t", "made.txt", "ab", start, end))


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_evidence_verifies(text: str, start: int, end: int) -> None:
    found = case_text(text, 0, len(text)).evidence(min(start, len(text)), min(end, len(text)))
    assert text[found.start : found.end] == found.quote


def test_a_neighbour_is_blank() -> None:
    told = case_text("Before. HERE. After.", 8, 13)
    assert told.folded == "        here.       "
    assert told.quote(8, 12) == "HERE"
    assert [told.text[each.start : each.end] for each in told.passages] == ["HERE."]
