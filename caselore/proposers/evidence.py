"""In: a quotation and a text, or a piece of evidence and its document. Out: where the words stand, or an error.

A quotation is found exactly, or else with case, white space, quotes, dashes, ellipses, hyphens at line ends, soft
hyphens and ligatures made alike. Only where it is asked for is a near miss accepted (`fuzzy`), and then nearly every
word must agree, all numbers and all negations: a quotation from another document is not to be found.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from caselore.errors import EvidenceError
from caselore.proposers.near import NearFinder
from caselore.records import Document, Evidence, Proposal

Kind = Literal["exact", "normalised", "fuzzy"]

_ALIKE = str.maketrans(
    {
        **dict.fromkeys('‘’‚‛′`´ʼ"“”„‟″«»‹›', "'"),
        **dict.fromkeys("‐‑‒–−﹘﹣－", "-"),
        **dict.fromkeys("―⸺⸻", "—"),
        **dict.fromkeys("\t\xa0\u1680\u202f\u205f\u3000\x0b\x85\u2028\u2029", " "),
        **{chr(code): " " for code in range(0x2000, 0x200B)},
        **dict.fromkeys("\r\x0c", "\n"),
    }
)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "…": "..."}
_UNEVEN = re.compile(
    r"(?P<join>(?<=\w)-[\xad\ufffe]*(?:[ ]*\n\s*)?(?=\w))"  # infor-\nmation, and multi-agency like multi-\nagency
    r"|(?P<gone>[\xad\ufffe\u200b-\u200d\u2060\ufeff](?:[ ]*\n\s*)?)"  # soft hyphens, marks without width
    r"|(?P<dash>\s+[-—][\s—-]*|[-—][\s—-]+|—)"
    r"|(?P<dots>\.(?:\s\.){2,})"
    r"|(?P<space>\s+)"
    r"|(?P<quotes>''+)"
    r"|(?P<ligature>[ﬀ-ﬆ…])"
)
_LETTER = re.compile(r"[^\W_]")
_INSTEAD = {"gone": "", "join": "", "dash": " - ", "dots": "...", "space": " ", "quotes": "'"}


@dataclass(frozen=True, slots=True)
class Found:
    """The quotation stands at ``text[start:end]``; `score` is 1 unless the kind is ``fuzzy``."""

    start: int
    end: int
    kind: Kind
    score: float = 1.0


def fold(text: str) -> str:
    """The text with all that printing and copying change made alike; two quotations with one fold are the same."""
    return _fold(text.strip())[0].strip(" ")


def _fold(text: str) -> tuple[str, list[tuple[int, int, int, int]]]:
    """The folded text, and for each stretch that changed length: begin and end there, begin and end in `text`."""
    even = text.lower()
    if len(even) != len(text):  # a few letters grow in lower case; they keep their length here
        even = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    even = even.translate(_ALIKE)
    parts: list[str] = []
    changed: list[tuple[int, int, int, int]] = []
    at = size = 0
    for found in _UNEVEN.finditer(even):
        words = found.group()
        instead = _LIGATURES[words] if found.lastgroup == "ligature" else _INSTEAD[str(found.lastgroup)]
        if words == instead:
            continue
        start, end = found.span()
        parts += (even[at:start], instead)
        size += start - at + len(instead)
        changed.append((size - len(instead), size, start, end))
        at = end
    parts.append(even[at:])
    return "".join(parts), changed


class Finder:
    """A text prepared once, to be asked about many quotations."""

    def __init__(self, text: str) -> None:
        self.text = text

    def find(self, quote: str, *, near: int = 0, fuzzy: bool = False) -> Found | None:
        """Where the quotation stands, of several places the one nearest to `near`; None if it stands nowhere.

        Exact and normalised finds always satisfy ``fold(text[start:end]) == fold(quote)``. An exact find of whole
        words is preferred to one inside longer words.
        """
        quote = quote.strip()
        if not _LETTER.search(quote):
            return None
        whole = _nearest(self.text, quote, near, whole=True)
        if whole is not None:
            return Found(whole, whole + len(quote), "exact")
        found = self._normalised(quote, near)
        part = None if found else _nearest(self.text, quote, near, whole=False)
        if part is not None:
            return Found(part, part + len(quote), "exact")
        return found or (self._fuzzy(quote) if fuzzy else None)

    @cached_property
    def _folded(self) -> tuple[str, list[tuple[int, int, int, int]], list[int]]:
        text, changed = _fold(self.text)
        return text, changed, [stretch[0] for stretch in changed]

    def _normalised(self, quote: str, near: int) -> Found | None:
        words = fold(quote)
        text = self._folded[0]
        best: Found | None = None
        for place in _places(text, words):
            if not _whole(text, place, place + len(words)):
                continue
            start, end = self._offsets(place, place + len(words))
            nearer = best is None or abs(start - near) < abs(best.start - near)
            if nearer and fold(self.text[start:end]) == words:
                best = Found(start, end, "normalised")
        return best

    def _offsets(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text of a span of the folded text."""
        return self._offset(start)[0], self._offset(end - 1)[1]

    def _offset(self, position: int) -> tuple[int, int]:
        """Where the character at `position` of the folded text begins and ends in the text."""
        _, changed, begins = self._folded
        last = bisect_right(begins, position) - 1
        if last < 0:
            return position, position + 1
        _, end, source_start, source_end = changed[last]
        if position < end:
            return source_start, source_end
        place = source_end + position - end
        return place, place + 1

    @cached_property
    def _near(self) -> NearFinder:
        return NearFinder(self._folded[0])

    def _fuzzy(self, quote: str) -> Found | None:
        found = self._near.find(fold(quote))
        return Found(*self._offsets(found.start, found.end), "fuzzy", found.score) if found else None


