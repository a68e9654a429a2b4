"""From one page as PDFium holds it to runs of text, rules, drawn squares and pictures on a page that reads upright.

A run is text on one base line in one size. Lengths are points; `y` grows downwards from the page's top.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from caselore.documents.pdf.glyphs import is_dingbat_font, plain

_FIGURES = re.compile(r"[0-9]+")
MAX_CHARACTERS = 300_000  # of one page: a poster-sized table has a tenth of it
MAX_OBJECTS = 30_000  # of one page; a drawing with more is not scanned for rules to its end
MAX_DEPTH = 3  # of forms within forms when looking for rules and pictures
WIDE_GAP = 0.55  # of a box's height: the runs on either side are kept apart until columns are known
STEP_BACK = 0.3  # of a box's height: text that moves left starts a new run
SAME_BOX = 0.06  # of a box's height: tops and bottoms that differ by more are another font or a raised mark
RAISED_INK = 0.18  # of the size: no figure on the line begins so high
THIN = 3.0  # points: a path no thicker is a rule


@dataclass(slots=True)
class Run:
    """Text on one base line; `order` is its place in the file, `spaced` tells of spaces before and after."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False
    order: int = 0
    spaced: tuple[bool, bool] = (False, False)
    kind: str = "text"  # or "tick", "field"

    @property
    def top(self) -> float:
        return self.y - 0.78 * self.size

    @property
    def bottom(self) -> float:
        return self.y + 0.22 * self.size


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; a rule is a thin one. `filled` and `segments` tell of the path that drew it."""

    x0: float
    top: float
    x1: float
    bottom: float
    filled: bool = False
    stroked: bool = True
    segments: int = 0

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies inside or on the edge."""
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom


@dataclass(slots=True)
class PageContent:
    """What a page shows: `pictures` is the share of the page that pictures cover, `unmapped` that of characters
    whose font does not say what they are."""

    number: int
    width: float
    height: float
    runs: list[Run] = field(default_factory=list)
    paths: list[Box] = field(default_factory=list)
    pictures: float = 0.0
    characters: int = 0
    unmapped: float = 0.0
    cut: bool = False


def _direct(name: str, *arguments: Any) -> Any:
    """PDFium's function without pypdfium2's conversion of pointers: it is called for every character."""
    address = ctypes.cast(getattr(pdfium, name), ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, *arguments)(address)


_loose_box = _direct("FPDFText_GetLooseCharBox", ctypes.c_int, ctypes.c_void_p)
_unicode = _direct("FPDFText_GetUnicode", ctypes.c_int)
_bounds = _direct("FPDFPageObj_GetBounds", *[ctypes.c_void_p] * 4)


@dataclass(slots=True)
class View:
    """How page space turns into upright space: `turn` quarter turns, and the page's edges."""

    turn: int
    left: float
    bottom: float
    right: float
    top: float

    def boxes(self, array: Any) -> Any:
        """(n, 4) left, top, right, bottom in page space -> x0, top, x1, bottom in upright space."""
        left, top, right, bottom = array[:, 0], array[:, 1], array[:, 2], array[:, 3]
        turned = {
            0: (left - self.left, self.top - top, right - self.left, self.top - bottom),
            1: (bottom - self.bottom, left - self.left, top - self.bottom, right - self.left),
            2: (self.right - right, bottom - self.bottom, self.right - left, top - self.bottom),
            3: (self.top - top, self.right - right, self.top - bottom, self.right - left),
        }[self.turn]
        return np.stack(turned, axis=1)

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        x0, y0, x1, y1 = self.boxes(np.array([[left, top, right, bottom]], dtype=np.float64))[0]
        return float(x0), float(y0), float(x1), float(y1)

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turn % 2 else (width, height)


def _view(page: Any, turn: int) -> View:
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, rect):
        rect.right, rect.top = 612.0, 792.0
    left, right = sorted((rect.left, rect.right))
    bottom, top = sorted((rect.bottom, rect.top))
    return View(turn, left, bottom, right, top)


def page_content(page: Any, number: int) -> tuple[PageContent, View]:
    """Everything on the page that reading needs, and the view in which its co-ordinates count."""
    textpage = page.get_textpage()
    try:
        count = max(0, pdfium.FPDFText_CountChars(textpage))
        kept = min(count, MAX_CHARACTERS)
        text = _text(textpage, kept)
        boxes = _character_boxes(textpage, kept)
        starts, ends = _cut(text, boxes)
        drafts = [_draft(textpage, int(a), int(b)) for a, b in zip(starts, ends, strict=True)]
        turn = _main_turn(drafts)
        view = _view(page, turn)
        width, height = view.size
        content = PageContent(number, width, height, characters=kept, cut=count > kept)
        content.runs = list(_runs(textpage, text, boxes, drafts, view))
        content.runs = [run for run in content.runs if 0 <= run.y <= height + 1 and -1 <= run.x0 <= width]
    finally:
        textpage.close()
    content.unmapped = _unmapped(text)
    _walk_objects(page, content, view)
    return content, view


