"""From lines to paragraphs: in, stretches of lines in reading order; out, paragraphs whose text can be put together.

Within a paragraph a soft line end is a space and a forced one a line feed, so that quotations read as printed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from caselore.documents.pdf.lines import Line

LOOSE = 1.22  # of the usual line step: a larger one parts paragraphs
SAME_SIZE = 0.12  # of the size: text that differs more is a heading, a note or a caption
FEW = 6  # line steps of one size say little
INDENT = (0.8, 4.5)  # of the size: how far a first line stands in
SLACK = 0.6  # of the size: how much room beyond its first word a line leaves that was ended on purpose
HALF = 0.5  # of the width: a shorter line ended on purpose even if a small letter follows
FULL = 0.88  # of the width: a line that reaches so far ends because it is full
NOTE = 0.95  # of the body's size: a note at the page's foot is smaller
_ENDED = re.compile(r"[.!?:;…][)\]\"'’”»]*(?:\[[^\[\]\s]{1,9}\])?[)\]\"'’”»]*$")
_SENTENCE = re.compile(r"[.!?…][)\]\"'’”»]*(?:\[[^\[\]\s]{1,9}\])?[)\]\"'’”»]*$")
_BULLET = re.compile(r"(?:[•●○◦▪■□▫➢➤►▶✓✗❖·]|\[[x ]\])\s*")
_NUMBERED = re.compile(
    r"(?:\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[A-Za-z]|[ivxIVX]{1,5})[.)]|\d{1,3}(?:\.\d{1,3}){1,4}|[–—-])\s+"
)
_NOTE_LABEL = re.compile(r"(?:\[?\d{1,3}[\].)]?|[*†‡§])\s")
_PAGE_REFERENCE = re.compile(r"\t\s*(?:\d{1,4}|[ivxlc]{1,6})$")

KEPT_HYPHENS = frozenset(
    "self non multi well ex half cross quasi semi step one two three four five six seven eight nine ten eleven twelve "
    "twenty thirty forty fifty sixty seventy eighty ninety".split()
)
"""First parts of words that keep their hyphen when a document shows neither spelling elsewhere."""


@dataclass(slots=True)
class Paragraph:
    """Lines with what stands between them; `tight` says that one line feed parts it from what went before."""

    lines: list[Line]
    links: list[str] = field(default_factory=list)
    tight: bool = False
    note: bool = False

    @property
    def last(self) -> Line:
        return self.lines[-1]


class Spelling:
    """Whether a word broken at a line's end keeps its hyphen: as the document spells it elsewhere."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = list(lines)

    @cached_property
    def _words(self) -> frozenset[str]:
        cells = (inner for line in self._lines for cell in line.cells for inner in cell)
        texts = (line.text.lower() for group in (self._lines, cells) for line in group)
        return frozenset(word for text in texts for word in re.findall(r"\w[\w’'-]*\w", text))

    def link(self, before: str, after: str) -> str:
        """The hyphen or nothing, for the two parts of a broken word."""
        first = re.search(r"[\w-]*$", before)
        second = re.match(r"\w+", after)
        if first is None or second is None or not first[0] or not after[:1].islower():
            return "-"
        left, right = first[0].lower(), second[0].lower()
        if f"{left}-{right}" in self._words:
            return "-"
        if left + right in self._words:
            return ""
        return "-" if left.rsplit("-", 1)[-1] in KEPT_HYPHENS else ""


def line_step(pages: Iterable[list[list[Line]]]) -> dict[float, float]:
    """By size of text, the usual distance from one line to the next."""
    steps: dict[float, Counter[float]] = {}
    for stretches in pages:
        for stretch in stretches:
            for line, after in pairwise(stretch):
                step = after.y - line.y
                if abs(line.size - after.size) < 0.6 and 0.85 * line.size < step < 3 * line.size:
                    steps.setdefault(round(line.size), Counter())[round(2 * step) / 2] += 1
    return {size: _commonest(size, counter) for size, counter in steps.items()}


