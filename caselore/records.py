"""The shared vocabulary: the frozen records that pass between rooms, and nothing that acts.

Offsets are character positions in a document's text, half-open: ``text[start:end]``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

AnswerState = Literal["present", "absent", "not_mentioned", "unclear", "not_applicable", "withheld"]
"""What a coder can answer of a code; the five states other than ``present`` are different answers."""

ANSWER_STATES: tuple[AnswerState, ...] = (
    "present",
    "absent",
    "not_mentioned",
    "unclear",
    "not_applicable",
    "withheld",
)

Status = Literal["proposed", "validated", "adjudicated"]
"""How far a code has come; whatever no human has validated is ``proposed``."""

STATUSES: tuple[Status, ...] = ("proposed", "validated", "adjudicated")


@dataclass(frozen=True, slots=True)
class Source:
    """The public citation of a document or of one case in it."""

    title: str = ""
    publisher: str = ""
    year: int | None = None
    licence: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document; `number` counts from 1. A `scanned` page had no text layer."""

    number: int
    start: int
    end: int
    kind: Literal["text", "scanned", "empty"] = "text"


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of text under one heading; ``[start, body)`` holds the heading, ``[body, end)`` what it heads.

    `kind` is one of `SECTION_KINDS`.
    """

    kind: str
    heading: str
    start: int
    body: int
    end: int
    level: int = 1


SECTION_KINDS = (
    "contents",
    "front",  # title block, publication date, a line "Last updated"
    "incident",  # what happened: the opening paragraph of a summary
    "background",
    "analysis",  # key issues, findings, practice appraisal
    "learning",
    "recommendations",
    "keywords",
    "model",
    "appendix",
    "references",
    "body",  # no known heading
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, table row, list item or heading, with offsets that reproduce it exactly."""

    start: int
    end: int
    kind: Literal["sentence", "row", "heading"] = "sentence"
    section: str = "body"
    page: int | None = None


@dataclass(frozen=True)
class Document:
    """One file (or one record of a .jsonl or .csv file) as read.

    `sha256` is that of the file's bytes (of the record's bytes, for a record); `reader` names the reader and
    its version, because another version may read another text. `problems` are sentences a user can act on.
    """

    name: str
    media_type: str
    sha256: str
    text: str
    reader: str
    pages: tuple[Page, ...] = ()
    sections: tuple[Section, ...] = ()
    source: Source = field(default_factory=Source)
    problems: tuple[str, ...] = ()

    @cached_property
    def text_sha256(self) -> str:
        """The sha256 of the text as read, in UTF-8."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Case:
    """What a review is about: a stretch ``[start, end)`` of one document.

    `title` is the heading as printed and may hold a name: it never leaves the store unmasked. `year` is the
    year of publication. `n_cases` is how many cases a source says it covers, where it says so.
    """

    title: str
    document: str
    sha256: str
    start: int
    end: int
    source_type: str = "other"
    year: int | None = None
    source: Source = field(default_factory=Source)
    n_cases: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that justify a code, and where they stand: ``text[start:end] == quote``, exactly."""

    sha256: str
    text_sha256: str
    reader: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Code:
    """One value of one field. For a field of kind `number` the code is the number in decimal digits.

    `answer` is ``present`` when `code` holds; any other answer state has an empty `code` and speaks of the
    whole field. `confidence` is from 0 to 1, `coder` a person or a proposer such as ``rules@1.0``.
    """

    field: str
    code: str
    confidence: float
    coder: str
    evidence: tuple[Evidence, ...] = ()
    status: Status = "proposed"
    answer: AnswerState = "present"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One decision in the order in which the case took them, with the agency that took it (None: not stated)."""

    decision_type: str
    agency: str | None
    confidence: float = 1.0
    coder: str = ""
    evidence: tuple[Evidence, ...] = ()
    status: Status = "proposed"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation of a review; `label` is its number as printed, or the empty string.

    `smart` holds those of specific, measurable, achievable, realistic, timely for which the words give a sign.
    """

    label: str
    evidence: Evidence
    types: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    level: str = ""
    smart: tuple[str, ...] = ()
    time_frame: str = ""
    confidence: float = 1.0
    coder: str = ""
    status: Status = "proposed"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What proposers say of one case: codes, the sequence of decisions, the recommendations."""

    case: Case
    codes: tuple[Code, ...] = ()
    sequence: tuple[Step, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
