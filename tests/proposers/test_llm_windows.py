"""Long cases in windows: nothing is left out, nothing is too large, neighbours overlap."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from caselore.proposers.casetext import CaseText
from caselore.proposers.llm.windows import windows
from caselore.records import Case, Document, Section


def case(paragraphs: list[str], kinds: list[str] | None = None) -> CaseText:
    """A case of one section a paragraph."""
    text, sections = "", []
    for number, words in enumerate(paragraphs):
        start = len(text)
        text += f"{words}\n\n"
        kind = (kinds or ["body"])[number % len(kinds or ["body"])]
        sections.append(Section(kind, "", start, start, len(text)))
    document = Document("made up", "text/plain", "0" * 64, text, "plain@1", sections=tuple(sections))
    return CaseText(document, Case("made up", "made up", "0" * 64, 0, len(text)))


SENTENCE = st.lists(st.sampled_from(["review", "school", "nurse", "agreed", "x" * 90]), min_size=1, max_size=60)


@given(st.lists(SENTENCE.map(lambda words: " ".join(words) + "."), max_size=25), st.integers(300, 5000))
def test_every_word_is_in_a_window_and_no_window_is_too_large(paragraphs: list[str], letters: int) -> None:
    text = case(paragraphs, ["incident", "learning"])
    found = windows(text, letters)
    seen = {place for window in found for piece in window for place in range(piece.start, piece.end)}
    wanted = {place for passage in text.passages for place in range(passage.start, passage.end)}
    assert seen == wanted
    for window in found:
        assert sum(piece.letters for piece in window) <= letters
        assert [piece.start for piece in window] == sorted(piece.start for piece in window)
    for before, after in pairwise(found):
        assert before[0].start < after[0].start <= before[-1].end + 2
        assert before[-1].end < after[-1].end


def test_what_fits_is_one_window() -> None:
    text = case(["The nurse called.", "Nobody answered."])
    (window,) = windows(text, 1000)
    assert [(piece.number, text.quote(piece.start, piece.end)) for piece in window] == [
        (1, "The nurse called."),
        (2, "Nobody answered."),
    ]


def test_neighbours_share_some_passages() -> None:
    text = case([f"In week {number} the nurse called and nobody answered the door." for number in range(60)])
    found = windows(text, 1200)
    assert len(found) > 2
    for before, after in pairwise(found):
        assert set(before) & set(after)


def test_a_window_ends_with_a_section_where_it_can() -> None:
    words = "The nurse called and nobody answered the door of the house. " * 4
    text = case([words.strip()] * 6, ["incident", "learning"])
    first = windows(text, 700)[0]
    assert first[-1].section == "learning"


def test_lists_of_contents_and_references_are_left_out() -> None:
    text = case(["1 Introduction 3", "The nurse called.", "Smith, 2009."], ["contents", "body", "references"])
    (window,) = windows(text, 1000)
    assert [piece.section for piece in window] == ["body"]


def test_an_empty_case_has_no_window() -> None:
    assert windows(case([]), 1000) == ()
