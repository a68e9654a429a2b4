"""What pages show, as frozen records: codings, fields, passages, cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from caselore.store.actions.spans import Span
from caselore.store.models import Case, Document, Note, Pass, Place, Recommendation, SettledStep, Step
from caselore.store.sight import Sight


@dataclass(frozen=True, slots=True)
class CodingView:
    """One coding; `ids` has those of all machines that proposed the same. `own` names the viewer's answer to it."""

    id: str
    field: str
    code: str
    answer: str
    origin: str
    status: str
    confidence: float
    coder: str
    machine: bool
    evidence: tuple[Span, ...] = ()
    reason: str = ""
    answers_to: str = ""
    retracted: bool = False
    ids: tuple[str, ...] = ()
    coders: tuple[str, ...] = ()
    decided: str = ""
    """Of a proposal: ``accepted``, ``rejected`` or ``amended`` where the viewer answered it, else empty."""


@dataclass(frozen=True, slots=True)
class AdjudicationView:
    """A settled answer: the code holds, or does not."""

    id: str
    field: str
    code: str
    answer: str
    holds: bool
    reason: str
    adjudicator: str
    at: datetime
    evidence: tuple[Span, ...] = ()
    steps: tuple[SettledStep, ...] = ()
    """Of a sequence of decisions: the settled order."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a case as the viewer sees it; send `version` back as `seen` with every decision on it."""

    field: str
    version: int = 0
    proposals: tuple[CodingView, ...] = ()
    own: tuple[CodingView, ...] = ()
    others: tuple[CodingView, ...] = ()
    adjudicated: tuple[AdjudicationView, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether the viewer has answered every proposal, or answered the field at all where there is none."""
        return all(each.decided for each in self.proposals) if self.proposals else bool(self.own)


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage with its words."""

    number: int
    start: int
    end: int
    page: int | None
    section: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as one viewer sees it; `blind` says that proposals are hidden until the own pass is submitted."""

    case: Case
    document: Document
    start: int
    end: int
    passages: tuple[PassageView, ...]
    reading: Pass | None
    sight: Sight
    blind: bool
    fields: dict[str, FieldView]
    sequence: tuple[Step, ...] = ()
    sequence_version: int = 0
    proposed_sequence: tuple[Step, ...] = ()
    notes: tuple[Note, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    can_undo: bool = False
    can_redo: bool = False
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A case in a coder's queue; `state` is new, open or submitted, of the coder's own newest pass."""

    case: str
    title: str
    source_type: str
    year: int | None
    state: str
    assigned: bool
    due: date | None
    blind: bool
    proposals: int
    left: int
    """Of the proposals, those that the coder has not answered."""
    decided: int
    doubt: float
    layer: str
    proposing: str


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of a queue, and how many cases it has in all."""

    rows: tuple[QueueRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: `parts` are its words in stretches, each with whether it is what was looked for."""

    case: str
    title: str
    document: str
    passage: int
    start: int
    end: int
    page: int | None
    section: str
    year: int | None
    parts: tuple[tuple[str, bool], ...]
    source_title: str = ""
    publisher: str = ""
    url: str = ""
    licence: str = ""
    neighbours: tuple[tuple[tuple[str, bool], ...], ...] = ()
    """Of a place where no one passage has all the words: the passages after this one up to the last that has some."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Passages found, best first: how many, in how many cases; with `more`, there are more than were counted.

    The last `nearby` of them are places where neighbouring passages have the words together.
    """

    total: int
    rows: tuple[Hit, ...]
    cases: int = 0
    more: bool = False
    among: frozenset[str] = frozenset()
    """Ids of the cases in which they stand."""
    nearby: int = 0
