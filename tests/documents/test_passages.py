"""Passages reproduce the text exactly, in order, and lose nothing but white space and bullets."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from fiction import HEADS, REPORT, STUDIES, SUMMARY, listing

from caselore.documents.lines import BULLET
from caselore.documents.passages import passages
from caselore.documents.sections import sections
from caselore.documents.sentences import LONGEST, sentences
from caselore.records import Document, Page

WORDS = (
    "Mr. Day",
    "e.g. this",
    "at 2.5 hours",
    "No. 3",
    "he asked? She said.",
    "(1) one;",
    "a | b",
    "x\ty",
    "• item",
    "1.18. The",
    "\n\n",
    "\n",
    "“Yes.”",
    "end.",
    "...",
    "St. Anne",
    "p. 4",
    "Learning: ask.",
    " ",
    "\xa0",
    "- dash",
    "J. R. Tarn",
    *HEADS,
)
DROPPED = set("•▪◦‣●○■□►➢✓∙·*»>\uf0b7\uf0a7-–—o#")


def made(text: str, *, pages: tuple[Page, ...] = ()) -> Document:
    return Document("made.txt", "text/plain", "0" * 64, text, "plain@1", pages=pages, sections=sections(text, pages))


@given(
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join) | st.text(max_size=400),
    st.integers(0, 60),
    st.integers(0, 400),
)
@example(text="x" * 5000, start=0, end=400)
def test_passages_are_ordered_disjoint_and_cover_all_that_speaks(text: str, start: int, end: int) -> None:
    end = min(end + start, len(text))
    at = min(start, len(text))
    covered = set()
    for passage in passages(made(text), start, end):
        assert at <= passage.start < passage.end <= end
        assert text[passage.start : passage.end].strip() == text[passage.start : passage.end]
        covered.update(range(passage.start, passage.end))
        at = passage.end
    lost = [text[i] for i in range(start, end) if i not in covered and not text[i].isspace()]
    assert set(lost) <= DROPPED


@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join) | st.text(max_size=300))
def test_sentences_lose_nothing(text: str) -> None:
    found = sentences(text)
    assert "".join("".join(text[a:b].split()) for a, b in found) == "".join(text.split())
    assert all(b - a <= LONGEST for a, b in found)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Mr. Day saw it. Dr. Low did not.", 2),
        ("It took 2.5 hours. No one came.", 2),
        ("See para. 4.2 and p. 7 of the report. It says so.", 2),
        ("1. The trust should act.", 1),
        ("1.18. The trust should act. It did.", 2),
        ("4.12 She asked; he left; they waited.", 1),
        ("“Is it safe?” he asked. It was.", 2),
        ("Services under ch. 48 were offered, e.g. a visit by J. Doe. None came.", 2),
        ("He was late! Was it known? It was.", 3),
        ("Seen at 3 p.m. by the nurse. Then nothing.", 2),
        ("One without a stop", 1),
        ("", 0),
    ],
)
def test_sentences_end_where_they_end(text: str, count: int) -> None:
    assert len(sentences(text)) == count, [text[a:b] for a, b in sentences(text)]


def test_headings_rows_and_list_items_are_passages() -> None:
    text = "Findings\n\nAgency | Visits\nSchool | 3\n\n• The first item of two\n• the second; and third"
    found = [(each.kind, text[each.start : each.end]) for each in passages(made(text))]
    assert ("row", "School | 3") in found
    assert ("sentence", "the second; and third") in found
    assert found[0] == ("heading", "Findings")


def test_passages_know_their_section_and_page() -> None:
    text = SUMMARY
    cut = text.index("Learning")
    found = passages(made(text, pages=(Page(1, 0, cut), Page(2, cut, len(text)))))
    expected = {"incident": 1, "learning": 2, "recommendations": 2, "keywords": 2}
    assert {each.section: each.page for each in found} == expected


def test_a_wrapped_paragraph_is_cut_at_sentences_and_not_at_lines() -> None:
    wrapped = "\n".join(textwrap.fill(line, 60) for line in REPORT.split("\n"))

    def told(text: str) -> list[str]:
        found = passages(made(text))
        chosen = (each for each in found if each.section in ("background", "appendix"))
        return [" ".join(text[each.start : each.end].split()) for each in chosen]

    assert told(wrapped) == told(REPORT)


def test_a_stretch_has_only_its_own_passages() -> None:
    text = listing(["2021 – Northmarsh – Child A", "2021 - Anonymous - Fern"])
    start = text.index("2021 - Anonymous")
    assert all(each.start >= start for each in passages(made(text), start))
    assert text[passages(made(text), start)[0].start :].startswith("2021 - Anonymous - Fern")


def test_studies_keep_semicolon_items_whole() -> None:
    found = [STUDIES[each.start : each.end] for each in passages(made(STUDIES)) if each.section == "learning"]
    assert "Ask who is at home at night, and write down the answer;" in found
    assert len(BULLET.findall("• - x")) == 2
