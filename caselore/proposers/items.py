"""In: a stretch of text that holds recommendations. Out: its items, each whole, with the label printed before it.

Reports number recommendations in many ways; of the kinds of marks in a stretch the one is taken whose items ask for
something. Where there are no marks, paragraphs that ask for something are items, and one-line summaries are cut at
their semicolons.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal

import yaml

from caselore.documents.lines import Line, is_wrapped, joins, lines

Mark = Literal["rec", "r", "num", "par", "bul", "let", "rom", ""]

ASKING = 0.5
"""Share of the items of a list that must ask for something; a list of findings does not."""

LEAST_WORDS = 3
HEADING_WORDS = 12

MARKS: tuple[Mark, ...] = ("rec", "r", "num", "par", "bul", "let", "rom")

SURE: dict[Mark, float] = {
    "rec": 0.95,
    "r": 0.95,
    "num": 0.9,
    "par": 0.85,
    "bul": 0.85,
    "let": 0.8,
    "rom": 0.8,
    "": 0.7,
}
"""Confidence by the kind of mark; an unmarked paragraph may be comment."""

SUMMARISED, TOLD = 0.8, 0.55
"""Confidence of a part of a summary, and of one that only says that there are recommendations on something."""

_MARKS = re.compile(
    r"(?P<rec>\**recommendations?\b\s*(?:no\.?|number)?\s*"
    r"(?P<rec_label>\d{1,3}(?:\.\d+)*[a-z]?|(?-i:[A-Z]\d*|[IVX]{1,4})(?!\w)"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?:\s*[:.)\]–—*-]+\s*|\s*$|\s{2,}|\s+(?=[A-Z(])))"
    r"|(?P<r>(?P<r_label>(?:R|Rec\.?\s?)\d{1,3}(?:\.\d+)*)(?:[:.)]\s*|\s+))"
    r"|(?P<par>(?P<par_label>\d{1,2}(?:\.\d{1,3}){1,3})[.)]?(?:\s+|$))"
    r"|(?P<num>(?P<num_label>\(\d{1,2}\)|\d{1,2}(?=[.)]|\s*\|))(?:\s*\|)?[.)]?(?:\s+|$|(?=[A-Z])))"
    r"|(?P<let>(?P<let_label>\([a-z]\)|[a-z](?=[.)]\s))[.)]?\s+)"
    r"|(?P<rom>(?P<rom_label>\([ivx]{1,4}\)|[ivx]{1,4}(?=[.)]\s))[.)]?\s+)"
    r"|(?P<bul>(?:[•▪◦‣●○■□►➢✓∙·»\uf0b7\uf0a7]+|[-–—*](?=\s)|o(?=\s{2,}))[ \t\xa0]*)",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.?!][”’\"')\]]*(?:\s*\[\d+\])?$")
_JOINING = re.compile(r"(?:[;,]\s*(?:and|or)?)?$")
_GOES_ON = (":", ";", ",", " and", " or")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or list item: its span, the kind and label of its mark, and where its words begin."""

    start: int
    end: int
    body: int
    text: str
    mark: Mark
    label: str
    gap: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One recommendation as it stands: its span, its words, and what was said before the list of it (`lead`)."""

    start: int
    end: int
    label: str
    mark: Mark
    sure: float
    lead: str = ""


@cache
def words(name: str) -> re.Pattern[str]:
    """One of the expressions of ``recommendations.yaml``, for folded text."""
    data = yaml.safe_load(files("caselore.proposers").joinpath("recommendations.yaml").read_text("utf-8"))
    return re.compile(str(data[name]).strip(), re.MULTILINE if name in {"questions", "finding"} else 0)


def plain(text: str) -> str:
    """Lower case with straight quotes and hyphens and single spaces."""
    return " ".join(text.lower().replace("’", "'").replace("‘", "'").replace("–", "-").replace("—", "-").split())


def asks(text: str) -> bool:
    """Whether the words ask for something to be done."""
    low = plain(text)
    return bool(words("duty").search(low) or words("imperative").match(low))


def blocks(text: str, start: int, end: int) -> list[Block]:
    """The paragraphs and list items of a stretch; lines broken at a width are joined."""
    found = list(lines(text, start, end))
    wrapped = is_wrapped(found)
    width = max((len(line.text) for line in found), default=0)
    made: list[Block] = []
    for n, line in enumerate(found):
        block = _block(line)
        if made and wrapped and not block.mark and joins(found[n - 1], line, width):
            made[-1] = replace(made[-1], end=line.end, text=text[made[-1].start : line.end])
        else:
            made.append(block)
    return made


def _block(line: Line) -> Block:
    mark = _MARKS.match(line.text)
    if not mark or (mark.group("rec") and _cited(line.text[mark.end() :])):
        return Block(line.start, line.end, line.start, line.text, "", "", line.gap)
    kind: Mark = next(name for name in MARKS if mark.group(name))
    label = mark.group(f"{kind}_label") if kind != "bul" else ""
    return Block(line.start, line.end, line.start + mark.end(), line.text, kind, label, line.gap)


def labelled(line: str) -> bool:
    """Whether a line opens with the word and a number, "Recommendation 2"."""
    mark = _MARKS.match(line)
    return bool(mark and mark.group("rec"))


def _cited(rest: str) -> bool:
    """Whether the line goes on to speak about that recommendation."""
    return bool(re.match(r"(?:was|is|has|were|in|of|and|above|below|to)\b", rest))


def quoted(text: str) -> list[tuple[int, int]]:
    """Long stretches between curly quotation marks: the words of others."""
    return [
        found.span()
        for found in re.finditer(r"“(?:[^“”]|“[^“”]*”){60,6000}?”", text)
        if found.end() - found.start() > 150 or "\n" in found.group()
    ]


def items(text: str, start: int, end: int, *, heading: str = "", family: Mark | None = None) -> list[Item]:
    """The items of one section.

    Args:
        text: the whole text.
        start, end: of the words under the heading.
        heading: the section's heading; one that ends in a colon makes each line below an item.
        family: the kind of mark that counts, if the sections around have settled it.
    """
    found = blocks(text, start, end)
    if not found:
        return []
    chosen = family if family is not None else settle(found)
    if chosen:
        return list(_marked(text, found, chosen))
    inline = "\n" not in text[start : found[0].start] and len(found) == 1
    listed = heading.rstrip().endswith(":") and not inline
    if inline or (len(found) == 1 and ";" in found[0].text):
        return list(summary(text, found[0].start, found[0].end))
    return list(_unmarked(found, listed=listed))


def settle(found: Sequence[Block]) -> Mark:
    """Which kind of mark opens a recommendation here; '' if none does."""
    by: dict[Mark, list[Block]] = defaultdict(list)
    for block in found:
        by[block.mark].append(block)
    if by["rec"]:
        return "rec"
    for mark in MARKS[1:]:
        listed = [each for each in by[mark] if len(each.text.split()) > LEAST_WORDS]
        if len(listed) >= (1 if mark in {"r", "num"} else 2) and _share(found, listed) >= ASKING:
            return mark
    return ""


def _share(found: Sequence[Block], listed: Sequence[Block]) -> float:
    """The share of items that ask; a list behind `should:` asks in the line before it."""
    before = {block.start: previous for previous, block in pairwise(found)}
    lead = before.get(listed[0].start)
    if lead and not lead.mark and lead.text.endswith(":") and words("duty").search(plain(lead.text)):
        return 1.0
    return sum(asks(block.text[block.body - block.start :]) for block in listed) / len(listed)


def _marked(text: str, found: Sequence[Block], family: Mark) -> Iterator[Item]:
    lead = ""
    n = 0
    while n < len(found):
        block = found[n]
        if block.mark != family:
            if not block.mark and (_heading(block) or block.text.endswith(":")):
                lead = block.text
            n += 1
            continue
        last = n + 1
        while last < len(found) and _continues(found[n:last], found[last], family):
            last += 1
        end = found[last - 1].end
        end -= len(_JOINING.search(text[block.body : end]).group())  # type: ignore[union-attr]
        if len(text[block.body : end].split()) >= LEAST_WORDS:
            yield Item(block.body, end, block.label, family, SURE[family], lead)
        n = last


def _continues(so_far: Sequence[Block], block: Block, family: Mark) -> bool:
    """Whether a block belongs to the item before it."""
    if block.mark == family or block.mark in {"rec", "r"} or (block.mark == "par" and family != "rec"):
        return False
    only_label = len(so_far) == 1 and so_far[0].body >= so_far[0].end
    before = so_far[-1].text.rstrip()
    if only_label or before.endswith(_GOES_ON) or block.text[0].islower():
        return True
    if block.mark:
        return block.mark != "num" or family == "rec"
    if _heading(block):
        return family == "rec" and not any(asks(each.text) for each in so_far)
    if _ENDED.search(before) is None and family == "rec":
        return True
    return family == "rec" and (not any(asks(each.text) for each in so_far) or _asks_strongly(block.text))


def _heading(block: Block) -> bool:
    return len(block.text.split()) <= HEADING_WORDS and not block.text.endswith((".", ";", ",", "?"))


def _asks_strongly(text: str) -> bool:
    return bool(words("strong").match(plain(text)))


def _unmarked(found: Sequence[Block], *, listed: bool) -> Iterator[Item]:
    lead = ""
    for block in found:
        if block.mark or len(block.text.split()) < LEAST_WORDS:
            continue
        if not listed and (_heading(block) or block.text.endswith(":")):
            lead = block.text
        elif listed or _asks_strongly(block.text) or words("imperative").match(plain(block.text)):
            start, end = _trimmed(block)
            yield Item(start, end, "", "", SURE["bul"] if listed else SURE[""], lead)


def _trimmed(block: Block) -> tuple[int, int]:
    """The span of a line without the words that only join it to the next or the last."""
    opening = re.match(r"(?:and|or)\s+(?=[a-z])", block.text)
    closing = _JOINING.search(block.text)
    return block.start + (opening.end() if opening else 0), block.start + (
        closing.start() if closing else len(block.text)
    )


def summary(text: str, start: int, end: int) -> Iterator[Item]:
    """The recommendations of a one-paragraph summary: its parts between semicolons, else its sentences that ask."""
    body = text[start:end]
    low = body.lower().replace("’", "'").replace("‘", "'")
    opening = words("lead").match(low)
    lead = body[: opening.end()] if opening else ""
    at = start + len(lead)
    parts = _parts(text, at, end)
    if len(parts) == 1:
        parts = _sentences(text, at, end)
    for first, last in parts:
        piece = text[first:last]
        kept = re.match(r"\s*(?:and\s+|finally,?\s+)?", piece)
        first += kept.end() if kept else 0
        last -= len(piece) - len(piece.rstrip())
        if last - first > 2 and len(text[first:last].split()) >= 2:
            told = words("told").match(plain(text[first:last]))
            yield Item(first, last, "", "", TOLD if told else SUMMARISED, lead)


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Between semicolons; behind a colon the parts are one list and stay together."""
    cuts = [found.start() for found in re.finditer(";", text[start:end])]
    colon = re.search(r"\w:\s", text[start:end])
    if colon:
        cuts = [cut for cut in cuts if cut < colon.start()]
    edges = [0, *[cut + 1 for cut in cuts], end - start]
    return [(start + a, start + b - (b != edges[-1])) for a, b in pairwise(edges)]


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences if each of them asks for something, else the whole."""
    ends = [found.end() for found in re.finditer(r"(?<=[a-z)’”])\.\s+(?=[A-Z])", text[start:end])]
    edges = [0, *ends, end - start]
    cut = [(start + a, start + b) for a, b in pairwise(edges)]
    return cut if all(words("duty").search(plain(text[a:b])) for a, b in cut) else [(start, end)]
