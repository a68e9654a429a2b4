"""In: a document and a stretch of it. Out: its passages: sentences, table rows and headings that reproduce the text.

Passages are in order and do not overlap; every character of the stretch that is neither white space nor a
bullet belongs to one of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from caselore.documents.headings import ROW
from caselore.documents.lines import BULLET, Line, is_wrapped, joins, lines
from caselore.documents.sections import sections
from caselore.documents.sentences import sentences
from caselore.records import Document, Page, Passage, Section


def passages(document: Document, start: int = 0, end: int | None = None) -> tuple[Passage, ...]:
    """The passages of ``document.text[start:end]``, each with its section's kind and its page."""
    end = len(document.text) if end is None else end
    if end <= start:
        return ()
    parts = document.sections or sections(document.text, document.pages)
    starts, pages = [part.start for part in parts], [page.start for page in document.pages]
    at = max(bisect_right(starts, start) - 1, 0)
    out: list[Passage] = []
    for part in parts[at:]:
        if part.start >= end:
            break
        for kind, first, last in _pieces(document.text, part, start, end):
            out.append(Passage(first, last, kind, part.kind, _page(document.pages, pages, first)))  # type: ignore[arg-type]
    return tuple(out)


def _page(pages: Sequence[Page], starts: Sequence[int], at: int) -> int | None:
    return pages[max(bisect_right(starts, at) - 1, 0)].number if pages else None


def _pieces(text: str, part: Section, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Kind and offsets of what a section holds between start and end."""
    for line in lines(text, max(part.start, start), min(part.body, end)):
        yield "heading", line.start, line.end
    found = list(lines(text, max(part.body, start), min(part.end, end)))
    for first, last in _paragraphs(found, _width(text)):
        paragraph = text[first:last]
        mark = BULLET.match(paragraph)
        first += mark.end() if mark else 0
        if ROW.search(paragraph) and "\n" not in paragraph:
            yield from (("row", first, last),) if last > first else ()
        else:
            yield from (("sentence", first + a, first + b) for a, b in sentences(text[first:last]))


def _paragraphs(found: list[Line], width: int) -> Iterator[tuple[int, int]]:
    """Lines, or in text wrapped at a width the lines of one paragraph together."""
    if not width:
        yield from ((line.start, line.end) for line in found)
        return
    start = last = found[0] if found else None
    for line in found[1:]:
        if start and last and not joins(last, line, width):
            yield start.start, last.end
            start = line
        last = line
    if start and last:
        yield start.start, last.end


@lru_cache(maxsize=8)
def _width(text: str) -> int:
    """The width at which a text was wrapped, 0 where it was not; asked once for all cases of a document."""
    found = list(lines(text))
    return sorted(len(line.text) for line in found)[len(found) * 9 // 10] if is_wrapped(found) else 0
