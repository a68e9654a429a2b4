"""Word files: order, lists as printed, tables, boxes, tracked changes, and what is damaged or too large."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

sys.path.insert(0, str(Path(__file__).parent))

from fiction import BODIES, KEYWORDS, LEARNING, RECOMMENDATIONS

from caselore.documents.cases import cases
from caselore.documents.reader import read
from caselore.documents.word import read_word
from caselore.errors import DocumentError

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BOX = (
    f'<w:p {W}><w:r><w:t>Before the box.</w:t></w:r><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml">'
    "<v:textbox><w:txbxContent><w:p><w:r><w:t>Inside the box.</w:t></w:r></w:p></w:txbxContent></v:textbox>"
    "</v:shape></w:pict></w:r></w:p>"
)
TRACKED = (
    f"<w:p {W}><w:ins><w:r><w:t>Kept. </w:t></w:r></w:ins><w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del>"
    "<w:r><w:t>More words.</w:t></w:r></w:p>"
)


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_paragraphs_and_tables_come_in_the_order_of_the_body() -> None:
    made = docx.Document()
    made.add_heading("Findings", 1)
    made.add_paragraph("Before the table.")
    table = made.add_table(rows=2, cols=2)
    for cell, words in zip(
        (c for row in table.rows for c in row.cells), ("Agency", "Visits", "School", "3"), strict=True
    ):
        cell.text = words
    made.add_paragraph("After the table.")
    text, headings, _ = read_word(saved(made), "made.docx")
    assert text == "Findings\n\nBefore the table.\n\nAgency | Visits\nSchool | 3\n\nAfter the table."
    assert [(text[each.start : each.end], each.level) for each in headings] == [("Findings", 1)]


def test_lists_are_numbered_as_printed() -> None:
    made = docx.Document()
    for words in ("The board should ask.", "The trust should audit."):
        made.add_paragraph(words, style="List Number")
    made.add_paragraph("A point", style="List Bullet")
    text, _, _ = read_word(saved(made), "made.docx")
    assert text.split("\n") == ["1. The board should ask.", "2. The trust should audit.", "• A point"]


def test_boxes_insertions_and_deletions() -> None:
    made = docx.Document()
    for xml in (BOX, TRACKED):
        made.element.body.insert(0, parse_xml(xml))
    text, _, _ = read_word(saved(made), "made.docx")
    assert text == "Kept. More words.\n\nBefore the box.\n\nInside the box."


def test_a_listing_in_word_divides(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("Reviews", 1)
    names = ("Northmarsh: a baby", "Eastvale: two sisters", "Westby: a young woman")
    for i, name in enumerate(names):
        made.add_heading(name, 2)
        for line in (BODIES[i], LEARNING, RECOMMENDATIONS, *([KEYWORDS] if i else [])):
            made.add_paragraph(line)
    (tmp_path / "listing.docx").write_bytes(saved(made))
    document = read(tmp_path / "listing.docx")
    assert [case.title for case in cases(document)] == list(names)


def test_a_report_on_three_children_in_word_is_one_case(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("Introduction", 1)
    made.add_paragraph(BODIES[0])
    made.add_heading("The children", 1)
    for i, name in enumerate(("Child Fern", "Child Moss", "Child Reed")):
        made.add_heading(name, 2)
        for line in (BODIES[i], LEARNING, RECOMMENDATIONS):
            made.add_paragraph(line)
    made.add_heading("Findings", 1)
    made.add_paragraph(BODIES[3])
    (tmp_path / "report.docx").write_bytes(saved(made))
    assert len(cases(read(tmp_path / "report.docx"))) == 1


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 70_000_000)
    with pytest.raises(DocumentError, match=r"bomb\.docx is too large"):
        read_word(out.getvalue(), "bomb.docx")


@pytest.mark.parametrize("xml", ["<w:document", "<a>" * 5000, f'<!DOCTYPE a [<!ENTITY x "y">]><w:document {W}>&x;&x;'])
def test_a_damaged_file_says_so(xml: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", xml)
    with pytest.raises(DocumentError, match=r"bad\.docx is a damaged Word file"):
        read_word(out.getvalue(), "bad.docx")
