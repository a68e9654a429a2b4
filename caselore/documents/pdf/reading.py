"""PDF files: in, a file's bytes; out, a Document whose pages share out its text without gap or overlap.

Running heads and feet are left out, columns come one after the other, words broken at line ends are joined, form
fields and tick boxes stand in their places, and footnote marks in brackets. PDFium is not thread-safe: read
several files at once in processes, not in threads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from caselore.errors import DocumentError, EmptyDocument, EncryptedDocument
from caselore.records import Document, Page, Source

if TYPE_CHECKING:
    from caselore.documents.pdf.lines import Line
    from caselore.documents.pdf.page import PageContent

READER_VERSION = "pdf@1"
MEDIA_TYPE = "application/pdf"
MAX_PAGES = 20_000
MAX_FAILURES = 200  # pages in a row: a damaged file may claim millions
FEW_CHARACTERS = 25  # a stamp or a page number on a scan has fewer
PICTURE = 0.3  # of the page: less is an illustration
MANY_PATHS = 400  # without any text: letters drawn as outlines
GARBLED = 0.3  # of a page's characters whose font does not say what they are

Kind = Literal["text", "scanned", "empty"]


@dataclass(slots=True)
class _Pages:
    """A file's pages as read: contents, lines in reading order, and what could not be read."""

    count: int = 0
    contents: list[PageContent] = field(default_factory=list)
    stretches: list[list[list[Line]]] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    title: str = ""
    dynamic: bool = False


def read_pdf(data: bytes, name: str, *, ocr: bool = False) -> Document:
    """The document in a PDF file's bytes.

    With `ocr`, scanned pages are read by the extra of that name. What could not be read is told in `problems`.
    EncryptedDocument, EmptyDocument or DocumentError where there is nothing to read at all.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    pages = _read_pages(data, name)
    kinds = [_kind(content, lines) for content, lines in zip(pages.contents, pages.stretches, strict=True)]
    problems = list(_problems(pages, name))
    reader = READER_VERSION
    scanned = [content.number for content, kind in zip(pages.contents, kinds, strict=True) if kind == "scanned"]
    if scanned and (problem := _scan_problem(name, scanned, asked=ocr)):
        problems.append(problem)
    elif scanned:
        try:
            pages, reader = _recognised(data, name, scanned)
        except DocumentError as error:
            problems.append(f"{name}: {_numbers(scanned)} could not be read: {error}.")
    document = _document(pages, kinds, name=name, sha256=sha256, reader=reader, problems=problems)
    if not document.text and not scanned:
        raise EmptyDocument(f"{name} holds no text on any of its pages ({pages.count}); check that it is complete.")
    return document


def _recognised(data: bytes, name: str, scanned: list[int]) -> tuple[_Pages, str]:
    from caselore.documents import ocr

    pages = _read_pages(ocr.with_text_layer(data, scanned), name)
    for content, stretches in zip(pages.contents, pages.stretches, strict=True):
        if content.number in scanned:
            ocr.mend(line for stretch in stretches for line in stretch)
    return pages, f"{READER_VERSION}+{ocr.recogniser()}"


def _document(
    pages: _Pages, kinds: list[Kind], *, name: str, sha256: str, reader: str, problems: list[str]
) -> Document:
    from caselore.documents.pdf.text import body_size, compose
    from caselore.documents.pdf.title import title_of

    text, places = compose(pages.stretches)
    title = title_of(pages.title, pages.stretches[0] if pages.stretches else (), body_size(pages.stretches))
    made = tuple(
        Page(content.number, start, end, kind)
        for content, (start, end), kind in zip(pages.contents, places, kinds, strict=False)
    )
    return Document(name, MEDIA_TYPE, sha256, text, reader, made, source=Source(title=title), problems=tuple(problems))


def _read_pages(data: bytes, name: str) -> _Pages:
    from caselore.documents.pdf.order import reading_order
    from caselore.documents.pdf.running import without_running

    with _opened(data, name) as pdf:
        pages = _contents(pdf, name)
        pages.title = str(pdf.get_metadata_value("Title") or "")
    runs = without_running(pages.contents)
    pages.stretches = [reading_order(content, kept) for content, kept in zip(pages.contents, runs, strict=True)]
    return pages


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[Any]:
    """PDFium's document, closed at the end; one clear sentence where it does not open."""
    if not data.strip(b"\0 \t\r\n"):
        raise EmptyDocument(f"{name} is empty; ask for the file again where it came from.")
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        asks = getattr(error, "err_code", None) in (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY)
        if asks and b"/Encrypt" in data:  # PDFium sets no code for some faults, and the last file's stands
            sentence = f"{name} asks for a password; save a copy without one and add that."
            raise EncryptedDocument(sentence) from None
        raise DocumentError(
            f"{name} is damaged or no PDF, or has no pages; open it in a PDF viewer and save it anew."
        ) from None
    try:
        yield pdf
    finally:
        pdf.close()


