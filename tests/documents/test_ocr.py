"""Scanned pages: said to be scanned, and read where the extra `ocr` and Tesseract are there. All of it fictional."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from caselore.cli.work import Job
from caselore.documents import ocr
from caselore.documents.pdf.reading import read_pdf
from caselore.documents.reader import ReadOptions, read
from caselore.errors import DocumentError, EmptyDocument

typst = pytest.importorskip("typst")
image = pytest.importorskip("PIL.Image")

WORDS = (
    "I visited the home on the second of May. The mother said that she had asked for help and that nobody came. "
    "When I rang the duty team, I was told to wait for a letter. The baby slept in the next room."
)
OTHER_WORDS = "The second page is about the school. Its nurse kept a record and showed it to the reviewer."


def scan(*, scanned: tuple[int, ...]) -> bytes:
    """A PDF of two pages, of which the given ones are pictures."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(typst.compile(f"#set text(12pt)\n{WORDS}\n#pagebreak()\n{OTHER_WORDS}".encode()))
    made = pypdfium2.PdfDocument.new()
    for number, page in enumerate(pdf, start=1):
        if number not in scanned:
            made.import_pages(pdf, [number - 1])
            continue
        file = io.BytesIO()
        page.render(scale=200 / 72, grayscale=True).to_pil().save(file, "PDF", resolution=200)
        made.import_pages(pypdfium2.PdfDocument(file.getvalue()))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_a_scanned_page_is_said_to_be_scanned_and_how_to_mend_it() -> None:
    document = read_pdf(scan(scanned=(2,)), "scan.pdf")
    assert [page.kind for page in document.pages] == ["text", "scanned"]
    assert words(document.text) == words(WORDS)
    assert len(document.problems) == 1
    assert "page 2" in document.problems[0]
    assert "OCR" in document.problems[0]


def test_without_the_extra_the_pages_are_named_and_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "missing", lambda: "pip install 'caselore[ocr]'")
    document = read_pdf(scan(scanned=(1,)), "scan.pdf", ocr=True)
    assert words(document.text) == words(OTHER_WORDS)
    assert "page 1" in document.problems[0]
    assert "caselore[ocr]" in document.problems[0]


@pytest.mark.slow
@pytest.mark.skipif(bool(ocr.missing()), reason="ocrmypdf or Tesseract is not on this machine")
def test_scanned_pages_are_read_and_keep_their_places() -> None:
    document = read_pdf(scan(scanned=(1,)), "scan.pdf", ocr=True)
    assert [page.kind for page in document.pages] == ["scanned", "text"]
    first, second = (document.text[page.start : page.end] for page in document.pages)
    assert words(second) == words(OTHER_WORDS)
    found = sum(word in words(first) for word in words(WORDS))
    assert found / len(words(WORDS)) > 0.97
    assert "|" not in first
    assert "ocrmypdf@" in document.reader
    assert not document.problems


@pytest.mark.skipif(bool(ocr.missing()), reason="ocrmypdf or Tesseract is not on this machine")
def test_what_ocrmypdf_refuses_is_told_in_one_sentence() -> None:
    with pytest.raises(DocumentError, match="ocrmypdf could not read") as refused:
        ocr.with_text_layer(b"no PDF at all", [1])
    assert "\n" not in str(refused.value)


def test_a_scan_without_any_text_names_the_tool_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who had given --ocr was told to give --ocr, and not that ocrmypdf was missing."""
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan(scanned=(1, 2)))
    monkeypatch.setattr(ocr, "missing", lambda: "pip install 'caselore[ocr]'")
    for asked in (False, True):
        with pytest.raises(EmptyDocument, match=r"only pictures; pip install 'caselore.ocr.', then read with OCR"):
            read(path, ReadOptions(ocr=asked))
    monkeypatch.setattr(ocr, "missing", lambda: "")
    with pytest.raises(EmptyDocument, match=r"scan\.pdf: no text on pages 1-2, only pictures; read it again with OCR"):
        read(path)


def test_a_tool_that_was_missing_and_is_there_makes_another_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run with --ocr remembered its failures after the extra had been installed, and never tried again."""
    job = Job(ReadOptions(ocr=True))
    monkeypatch.setattr(ocr, "missing", lambda: "pip install 'caselore[ocr]'")
    before = job.step().id
    monkeypatch.setattr(ocr, "missing", lambda: "")
    assert job.step().id != before
