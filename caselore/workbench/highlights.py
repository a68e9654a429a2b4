"""What a viewer sees of a case and stretches of its text come in; what is coded there goes out, cut where codes
overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Exists, OuterRef, Q

from caselore.store.models import Coding, CodingEvidence, Step
from caselore.store.prepared import Prepared
from caselore.store.sight import Sight

DECISIONS = "decision_type"
NO_PASS = "none"
DEEPEST = 3
"""From so many codes on one stretch the mark looks the same."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """Words [start, end) that justify the coding or step `of`; `state` is ``own``, ``proposed`` or ``other``."""

    start: int
    end: int
    of: str
    field: str
    state: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one passage with the same codes all over; a carriage return stands alone, as HTML would drop it."""

    text: str
    ids: str = ""
    fields: str = ""
    look: str = ""
    """Classes of the mark; empty where nothing is coded."""
    parts: tuple[tuple[str, str], ...] = ()
    """Words with their classes, where the document has signs of its own, such as Markdown's."""

    @property
    def is_return(self) -> bool:
        """Whether it is a carriage return, which has to be written as a reference."""
        return self.text == "\r"


def within(stretches: Sequence[tuple[int, int]]) -> Q:
    """Rows with a `start` and an `end` that touch one of the stretches."""
    asked = Q()
    for start, end in stretches:
        asked |= Q(start__lt=end, end__gt=start)
    return asked


def _marked(passes: Sequence[str], own: Sequence[str], stretches: Sequence[tuple[int, int]]) -> Any:
    """Evidence in the stretches, and whether its code was rejected in an own pass."""
    rejections = Coding.objects.filter(
        reading__in=own, field=OuterRef("coding__field"), answer=OuterRef("coding__answer"),
        code=OuterRef("coding__code"), origin="rejected", retracted=False,
    )  # fmt: skip
    rows = CodingEvidence.objects.filter(within(stretches), coding__retracted=False, coding__reading__in=passes)
    rows = rows.exclude(coding__origin="rejected").annotate(refused=Exists(rejections))
    columns = ("start", "end", "coding_id", "coding__field", "coding__reading_id", "refused")
    return rows.order_by("coding_id", "order").values_list(*columns)


_MARKED = Prepared(_marked)
_STEPS = Prepared(
    lambda passes: Step.objects.filter(reading__in=passes).order_by("pk").values_list("pk", "evidence", "reading_id")
)


def highlights(sight: Sight, stretches: Sequence[tuple[int, int]]) -> list[Highlight]:
    """What the viewer may see coded in some stretches of the text; proposals that he rejected are left out."""
    rows = _MARKED(passes=list(sight.seen), own=sight.own or [NO_PASS], stretches=stretches)
    found = [
        Highlight(start, end, of, field, _state(sight, reading))
        for start, end, of, field, reading, refused in rows
        if not (refused and sight.seen[reading].machine)
    ]
    return found + _of_steps(sight, stretches)


def _state(sight: Sight, reading: str) -> str:
    of = sight.seen[reading]
    return "proposed" if of.machine else "own" if of.coder == sight.viewer.pk else "other"


def _of_steps(sight: Sight, stretches: Sequence[tuple[int, int]]) -> list[Highlight]:
    return [
        Highlight(span["start"], span["end"], pk, DECISIONS, _state(sight, reading))
        for pk, evidence, reading in _STEPS(passes=list(sight.seen))
        for span in evidence
        if any(span["start"] < end and span["end"] > start for start, end in stretches)
    ]


def pieces(text: str, start: int, marks: Sequence[Highlight]) -> list[Piece]:
    """The text of a passage that begins at `start`, cut wherever a highlight begins or ends."""
    end = start + len(text)
    here = [mark for mark in marks if mark.start < end and mark.end > start]
    cuts = {start, end} | {at for mark in here for at in (mark.start, mark.end) if start < at < end}
    cuts |= {start + n + step for n, letter in enumerate(text) if letter == "\r" for step in (0, 1)}
    order = sorted(cuts)
    return [
        _piece(text[first - start : last - start], [m for m in here if m.start < last and m.end > first])
        for first, last in pairwise(order)
    ]


def _piece(text: str, marks: Sequence[Highlight]) -> Piece:
    if not marks:
        return Piece(text)
    states = {mark.state for mark in marks}
    state = next(each for each in ("own", "proposed", "other") if each in states)
    depth = min(len({(mark.field, mark.of) if mark.state == state else mark.field for mark in marks}), DEEPEST)
    return Piece(text, _joined(m.of for m in marks), _joined(m.field for m in marks), f"{state} deep{depth}")


def _joined(names: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(names))
