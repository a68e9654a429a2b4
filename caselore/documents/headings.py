"""In: the lines of a text, and the headings that a reader knows of. Out: the headings, with level and kind.

A heading is known by its words (`labels`), by a number or the word Chapter, by capitals, or by standing short
and alone before a paragraph. Lines of a contents list are told apart from the headings that they name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from caselore.documents.labels import fold, heading_kind, inline_label, is_stray, without_number
from caselore.documents.lines import BULLET, LIST_ITEM, Line

_MONTHS = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
NUMBERED = re.compile(rf"(\d{{1,2}}(?:\.\d{{1,2}}){{0,4}})[.)]?[ \t\xa0]+(?!{_MONTHS})(?=[A-Z“‘\"'(])(\S.{{1,110}})$")
NUMBERED_PROSE = re.compile(r"(\d{1,2}(?:\.\d{1,3}){0,4})[.)]?[ \t\xa0]+[A-Z“‘\"'(]")
CHAPTER = re.compile(
    r"(?:(?:chapter|part|appendix|annexe?|finding|theme)\s+(?:\d{1,2}[a-z]?|[A-Z]|[IVX]{1,4}|one|two|three|four|five|six"
    r"|seven|eight|nine|ten)|section\s+(?:[1-9]|1[0-4]|[A-H]|one|two|three|four|five|six))\b(?!\s+(?:of|was|is|were|and|enquir\w*|child|assessments?)\b).{0,110}$",
    re.IGNORECASE,
)
MARKDOWN = re.compile(r"(#{1,6})\s+(\S.*)$")
BOLD = re.compile(r"(\*\*|__)(?!\s)([^*_]{2,110})\1:?$")
PAGE_NUMBER = re.compile(r"(?:\.{3,}|…|_{3,}|\t|\s{2,}|\s)\s*(\d{1,3}|[ivxl]{1,5})$")
LEADERS = re.compile(r"(?:\.\s?){4,}\s*\d{1,3}$")
CAPTION = re.compile(r"(?:table|figure|fig\.|chart|box|map|photo|source)\s*\d*\s*[:.]|(?:table|figure|chart) \d", re.I)
ROW = re.compile(r"\t| \| ")

MOST_WORDS = 12
LONGEST = 110
BOX = 3
"""A label that heads this many places ("Learning points") is a box within chapters: it encloses nothing."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that stands on a line of its own; `level` 1 is the highest; `kind` None where unknown.

    `numbered` says that its level comes from a number, a chapter or the reader, and can be relied on.
    """

    index: int
    start: int
    end: int
    text: str
    level: int
    kind: str | None
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A heading that a reader knows from the file's own structure (a Word style, an HTML h2)."""

    start: int
    end: int
    level: int


def contents_lines(found: Sequence[Line]) -> frozenset[int]:
    """Which lines belong to a contents list, by their position in `found`, the heading "Contents" included."""
    inside: set[int] = {i for i, line in enumerate(found) if len(line.text) < 200 and LEADERS.search(line.text)}
    if len(inside) < 4:
        inside = set()
    for i, line in enumerate(found):
        if len(line.text) < 40 and i not in inside and heading_kind(line.text) == "contents":
            zone = _zone(found, i)
            inside.update(zone if len(zone) > 3 else ())
    return frozenset(inside)


def _zone(found: Sequence[Line], first: int) -> list[int]:
    """The contents list that a heading opens, up to its last entry."""
    zone, misses, seen, paged = [first], 0, {fold(found[first].text)}, 0
    for i in range(first + 1, len(found)):
        text = found[i].text
        entry = PAGE_NUMBER.search(text) is not None and len(text) < 200
        name = fold(PAGE_NUMBER.sub("", text))
        if name in seen and not entry:
            break
        if not entry:
            if paged > 2 and (misses := misses + 1) > 3:
                break
            if len(text) > 130 or text.endswith((".", ";")) or (paged <= 2 and not _bare_entry(text)):
                break
            if paged > 2:
                continue
        else:
            misses, paged = 0, paged + 1
        seen.add(name)
        zone.append(i)
    return list(range(first, zone[-1] + 1))


def _bare_entry(text: str) -> bool:
    return len(text) < 100 and (text[0].isupper() or text[0].isdigit()) and not text.endswith(",")


def own_line_kind(line: Line) -> str | None:
    """The kind that a line opens which is nothing but a heading the tables know, else None."""
    text = line.text
    if len(text) > LONGEST or text.endswith((".", ";", ",")) or ROW.search(text) or CAPTION.match(text):
        return None
    if (BULLET.match(text) and text[0] != "#") or (text[0] in "“‘" and text[-1] not in "”’"):
        return None
    label = inline_label(text)
    if label is not None and not text[label[1] :].strip():
        return label[0]
    return heading_kind(text) if _heads(text) and (_exact(text) or line.gap) else None


def _exact(text: str) -> bool:
    """Whether the table holds the heading, so that its words alone make a line a heading."""
    return len(text.split()) <= 4 or text.isupper()


def _heads(text: str) -> bool:
    first = next((letter for letter in text if letter.isalpha()), "")
    return first.isupper() and len(text.split()) <= MOST_WORDS


