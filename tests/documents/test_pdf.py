"""The PDF reader on small files made here, all of them fictional."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caselore.documents.pdf.reading import read_pdf
from caselore.errors import DocumentError, EmptyDocument, EncryptedDocument
from caselore.records import Document


@dataclass
class Sheet:
    """One page to be made: text by place (points from the page's left and top), raw drawing, notes."""

    words: list[tuple[float, float, str]] = field(default_factory=list)
    size: float = 11.0
    drawing: str = ""
    annotations: list[str] = field(default_factory=list)
    bold: list[tuple[float, float, float, str]] = field(default_factory=list)

    def paragraph(self, x: float, y: float, *lines: str, step: float = 13.0) -> Sheet:
        self.words += [(x, y + step * number, line) for number, line in enumerate(lines)]
        return self

    def content(self) -> bytes:
        parts = [f"BT /R {self.size} Tf {x} {842 - y} Td ({_escaped(text)}) Tj ET" for x, y, text in self.words]
        parts += [f"BT /B {size} Tf {x} {842 - y} Td ({_escaped(text)}) Tj ET" for x, y, size, text in self.bold]
        return "\n".join([*parts, self.drawing]).encode("cp1252", "replace")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def make_pdf(sheets: list[Sheet], *, info: str = "", fields: bool = False) -> bytes:
    """A PDF file of these pages, with an AcroForm over all their notes where `fields` says so."""
    objects: dict[int, bytes] = {
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        4: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
        5: f"<<{info}>>".encode("cp1252"),
    }
    number, kids, notes = 6, [], []
    for sheet in sheets:
        body = zlib.compress(sheet.content())
        objects[number] = b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(body), body)
        own = list(range(number + 2, number + 2 + len(sheet.annotations)))
        objects |= {place: text.encode("cp1252") for place, text in zip(own, sheet.annotations, strict=True)}
        objects[number + 1] = (
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</R 3 0 R/B 4 0 R>>>>"
            f"/Contents {number} 0 R/Annots[{' '.join(f'{place} 0 R' for place in own)}]>>"
        ).encode()
        kids.append(number + 1)
        notes += own
        number += 2 + len(own)
    form = f"/AcroForm<</Fields[{' '.join(f'{place} 0 R' for place in notes)}]>>" if fields else ""
    objects[1] = f"<</Type/Catalog/Pages 2 0 R{form}>>".encode()
    objects[2] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>".encode()
    return _file(objects)


def _file(objects: dict[int, bytes]) -> bytes:
    made, places = b"%PDF-1.7\n", {}
    for number in sorted(objects):
        places[number] = len(made)
        made += b"%d 0 obj\n%b\nendobj\n" % (number, objects[number])
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(places))
    return made + b"trailer<</Size %d/Root 1 0 R/Info 5 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def read(*sheets: Sheet, info: str = "", fields: bool = False) -> Document:
    return read_pdf(make_pdf(list(sheets), info=info, fields=fields), "made.pdf")


def shares_out(document: Document) -> bool:
    """Whether the pages follow each other through the whole text."""
    return "".join(document.text[page.start : page.end] for page in document.pages) == document.text


LINES = (
    "The nursery worker saw the mark on Monday and wrote it in the daily book.",
    "Nobody asked the child about it, and the health visitor was not told of it.",
    "Afterwards the manager rang the duty team.",
)


def test_soft_line_ends_are_spaces_and_paragraphs_stand_apart() -> None:
    document = read(Sheet().paragraph(70, 100, *LINES).paragraph(70, 160, "A second paragraph stands alone."))
    assert document.text == " ".join(LINES) + "\n\nA second paragraph stands alone."
    assert document.reader.startswith("pdf@")
    assert document.media_type == "application/pdf"
    assert [page.kind for page in document.pages] == ["text"]


def test_a_heading_stands_alone_and_a_list_has_a_line_for_each_item() -> None:
    sheet = Sheet(bold=[(70, 100, 14, "Findings")]).paragraph(70, 125, *LINES)
    sheet.paragraph(70, 185, "- first, the mark was not shown to anyone", "- second, no one rang", "- third, it rained")
    assert read(sheet).text.split("\n")[0:2] == ["Findings", ""]
    assert read(sheet).text.split("\n")[-3:] == [
        "- first, the mark was not shown to anyone",
        "- second, no one rang",
        "- third, it rained",
    ]


def test_running_heads_feet_and_page_numbers_are_left_out_and_headings_that_count_are_kept() -> None:
    sheets = []
    for number in range(1, 7):
        sheet = Sheet().paragraph(70, 130, *LINES)
        sheet.words += [(70, 40, "Learning review: Child Q"), (280, 800, f"Page {number} of 6")]
        sheet.bold.append((70, 100, 14, f"Finding {2 * number} of the review"))
        sheets.append(sheet)
    text = read(*sheets).text
    assert "Child Q" not in text
    assert "Page" not in text
    assert [f"Finding {2 * number} of the review" in text for number in range(1, 7)] == [True] * 6
    assert text.count(LINES[0]) == 6