def find(quote: str, text: str, *, fuzzy: bool = False) -> Found | None:
    """Where a quotation stands in a text; for many quotations of one text make a `Finder`."""
    return Finder(text).find(quote, fuzzy=fuzzy)


def _nearest(text: str, words: str, near: int, *, whole: bool) -> int | None:
    """Where the words stand, nearest to `near`; `whole`: where they cut no word."""
    places = (p for p in _places(text, words) if not whole or _whole(text, p, p + len(words)))
    return min(places, key=lambda p: abs(p - near), default=None) if near else next(places, None)


def _places(text: str, words: str) -> Iterator[int]:
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no word is cut at either end."""
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    after = end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
    return not (before or after)


def verify(evidence: Evidence, document: Document) -> None:
    """Nothing, if the words stand where the evidence says.

    Raises:
        EvidenceError: it is evidence of another file, of another reading of it, or the words differ.
    """
    if (
        evidence.sha256 == document.sha256
        and evidence.text_sha256 == document.text_sha256
        and evidence.quote
        and document.text[evidence.start : evidence.end] == evidence.quote
    ):
        return
    raise EvidenceError(_reason(evidence, document))


def _reason(evidence: Evidence, document: Document) -> str:
    place = f"{document.name}, characters {evidence.start} to {evidence.end}"
    if evidence.sha256 != document.sha256:
        file = f"{evidence.sha256[:12]}…"
        return f"{place}: the evidence belongs to another file ({file}); give the file it was taken from."
    if evidence.text_sha256 != document.text_sha256:
        return (
            f"{place}: the evidence was taken from the text as read by {evidence.reader}, and this is the text as read "
            f"by {document.reader}; propose again."
        )
    if not evidence.quote:
        return f"{place}: the evidence quotes nothing; take it out or quote the words."
    return f"{place}: the text there is not the quotation; take the evidence out or propose again."


def verify_all(proposal: Proposal, document: Document) -> None:
    """Nothing, if every code, step and recommendation of a proposal has evidence, and all of it verifies.

    Raises:
        EvidenceError: a code says that something is present and quotes nothing, or a quotation does not stand.
    """
    for code in proposal.codes:
        if code.answer == "present" and not code.evidence and not code.reason:
            said = f"{code.coder} gave {code.field} {code.code} and quotes nothing for it"
            raise EvidenceError(f"{document.name}: {said}; no code stands without its words.")
    of_codes = [each for code in proposal.codes for each in code.evidence]
    of_steps = [each for step in proposal.sequence for each in step.evidence]
    for each in (*of_codes, *of_steps, *(made.evidence for made in proposal.recommendations)):
        verify(each, document)
