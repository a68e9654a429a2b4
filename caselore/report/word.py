"""Writes the report as a Word file: styles, repeated table heads, pictures with a description, contents to update."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from caselore.report.blocks import Block, Grid, Heading, Items, Paragraph, Picture, Row, blocks
from caselore.report.images import POINTS_PER_PIXEL, png, size
from caselore.report.report import Report

FONT = "Arial"
INK, QUIET, WARN = RGBColor(0x20, 0x26, 0x2D), RGBColor(0x56, 0x61, 0x6C), RGBColor(0x5C, 0x3A, 0x00)
HEAD_FILL, BASE_FILL = "D9E2EA", "F1F4F7"
TEXT_WIDTH = Cm(16.5)
WIDE = 8
"""Tables with at least this many columns are set smaller."""


def write_docx(report: Report, path: Path) -> None:
    """Write the report; its folder is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_pages(report.title, blocks(report), path)


def write_pages(title: str, parts: Iterable[Block], path: Path, *, contents: bool = True) -> None:
    """Write a title and blocks as one Word file in British English."""
    held = list(parts)
    pages = _blank(title)
    pages.add_heading(title, level=0)
    if contents:
        _contents(pages, [part for part in held if isinstance(part, Heading)])
    for part in held:
        _SET[type(part)](pages, part)
    pages.save(str(path))


def _blank(title: str) -> Any:
    pages = Document()
    section = pages.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.25)
    pages.core_properties.title, pages.core_properties.language = title, "en-GB"
    pages.core_properties.author = "Caselore"
    for name, points in (("Normal", 10.5), ("Title", 24), ("Heading 1", 17), ("Heading 2", 13), ("Caption", 9.5)):
        style = pages.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(points), INK
        # A theme font would win over the name in Word.
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        fonts.set(qn("w:ascii"), FONT)
        fonts.set(qn("w:hAnsi"), FONT)
    _language(pages.styles["Normal"])
    _page_number(section.footer.paragraphs[0])
    return pages


def _language(style: Any) -> None:
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), "en-GB")
    style.element.get_or_add_rPr().append(spoken)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(paragraph, "PAGE", "")


def _field(paragraph: Any, instruction: str, shown: str) -> None:
    """A field that Word computes; `shown` stands until it has."""
    for kind in ("begin", "instr", "separate", "shown", "end"):
        run = paragraph.add_run()
        if kind == "instr":
            text = OxmlElement("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {instruction} "
            run._r.append(text)
        elif kind == "shown":
            run.text = shown
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def _contents(pages: Any, headings: list[Heading]) -> None:
    """The chapters by name; Word fills in the pages when its reader asks it to update the field."""
    _field(pages.add_paragraph(), 'TOC \\o "1-2" \\h', "\n".join(each.text for each in headings if each.level == 1))
    pages.add_page_break()


def _heading(pages: Any, part: Heading) -> None:
    pages.add_heading(part.text, level=part.level)


def _paragraph(pages: Any, part: Paragraph) -> None:
    run = pages.add_paragraph().add_run(part.text)
    if part.kind == "note":
        run.font.size, run.font.color.rgb = Pt(9), QUIET
    elif part.kind == "draft":
        run.bold, run.font.color.rgb = True, WARN


def _items(pages: Any, part: Items) -> None:
    for text in part.texts:
        pages.add_paragraph(text, style="List Bullet")


def _picture(pages: Any, part: Picture) -> None:
    wide = min(int(Pt(size(part.figure.svg)[0] * POINTS_PER_PIXEL)), int(TEXT_WIDTH))
    shape = pages.add_picture(io.BytesIO(png(part.figure.svg)), width=wide)
    told = shape._inline.docPr
    told.set("title", part.figure.caption)
    told.set("descr", part.figure.words)
    if part.caption:
        pages.paragraphs[-1].paragraph_format.keep_with_next = True
        pages.add_paragraph(part.caption, style="Caption")


def _grid(pages: Any, part: Grid) -> None:
    pages.add_paragraph(part.title, style="Caption").paragraph_format.keep_with_next = True
    table = pages.add_table(rows=1, cols=len(part.heads) + 1, style="Table Grid")
    size = Pt(7 if len(part.heads) + 1 >= WIDE else 9)
    _row(table.rows[0], (part.corner, *part.heads), size, fill=HEAD_FILL, bold=True)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in part.rows:
        _body_row(table, row, size)
    told = OxmlElement("w:tblCaption")
    told.set(qn("w:val"), part.title)
    table._tbl.tblPr.append(told)
    pages.add_paragraph()


def _body_row(table: Any, row: Row, size: Any) -> None:
    apart = row.kind != "category"
    _row(table.add_row(), (row.head, *row.cells), size, fill=BASE_FILL if apart else "", bold=row.kind == "base")


def _row(row: Any, texts: tuple[str, ...], size: Any, *, fill: str, bold: bool) -> None:
    unbroken = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(unbroken)
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        run = cell.paragraphs[0].add_run(text)
        run.font.size, run.bold = size, bold
        cell.paragraphs[0].paragraph_format.space_after = Pt(1)
        if place:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if fill:
            shade = OxmlElement("w:shd")
            shade.set(qn("w:val"), "clear")
            shade.set(qn("w:fill"), fill)
            cell._tc.get_or_add_tcPr().append(shade)


_SET: dict[type, Any] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Items: _items,
    Picture: _picture,
    Grid: _grid,
}
