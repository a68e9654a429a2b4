"""In: a case. Out: the stretches that are compared with examples, each a clause or a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from caselore.proposers.casetext import CaseText
from caselore.proposers.classifier.reading import quotable
from caselore.proposers.exemplars.reading import WORD, settings
from caselore.proposers.matcher import silent_stretches
from caselore.records import Passage

_PART = re.compile(r"[^;\n]+(?:\n(?![-•*\n])[^;\n]+)*")
"""Parts of a list between semicolons; a line that was merely wrapped goes on."""

_LABEL = re.compile(r"\s*(?:\w+ ){0,4}\w+:\s")


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch ``[start, end)`` of a passage, and its folded words."""

    start: int
    end: int
    passage: Passage
    words: list[str]


def units(text: CaseText) -> list[Unit]:
    """All that says enough to be compared, in order; nothing from lists of contents, panels or glossaries."""
    asked = {section for field in settings()["fields"].values() for section in field["sections"]}
    closed = silent_stretches(text)
    found: list[Unit] = []
    for passage in quotable(text):
        if passage.section in asked and not any(start <= passage.start < end for start, end in closed):
            found += _parts(text, passage)
    return found


def _parts(text: CaseText, passage: Passage) -> Iterator[Unit]:
    least = int(settings()["least_words"])
    at = passage.start
    label = _LABEL.match(text.folded, at, passage.end)
    at = label.end() if label else at
    for part in _PART.finditer(text.folded, at, passage.end):
        words = WORD.findall(text.folded, part.start(), part.end())
        if len(words) >= least:
            yield Unit(part.start(), part.end(), passage, words)
