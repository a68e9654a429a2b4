"""Whole reports measured. Every text here is fictional and written for these tests."""

from __future__ import annotations

import pytest

from caselore.codebook.codebook import load
from caselore.documents.cases import cases
from caselore.proposers.casetext import CaseText
from caselore.proposers.measures import Measures, explained, reading_grade, syllables, with_count
from caselore.proposers.proposer import propose_case, proposers
from caselore.records import Case, Document, Page, Section

BOOK = load()
TOLD = "The nurse went to the house and saw the boy in the hall of the flat. "
SAID = "Panel members found that the notes of the school were not read by the team of nurses. "


def document(*parts: tuple[str, str, str], pages: bool = True) -> Document:
    """A document of (kind, heading, text) parts, each a page."""
    text, sections, found = "", [], []
    for number, (kind, heading, body) in enumerate(parts, 1):
        start = len(text)
        text += f"{heading}\n{body}\n\n"
        sections.append(Section(kind, heading, start, start + len(heading), len(text)))
        found.append(Page(number, start, len(text)))
    return Document("a.txt", "text/plain", "ab" * 32, text, "plain@1", tuple(found) if pages else (), tuple(sections))


WHOLE = document(
    ("background", "Background", TOLD * 10),
    ("analysis", "Analysis", SAID * 10),
    ("recommendations", "Recommendations", SAID * 10),
    ("appendix", "Appendix 1", "Dates of meetings of the panel, listed by month for those who came. " * 5),
)


def measured(found: Document, case: Case | None = None) -> dict[str, str]:
    case = case or Case("A", "a.txt", found.sha256, 0, len(found.text))
    proposal = Measures(BOOK).propose(CaseText(found, case))
    for code in proposal.codes:
        assert code.evidence
        assert all(found.text[one.start : one.end] == one.quote for one in code.evidence)
        assert BOOK.fields[code.field].accepts(code.code)
    return {code.field: code.code for code in proposal.codes}


def test_a_whole_report_is_measured() -> None:
    found = measured(WHOLE)
    words = len((TOLD * 10 + SAID * 20).split())
    assert found["report_pages"] == "3"
    assert found["appendix_pages"] == "1"
    assert found["report_words"] == str(words)
    assert float(found["words_per_sentence"]) == round(words / 30, 1)
    appendix, whole = (sum(s.end - s.body for s in WHOLE.sections if s.kind in k) for k in (("appendix",), _all()))
    assert float(found["appendix_share"]) == round(100 * appendix / whole, 1)
    analysis = sum(s.end - s.body for s in WHOLE.sections[1:3])
    assert float(found["analysis_share"]) == round(
        100 * analysis / (analysis + WHOLE.sections[0].end - WHOLE.sections[0].body), 1
    )


def _all() -> tuple[str, ...]:
    return tuple(section.kind for section in WHOLE.sections)


def test_an_entry_of_a_listing_is_not() -> None:
    half = len(WHOLE.text) // 2
    assert measured(WHOLE, Case("A", "a.txt", WHOLE.sha256, 0, half)) == {}


def test_text_without_pages_has_no_number_of_them() -> None:
    found = measured(document(("analysis", "Analysis", SAID * 20), pages=False))
    assert "report_words" in found
    assert not {"report_pages", "appendix_pages", "analysis_share"} & set(found)


def test_too_few_words_say_nothing_of_reading() -> None:
    assert set(measured(document(("body", "A", TOLD * 3)))) <= {"report_pages", "appendix_pages"}


def test_reading_is_measured_in_english_only() -> None:
    welsh = "Aeth y nyrs at y bachgen yn y fflat ar ôl i'r ysgol ffonio yn y bore bach. " * 20
    found = measured(document(("body", "Adroddiad", welsh)))
    assert "report_words" in found
    assert not {"reading_grade", "jargon_per_1000"} & set(found)


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("cat", 1),
        ("house", 1),
        ("table", 2),
        ("nurse", 1),
        ("wanted", 2),
        ("moved", 1),
        ("meeting", 2),
        ("agencies", 3),
        ("houses", 2),
        ("the", 1),
        ("review", 2),
        ("partnership", 3),
        ("children", 2),
        ("visited", 3),
    ],
)
def test_syllables(word: str, number: int) -> None:
    assert syllables(word) == number


def test_the_formula_of_flesch_and_kincaid() -> None:
    assert reading_grade(100, 5, 150) == pytest.approx(0.39 * 20 + 11.8 * 1.5 - 15.59)
    assert reading_grade(119, 1, 139) > reading_grade(119, 9, 139)


def test_terms_of_the_profession_are_counted_as_whole_words() -> None:
    jargon = "The thresholds of the core group were holistic, and the thresholder of the hall was not."
    found = measured(document(("body", "A", jargon + " " + TOLD * 20)))
    total = len((jargon + " " + TOLD * 20).replace(",", "").split())
    assert float(found["jargon_per_1000"]) == round(1000 * 3 / total, 1)


def test_abbreviations_that_nobody_explains() -> None:
    text = (
        "The Joint Otter Board (JOB) met. The QRST (Quay Rescue and Safety Team) wrote to the NHS and to the WXYZ. "
        "In part XIV the WXYZs are told of again, and so is the VUTS."
    )
    found = document(
        ("body", "A", text + " " + TOLD * 20), ("appendix", "Glossary", "VUTS: Visiting unit of the tower\n")
    )
    assert measured(found)["unexplained_abbreviations"] == "1"


def test_explained_in_brackets_before_brackets_and_in_lists() -> None:
    text = "a Quay Team (QTM) and the HBR (Harbour Review). See LMN (page 4).\n"
    text += "PQR - Pilot quay report\n| STU | Safe tide unit"
    assert set(explained(text)) == {"QTM", "HBR", "PQR", "STU"}


def test_recommendations_are_counted_for_whole_reports() -> None:
    text = "1. The board should train all nurses by May.\n2. The school must keep a log of each call.\n"
    found = document(("analysis", "Analysis", SAID * 20), ("recommendations", "Recommendations", text))
    case = cases(found)[0]
    proposal = propose_case(found, case, proposers(("recommendations", "measures"), BOOK), codebook=BOOK)
    counted = {code.field: code for code in proposal.codes}["recommendation_count"]
    assert counted.code == str(len(proposal.recommendations)) == "2"
    assert with_count(proposal) == proposal
    alone = propose_case(found, case, proposers(("recommendations",), BOOK), codebook=BOOK)
    assert not [code for code in alone.codes if code.field == "recommendation_count"]


def test_every_measure_is_a_field_of_the_book() -> None:
    fields = {one.id for one in BOOK.fields.values() if one.filled_by == "document"}
    assert set(measured(WHOLE)) <= fields
    assert fields - set(measured(WHOLE)) == {"recommendation_count"}
