"""In: a place in a text. Out: the readable phrase around it, within its clause: the words that are quoted."""

from __future__ import annotations

import re

from caselore.records import Passage

MOST_WORDS = 12
_CLAUSE = re.compile(r"[;:!?\n]+\s*|(?<!\d)[.](?=\s|$)\s*|\s[–—-]\s")
_COMMA = re.compile(r"[,()]\s*")
_WORD = re.compile(r"\S+")
_LOOSE = frozenset(
    _WORD.findall(
        "a an and are as at be been by for from had has in is it of on or so that the their to was were which who with"
    )
)


def phrase(text: str, passage: Passage, start: int, end: int) -> tuple[int, int]:
    """The span of at most `MOST_WORDS` words around ``[start, end)``: its clause, its comma group, or a window."""
    low, high = _between(_CLAUSE, text, passage.start, passage.end, start, end)
    if passage.section == "keywords":  # each is a word of its own; its neighbours say nothing of it
        return _stripped(text, *_between(_COMMA, text, low, high, start, end))
    if _count(text, low, high) > MOST_WORDS:
        near = _between(_COMMA, text, low, high, start, end)
        if 3 < _count(text, *near) <= MOST_WORDS:
            low, high = near
    if _count(text, low, high) <= MOST_WORDS:
        return _stripped(text, low, high)
    return _window(text, low, high, start, end)


def _between(stop: re.Pattern[str], text: str, low: int, high: int, start: int, end: int) -> tuple[int, int]:
    for found in stop.finditer(text, low, high):
        if found.end() <= start:
            low = found.end()
        elif found.start() >= end:
            high = found.start()
            break
    return low, high


def _count(text: str, start: int, end: int) -> int:
    return len(text[start:end].split())


def _window(text: str, low: int, high: int, start: int, end: int) -> tuple[int, int]:
    """From the clause's beginning, where who and what is denied stand, if the words are near it; else words on both
    sides, more of those before; no loose word at either end."""
    words = list(_WORD.finditer(text, low, high))
    inside = [n for n, word in enumerate(words) if word.end() > start and word.start() < end]
    if not inside:
        return start, end
    first, last = inside[0], inside[-1]
    spare = max(0, MOST_WORDS - (last - first + 1))
    left = 0 if last < MOST_WORDS else max(first - (spare + 1) // 2, 0)
    right = min(last + spare - (first - left), len(words) - 1)
    while left < first and words[left].group().lower() in _LOOSE:
        left += 1
    while right > last and words[right].group().lower().rstrip(",") in _LOOSE:
        right -= 1
    return _stripped(text, min(words[left].start(), start), max(words[right].end(), end))


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    start += len(words) - len(words.lstrip(" \t\n•*·,;:-–"))
    return start, start + len(text[start:end].rstrip(" \t\n,;:"))