def _commonest(size: float, steps: Counter[float]) -> float:
    """The smallest step that is nearly as common as the commonest: lists set wider must not hide the text's own.

    Of a size that is rarely used no wide step is believed: its lines may all be headings.
    """
    most = max(steps.values())
    usual = min(step for step, count in steps.items() if count >= 0.4 * most)
    return usual if most >= FEW else min(usual, 1.35 * size)


def paragraphs(stretches: Iterable[list[Line]], steps: dict[float, float], body: float) -> list[Paragraph]:
    """The paragraphs of a page, in order; one that goes on in the next column is one."""
    found: list[Paragraph] = []
    for stretch in stretches:
        more = list(_of_stretch(stretch, steps))
        _mark_notes(more, body)
        if found and more and keep_whole(found, more[0]):
            found[-1].links += [" ", *more[0].links]
            found[-1].lines += more.pop(0).lines
        found += more
    return found


def keep_whole(found: list[Paragraph], after: Paragraph) -> bool:
    """Whether the text before a column's or page's end goes on in `after`; notes between the two are put first."""
    main = [paragraph for paragraph in found if not paragraph.note]
    if not main or after.note or not unfinished(main[-1], after):
        return False
    place = next(i for i in range(len(found) - 1, -1, -1) if found[i] is main[-1])
    found.append(found.pop(place))
    return True


def _of_stretch(stretch: list[Line], steps: dict[float, float]) -> Iterator[Paragraph]:
    if not stretch:
        return
    rights = _right_edges(stretch, steps)
    current = Paragraph([stretch[0]])
    for place in range(1, len(stretch)):
        line, after = stretch[place - 1], stretch[place]
        step = steps.get(round(line.size), 1.25 * line.size)
        following = stretch[place + 1] if place + 1 < len(stretch) else None
        link = _link(line, after, following, step=step, right=rights[place - 1], left=_left(current))
        if link == " ":
            current.lines.append(after)
            current.links.append(link)
        else:
            yield current
            current = Paragraph([after], tight=link == "\n")
    yield current


def _left(current: Paragraph) -> float:
    return min(line.x0 for line in current.lines)


def _right_edges(stretch: list[Line], steps: dict[float, float]) -> list[float]:
    """For each line how far it could have gone: to its column's edge, or to that of its block of full lines."""
    column = max(line.x1 for line in stretch)
    edges: list[float] = []
    block: list[Line] = []
    for line, after in pairwise([*stretch, None]):
        assert line is not None
        block.append(line)
        loose = after is None or after.y - line.y > LOOSE * steps.get(round(line.size), 1.25 * line.size)
        if loose:
            edges += [_block_edge(block, column)] * len(block)
            block = []
    return edges


def _block_edge(block: list[Line], column: float) -> float:
    left, right = min(line.x0 for line in block), max(line.x1 for line in block)
    full = sum(line.x1 - left >= FULL * (right - left) for line in block)
    return right if len(block) >= 3 and full >= 0.6 * (len(block) - 1) and full >= 2 else column


def _link(line: Line, after: Line, following: Line | None, *, step: float, right: float, left: float) -> str:
    """What parts two lines: a blank line, a line feed, or the space of a soft line end."""
    distance = after.y - line.y
    runs_on = after.text[:1].islower() and not _ENDED.search(line.text) and not _heads(line, after)
    runs_on = runs_on and line.x1 - left >= HALF * (right - left)
    loose = not 0 < distance <= LOOSE * step
    if line.cells or after.cells:
        return "\n" if line.cells and after.cells else "\n\n"
    if _is_item(line, after, right):
        return "\n\n" if loose or _looks_different(line, after) else "\n"
    if runs_on and 0 < distance <= 1.6 * step and abs(line.size - after.size) <= 0.35 * line.size:
        return "\n" if line.tabs and after.tabs else " "
    if loose or _looks_different(line, after) or _is_indented(line, after, following, left):
        return "\n\n"
    if line.tabs or after.tabs:
        return "\n"
    if _is_one_heading(line, after):
        return " "
    if _was_ended(line, after, right):
        return "\n\n" if _SENTENCE.search(line.text) and not line.hyphen else "\n"
    return " "


