"""A PDF's title: in, its metadata and the lines of its first page; out, a title that a person would give it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caselore.documents.pdf.lines import Line

LONGEST = 250  # characters
LARGER = 1.15  # of the body's size: a heading that names the document
NEARLY = 0.8  # of the largest size: further lines of the same heading
_NO_TITLE = re.compile(
    r"microsoft|powerpoint|untitled|^(doc|document|slide|presentation|book|layout|scan|img|image|print|"
    r"page|file|new|report|template|title)[\s_#-]*\d*$|\.(docx?|pdf|indd|qxp|qxd|rtf|odt|pub|pptx?|xlsx?|tmp|html?)\b|"
    r"^https?:|[\\/_]{2}|^\W*$|^[\w-]*\d[\w-]*$|^\S+_\S+$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def title_of(metadata: str, first_page: Sequence[Sequence[Line]], body: float) -> str:
    """The metadata's title where the first page shows it, else the page's largest heading, else the metadata's."""
    stored = _sensible(metadata)
    lines = [line for stretch in first_page for line in stretch if not line.cells]
    shown = {word.lower() for line in lines for word in _WORD.findall(line.text)}
    if stored and all(word.lower() in shown for word in _WORD.findall(stored)):
        return stored
    return _sensible(_largest(lines, body)) or stored


def _sensible(title: str) -> str:
    title = " ".join(title.split()).strip(" -–—:;,.")
    words = _WORD.findall(title)
    if not words or len(title.split()) < 2 or len(title) > LONGEST or _NO_TITLE.search(title):
        return ""
    return title


def _largest(lines: list[Line], body: float) -> str:
    """The lines of the largest heading, where it is larger than the text or the page's first bold line."""
    headings = [line for line in lines if len(_WORD.findall(line.text)) >= 1 and len(line.text) <= LONGEST]
    if not headings:
        return ""
    largest = max(headings, key=lambda line: (round(line.size), line.bold, -headings.index(line)))
    if largest.size < LARGER * body and not largest.bold:
        return ""
    start = headings.index(largest)
    title = [largest]
    for line in headings[start + 1 :]:
        near = 0 < line.y - title[-1].y <= 2.2 * title[-1].size
        alike = line.size >= NEARLY * largest.size and (line.bold == largest.bold or line.size > 1.5 * body)
        if not (near and alike):
            break
        title.append(line)
    return " ".join(line.text.replace("\t", " ") for line in title)
