"""A sheet comes in; the same as a Word file goes out: two calm pages in A4, cited in full."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from caselore.workbench.quoting import rules
from caselore.workbench.sheet import Quotation, Reference, Sheet

FONT = "Arial"
INK, QUIET = RGBColor(0x20, 0x26, 0x2D), RGBColor(0x56, 0x61, 0x6C)
REFUSED = {n: None for n in range(32) if n not in (9, 10, 13)}
"""Marks that no XML takes."""


def word_of(sheet: Sheet, *, foot: str) -> bytes:
    """The bytes of the Word file."""
    pages = _blank(sheet.title)
    pages.add_heading(_clean(sheet.title), level=0)
    for paragraph in sheet.paragraphs:
        pages.add_paragraph(_clean(paragraph))
    pages.add_heading("What the reviews say", level=1)
    for each in sheet.quotations:
        _quotation(pages, each)
    pages.add_heading("Sources", level=1)
    for reference in sheet.references:
        _reference(pages, reference)
    pages.add_heading("Before this is used", level=1)
    for check in rules().checks:
        pages.add_paragraph(check, style="List Bullet")
    _small(pages.add_paragraph(), foot)
    held = io.BytesIO()
    pages.save(held)
    return held.getvalue()


def _clean(text: str) -> str:
    return text.translate(REFUSED)


def _blank(title: str) -> Any:
    pages = Document()
    section = pages.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(1.8)
    pages.core_properties.title, pages.core_properties.language = _clean(title), "en-GB"
    pages.core_properties.author, pages.core_properties.comments = "Caselore", ""
    pages.core_properties.created = pages.core_properties.modified = datetime.now(UTC).replace(tzinfo=None)
    for name, points in (("Normal", 10), ("Title", 20), ("Heading 1", 13), ("List Bullet", 9)):
        style = pages.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(points), INK
        style.paragraph_format.space_after = Pt(4)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme's font would win
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        fonts.set(qn("w:ascii"), FONT)
        fonts.set(qn("w:hAnsi"), FONT)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), "en-GB")
    pages.styles["Normal"].element.get_or_add_rPr().append(spoken)
    return pages


def _quotation(pages: Any, each: Quotation) -> None:
    paragraph = pages.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(0.6)
    paragraph.paragraph_format.keep_with_next = bool(each.remark)
    if each.words:
        paragraph.add_run(f"“{_clean(each.words)}” ")
    elif each.codes:
        paragraph.add_run(f"{each.kind.capitalize()}: {'; '.join(each.codes)}. ")
    else:
        paragraph.add_run(f"{each.kind.capitalize()} as a whole. ")
    page = f", page {each.page}" if each.page else ""
    _coloured(paragraph.add_run(f"[{each.number}{page}]"))
    if each.remark:
        pages.add_paragraph(_clean(each.remark))


def _reference(pages: Any, each: Reference) -> None:
    paragraph = pages.add_paragraph(f"[{each.number}] ")
    paragraph.add_run(_clean(each.title)).italic = True
    told = [each.publisher, str(each.year or ""), each.licence, each.url]
    paragraph.add_run(". " + ". ".join(_clean(part) for part in told if part) + ".")


def _small(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(_clean(text))
    run.font.size = Pt(8.5)
    _coloured(run)


def _coloured(run: Any) -> None:
    run.font.color.rgb = QUIET
