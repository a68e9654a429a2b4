"""In: a case and how much text fits beside a question. Out: the case in overlapping windows of whole passages.

A window ends at the end of a section where it is at least half full by then, so that what belongs together stays
together; the next begins with the last passages of the one before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from caselore.proposers.casetext import CaseText
from caselore.proposers.llm.settings import settings
from caselore.records import Passage

LEFT_OUT = frozenset({"contents", "references"})
"""Sections that hold no words of the case."""

MARK = 10
"""Letters of a passage's number, its brackets and the line break."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage (or a part of one that is too long for a window) with its number in the case, from 1."""

    number: int
    start: int
    end: int
    section: str

    @property
    def letters(self) -> int:
        """What it takes of a window."""
        return self.end - self.start + MARK


def windows(text: CaseText, letters: int) -> tuple[tuple[Piece, ...], ...]:
    """The case in windows of at most so many letters; one window if it fits whole, none if it has no text."""
    pieces = [
        piece
        for number, passage in enumerate(text.passages, start=1)
        if passage.section not in LEFT_OUT
        for piece in _pieces(text.text, passage, number, letters // 2)
    ]
    found: list[tuple[Piece, ...]] = []
    first = 0
    while first < len(pieces):
        last = _last(pieces, first, letters)
        found.append(tuple(pieces[first:last]))
        if last == len(pieces):
            break
        first = _overlapping(pieces, first, last, letters)
    return tuple(found)


def _pieces(text: str, passage: Passage, number: int, most: int) -> list[Piece]:
    """A passage whole, or cut between words where it is longer than `most`."""
    found: list[Piece] = []
    start = passage.start
    while passage.end - start > most:
        spaces = [space.start() for space in re.finditer(r"\s", text[start : start + most])]
        end = start + (spaces[-1] if spaces and spaces[-1] > most // 2 else most)
        found.append(Piece(number, start, end, passage.section))
        start = end
    return [*found, Piece(number, start, passage.end, passage.section)]


def _last(pieces: Sequence[Piece], first: int, letters: int) -> int:
    """Where a window that begins at `first` ends: full, or at the last section that ends in its second half."""
    size, last, whole = 0, first, 0
    while last < len(pieces) and (size + pieces[last].letters <= letters or last == first):
        size += pieces[last].letters
        last += 1
        if last < len(pieces) and pieces[last].section != pieces[last - 1].section and size * 2 >= letters:
            whole = last
    return last if last == len(pieces) or not whole else whole


def _overlapping(pieces: Sequence[Piece], first: int, last: int, letters: int) -> int:
    """Where the next window begins: some passages before the end of this one, but always further on."""
    most = min(int(settings()["overlap"]), letters // 4)
    start, size = last, 0
    while start - 1 > first and size + pieces[start - 1].letters <= most:
        start -= 1
        size += pieces[start].letters
    return start