def test_a_word_broken_at_a_line_end_is_joined_as_the_document_spells_it_elsewhere() -> None:
    sheet = Sheet().paragraph(
        70, 100,
        "The mother had told the midwife that she felt frightened of him, and the safeguard-",
        "ing lead agreed with the midwife that someone should speak with him about the self-",
        "harm of which the school nurse had written in the record of the multi-agency hub.",
    )  # fmt: skip
    text = read(sheet).text
    assert "safeguarding lead" in text
    assert "the self-harm of" in text


def test_a_raised_figure_is_a_note_in_brackets_and_not_part_of_a_number() -> None:
    sheet = Sheet(drawing="BT /R 6 Tf 184 746 Td (4) Tj ET").paragraph(70, 100, "The strategy meeting was in")
    sheet.words[-1] = (70, 100, "The plan ended in 2013")
    assert read(sheet).text == "The plan ended in 2013[4]"


def test_two_columns_are_read_one_after_the_other_whatever_their_order_in_the_file() -> None:
    left = [f"left {number} the worker wrote down what she saw" for number in range(8)]
    right = [f"right {number} and then she rang her manager" for number in range(8)]
    sheet = Sheet(size=9, bold=[(60, 80, 16, "A heading across both of the columns")])
    for number in range(8):
        sheet.words += [(60, 120 + 12 * number, left[number]), (310, 120 + 12 * number, right[number])]
    text = read(sheet).text
    places = [text.index(f"left {number} ") for number in range(8)]
    places += [text.index(f"right {number} ") for number in range(8)]
    assert places == sorted(places)
    assert text.startswith("A heading across both of the columns\n\nleft 0")


def test_a_sentence_goes_on_over_the_page_and_the_pages_share_out_the_text() -> None:
    first = Sheet().paragraph(70, 700, LINES[0], LINES[1].removesuffix(" told of it."))
    second = Sheet().paragraph(70, 80, "told of it until the end of that week.")
    document = read(first, second)
    assert "was not told of it until the end" in document.text
    assert shares_out(document)
    assert document.text[document.pages[1].start :].startswith("told of it")


def test_notes_at_the_foot_do_not_cut_a_sentence_in_two() -> None:
    first = Sheet().paragraph(70, 600, LINES[0], LINES[1].removesuffix(" told of it."))
    first.drawing = "BT /R 8 Tf 70 90 Td (1 A note on the daily book of the nursery.) Tj ET"
    document = read(first, Sheet().paragraph(70, 80, "told of it until then. So ends this page.", *LINES))
    assert "was not told of it until then." in document.text
    assert "1 A note on the daily book" in document.text
    assert shares_out(document)


def test_form_fields_and_tick_boxes_stand_in_their_places() -> None:
    def widget(kind: str, x: float, y: float, width: float, more: str) -> str:
        rect = f"[{x} {842 - y} {x + width} {842 - y + 12}]"
        return f"<</Type/Annot/Subtype/Widget/FT/{kind}/T(f{x}{y})/Rect{rect}{more}>>"

    sheet = Sheet(words=[(70, 100, "Age of the child:"), (92, 130, "Police told"), (92, 145, "School told")])
    sheet.annotations = [
        widget("Tx", 170, 102, 120, "/V(3 years)"),
        widget("Btn", 70, 132, 12, "/V/Yes/AS/Yes/AP<</N<</Yes 6 0 R/Off 6 0 R>>>>"),
        widget("Btn", 70, 147, 12, "/V/Off/AS/Off/AP<</N<</Yes 6 0 R/Off 6 0 R>>>>"),
    ]
    text = " ".join(read(sheet, fields=True).text.split())
    assert text == "Age of the child: 3 years [x] Police told [ ] School told"


def test_drawn_squares_are_tick_boxes_and_crossed_ones_are_ticked() -> None:
    squares = "70 704 10 10 re S 70 689 10 10 re S 70 689 m 80 699 l S 70 699 m 80 689 l S"
    sheet = Sheet(words=[(85, 135, "In-home"), (85, 150, "Out of home"), (85, 180, "No box here")], drawing=squares)
    assert read(sheet).text == "[ ] In-home\n[x] Out of home\n\nNo box here"


def test_a_ruled_table_is_read_row_by_row_with_a_tabulator_between_cells() -> None:
    sheet = Sheet(size=9, drawing=" ".join(f"60 {y} m 400 {y} l S" for y in (760, 740, 700)))
    sheet.drawing += " " + " ".join(f"{x} 760 m {x} 700 l S" for x in (60, 200, 400))
    sheet.words = [(64, 94, "Action"), (204, 94, "Who"), (64, 114, "Write down what"), (64, 126, "the child says"),
                   (204, 114, "The school nurse and"), (204, 126, "the head teacher")]  # fmt: skip
    assert read(sheet).text == "Action\tWho\nWrite down what the child says\tThe school nurse and the head teacher"


