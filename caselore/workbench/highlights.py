"""A viewer and a stretch of a case's document come in; what is coded there goes out, cut where codes overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from caselore.store.models import Case, Coder, Coding, CodingEvidence, Step
from caselore.store.visibility import visible_passes

DECISIONS = "decision_type"
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

    @property
    def is_return(self) -> bool:
        """Whether it is a carriage return, which has to be written as a reference."""
        return self.text == "\r"


def seen_passes(viewer: Coder, case: Case) -> list[str]:
    """Ids of the passes on a case that the viewer may see; asked once, because the question is a long one."""
    return list(visible_passes(viewer).filter(case=case).values_list("pk", flat=True))


def highlights(viewer: Coder, case: Case, start: int, end: int) -> list[Highlight]:
    """What the viewer may see coded between two offsets; proposals that he rejected are left out."""
    seen = seen_passes(viewer, case)
    rows = CodingEvidence.objects.filter(
        coding__case=case, coding__retracted=False, coding__reading__in=seen, start__lt=end, end__gt=start
    ).values_list(
        "start", "end", "coding_id", "coding__field", "coding__code", "coding__answer", "coding__origin",
        "coding__reading__machine", "coding__reading__coder_id",
    )  # fmt: skip
    refused = _rejected(viewer, case)
    found = [
        Highlight(first, last, of, field, "proposed" if machine else "own" if coder == viewer.pk else "other")
        for first, last, of, field, code, answer, origin, machine, coder in rows
        if origin != "rejected" and not (machine and (field, answer, code) in refused)
    ]
    return found + _of_steps(viewer, seen, start, end)


def _rejected(viewer: Coder, case: Case) -> set[tuple[str, str, str]]:
    own = Coding.objects.filter(case=case, reading__coder=viewer, retracted=False, origin="rejected")
    return set(own.values_list("field", "answer", "code"))


def _of_steps(viewer: Coder, seen: list[str], start: int, end: int) -> list[Highlight]:
    steps = Step.objects.filter(reading__in=seen).values_list("pk", "evidence", "reading__machine", "reading__coder_id")
    return [
        Highlight(
            span["start"], span["end"], pk, DECISIONS,
            "proposed" if machine else "own" if coder == viewer.pk else "other",
        )
        for pk, evidence, machine, coder in steps
        for span in evidence
        if span["start"] < end and span["end"] > start
    ]  # fmt: skip


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
