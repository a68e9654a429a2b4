"""In: one paragraph. Out: where its sentences begin and end.

Most paragraphs hold no hard case (an abbreviation, an initial, a decimal) and are cut by one pattern; the others
go to syntok, which is right more often and ten times slower (measured: 5 ms for 5,000 characters).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST_FOR_SYNTOK = 20_000
LONGEST = 1500
"""No sentence is longer, in characters: a text without full stops is cut at white space."""

_TITLES = "mr mrs ms dr prof st rev hon sgt insp supt col capt messrs"
_BEFORE_NUMBER = "no nos p pp para paras s ss ch art arts fig figs reg regs sec sect vol ref cl sch r rr"
_ABBREVIATIONS = (
    "jr sr cf vs v eg ie etc al ed eds approx dept est ext inc ltd co jan feb mar apr jun jul aug sep sept oct nov dec "
    "mon tue tues wed thu thur thurs fri sat sun dob refs tel min max hrs hr wk wks yr yrs"
)
TITLES = frozenset(_TITLES.split())
BEFORE_NUMBER = frozenset(_BEFORE_NUMBER.split())
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split()) | BEFORE_NUMBER
"""Words before a full stop: a title never ends a sentence, nor does the second kind before a number; the others
need a second look. All in lower case."""

_STOP = re.compile(r"[.!?…]+[\"'”’)\]]*(?:\s+[.…]+)*(?=\s)")
_WORD = re.compile(r"[\w.’']+$")
_ITEM = re.compile(r"\s*\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-zA-Z]|[ivxIVX]{1,4})[.)]{1,2}(?=\s)")
_OPENERS = "\"'“‘([*_ \t\xa0"


def sentences(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of one paragraph, without white space around them, in order."""
    item = _ITEM.match(text)
    stops: list[int] = []
    hard: frozenset[int] | None = None
    for match in _STOP.finditer(text, item.end() if item else 0):
        verdict = _ends(text, match)
        if verdict is None:
            hard = _by_syntok(text) if hard is None else hard
            verdict = not hard.isdisjoint(range(match.start() + 1, match.end() + 1))
        if verdict:
            stops.append(match.end())
    return _cut(text, stops)


def _ends(text: str, stop: re.Match[str]) -> bool | None:
    """Whether a sentence ends at this mark; None where the pattern cannot tell."""
    rest = text[stop.end() : stop.end() + 24].lstrip(_OPENERS)
    if not rest or (rest[0].islower() and stop[0][0] == "."):
        return False
    if stop[0][0] != ".":
        return None if rest[0].islower() else True
    before = _WORD.search(text[max(0, stop.start() - 24) : stop.start()])
    word = before[0].lower() if before else ""
    if word in TITLES or (word in BEFORE_NUMBER and rest[0].isdigit()):
        return False
    if (word.isdigit() and len(word) <= 3) or (len(word) == 1 and word.isalpha()):
        opens = _opens_item(text, stop.start() - len(word))
        return False if opens else None if word.isalpha() else True
    return None if word in ABBREVIATIONS or "." in word else True


def _opens_item(text: str, at: int) -> bool:
    """Whether a number before a full stop is that of a list: it stands first, or after the end of a sentence."""
    before = text[:at].rstrip(" \t\xa0(")
    return not before or before[-1] in ":;."


def _by_syntok(text: str) -> frozenset[int]:
    """Where syntok ends sentences; asked only of marks that the pattern cannot judge."""
    if len(text) > LONGEST_FOR_SYNTOK:
        return frozenset()
    from syntok import segmenter  # only the hard cases pay for loading it

    return frozenset(
        sentence[-1].offset + len(sentence[-1].value)
        for paragraph in segmenter.analyze(text)
        for sentence in paragraph
        if sentence
    )


def _cut(text: str, stops: list[int]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    at = 0
    for stop in [*stops, len(text)]:
        out += _trimmed(text, at, stop)
        at = max(at, stop)
    return out


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch without white space around it, in pieces of at most `LONGEST` characters."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        space = max(text.rfind(mark, start + LONGEST // 2, start + LONGEST) for mark in (" ", ";", ","))
        stop = space + 1 if space > start else start + LONGEST
        yield from _trimmed(text, start, stop)
        start = stop
        while start < end and text[start].isspace():
            start += 1
    if end > start:
        yield start, end