@pytest.mark.parametrize("stored", ["", "Microsoft Word - x.doc", "report_final.pdf", "Untitled"])
def test_the_title_is_the_largest_heading_where_the_metadata_has_none(stored: str) -> None:
    sheet = Sheet(bold=[(70, 80, 20, "Review of the case of Child Q")]).paragraph(70, 125, *LINES)
    assert read(sheet, info=f"/Title({stored})").source.title == "Review of the case of Child Q"


def test_no_character_that_cannot_be_written_gets_into_the_text() -> None:
    document = read(Sheet(words=[(70, 100, "before \x01\x02 after")]))
    assert document.text.encode("utf-8")
    assert all(mark >= " " or mark in "\n\t" for mark in document.text)


@pytest.mark.parametrize("data", [b"", b"\0\0\0\n"])
def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(EmptyDocument, match=r"made\.pdf"):
        read_pdf(data, "made.pdf")


def test_a_file_with_blank_pages_only_is_empty() -> None:
    with pytest.raises(EmptyDocument, match="no text"):
        read(Sheet(), Sheet())


def test_what_is_no_pdf_is_refused_in_one_sentence() -> None:
    with pytest.raises(DocumentError, match="damaged or no PDF") as refused:
        read_pdf(b"%PDF-1.4 and then nothing that makes sense", "made.pdf")
    assert "\n" not in str(refused.value)


def test_a_page_that_cannot_be_loaded_is_named_and_the_others_are_kept() -> None:
    data = make_pdf([Sheet().paragraph(70, 100, *LINES), Sheet().paragraph(70, 100, *LINES)])
    data = data.replace(b"/Count 2/Kids[7 0 R 9 0 R]", b"/Count 2/Kids[7 0 R 99 0 R]")
    document = read_pdf(data, "made.pdf")
    assert [page.number for page in document.pages] == [1]
    assert any("page 2 of 2" in problem for problem in document.problems)


def test_a_file_that_claims_millions_of_pages_ends() -> None:
    data = make_pdf([Sheet().paragraph(70, 100, *LINES)]).replace(b"/Count 1/", b"/Count 9999999/")
    assert LINES[0] in read_pdf(data, "made.pdf").text


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_its_pages_share_out_the_text(data: st.DataObject) -> None:
    sound = make_pdf([Sheet().paragraph(70, 100 + 20 * n, *LINES) for n in range(3)])
    damaged = bytearray(sound[: data.draw(st.integers(len(sound) // 2, len(sound)))])
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=20)):
        damaged[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        document = read_pdf(bytes(damaged), "made.pdf")
    except DocumentError:
        return
    assert shares_out(document)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.text("abc DEF.-1\xe9", min_size=1, max_size=60), max_size=12), min_size=1, max_size=4))
def test_pages_share_out_the_text_of_any_document(pages: list[list[str]]) -> None:
    data = make_pdf([Sheet().paragraph(70, 100, *lines) for lines in pages])
    try:
        document = read_pdf(data, "made.pdf")
    except EmptyDocument:
        return
    assert shares_out(document)
    assert document == read_pdf(data, "made.pdf")


def test_the_real_files_are_read_or_refused_for_what_they_are(shared: Path) -> None:
    folder = shared / "corpora" / "pdf"
    with pytest.raises(EncryptedDocument, match="password"):
        read_pdf((folder / "password-example.pdf").read_bytes(), "password-example.pdf")
    with pytest.raises(EmptyDocument):
        read_pdf((folder / "empty.pdf").read_bytes(), "empty.pdf")
    form = read_pdf((folder / "wisconsin-dsp-505-90-day.pdf").read_bytes(), "form.pdf")
    assert (form.text.count("[x]"), form.text.count("[ ]")) == (11, 21)
    assert "Gender: [ ] Female [x] Male" in form.text


@pytest.mark.slow
def test_the_inquiry_volume_has_its_pages_and_none_of_its_running_heads(shared: Path) -> None:
    data = (shared / "corpora" / "pdf" / "post-office-horizon-volume-1.pdf").read_bytes()
    document = read_pdf(data, "volume.pdf")
    assert len(document.pages) == 166
    assert shares_out(document)
    assert document.text.count("Inquiry Report: Volume 1") == 0
    assert "\ufffe" not in document.text
    assert not document.problems


def test_a_fault_after_an_encrypted_file_is_not_taken_for_encryption() -> None:
    """PDFium gives no reason for a file without pages, and the reason of the file before still stood."""
    pikepdf = pytest.importorskip("pikepdf")
    locked, without_pages, bare = io.BytesIO(), io.BytesIO(), pikepdf.new()
    bare.save(without_pages)
    bare.add_blank_page()
    bare.save(locked, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    with pytest.raises(EncryptedDocument):
        read_pdf(locked.getvalue(), "locked.pdf")
    with pytest.raises(DocumentError, match="has no pages") as refused:
        read_pdf(without_pages.getvalue(), "made.pdf")
    assert not isinstance(refused.value, EncryptedDocument)
