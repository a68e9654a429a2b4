"""Sections cover a text without gap and know the headings of the field."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from fiction import HEADS, REPORT, STUDIES, SUMMARY, listing

from caselore.documents.labels import heading_kind, inline_label, is_stray
from caselore.documents.sections import sections
from caselore.records import SECTION_KINDS

PIECES = (
    *HEADS,
    "Learning: ask again.",
    "A sentence that is long enough to count as a paragraph of a report, or nearly so.",
    "",
    "• an item",
    "Page 3 of 9",
    "2021 – Northmarsh – Child A",
    "Contents",
    "1. Introduction .... 3",
    "> Read the report",
)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("5. CORONER'S CONCERNS", "analysis"),
        ("CORONER’S CONCERNS", "analysis"),
        ("6 ACTION SHOULD BE TAKEN", "recommendations"),
        ("4 CIRCUMSTANCES OF THE DEATH", "incident"),
        ("3.2 Key practice episodes", "background"),
        ("Section 4: Findings", "analysis"),
        ("Key Learning Points:", "learning"),
        ("Practice and organisational learning", "learning"),
        ("Recommendations for the Board", "recommendations"),
        ("Considerations for the Board", "recommendations"),
        ("Scope and terms of reference", "model"),
        ("Methodology", "model"),
        ("Appendix B – Glossary", "appendix"),
        ("Bibliography", "references"),
        ("Table of contents", "contents"),
        ("Learning disability services", None),
        ("The learning was shared with the board", None),
        ("Tuesday", None),
    ],
)
def test_headings_of_the_field(heading: str, kind: str | None) -> None:
    assert heading_kind(heading) == kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Learning: ask again.", "learning"),
        ("Recommendations to the partnership include:", "recommendations"),
        ("Key issues: none.", "analysis"),
        ("Recommendation 12: the trust should ask.", "recommendations"),
        ("Keywords: a, b", "keywords"),
        ("Model: a blend.", "model"),
        ("He said: nothing.", None),
        ("12:30 was the time", None),
    ],
)
def test_labels_at_the_start_of_a_line(line: str, kind: str | None) -> None:
    found = inline_label(line)
    assert (found and found[0]) == kind


@pytest.mark.parametrize(
    ("line", "stray"),
    [
        ("> Read the overview report", True),
        (">\xa0Read the overview report", True),
        ("Last updated: 4 May 2020", True),
        ("Case reviews published in 2017", True),
        ("Page 3 of 9", True),
        ("Reading was hard for him.", False),
    ],
)
def test_lines_of_the_page(line: str, stray: bool) -> None:
    assert is_stray(line) is stray


def test_a_summary_opens_with_the_incident() -> None:
    assert [each.kind for each in sections(SUMMARY)] == ["incident", "learning", "recommendations", "keywords"]


def test_an_entry_of_a_listing_is_headed_by_its_title() -> None:
    text = listing(["2021 – Northmarsh – Child A", "2021 - Anonymous - Fern"])
    found = sections(text)
    entry = ["incident", "learning", "recommendations", "keywords", "front"]
    assert [each.kind for each in found] == ["front", *entry, *entry]
    titles = [each.heading for each in found if each.level == 0]
    assert titles == ["2021 – Northmarsh – Child A", "2021 - Anonymous - Fern"]


def test_a_report_has_contents_chapters_and_an_appendix() -> None:
    found = [(each.kind, each.heading) for each in sections(REPORT)]
    assert found[0][0] == "front"
    kinds = [kind for kind, _ in found]
    assert kinds.count("contents") == 1
    assert ("background", "2. The family") in found
    assert ("background", "2.2 Child Tarn") in found
    assert ("analysis", "3. Findings") in found
    assert ("recommendations", "4. Recommendations") in found
    assert kinds[-1] == "appendix"


def test_labels_without_a_body_of_their_own_head_what_follows() -> None:
    kinds = [each.kind for each in sections(STUDIES)]
    assert kinds == ["front", "incident", "learning", "incident", "incident", "learning", "incident", "recommendations"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("\n".join) | st.text(max_size=300))
def test_sections_cover_the_text_without_gap(text: str) -> None:
    found = sections(text)
    if not text.strip():
        assert found == ()
        return
    assert found[0].start == 0
    assert found[-1].end == len(text)
    assert all(one.end == two.start for one, two in pairwise(found))
    assert all(each.start <= each.body <= each.end and each.kind in SECTION_KINDS for each in found)
