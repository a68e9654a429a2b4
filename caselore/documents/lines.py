"""In: a document's text. Out: its lines and its paragraphs as offsets, for hard-wrapped text too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

WRAP_WIDTH = 120
"""A text whose lines hardly ever are longer than this may have been wrapped by whoever wrote it."""

LIST_ITEM = re.compile(
    r"(?:[•▪◦‣●○■□►➢✓∙·*»\uf0b7\uf0a7]|[-–—](?=\s)|o(?=\s{2,}))[ \t]*"
    r"|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)](?=\s)|\d{1,2}(?:\.\d{1,3}){1,3}\.?(?=\s)"
)
"""What opens a list item or a numbered paragraph."""

BULLET = re.compile(r"(?:[•▪◦‣●○■□►➢✓∙·»>\uf0b7\uf0a7]+|[-–—*](?=\s)|o(?=\s{2,})|#{1,6}(?=\s))[ \t\xa0]*")
"""A mark that opens a line and says nothing; numbers and letters of a list are kept, since they are quoted."""

ENDS = (".", "!", "?", ":", ";", ".”", ".’", '."', ".'", "?”", ".)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank, without the white space around it; `gap` if a blank line stands before it."""

    start: int
    end: int
    text: str
    gap: bool


def lines(text: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """The lines of a stretch that hold something, with their offsets in the whole text."""
    end = len(text) if end is None else end
    gap, at = True, start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        raw = text[at:stop]
        kept = raw.strip()
        if kept:
            first = at + len(raw) - len(raw.lstrip())
            yield Line(first, first + len(kept), kept, gap)
        gap = not kept
        at = stop + 1


def is_wrapped(found: list[Line]) -> bool:
    """Whether lines were broken at a width, so that a paragraph is several of them.

    True when nearly no line is long and two in five that are followed directly go on in lower case.
    """
    pairs = [(one, two) for one, two in pairwise(found) if not two.gap and len(one.text) > 40]
    if len(pairs) < 6:
        return False
    broad = sum(len(line.text) > WRAP_WIDTH for line in found)
    goes_on = sum(two.text[0].islower() for _, two in pairs)
    return broad * 50 <= len(found) and goes_on * 5 >= len(pairs) * 2


def joins(one: Line, two: Line, width: int) -> bool:
    """Whether, in wrapped text, the second line goes on with the first one's paragraph."""
    if two.gap or LIST_ITEM.match(two.text) or len(one.text) < width * 0.5:
        return False
    return not (one.text.endswith(ENDS) and len(one.text) < width * 0.8)