def _is_item(line: Line, after: Line, right: float) -> bool:
    """Whether a line begins an item of a list: by its bullet, or by a number that cannot be the text's own."""
    if _BULLET.match(after.text) or _PAGE_REFERENCE.search(line.text):
        return True
    if not after.label and not _NUMBERED.match(after.text):
        return False
    ended = _ENDED.search(line.text) is not None or line.text.endswith((" and", " or", ","))
    stands_out = after.label > 0 and after.x0 < line.body - 0.5 * after.size
    return ended or stands_out or bool(line.label and after.label) or _was_ended(line, after, right)


def _looks_different(line: Line, after: Line) -> bool:
    return abs(line.size - after.size) > SAME_SIZE * max(line.size, after.size) or line.bold != after.bold


def _is_one_heading(line: Line, after: Line) -> bool:
    """Whether two bold lines are one heading that was broken early: both in capitals, or hung behind a number."""
    hung = line.label > 0 and after.x0 > line.body - 0.3 * line.size
    capitals = line.text.isupper() and after.text.isupper()
    return line.bold and after.bold and (hung or capitals) and not _ENDED.search(line.text)


def _heads(line: Line, after: Line) -> bool:
    """Whether a line is set as a heading of the next one: larger, and bold over text that is not."""
    return line.bold and not after.bold and line.size > (1 + SAME_SIZE) * after.size


def _is_indented(line: Line, after: Line, following: Line | None, left: float) -> bool:
    """A first line that stands in from the lines around it, after a line that ends a sentence."""
    low, high = (share * after.size for share in INDENT)
    inward = low <= after.x0 - line.x0 <= high and abs(line.x0 - left) < low
    returns = following is None or following.x0 < after.x0 - 0.5 * low
    return inward and returns and not line.label and _SENTENCE.search(line.text) is not None


def _was_ended(line: Line, after: Line, right: float) -> bool:
    """Whether the next line's first word would have fitted: then the line was ended on purpose."""
    return not line.hyphen and line.x1 + after.first + SLACK * line.size < right


def text_of(paragraph: Paragraph, spelling: Spelling) -> str:
    """The paragraph's text; what a line end broke is put together."""
    text = _line_text(paragraph.lines[0], spelling)
    for (line, after), link in zip(pairwise(paragraph.lines), paragraph.links, strict=True):
        text = joined(text, line, _line_text(after, spelling), link=link, spelling=spelling)
    return text


def joined(text: str, line: Line, after: str, *, link: str, spelling: Spelling) -> str:
    """The text that ends in `line`, and what follows it."""
    if line.hyphen:
        return text + spelling.link(text, after) + after
    tied = text.endswith(("–", "/", "-")) and not text[-2:-1].isspace() and after[:1].isalnum()
    return text + ("" if tied else link) + after


def _line_text(line: Line, spelling: Spelling) -> str:
    if not line.cells:
        return line.text
    cells = []
    for cell in line.cells:
        inner = Paragraph([*cell], [" "] * (len(cell) - 1))
        cells.append(text_of(inner, spelling).replace("\t", " "))
    return "\t".join(cells)


def unfinished(before: Paragraph, after: Paragraph) -> bool:
    """Whether a paragraph that ends a page goes on at the head of the next one."""
    line, first = before.last, after.lines[0]
    if line.cells or first.cells or first.label or _BULLET.match(first.text) or line.tabs:
        return False
    if line.hyphen:
        return True
    like = abs(line.size - first.size) <= SAME_SIZE * line.size
    if not like or _SENTENCE.search(line.text) or line.text.endswith(":"):
        return False
    prose = len(before.lines) > 1 and line.bold == first.bold and not _NUMBERED.match(first.text)
    return first.text[:1].islower() or prose


def _mark_notes(found: list[Paragraph], body: float) -> None:
    """Mark the footnotes: paragraphs at a column's end in smaller text, the first of them with a number."""
    place = len(found)
    while place and max(line.size for line in found[place - 1].lines) < NOTE * body and not found[place - 1].last.cells:
        place -= 1
    while place < len(found) and not _NOTE_LABEL.match(found[place].lines[0].text):
        place += 1
    if place:
        for paragraph in found[place:]:
            paragraph.note = True
