"""Quotations: found where they stand, never elsewhere; evidence verifies or says why not."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from caselore.errors import EvidenceError
from caselore.proposers.evidence import Finder, find, fold, verify, verify_all
from caselore.records import Case, Code, Document, Evidence, Proposal

TEXT = (
    "The “multi-agency” meeting was not held – nobody called it. Infor-\nmation about the lodger was\n"
    "ﬁled and for­gotten… The mother’s partner\u00a0moved in on 3 May 2014. It was not recorded by the school at all."
)
WORDS = st.text(alphabet="abcdeé fi’'“”\"-–—…\n\t\xad\xa0.ﬁA1", max_size=60)


@pytest.mark.parametrize(
    ("quote", "kind", "there"),
    [
        ("the lodger", "exact", "the lodger"),
        ('THE "multi-agency" meeting', "normalised", "The “multi-agency” meeting"),
        ("meeting was not held - nobody", "normalised", "meeting was not held – nobody"),
        ("meeting was not held — nobody", "normalised", "meeting was not held – nobody"),
        ("Information about the lodger was filed", "normalised", "Infor-\nmation about the lodger was\nﬁled"),
        ("and forgotten...", "normalised", "and for­gotten…"),
        ("mother's partner moved in", "normalised", "mother’s partner\u00a0moved in"),
    ],
)
def test_printing_and_copying_make_no_difference(quote: str, kind: str, there: str) -> None:
    found = find(quote, TEXT)
    assert found is not None
    assert (found.kind, TEXT[found.start : found.end]) == (kind, there)


@pytest.mark.parametrize("quote", ["", "  ", "…", "the lodger was filled", "moved in on 4 May", "atter"])
def test_what_does_not_stand_there_is_not_found(quote: str) -> None:
    assert find(quote, TEXT) is None


def test_half_words_are_found_only_exactly() -> None:
    assert find("rapist", "a therapist") is not None
    assert find("Rapist", "a therapist") is None
    whole = find("rapist", "a therapist, a rapist")
    assert whole is not None
    assert whole.start == 15


def test_the_nearest_of_several_places() -> None:
    finder = Finder("no plan. " * 3)
    found = finder.find("no plan", near=17)
    assert found is not None
    assert found.start == 18


def test_a_near_miss_is_found_only_when_asked_for_and_only_if_numbers_and_negations_agree() -> None:
    said = "It was not recorded hy the schoo1 at all"
    assert find(said, TEXT) is None
    near = find(said, TEXT, fuzzy=True)
    assert near is not None
    assert near.kind == "fuzzy"
    assert TEXT[near.start : near.end] == "It was not recorded by the school at all"
    assert find("It was recorded by the school at all", TEXT, fuzzy=True) is None
    assert find("The mother's partner moved in on 3 May 2015", TEXT, fuzzy=True) is None


@given(WORDS, st.data())
def test_every_cut_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    quote = text[start : data.draw(st.integers(start, len(text)))]
    assume(any(map(str.isalnum, quote)))
    found = find(quote, text)
    assert found is not None
    assert fold(text[found.start : found.end]) == fold(quote)


@given(WORDS, WORDS)
def test_what_is_found_is_the_quotation(text: str, quote: str) -> None:
    found = find(quote, text)
    if found is None:
        return
    there = text[found.start : found.end]
    assert fold(there) == fold(quote)
    assert found.kind == "normalised" or there == quote.strip()


@given(st.text(alphabet="abé fi’'“-–—…\n\t\xa0.ﬁA1", max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="ab cd", min_size=8, max_size=40), st.sampled_from(["\n", "  ", "\xa0", "\t"]))
def test_white_space_and_case_never_matter(words: str, space: str) -> None:
    quote = " ".join(words.split())
    assume(quote)
    found = find(quote.upper(), "x " + quote.replace(" ", space) + " x")
    assert found is not None


def _document(text: str = TEXT) -> Document:
    return Document("a.txt", "text/plain", hashlib.sha256(text.encode()).hexdigest(), text, "plain@1")


def _evidence(document: Document, start: int, end: int) -> Evidence:
    return Evidence(document.sha256, document.text_sha256, document.reader, start, end, document.text[start:end])


def test_evidence_verifies() -> None:
    document = _document()
    verify(_evidence(document, 4, 18), document)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sha256": "f" * 64}, "another file"),
        ({"text_sha256": "f" * 64, "reader": "plain@0"}, "as read by plain@0"),
        ({"start": 5}, "not the quotation"),
        ({"quote": ""}, "quotes nothing"),
    ],
)
def test_evidence_that_does_not_verify_says_why(change: dict[str, object], words: str) -> None:
    document = _document()
    with pytest.raises(EvidenceError, match=words):
        verify(replace(_evidence(document, 4, 18), **change), document)  # type: ignore[arg-type]


def test_a_proposal_is_only_as_good_as_its_worst_quotation() -> None:
    text = "The school was told nothing. A fictional sentence."
    document = Document("made-up.txt", "text/plain", "a" * 64, text, "plain@1")
    good = Evidence("a" * 64, document.text_sha256, "plain@1", 4, 10, "school")
    case = Case("Child Z", "made-up.txt", "a" * 64, 0, len(text))
    code = Code("agencies", "education_school", 0.9, "rules@1.0", (good,))
    verify_all(Proposal(case, (code,)), document)
    for bad in (replace(good, start=5), replace(good, quote="church"), replace(good, sha256="b" * 64)):
        with pytest.raises(EvidenceError):
            verify_all(Proposal(case, (code, replace(code, evidence=(good, bad)))), document)
    with pytest.raises(EvidenceError, match="quotes nothing"):
        verify_all(Proposal(case, (replace(code, evidence=()),)), document)
