"""A document's text from its pages' lines: in, reading-ordered lines by page; out, one text and where each page
stands in it.

Page texts follow each other without gap or overlap. A sentence that runs over a page's end is kept whole: the
footnotes of the page go before the paragraph that they would cut in two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from caselore.documents.pdf.lines import Line
from caselore.documents.pdf.paragraphs import (
    Paragraph,
    Spelling,
    joined,
    keep_whole,
    line_step,
    paragraphs,
    text_of,
    unfinished,
)


def compose(pages: Sequence[list[list[Line]]]) -> tuple[str, list[tuple[int, int]]]:
    """The text, and start and end of each page."""
    steps = line_step(pages)
    body = body_size(pages)
    spelling = Spelling(line for stretches in pages for stretch in stretches for line in stretch)
    by_page = [paragraphs(stretches, steps, body) for stretches in pages]
    _keep_sentences_whole(by_page)
    return _put_together(by_page, spelling)


def body_size(pages: Sequence[list[list[Line]]]) -> float:
    """The size in which most of the document is set."""
    sizes: Counter[float] = Counter()
    for stretches in pages:
        for stretch in stretches:
            for line in stretch:
                inner = [part for cell in line.cells for part in cell] or [line]
                for part in inner:
                    sizes[round(2 * part.size) / 2] += len(part.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _keep_sentences_whole(by_page: list[list[Paragraph]]) -> None:
    """Where a page's last paragraph goes on overleaf, its footnotes change places with that paragraph."""
    for found, after in pairwise([found for found in by_page if found]):
        keep_whole(found, after[0])


def _put_together(by_page: list[list[Paragraph]], spelling: Spelling) -> tuple[str, list[tuple[int, int]]]:
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    length = 0
    last: Paragraph | None = None

    def add(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)

    for found in by_page:
        start = length
        for place, paragraph in enumerate(found):
            text = text_of(paragraph, spelling)
            if last is not None:
                between = _between(last, paragraph, pieces[-1], text, over_page=place == 0, spelling=spelling)
                add(between)
                # What parts two pages belongs to the first of them.
                start = length if place == 0 else start
            add(text)
            last = paragraph
        places.append((start, length) if found else (-1, -1))
    return "".join(pieces), _closed(places, length)


def _between(
    before: Paragraph, after: Paragraph, text: str, following: str, *, over_page: bool, spelling: Spelling
) -> str:
    if over_page and unfinished(before, after):
        whole = joined(text, before.last, following, link=" ", spelling=spelling)
        return whole[len(text) : len(whole) - len(following)]
    return "\n" if after.tight and not over_page and after.note == before.note else "\n\n"


def _closed(places: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Each page ends where the next one starts, so that pages share out the whole text."""
    closed: list[tuple[int, int]] = []
    after = length
    for start, _ in reversed(places):
        start = after if start < 0 else min(start, after)
        closed.append((start, after))
        after = start
    closed.reverse()
    if closed:
        closed[0] = (0, closed[0][1])
    return closed