def _text(textpage: Any, count: int) -> str:
    """One Python character for each of PDFium's: its own array of UTF-16 where the two agree in length."""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(textpage, 0, count, buffer) if count else 1
    if written == count + 1:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
        if len(text) == count:
            return text
    handle = ctypes.cast(textpage.raw, ctypes.c_void_p).value
    return "".join(_character(_unicode(handle, i)) for i in range(count))


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 else "\N{REPLACEMENT CHARACTER}"


def _character_boxes(textpage: Any, count: int) -> Any:
    """(count, 4) left, top, right, bottom of each character's box: its advance wide, its font's line high."""
    boxes = np.zeros((count, 4), dtype=np.float32)
    handle = ctypes.cast(textpage.raw, ctypes.c_void_p).value
    places = range(boxes.ctypes.data, boxes.ctypes.data + 16 * count, 16)
    deque(map(_loose_box, repeat(handle), range(count), places), maxlen=0)
    return boxes


def _cut(text: str, boxes: Any) -> tuple[Any, Any]:
    """First and last index of each run: cut at line ends, wide gaps, steps back, and changes of box."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    solid = np.flatnonzero((codes > 32) & (codes != 0xA0) & np.isfinite(boxes).all(axis=1))
    if not solid.size:
        return solid, solid
    lines = np.cumsum(codes == 10)[solid]
    left, top, right, bottom = (boxes[solid, i] for i in range(4))
    # Text that runs up or down the page is compared along its own direction.
    upright = np.abs(np.diff(bottom)) + np.abs(np.diff(top)) <= np.abs(np.diff(left)) + np.abs(np.diff(right))
    em = np.maximum(np.where(upright, (top - bottom)[1:], (right - left)[1:]), 1.0)
    gap = np.where(upright, left[1:] - right[:-1], np.maximum(bottom[1:] - top[:-1], bottom[:-1] - top[1:]))
    shift = np.where(
        upright,
        np.maximum(np.abs(np.diff(top)), np.abs(np.diff(bottom))),
        np.maximum(np.abs(np.diff(left)), np.abs(np.diff(right))),
    )
    back = upright & (np.diff(left) < -STEP_BACK * em)
    new = (np.diff(lines) > 0) | (gap > WIDE_GAP * em) | (shift > SAME_BOX * em) | back
    cuts = np.flatnonzero(new)
    return solid[np.concatenate(([0], cuts + 1))], solid[np.concatenate((cuts, [solid.size - 1]))]


@dataclass(slots=True)
class _Draft:
    """A run as PDFium tells of its first character: place, direction in quarter turns (None: aslant), size."""

    start: int
    end: int
    turn: int | None
    size: float
    origin: tuple[float, float]
    bold: bool
    dingbat: bool


_X, _Y = ctypes.c_double(), ctypes.c_double()
_MATRIX = pdfium.FS_MATRIX()


def _draft(textpage: Any, start: int, end: int) -> _Draft:
    pdfium.FPDFText_GetCharOrigin(textpage, start, _X, _Y)
    size = pdfium.FPDFText_GetFontSize(textpage, start)
    turn: int | None = 0
    if pdfium.FPDFText_GetMatrix(textpage, start, _MATRIX):
        size *= math.hypot(_MATRIX.c, _MATRIX.d)
        turns = math.atan2(_MATRIX.b, _MATRIX.a) / (math.pi / 2)
        turn = round(turns) % 4 if abs(turns - round(turns)) < 0.1 else None
    weights = {pdfium.FPDFText_GetFontWeight(textpage, i) for i in (start, end)}
    dingbat = end - start < 2 and is_dingbat_font(_font_name(textpage, start))
    bold = min(weights) >= 600 or (min(weights) < 0 and "bold" in _font_name(textpage, start).lower())
    return _Draft(start, end, turn, abs(size), (_X.value, _Y.value), bold, dingbat)


def _font_name(textpage: Any, index: int) -> str:
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(textpage, index, buffer, 127, flags)
    return buffer.value.decode("utf-8", "replace")


def _main_turn(drafts: list[_Draft]) -> int:
    turns: Counter[int] = Counter()
    for draft in drafts:
        if draft.turn is not None:
            turns[draft.turn] += draft.end - draft.start + 1
    return turns.most_common(1)[0][0] if turns else 0


def _runs(textpage: Any, text: str, boxes: Any, drafts: list[_Draft], view: View) -> Iterator[Run]:
    """The runs that read in the page's main direction; text aslant (a watermark) or sideways is left out."""
    upright = [(order, draft) for order, draft in enumerate(drafts) if draft.turn == view.turn]
    if not upright:
        return
    origins = np.array([(*draft.origin, *draft.origin) for _, draft in upright])
    bases = view.boxes(origins)[:, 1].tolist()
    first = view.boxes(boxes[[draft.start for _, draft in upright]]).tolist()
    last = view.boxes(boxes[[draft.end for _, draft in upright]]).tolist()
    for (order, draft), y, start, end in zip(upright, bases, first, last, strict=True):
        piece = plain(_bracketed(textpage, text, draft), dingbat=draft.dingbat)
        if not piece.strip():
            continue
        size = draft.size if 1.0 < draft.size < 400.0 else max(start[3] - start[1], 1.0) / 1.2
        spaced = (_space(text, draft.start - 1), _space(text, draft.end + 1))
        yield Run(piece, start[0], max(start[0], end[2]), y, size, draft.bold, order, spaced)


