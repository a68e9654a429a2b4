"""One review is one case; a listing and a collection divide into theirs."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fiction import BODIES, LINK, REPORT, STUDIES, SUMMARY, listing

from caselore.documents.cases import cases, heading
from caselore.documents.sections import sections
from caselore.records import Case, Document

HEADINGS = (
    "2021 – Northmarsh – Child A",
    "2021 - Anonymous - Fern",
    "2021—Eastvale—Family T",
    "2021 ― Anonymous ― Baby K",
    "2020 − Westby − 'B'",
    "2020 -Southmere- Child Z3",
    "2020 – Thornley Safeguarding Children Board – Young Person Kit",
    "2019 - Anonymous",
)


def of(text: str) -> tuple[Case, ...]:
    return cases(Document("made.txt", "text/plain", "0" * 64, text, "plain@1", sections=sections(text)))


def titles(text: str) -> list[str]:
    return [case.title for case in of(text)]


@pytest.mark.parametrize("mark", ["", "• ", "### ", "12. "])
def test_a_listing_divides_whatever_stands_before_its_headings(mark: str) -> None:
    text = listing([mark + heading for heading in HEADINGS])
    assert titles(text) == list(HEADINGS)
    assert [case.year for case in of(text)] == [2021, 2021, 2021, 2021, 2020, 2020, 2020, 2019]
    assert all(text[case.start : case.end].startswith(case.title) for case in of(text))
    assert all(text[case.start : case.end].endswith(LINK) for case in of(text))


@pytest.mark.parametrize("missing", ["Learning", "Recommendations", "Keywords", ">", "Learning|Keywords|>"])
def test_an_entry_may_lack_fields(missing: str) -> None:
    lines = listing(HEADINGS).split("\n")
    text = "\n".join(line for line in lines if not line.startswith(tuple(missing.split("|"))))
    assert titles(text) == list(HEADINGS)


def test_lines_of_the_page_between_entries_belong_to_none() -> None:
    running = "Case reviews published in 2020\n\nA list of the reviews published in 2020."
    between = (running, "Back to top", "Page 3 of 9")
    text = listing(HEADINGS, between=between)
    assert titles(text) == list(HEADINGS)
    assert all(text[case.start : case.end].endswith(LINK) for case in of(text))


@pytest.mark.parametrize(
    "headings",
    [
        ("Northmarsh – Child A – 2021", "Eastvale – Family T – 2021", "Westby – Baby B – 2020"),
        ("Child A, Northmarsh", "Family T, Eastvale", "Baby B, Westby"),
        ("March 2021 – Northmarsh – Child A", "May 2021 – Eastvale – Family T"),
        ("2021 – Northmarsh – Child A", "Anonymous – a child without a year", "2020 – Westby – Baby B"),
    ],
)
def test_other_forms_of_heading_divide_a_listing_too(headings: tuple[str, ...]) -> None:
    assert titles(listing(headings)) == list(headings)


def test_an_index_of_links_before_the_entries_is_no_case() -> None:
    assert titles(listing(HEADINGS, intro="Reviews\n\n" + "\n".join(HEADINGS) + "\n\n")) == list(HEADINGS)


def test_a_listing_wrapped_at_a_width_divides() -> None:
    assert titles("\n".join(textwrap.fill(line, 78) for line in listing(HEADINGS).split("\n"))) == list(HEADINGS)


def test_case_studies_divide_at_names_and_years() -> None:
    found = of(STUDIES)
    assert [case.title for case in found] == ["Marlow", "Ivy and Wren", "Child P (2023)", "Tam (2024)"]
    assert [case.year for case in found] == [None, None, 2023, 2024]
    assert {case.source_type for case in found} == {"case_study"}


def test_numbered_case_studies_divide() -> None:
    heads = ("Case study 1: Marlow", "Case study 2: Ivy and Wren", "Case study 3 – a girl who told")
    text = "Practice briefing\n\n" + "\n\n".join(f"{head}\n\n{BODIES[i]}" for i, head in enumerate(heads))
    assert titles(text) == list(heads)


def test_numbered_case_studies_behind_a_contents_list_divide() -> None:
    heads = ("Case study 1: Marlow", "Case study 2: Ivy and Wren", "Case study 3: a girl who told")
    contents = "\n".join(f"{head} ........ {i}" for i, head in enumerate(heads, 3))
    text = f"Case studies\n\nContents\n\nIntroduction ...... 2\n{contents}\n\nFour families.\n\n"
    assert titles(text + "\n\n".join(f"{head}\n\n{BODIES[i]}" for i, head in enumerate(heads))) == list(heads)


def test_headings_of_topics_do_not_divide_a_case_study() -> None:
    told = "Domestic abuse was known to two services, and domestic abuse was recorded by the practice nurse."
    text = STUDIES.replace("Ivy and Wren\n", f"Domestic Abuse\n{told}\nIvy and Wren\n")
    assert titles(text) == ["Marlow", "Ivy and Wren", "Child P (2023)", "Tam (2024)"]


@pytest.mark.parametrize("width", [0, 78])
def test_a_report_that_names_several_children_is_one_case(width: int) -> None:
    text = "\n".join(textwrap.fill(line, width) if width else line for line in REPORT.split("\n"))
    (case,) = of(text)
    assert case.title == "Local Child Safeguarding Practice Review – Child Fenwick"
    assert (case.source_type, case.start, case.end) == ("LCSPR", 0, len(text.rstrip()))


def test_a_chronology_in_a_report_is_no_listing() -> None:
    told = "The school wrote to the social worker about missed days again."
    years = "\n".join(f"{year} - Referral\n\n{told}\n" for year in range(2014, 2020))
    assert len(of(f"Serious case review\n\nChild Q\n\n1. Introduction\n\nA review.\n\n2. Chronology\n\n{years}")) == 1


def test_years_and_labels_within_a_report_are_no_listing() -> None:
    told = "The school wrote to the social worker about missed days again.\nAnalysis: nobody answered the letter."
    years = "\n".join(f"{year} - A letter\n\n{told}\n" for year in range(2014, 2020))
    assert len(of(f"Child Q\n\nIntroduction\n\nA review.\n\nMethodology\n\nLetters were read.\n\n{years}")) == 1


def test_a_single_summary_is_one_case() -> None:
    assert len(of(SUMMARY)) == 1
    (case,) = of("2021 – Northmarsh – Child A\n\n" + SUMMARY)
    assert (case.title, case.year) == ("2021 – Northmarsh – Child A", 2021)


def test_nothing_is_no_case() -> None:
    assert of("") == () == of(" \n ")


def test_the_real_listing_and_studies_divide_as_the_gold_does(shared: Path) -> None:
    import json
    import re

    items = json.loads((shared / "gold" / "items-dev.json").read_text(encoding="utf-8"))
    found = []
    for name in ("001_a4fbcd6355c5d539.dev.txt", "002_b85ae4975ee87524.dev.txt"):
        text = (shared / "seeds" / name).read_text(encoding="utf-8")
        found += [(case.title, text[case.start : case.end]) for case in of(text)]
    assert [title for title, _ in found] == [item["heading"] for item in items]
    links = re.compile(r"(\n>?\s*Read the [^\n]+)+$")  # the gold leaves out two of the lines that are links
    assert [links.sub("", text) for _, text in found] == [links.sub("", item["text"]) for item in items]


def test_the_national_analysis_is_one_case(shared: Path) -> None:
    (case,) = of((shared / "seeds" / "003_490bb84bb932057d.txt").read_text(encoding="utf-8"))
    assert case.source_type == "SCR"


def test_a_wrapped_line_of_the_story_is_no_title() -> None:
    """A title takes whom the review is about from a line of its own, never from running text cut at a line's end."""
    text = (
        "Serious Case Review: Child Q\n\nNorthtown Safeguarding Children Board. Published 2017.\n\nWhat happened\n\n"
        "Child Q died aged 5 months in 2015. The baby was found not breathing in bed beside the father, who had\n"
        "been out. The father had then rung for help.\n"
    )
    assert heading(text) == "Serious Case Review: Child Q"