def find(found: Sequence[Line], given: Sequence[Given] = (), skip: frozenset[int] = frozenset()) -> list[Heading]:
    """The headings on lines of their own, in order, with `skip` (a contents list) left out."""
    known = {each.start: each for each in given}
    prose = _prose_depths(found) if not known else frozenset()
    out = []
    for i, line in enumerate(found):
        if i in skip or is_stray(line.text):
            continue
        heading = _given(i, line, known) if known else _seen(found, i, prose)
        if heading is not None:
            out.append(heading)
    return _levelled(out)


def _prose_depths(found: Sequence[Line]) -> frozenset[int]:
    """Depths at which numbers mark paragraphs ("4.12 The social worker visited ...") more often than headings."""
    prose: Counter[int] = Counter()
    for line in found:
        match = NUMBERED_PROSE.match(line.text)
        if match:
            prose[match[1].count(".") + 1] += 1 if len(line.text) > LONGEST or line.text.endswith((".", ";")) else -1
    return frozenset(depth for depth, balance in prose.items() if balance > 2)


def _given(i: int, line: Line, known: dict[int, Given]) -> Heading | None:
    each = known.get(line.start)
    if each is not None:
        kind = heading_kind(line.text)
        return Heading(i, line.start, line.end, line.text, each.level, kind, numbered=True)
    kind = own_line_kind(line) if len(line.text.split()) <= 4 else None
    return Heading(i, line.start, line.end, line.text, 0, kind) if kind else None


def _seen(found: Sequence[Line], i: int, prose: frozenset[int]) -> Heading | None:
    line = found[i]
    text = line.text
    if len(text) > 2 * LONGEST:
        return None
    marked = MARKDOWN.match(text)
    if marked:
        kind = heading_kind(marked[2])
        return Heading(i, line.start, line.end, marked[2].strip(" #"), len(marked[1]), kind, numbered=True)
    kind = own_line_kind(line)
    level = _number_level(found, i, kind, prose)
    if level:
        return Heading(i, line.start, line.end, text, level, kind or heading_kind(text), numbered=True)
    if kind or BOLD.match(text) or _capitals(text) or _alone(found, i):
        return Heading(i, line.start, line.end, text.strip("*_ "), 0, kind)
    return None


def _number_level(found: Sequence[Line], i: int, kind: str | None, prose: frozenset[int]) -> int:
    """The level that a number or the word Chapter gives, 0 where the line is no such heading."""
    text = found[i].text
    if len(text) > LONGEST or text.endswith((".", ";", ",")) or LEADERS.search(text) or len(text.split()) > 16:
        return 0
    if CHAPTER.match(text) and not text[0].islower() and not ROW.search(text):
        return 1
    match = NUMBERED.match(text)
    if match is None:
        return 0
    depth = match[1].count(".") + 1
    sure = kind is not None or match[2].isupper()
    if depth in prose and (not sure or text.endswith((":", "?"))):
        return 0
    if depth == 1 and not sure and (_in_list(found, i) or len(match[2].split()) > 9):
        return 0
    if not sure and _continues(found, i):
        return 0
    return depth


def _in_list(found: Sequence[Line], i: int) -> bool:
    """Whether neighbours are numbered too, which makes the line an item of a list and no heading."""
    around = [found[j].text for j in (i - 1, i + 1) if 0 <= j < len(found)]
    return any(LIST_ITEM.match(text) and "." not in text.split()[0].rstrip(".)") for text in around)


def _continues(found: Sequence[Line], i: int) -> bool:
    """Whether the next line goes on with this one: wrapped text."""
    if i + 1 >= len(found) or found[i + 1].gap:
        return False
    return found[i + 1].text[0].islower()


def _capitals(text: str) -> bool:
    letters = sum(letter.isalpha() for letter in text)
    return (
        letters >= max(5, len(text) // 2)
        and text == text.upper()
        and len(text.split()) <= MOST_WORDS
        and not text.endswith((".", ",", ";"))
        and not ROW.search(text)
    )


def _alone(found: Sequence[Line], i: int) -> bool:
    """A short line that stands alone above a paragraph."""
    line = found[i]
    text = line.text
    if not line.gap or len(text) > 80 or len(text.split()) > 10 or not (text[0].isupper() or text[0] in "‘“'\""):
        return False
    if sum(letter.isalpha() for letter in text) < max(4, len(text) // 2) or text.lower() == "none":
        return False
    if text.endswith((".", ",", ";", ":", "!", ")”")) or ROW.search(text) or i + 1 >= len(found):
        return False
    if inline_label(text) is not None or LIST_ITEM.match(text) or CAPTION.match(text):
        return False
    after = found[i + 1]
    return len(after.text) >= 80 or (after.gap and LIST_ITEM.match(after.text) is not None)


def _levelled(headings: list[Heading]) -> list[Heading]:
    """Give a level to headings without one: below the numbered heading before them, or 1 and 2."""
    structured = sum(heading.numbered for heading in headings) >= 3
    names = Counter(fold(heading.text) for heading in headings)
    out, current = [], 0
    for heading in headings:
        if heading.numbered:
            current = heading.level
            out.append(heading)
            continue
        outer = heading.kind in ("references", "appendix", "front", "contents")
        boxed = names[fold(heading.text)] >= BOX
        if outer:
            level = 1
        elif structured:
            level = current + 1
        else:
            level = 2 if boxed or heading.kind is None else 1
        out.append(
            Heading(heading.index, heading.start, heading.end, heading.text, level, heading.kind, heading.numbered)
        )
    return out


def bare(heading: str) -> str:
    """The heading folded and without its number, for comparison."""
    return without_number(fold(heading))
