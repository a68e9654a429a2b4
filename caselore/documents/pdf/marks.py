"""Marks that are no text: in, a page's form fields and the small shapes drawn on it; out, runs at their places.

A tick box reads ``[x]`` or ``[ ]``, a text field its value. Boxes come as form fields, as drawn squares with
or without strokes across them, or as glyphs (which `pdf_glyphs` reads).
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from caselore.documents.pdf.glyphs import TICKED, UNTICKED, is_tick_mark, plain
from caselore.documents.pdf.page import Box, PageContent, Run, View

MAX_FIELDS = 5_000  # of one page
SIDES = (5.0, 20.0)  # points: how long the side of a tick box is
DOT = (1.5, 7.0)  # points: how high a drawn bullet is
NEAR = 3.0  # of a line's size: how far from its words a tick box stands
_TICKS = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)
_TEXTS = (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)


def drawn_marks(content: PageContent) -> list[Run]:
    """The page's runs with its drawn tick boxes and bullets among them, and without the letters that ticked one."""
    small = [path for path in content.paths if max(path.width, path.height) <= SIDES[1]]
    if not small or len(small) > MAX_FIELDS:
        return content.runs
    runs, marks = list(content.runs), []
    for square in _distinct([path for path in small if _is_square(path)]):
        inside = [run for run in runs if square.holds((run.x0 + run.x1) / 2, run.y - 0.3 * run.size)]
        letters = [run for run in inside if is_tick_mark(run.text)]
        line = _line_beside(square, runs)
        crossed = bool(letters) or any(_crosses(path, square) for path in small)
        if line is None or len(letters) != len(inside) or not (square.stroked or crossed):
            continue
        runs = [run for run in runs if not any(run is letter for letter in letters)]
        marks.append(_mark(square, line, TICKED if crossed else UNTICKED))
    return runs + marks + list(_bullets(small, runs + marks))


def _is_square(path: Box) -> bool:
    """A box to tick, or the ring of a radio button; a filled one counts only where something crosses it."""
    longer, shorter = max(path.width, path.height), min(path.width, path.height)
    return SIDES[0] <= shorter and longer <= SIDES[1] and longer - shorter <= 0.15 * longer and path.segments >= 4


def _distinct(squares: list[Box]) -> list[Box]:
    """Squares drawn twice (an outline and what fills it) count once: the drawn one, the outer one."""
    kept: list[Box] = []
    for square in sorted(squares, key=lambda box: (not box.stroked, -box.width)):
        x, y = (square.x0 + square.x1) / 2, (square.top + square.bottom) / 2
        if not any(other.holds(x, y) for other in kept):
            kept.append(square)
    return kept


def _crosses(path: Box, square: Box) -> bool:
    """Whether a path is a mark in the square: a stroke, a tick, or a filled shape smaller than the square."""
    middle = square.holds((path.x0 + path.x1) / 2, (path.top + path.bottom) / 2)
    large = min(path.width, path.height) >= 0.3 * square.width and path.width <= 1.8 * square.width
    stroke = path.stroked and path.segments in (2, 3)
    shape = path.segments >= 4 and path.width < 0.8 * square.width
    return middle and large and (stroke or shape)


def _bullets(small: list[Box], runs: list[Run]) -> Iterator[Run]:
    """Filled dots that stand before the first words of a line."""
    for path in small:
        dot = path.filled and path.segments >= 4 and DOT[0] <= path.height <= DOT[1]
        line = _line_beside(path, runs) if dot and abs(path.width - path.height) < 1 else None
        if line is None or line.kind != "text" or path.height > 0.6 * line.size or line.x0 < path.x1:
            continue
        middle = (path.top + path.bottom) / 2
        centred = line.y - 0.6 * line.size <= middle <= line.y - 0.1 * line.size
        first = not any(other.x1 <= path.x0 and abs(other.y - line.y) < 2 and path.x0 - other.x1 < 3 * line.size
                        for other in runs)  # fmt: skip
        if centred and first:
            yield Run("•", path.x0, path.x1, line.y, line.size, line.bold, line.order, (True, True))


def _line_beside(square: Box, runs: list[Run]) -> Run | None:
    """The nearest run on the square's line, the one to its right before the one to its left."""
    middle = (square.top + square.bottom) / 2
    level = [run for run in runs if run.top - 2 <= middle <= run.bottom + 2 and run.text.strip()]
    right = [(run.x0 - square.x1, run) for run in level if -1 <= run.x0 - square.x1 <= NEAR * run.size]
    left = [(square.x0 - run.x1, run) for run in level if -1 <= square.x0 - run.x1 <= NEAR * run.size]
    near = right or left
    return min(near, key=lambda pair: pair[0])[1] if near else None


def _mark(square: Box, line: Run, text: str) -> Run:
    return Run(text, square.x0, square.x1, line.y, line.size, line.bold, line.order, (True, True), "tick")


def form_fields(page: Any, form: Any, view: View) -> Iterator[Run]:
    """The filled-in values of a page's form fields and free-text notes, at their places."""
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), MAX_FIELDS)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            yield from _field(note, form, view)
        finally:
            pdfium.FPDFPage_CloseAnnot(note)


def _field(note: Any, form: Any, view: View) -> Iterator[Run]:
    kind = pdfium.FPDFAnnot_GetSubtype(note)
    rect = pdfium.FS_RECTF()
    if pdfium.FPDFAnnot_GetFlags(note) & pdfium.FPDF_ANNOT_FLAG_HIDDEN or not pdfium.FPDFAnnot_GetRect(note, rect):
        return
    box = Box(*view.box(rect.left, rect.bottom, rect.right, rect.top))
    if kind == pdfium.FPDF_ANNOT_FREETEXT:
        yield from _lines_in(box, _wide(pdfium.FPDFAnnot_GetStringValue, note, b"Contents"))
    elif kind == pdfium.FPDF_ANNOT_WIDGET and form is not None:
        sort = pdfium.FPDFAnnot_GetFormFieldType(form, note)
        if sort in _TICKS:
            text = TICKED if pdfium.FPDFAnnot_IsChecked(form, note) else UNTICKED
            size = min(max(box.height, 6.0), 12.0)
            y = (box.top + box.bottom) / 2 + 0.28 * size
            yield Run(text, box.x0, box.x1, y, size, spaced=(True, True), kind="tick")
        elif sort in _TEXTS:
            yield from _lines_in(box, _wide(pdfium.FPDFAnnot_GetFormFieldValue, form, note))


def _wide(function: Any, *arguments: Any) -> str:
    """A UTF-16 string that PDFium writes into a buffer once its length is known."""
    length = min(function(*arguments, None, 0), 2_000_000)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    function(*arguments, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw.decode("utf-16-le", "replace").split("\0", 1)[0]


def _lines_in(box: Box, value: str) -> Iterator[Run]:
    """A value set inside its box from the top, as many lines as it has."""
    lines = [plain(line).strip() for line in value.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    if not any(lines):
        return
    size = min(11.0, max(box.height / max(len(lines), 1) / 1.2, 4.0))
    first = (box.top + box.bottom) / 2 + 0.28 * size if len(lines) == 1 and box.height < 30 else box.top + size
    for number, line in enumerate(lines):
        if line and math.isfinite(first):
            y = first + 1.2 * size * number
            yield Run(line, box.x0, box.x1, y, size, spaced=(True, True), kind="field")
