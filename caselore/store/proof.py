"""The log and the state come in; what does not verify goes out as sentences: the chain, the replay, the evidence.

The log is proved by itself (every event holds the hash of the one before), the rows by replaying the log, and every
piece of evidence against the text of its document.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F

from caselore.store.actions.act import BEGINNING, COLUMNS, canonical, digest
from caselore.store.actions.texts import shape_sha256
from caselore.store.models import (
    KEPT,
    Adjudication,
    Case,
    Coding,
    CodingEvidence,
    Document,
    Event,
    Head,
    Passage,
    Recommendation,
    SettledStep,
    Step,
    Withdrawal,
)

MOST_FAULTS = 50
"""Faults named in full; one is enough to refuse."""

Image = dict[str, Any]
State = dict[tuple[str, str], Image]


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved: events, rows, pieces of evidence; the head, to be noted outside the study; and the faults."""

    events: int
    rows: int
    evidence: int
    head: str
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether everything verifies."""
        return not self.faults


def prove(*, expect: str = "") -> Proof:
    """Prove the open study; `expect` is the hash of a head noted earlier, which the chain has to hold."""
    with transaction.atomic():
        Head.objects.select_for_update().filter(pk=1).first()  # nobody writes meanwhile
        state: State = {}
        head = Head.objects.filter(pk=1).first()
        found = islice(_faults(state, expect), MOST_FAULTS)
        faults = tuple(found)
        return Proof(
            events=Event.objects.count(), rows=len(state), evidence=CodingEvidence.objects.count(),
            head=head.hash if head else "", faults=faults,
        )  # fmt: skip


def write_log(path: Path) -> int:
    """Write the log as JSON Lines, an event a line in order; how many there are."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for event in Event.objects.order_by("sequence").iterator(chunk_size=500):
            file.write(canonical(as_line(event)) + "\n")
            count += 1
    return count


def as_line(event: Event) -> dict[str, Any]:
    """An event as the exported log holds it; `payload` is the text whose bytes are hashed."""
    return {name: getattr(event, name) for name in COLUMNS}


def _faults(state: State, expect: str) -> Iterator[str]:
    yield from _chain(state, expect)
    yield from _rows(state)
    yield from _documents()
    yield from _withdrawn()
    yield from _evidence()


def _chain(state: State, expect: str) -> Iterator[str]:
    """Faults of the log; on the way it is replayed into `state`."""
    previous, sequence, seen = BEGINNING, 0, not expect
    for event in Event.objects.order_by("sequence").iterator(chunk_size=500):
        sequence += 1
        if event.sequence != sequence:
            yield f"Event {sequence} is missing: event {event.sequence} follows {sequence - 1}."
            sequence = event.sequence
        if event.previous != previous:
            yield f"Event {sequence} does not join the one before it."
        if digest(event) != event.hash:
            yield f"Event {sequence} ({event.verb}) was changed after it was written."
        previous, seen = event.hash, seen or event.hash == expect
        yield from _replay(state, event)
    head = Head.objects.filter(pk=1).first()
    if head is None or (head.sequence, head.hash) != (sequence, previous):
        yield f"The head of the log does not stand at its last event, {sequence}: events were cut off or added."
    if not seen:
        yield f"The log does not hold the head noted earlier, {expect[:16]}…: it was rewritten."


def _replay(state: State, event: Event) -> Iterator[str]:
    try:
        rows = json.loads(event.payload)["rows"]
    except (ValueError, KeyError, TypeError):
        yield f"Event {event.sequence} cannot be read."
        return
    for told in rows:
        key, before, after = (told["kind"], told["id"]), told["before"], told["after"]
        now = state.get(key)
        if (now is None) != (before is None) or any((now or {}).get(k) != v for k, v in (before or {}).items()):
            yield f"Event {event.sequence} ({event.verb}) changes a {key[0]} that was not as it says."
        if after is None:
            state.pop(key, None)
        else:
            state[key] = {**(now or {}), **after}


def _rows(state: State) -> Iterator[str]:
    """Faults of the rows: every one has to be as the log tells it, and none may be more or less."""
    left = set(state)
    for kind, model in KEPT.items():
        rows: Any = model._default_manager
        for row in rows.defer(*model.LEFT_OUT).iterator(chunk_size=2000):
            key = (kind, str(row.pk))
            left.discard(key)
            if key not in state:
                yield f"A {kind} ({row.pk}) is there that no event made."
            elif json.loads(canonical(row.image())) != state[key]:
                names = [name for name, value in row.image().items() if state[key].get(name) != value]
                yield f"A {kind} ({row.pk}) is not as the log tells it: {', '.join(names)}."
    yield from (f"A {kind} ({gone}) is gone that no event dropped." for kind, gone in sorted(left))


def _documents() -> Iterator[str]:
    """Faults of texts, pages, sections and passages, which the log holds as hashes."""
    for document in Document.objects.order_by("pk").iterator(chunk_size=20):
        digested = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
        if digested != document.text_sha256 or len(document.text) != document.characters:
            yield f"{document.name}: its text is not the text as read."
        names = ("start", "end", "page", "section", "kind", "text")
        rows = list(Passage.objects.filter(document=document).order_by("number").values_list(*names))
        if shape_sha256(document.pages, document.sections, [row[:5] for row in rows]) != document.shape_sha256:
            yield f"{document.name}: its pages, sections or passages are not as read."
        if any(document.text[row[0] : row[1]] != row[5] for row in rows):
            yield f"{document.name}: a passage does not hold the words that stand at its place."
        yield from _evidence_of(document)


def _evidence_of(document: Document) -> Iterator[str]:
    """Evidence that does not verify against this document."""
    text = document.text
    spans = CodingEvidence.objects.filter(document=document).values_list("coding_id", "start", "end", "quote")
    for coding, start, end, quote in spans.iterator(chunk_size=5000):
        if not quote or text[start:end] != quote:
            yield f"{document.name}, characters {start} to {end}: evidence of coding {coding} does not stand there."
    for model in (Step, Adjudication, SettledStep):
        rows: Any = model.objects.filter(case__document=document)
        for row in rows:
            if any(text[each["start"] : each["end"]] != each["quote"] for each in row.evidence):
                yield f"{document.name}: evidence of {row} does not stand where it says."
    for made in Recommendation.objects.filter(case__document=document):
        if text[made.start : made.end] != made.quote:
            yield f"{document.name}: recommendation {made.pk} does not stand where it says."


def _withdrawn() -> Iterator[str]:
    """Cases whose mark is not what the withdrawals of their document say."""
    out = Withdrawal.objects.filter(retracted=False).values("document")
    for case in Case.every.filter(withdrawn=True).exclude(document__in=out).values_list("pk", flat=True):
        yield f"Case {case} is marked as taken out, and no event took its document out."
    for case in Case.every.filter(withdrawn=False, document__in=out).values_list("pk", flat=True):
        yield f"Case {case} is in the study, though its document was taken out."


def _evidence() -> Iterator[str]:
    """Codings that nothing justifies, and evidence from another document than the coding's case."""
    bare = Coding.objects.filter(evidence=None, reason="").exclude(origin="rejected").exclude(answer="not_mentioned")
    for coding in bare.filter(reading__machine=False):
        yield f"Coding {coding.pk} ({coding.field}) has neither evidence nor a reason."
    proposed = bare.filter(reading__machine=True, answer="present")
    for coding in proposed:
        yield f"Proposal {coding.pk} ({coding.field} {coding.code}) quotes nothing."
    foreign = CodingEvidence.objects.exclude(document=F("coding__case__document"))
    for each in foreign:
        yield f"Evidence {each.pk} is of another document than its case."
