"""The PDF reader on pages as a typesetter makes them: columns, notes, tables, contents. All of it fictional."""

from __future__ import annotations

import pytest

from caselore.documents.pdf.reading import read_pdf
from caselore.records import Document

typst = pytest.importorskip("typst")

WORDS = (
    "The family had moved three times in a year and each time the record arrived late. The health visitor in the new "
    "area did not know of the earlier concern, and nobody asked the grandmother, who had cared for the baby during the "
    "winter. When the nursery rang to say that the child had come with a mark, the call was logged as information. "
)


def typeset(source: str) -> Document:
    """The document that a Typst source makes."""
    return read_pdf(typst.compile(source.encode()), "set.pdf")


def test_two_columns_with_heads_notes_and_hyphens() -> None:
    document = typeset(
        """
        #set page(paper: "a4", columns: 2, header: [Northmere Partnership #h(1fr) Child Q],
          footer: context align(center)[Page #counter(page).display()])
        #set par(justify: true)
        #set text(lang: "en", size: 10pt, hyphenate: true)
        #place(top, scope: "parent", float: true)[#text(size: 20pt, weight: "bold")[Learning from Child Q]]
        = Introduction
        """
        + (WORDS + "\n\n") * 12
        + "= Findings\nThe marks were seen#super(typographic: false)[7] and not written down.\n\n"
        + (WORDS + "\n\n") * 4
    )
    text = document.text
    assert text.count(" ".join(WORDS.split())) == 16
    assert "Northmere" not in text
    assert "Page" not in text
    assert text.startswith("Learning from Child Q\n\nIntroduction\n\n")
    assert "\n\nFindings\n\nThe marks were seen[7] and not" in text
    assert document.source.title == "Learning from Child Q"


def test_a_note_drawn_with_a_raised_glyph_is_in_brackets_too() -> None:
    text = typeset("The plan ended in March#footnote[This was the second plan.] and was not renewed.").text
    assert "ended in March[1] and was not renewed." in text
    assert "[1] This was the second plan." in text


def test_a_table_with_wrapped_cells_is_read_by_rows() -> None:
    text = typeset(
        """
        = Action plan
        #table(columns: (1cm, 5cm, 5cm, 2cm), [No], [Recommendation], [Action taken], [By],
          [1], [The partnership should make sure that all staff know the pathway.], [Training was held for staff
          of every agency in the county.], [May], [2], [Schools should share concerns early.], [None.], [June])
        """
    ).text
    assert text == (
        "Action plan\n\nNo\tRecommendation\tAction taken\tBy\n"
        "1\tThe partnership should make sure that all staff know the pathway.\t"
        "Training was held for staff of every agency in the county.\tMay\n"
        "2\tSchools should share concerns early.\tNone.\tJune"
    )


def test_a_table_without_rules_is_read_by_rows_too() -> None:
    text = typeset(
        """
        #table(columns: (5cm, 5cm, 2cm), stroke: none,
          [The partnership should make sure that all staff know the pathway.], [Training was held for staff
          of every agency in the county.], [Done], [Schools should share concerns early, and in writing.],
          [None.], [Due])
        """
    ).text
    assert text == (
        "The partnership should make sure that all staff know the pathway.\t"
        "Training was held for staff of every agency in the county.\tDone\n"
        "Schools should share concerns early, and in writing.\tNone.\tDue"
    )


def test_contents_keep_a_line_for_each_entry_and_lose_their_leaders() -> None:
    text = typeset("#outline()\n= The incident\nWords.\n= What we learned\nMore words.").text
    assert text.startswith("Contents\n\nThe incident\t1\nWhat we learned\t1\n\nThe incident\n\nWords.")


def test_lists_keep_a_line_for_each_item() -> None:
    text = typeset("Three things were missed:\n- the bruise\n- the missed visits\n+ first a call\n+ then a letter").text
    assert "• the bruise\n• the missed visits" in text
    assert "1. first a call\n2. then a letter" in text


def test_paragraphs_told_apart_by_their_first_lines_only() -> None:
    document = typeset(
        "#set par(first-line-indent: 1.5em, spacing: 0.65em, justify: true)\n#set text(hyphenate: false)\n"
        + (WORDS + "\n\n") * 4
    )
    assert document.text == "\n\n".join([" ".join(WORDS.split())] * 4)


def test_a_sideways_page_and_three_columns() -> None:
    text = typeset(
        "#set page(flipped: true)\n#grid(columns: (1fr, 1fr, 1fr), gutter: 8mm, "
        + ", ".join(f"[Column {name}. {WORDS}]" for name in ("one", "two", "three"))
        + ")"
    ).text
    assert [part.split(".")[0] for part in text.split("Column ")[1:]] == ["one", "two", "three"]
    assert text.count(" ".join(WORDS.split())) == 3


def test_text_turned_on_its_page_reads_as_if_upright() -> None:
    text = typeset(f"#rotate(-90deg, reflow: true)[#box(width: 18cm)[{WORDS}]]").text
    assert text == " ".join(WORDS.split())