def _contents(pdf: Any, name: str) -> _Pages:
    import pypdfium2.raw as raw

    form_type = pdf.get_formtype()
    if form_type != raw.FORMTYPE_NONE:
        pdf.init_forms()
    pages = _Pages(len(pdf), dynamic=form_type == raw.FORMTYPE_XFA_FULL)
    failures = 0
    for index in range(min(pages.count, MAX_PAGES)):
        content = _content(pdf, index)
        if content is not None:
            pages.contents.append(content)
            failures = 0
            continue
        pages.failed.append(index + 1)
        failures += 1
        if failures >= MAX_FAILURES:
            break
    if not pages.contents:
        raise DocumentError(f"{name} is damaged: none of its pages can be read; ask for the file again.")
    return pages


def _content(pdf: Any, index: int) -> PageContent | None:
    """What the page holds, or None where PDFium cannot load it."""
    import pypdfium2

    from caselore.documents.pdf.marks import drawn_marks, form_fields
    from caselore.documents.pdf.page import page_content

    try:
        page = pdf[index]
    except pypdfium2.PdfiumError:
        return None
    try:
        content, view = page_content(page, index + 1)
        content.runs = drawn_marks(content)
        content.runs += form_fields(page, pdf.formenv, view)
        return content
    except pypdfium2.PdfiumError:
        return None
    finally:
        page.close()


def _kind(content: PageContent, lines: list[list[Line]]) -> Kind:
    """A page without words is scanned where pictures or drawn shapes could hold them, else empty."""
    written = sum(len(line.text) or 1 for stretch in lines for line in stretch)
    if written < FEW_CHARACTERS and content.pictures >= PICTURE:
        return "scanned"
    if not written and (content.pictures >= PICTURE / 3 or len(content.paths) >= MANY_PATHS):
        return "scanned"
    if content.unmapped >= GARBLED:
        return "scanned"
    return "text" if written else "empty"


def _problems(pages: _Pages, name: str) -> Iterator[str]:
    if pages.failed:
        yield f"{name}: left out {_numbers(pages.failed)} of {pages.count}, damaged; ask for the file again."
    garbled = [content.number for content in pages.contents if content.unmapped >= GARBLED]
    if garbled:
        yield f"{name}: the letters of {_numbers(garbled)} have no meaning in the file; read it with OCR."
    cut = [content.number for content in pages.contents if content.cut]
    if cut:
        yield f"{name}: read in part, for want of an end to their characters: {_numbers(cut)}."
    if pages.count > MAX_PAGES:
        yield f"{name} has {pages.count} pages; those after {MAX_PAGES} are left out: divide the file."
    if pages.dynamic:
        yield f"{name} is a dynamic (XFA) form; print it to PDF in Adobe Reader and add that copy."


def _scan_problem(name: str, scanned: list[int], *, asked: bool) -> str:
    """What stands in the way of reading scanned pages; empty where they are asked for and can be read."""
    from caselore.documents import ocr

    lacking = ocr.missing()
    if asked and not lacking:
        return ""
    mend = f"{lacking}, then read with OCR (--ocr)" if lacking else "read it again with OCR (--ocr)"
    return f"{name}: no text on {_numbers(scanned)}, only pictures; {mend}."


def _numbers(numbers: Iterable[int]) -> str:
    """ "page 3" or "pages 1-4, 7"."""
    listed = list(numbers)
    spans = []
    for _, group in groupby(enumerate(listed), key=lambda pair: pair[1] - pair[0]):
        span = [number for _, number in group]
        spans.append(str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}")
    return f"{'page' if len(listed) == 1 else 'pages'} {', '.join(spans)}"