def _bracketed(textpage: Any, text: str, draft: _Draft) -> str:
    """The run's text; digits that touch a word and whose ink begins high above the line are a footnote's mark,
    drawn with a raised glyph of the font, and get brackets."""
    piece = text[draft.start : draft.end + 1]
    for match in reversed([match for match in _FIGURES.finditer(piece) if _touches(piece, match)]):
        ink = [ctypes.c_double() for _ in range(4)]
        pdfium.FPDFText_GetCharBox(textpage, draft.start + match.start(), *ink)
        if draft.turn == 0 and ink[2].value - draft.origin[1] > RAISED_INK * draft.size:
            after = "" if match.start() else " "
            piece = f"{piece[: match.start()]}[{match[0]}]{after}{piece[match.end() :]}"
    return piece


def _touches(piece: str, match: re.Match[str]) -> bool:
    """Whether a short number follows a word or its stop without a space, or begins the run and a word follows."""
    before, after = piece[match.start() - 1 : match.start()], piece[match.end() : match.end() + 1]
    if match.end() - match.start() > 3 or (after.isalpha() and before):
        return False
    return (before.isalpha() or before in ".,;:!?)”’]'\"") if before else after.isalpha()


def _space(text: str, index: int) -> bool:
    return 0 <= index < len(text) and text[index] in " \t\xa0"


def _unmapped(text: str) -> float:
    """Share of characters that no font explains: control, private and replacement characters."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    solid = np.count_nonzero((codes > 32) | ((codes < 32) & (codes != 10) & (codes != 13) & (codes != 9)))
    odd = (codes < 32) & ~np.isin(codes, (2, 9, 10, 13)) | (codes == 0xFFFD) | ((codes >= 0xE000) & (codes < 0xF900))
    return float(np.count_nonzero(odd)) / solid if solid else 0.0


def _walk_objects(page: Any, content: PageContent, view: View) -> None:
    """Collect paths (rules, squares, ticks) and the share of the page that pictures cover."""
    budget = iter(range(MAX_OBJECTS))
    count = min(pdfium.FPDFPage_CountObjects(page), MAX_OBJECTS)
    area = max(content.width * content.height, 1.0)
    todo: list[tuple[Any, int, Any]] = [
        (pdfium.FPDFPage_GetObject(page, i), 0, None) for i in range(min(count, MAX_OBJECTS))
    ]
    while todo and next(budget, None) is not None:
        item, depth, matrix = todo.pop()
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT or kind == pdfium.FPDF_PAGEOBJ_SHADING:
            continue
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            inner = _matrix(item, matrix)
            parts = min(pdfium.FPDFFormObj_CountObjects(item), MAX_OBJECTS - len(todo))
            todo += [(pdfium.FPDFFormObj_GetObject(item, i), depth + 1, inner) for i in range(parts)]
            continue
        place = _placed(item, matrix)
        if place is None:
            continue
        box = view.box(*place)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            content.pictures += _visible(box, content) / area
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            content.paths.append(_path(item, box))


def _visible(box: tuple[float, float, float, float], content: PageContent) -> float:
    width = min(box[2], content.width) - max(box[0], 0.0)
    height = min(box[3], content.height) - max(box[1], 0.0)
    return max(width, 0.0) * max(height, 0.0)


_EDGES = [ctypes.c_float() for _ in range(4)]
_EDGE_PLACES = [ctypes.addressof(edge) for edge in _EDGES]
_FILL, _STROKE = ctypes.c_int(), ctypes.c_int()


def _placed(item: Any, matrix: Any) -> tuple[float, float, float, float] | None:
    """Left, bottom, right, top of an object in page space; None where PDFium cannot say."""
    if not _bounds(ctypes.cast(item, ctypes.c_void_p).value, *_EDGE_PLACES):
        return None
    left, bottom, right, top = (edge.value for edge in _EDGES)
    if matrix is None:
        return left, bottom, right, top
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
    ys = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
    return min(xs), min(ys), max(xs), max(ys)


def _matrix(item: Any, outer: Any) -> tuple[float, ...]:
    if not pdfium.FPDFPageObj_GetMatrix(item, _MATRIX):
        return outer or (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    a, b, c, d, e, f = (getattr(_MATRIX, name) for name in "abcdef")
    if outer is None:
        return a, b, c, d, e, f
    oa, ob, oc, od, oe, of = outer
    return (a * oa + b * oc, a * ob + b * od, c * oa + d * oc, c * ob + d * od,
            e * oa + f * oc + oe, e * ob + f * od + of)  # fmt: skip


def _path(item: Any, box: tuple[float, float, float, float]) -> Box:
    pdfium.FPDFPath_GetDrawMode(item, _FILL, _STROKE)
    segments = max(0, pdfium.FPDFPath_CountSegments(item))
    return Box(*box, filled=_FILL.value != 0, stroked=_STROKE.value != 0, segments=segments)
