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

_ABBREVIATIONS = (
    "mr mrs ms dr prof st rev hon sgt insp supt col capt jr sr no nos p pp para paras s ss art fig figs cf vs v eg ie "
    "etc al ed eds vol approx dept est ext inc ltd co jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues "
    "wed thu thur thurs fri sat sun dob ref refs tel min max hrs hr wk wks yr yrs"
)
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
"""Words before a full stop that need a second look; lower case."""

_STOP = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)")
_WORD = re.compile(r"[\w.’']+$")
_OPENERS = "\"'“‘([*_ \t\xa0"


def sentences(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of one paragraph, without white space around them, in order."""
    if not _STOP.search(text):
        return _cut(text, [])
    stops: list[int] = []
    for match in _STOP.finditer(text):
        verdict = _ends(text, match)
        if verdict is None:
            return _by_syntok(text) if len(text) <= LONGEST_FOR_SYNTOK else _cut(text, _plain_stops(text))
        if verdict:
            stops.append(match.end())
    return _cut(text, stops)


def _ends(text: str, stop: re.Match[str]) -> bool | None:
    """Whether a sentence ends at this mark; None where the pattern cannot tell."""
    rest = text[stop.end() : stop.end() + 24].lstrip(_OPENERS)
    if not rest:
        return False
    if rest[0].islower():
        return False if stop[0][0] == "." else None
    if stop[0][0] != ".":
        return True
    before = _WORD.search(text[max(0, stop.start() - 24) : stop.start()])
    word = before[0].lower() if before else ""
    if word.isdigit() and (len(word) <= 3 and _opens_item(text, stop.start() - len(word))):
        return False
    if len(word) == 1 and word.isalpha() and _opens_item(text, stop.start() - 1):
        return False
    if word in ABBREVIATIONS or len(word) == 1 or "." in word:
        return None
    return True


def _opens_item(text: str, at: int) -> bool:
    """Whether a number before a full stop is that of a list: it stands first, or after the end of a sentence."""
    before = text[:at].rstrip(" \t\xa0(")
    return not before or before[-1] in ":;."


def _plain_stops(text: str) -> list[int]:
    return [match.end() for match in _STOP.finditer(text) if _ends(text, match)]


def _by_syntok(text: str) -> list[tuple[int, int]]:
    from syntok import segmenter  # only the hard cases pay for loading it

    stops = [
        sentence[-1].offset + len(sentence[-1].value)
        for paragraph in segmenter.analyze(text)
        for sentence in paragraph
        if sentence
    ]
    return _cut(text, [stop for stop in stops if stop < len(text)])


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
