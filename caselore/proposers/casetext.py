"""In: a document and one case of it. Out: what every proposer reads: the text, folded, its passages, evidence."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Any

from caselore.documents.passages import passages
from caselore.records import Case, Document, Evidence, Passage

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys("\t\xa0\u1680\u202f\u205f\u3000\x0b\x0c\x85\u2028\u2029", " "),
        **{chr(code): " " for code in range(0x2000, 0x200B)},
    }
)


_ODD = re.compile(r"[^\n\r -~]")
"""Letters that may need folding: few, so that this is faster than to translate every letter of a text."""


def folded(text: str) -> str:
    """Lower case with straight quotes, hyphens and spaces, of exactly the same length, so that offsets hold."""
    lower = text.lower()
    if len(lower) != len(text):  # a few letters, such as the Turkish capital I with a dot, grow in lower case
        lower = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return _ODD.sub(lambda found: _PLAIN.get(ord(found.group()), found.group()), lower)


class CaseText:
    """One case as its proposers read it. Offsets are those of the document, as in the evidence."""

    def __init__(self, document: Document, case: Case) -> None:
        self.document = document
        self.case = case
        self.held: dict[tuple[str, ...], Any] = {}
        """What one proposer has read and another builds upon, by a name of the reader's choice."""

    @property
    def text(self) -> str:
        """The text of the whole document."""
        return self.document.text

    @cached_property
    def folded(self) -> str:
        """The text folded, at the same offsets as `text`; blank outside the case, so that no neighbour matches."""
        case = self.case
        rest = len(self.text) - case.end
        return " " * case.start + folded(self.text[case.start : case.end]) + " " * rest

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of the case, in order, each with the kind of section that it stands in."""
        return passages(self.document, self.case.start, self.case.end)

    def passage_at(self, at: int) -> Passage | None:
        """The passage in which a character stands."""
        place = bisect_right(self.passages, at, key=lambda passage: passage.start) - 1
        found = self.passages[place] if place >= 0 else None
        return found if found is not None and at < found.end else None

    def quote(self, start: int, end: int) -> str:
        """The words that stand at these offsets."""
        return self.document.text[start:end]

    def evidence(self, start: int, end: int) -> Evidence:
        """Evidence that verifies: the words at these offsets, without the white space around them."""
        words = self.document.text[start:end]
        start += len(words) - len(words.lstrip())
        words = words.strip()
        return Evidence(
            sha256=self.document.sha256,
            text_sha256=self.document.text_sha256,
            reader=self.document.reader,
            start=start,
            end=start + len(words),
            quote=words,
        )
