"""In: folded text. Out: the same with every run of white space or hyphens as one space, and the way back."""

from __future__ import annotations

import re
from bisect import bisect_right

_UNEVEN = re.compile(r" {2,}|(?<=s)'(?= )")
_LONE_DASH = re.compile(r"(?<=\s)-(?=\s)")


class Plain:
    """Text in which a phrase stands as a cue writes it: single spaces, no hyphens, no plural's closing apostrophe.

    A dash between spaces parts clauses, so it becomes a comma. Positions are those of `text`, offsets the document's.
    """

    def __init__(self, folded: str, start: int, end: int) -> None:
        raw = _LONE_DASH.sub(",", folded[start:end])
        for char in "\n\r\t\f\v-":
            raw = raw.replace(char, " ")
        parts: list[str] = []
        self._positions, self._shifts = [0], [start]
        at = gone = 0
        for found in _UNEVEN.finditer(raw):
            kept = 1 if found.group()[0] == " " else 0
            parts.append(raw[at : found.start() + kept])
            at = found.end()
            gone += len(found.group()) - kept
            self._positions.append(at - gone)
            self._shifts.append(start + gone)
        parts.append(raw[at:])
        self.text = "".join(parts)
        self._offsets = [p + s for p, s in zip(self._positions, self._shifts, strict=True)]

    def offset(self, position: int) -> int:
        """Where the character at `position` stands in the document."""
        return position + self._shifts[bisect_right(self._positions, position) - 1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The document's offsets of ``[start, end)``."""
        return self.offset(start), self.offset(end - 1) + 1

    def position(self, offset: int) -> int:
        """Where the character at `offset` of the document stands here; one that fell out: the next that stayed."""
        place = max(bisect_right(self._offsets, offset) - 1, 0)
        ceiling = self._positions[place + 1] if place + 1 < len(self._positions) else len(self.text)
        return max(0, min(offset - self._shifts[place], ceiling))
