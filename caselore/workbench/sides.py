"""Passes of a case side by side come in; the questions that an adjudicator settles, with everybody's words, go out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from caselore.codebook.codebook import Field
from caselore.store.actions.spans import Span
from caselore.store.books import DECISIONS, codebook
from caselore.store.models import Adjudication
from caselore.store.queries import CodingView, PassageView, PassView, Settling
from caselore.workbench.content_notes import topics_of
from caselore.workbench.wording import code_label

ONE = frozenset({"choice", "number", "text"})
"""Kinds of field of which one answer is settled; elsewhere each code is a yes or no."""

AROUND = 220
"""Characters of a passage shown on either side of the words that a coder cites."""


@dataclass(frozen=True, slots=True)
class Cited:
    """Words that a coder cites, with those around them, and the passage to open."""

    passage: int
    page: int | None
    before: str
    words: str
    after: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """One answer in one pass; a rejection says that a proposed code does not hold."""

    label: str
    rejected: bool
    cited: tuple[Cited, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Side:
    """One coder's column."""

    coder: str
    kind: str
    given: tuple[Given, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to settle: an answer that some gave and others did not."""

    key: str
    """``answer:code``, as the form sends it."""
    label: str
    by: tuple[str, ...]
    not_by: tuple[str, ...]
    against: str = ""
    """What is settled already and would be taken back if this holds too."""


@dataclass(frozen=True, slots=True)
class Settled:
    """An answer that was settled."""

    id: str
    label: str
    holds: bool
    reason: str
    by: str
    at: object


@dataclass(frozen=True, slots=True)
class Split:
    """One field on which passes differ. `one`: a single answer is chosen; else each question is a yes or no."""

    id: str
    label: str
    question: str
    one: bool
    version: int
    sides: tuple[Side, ...]
    questions: tuple[Question, ...]
    settled: tuple[Settled, ...]
    others: tuple[tuple[str, str], ...]
    """Further answers that nobody gave, as (key, label)."""
    proposed: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether anything of it is settled and nothing left open."""
        return bool(self.settled) and not self.questions


class Place:
    """Finds the passage in which words stand."""

    def __init__(self, passages: Sequence[PassageView]) -> None:
        self.passages = passages
        self.starts = [each.start for each in passages]

    def cited(self, span: Span) -> Cited:
        """The words with what stands around them in their passages."""
        first = max(bisect_right(self.starts, span.start) - 1, 0)
        if not self.passages:
            return Cited(0, None, "", span.quote, "")
        passage = self.passages[first]
        last = self.passages[max(bisect_right(self.starts, max(span.end - 1, span.start)) - 1, first)]
        before = passage.text[: max(span.start - passage.start, 0)]
        after = last.text[max(span.end - last.start, 0) :]
        return Cited(
            passage.number,
            passage.page,
            _tail(before),
            span.quote,
            _head(after),
            topics_of(f"{before}{span.quote}{after}"),
        )


def _tail(words: str) -> str:
    return words if len(words) <= AROUND else f"…{words[-AROUND:].partition(' ')[2]}"


def _head(words: str) -> str:
    return words if len(words) <= AROUND else f"{words[:AROUND].rpartition(' ')[0]}…"


def newest(passes: Iterable[PassView]) -> list[PassView]:
    """The newest pass of each coder."""
    last = {each.reading.coder_id: each for each in sorted(passes, key=lambda each: each.reading.number)}
    return sorted(last.values(), key=lambda each: each.coder)


def splits(settling: Settling, place: Place, proposed: Mapping[str, Sequence[CodingView]]) -> list[Split]:
    """Every field on which passes differ, but the sequence of decisions, which is settled as a whole (`courses`)."""
    sides = newest(settling.passes)
    names = [name for name in settling.differing if name != DECISIONS]
    return [_split(name, settling, sides, place, proposed.get(name, ())) for name in names]


def _split(
    name: str, settling: Settling, passes: Sequence[PassView], place: Place, proposed: Sequence[CodingView]
) -> Split:
    field = codebook().fields.get(name) or Field(name, name, "multi", "")
    live = [each for each in settling.adjudications if each.field == name]
    one = field.kind in ONE
    questions = _questions(field, passes)
    spoken = {f"{each.answer}:{each.code}" for each in live}
    closed = (one and any(each.holds for each in live)) or any(each.holds and each.answer != "present" for each in live)
    holding = "" if one else ", ".join(code_label(name, each.code) for each in live if each.holds)
    left = (
        ()
        if closed
        else tuple(
            each if each.key.startswith("present:") else replace(each, against=holding)
            for each in questions
            if each.key not in spoken
        )
    )
    return Split(
        name, field.label, field.question, one, settling.versions.get(name, 0),
        tuple(_side(field, each, place) for each in passes), left, tuple(_settled(field, each) for each in live),
        _others(field, questions), tuple(dict.fromkeys(code_label(name, p.code, p.answer) for p in proposed)),
    )  # fmt: skip


def _questions(field: Field, passes: Sequence[PassView]) -> tuple[Question, ...]:
    by: dict[tuple[str, str], list[str]] = {}
    for each in passes:
        for coding in each.codings.get(field.id, ()):
            if coding.origin != "rejected":
                by.setdefault((coding.answer, coding.code), []).append(each.coder)
    everybody = [each.coder for each in passes]
    order = {code: n for n, code in enumerate(field.codes)}
    found = [
        Question(f"{answer}:{code}", code_label(field.id, code, answer), tuple(names),
                 tuple(coder for coder in everybody if coder not in names))
        for (answer, code), names in sorted(by.items(), key=lambda item: (order.get(item[0][1], len(order)), item[0]))
    ]  # fmt: skip
    return tuple(each for each in found if each.not_by)


def _others(field: Field, questions: Sequence[Question]) -> tuple[tuple[str, str], ...]:
    """Of a field with one answer: what else it could be."""
    if field.kind != "choice":
        return ()
    known = {each.key for each in questions}
    codes = [(f"present:{code.id}", code.label) for code in field.codes.values()]
    states = [(f"{state}:", code_label(field.id, "", state)) for state in field.answers if state != "present"]
    return tuple(each for each in (*codes, *states) if each[0] not in known)


def _side(field: Field, of: PassView, place: Place) -> Side:
    given = tuple(
        Given(code_label(field.id, each.code, each.answer), each.origin == "rejected",
              tuple(place.cited(span) for span in each.evidence), each.reason)
        for each in of.codings.get(field.id, ())
    )  # fmt: skip
    notes = tuple(note.words for note in of.notes if note.field == field.id)
    return Side(of.coder, of.reading.kind, given, notes)


def _settled(field: Field, row: Adjudication) -> Settled:
    label = code_label(field.id, row.code, row.answer)
    return Settled(row.pk, label, row.holds, row.reason, row.adjudicator.name, row.at)


def agreed(settling: Settling) -> list[tuple[str, str, str]]:
    """The fields on which passes do not differ, with the answer in words; and who gave it, where others were silent."""
    passes = newest(settling.passes)
    found = []
    for field in codebook().fields.values():
        if field.id in (*settling.differing, DECISIONS):
            continue
        said = {each.coder: _given(field, each) for each in passes}
        answer = next((each for each in said.values() if each), ())
        if answer:
            found.append((field.label, ", ".join(answer), alone(said)))
    return found


def _given(field: Field, of: PassView) -> tuple[str, ...]:
    codings = of.codings.get(field.id, ())
    return tuple(code_label(field.id, each.code, each.answer) for each in codings if each.origin != "rejected")


def alone(said: Mapping[str, Sequence[object]]) -> str:
    """The coders who answered, where others did not."""
    tellers = [coder for coder, answer in said.items() if answer]
    return ", ".join(tellers) if len(tellers) < len(said) else ""


def evidence_of(settling: Settling, field: str, key: str) -> list[Span]:
    """What coders who gave an answer cite for it, each piece once."""
    found: dict[Span, None] = {}
    for each in newest(settling.passes):
        for coding in each.codings.get(field, ()):
            if f"{coding.answer}:{coding.code}" == key and coding.origin != "rejected":
                found |= dict.fromkeys(coding.evidence)
    return list(found)
