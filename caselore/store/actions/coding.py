"""A coder decides: accept, reject, amend, add and withdraw codings, and answer a field as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.db.models import Max

from caselore.codebook.codebook import Field
from caselore.errors import EvidenceError, NotAllowed, StoreError
from caselore.store.actions.act import Act, act
from caselore.store.actions.refs import check_seen, own_open_pass, the
from caselore.store.actions.spans import Span, SpanLike, verified
from caselore.store.books import check_code, check_state, displaced, field_of
from caselore.store.models import Coder, Coding, CodingEvidence, Event, Pass
from caselore.store.visibility import hides_from_coder, sees_pass

STANDING_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "not_mentioned": "Read; the source does not speak of it.",
        "not_applicable": "The question does not arise in this case.",
        "withheld": "The source leaves it out on purpose.",
    }
)
"""What a coder states by giving one of these answers with no words of his own: silence cannot be quoted."""

LONGEST_REASON = 10_000


def accept(
    actor: Coder, reading: Pass | str, proposed: Coding | str, *, evidence: Iterable[SpanLike] | None = None,
    seen: int | None = None, token: str = "",
) -> Coding:  # fmt: skip
    """Take a proposed code as one's own, with its evidence (or `evidence` instead)."""
    with act(actor, "accept", token=token) as done:
        if done.repeated:
            return _again(done.repeated)
        own, proposal = _proposed(actor, reading, proposed, done)
        held = _held(own, proposal.field, seen)
        same = [each for each in held if _says(each, proposal.code, proposal.answer) and each.origin != "rejected"]
        if same and evidence is None:
            return same[0]
        spans = _copied(proposal) if evidence is None else verified(own.case, evidence)
        made = _coding(own, proposal, origin="accepted", done=done)
        return _store(done, made, spans, held=held, reason=proposal.reason)


def reject(
    actor: Coder, reading: Pass | str, proposed: Coding | str, *, reason: str = "", seen: int | None = None,
    token: str = "",
) -> Coding:  # fmt: skip
    """Say that a proposed code does not hold; an own coding of the same code is withdrawn by it."""
    with act(actor, "reject", token=token) as done:
        if done.repeated:
            return _again(done.repeated)
        own, proposal = _proposed(actor, reading, proposed, done)
        held = _held(own, proposal.field, seen)
        same = [each for each in held if _says(each, proposal.code, proposal.answer)]
        for each in same:
            if each.origin == "rejected":
                return each
        made = done.new(_coding(own, proposal, origin="rejected", done=done, reason=_reason(reason)))
        _retract(done, same)
        return made


def amend(
    actor: Coder, reading: Pass | str, coding: Coding | str, *, code: str = "",
    evidence: Iterable[SpanLike] | None = None, reason: str = "", seen: int | None = None, token: str = "",
) -> Coding:  # fmt: skip
    """Take a proposal with another code or other evidence, or change an own coding so."""
    with act(actor, "amend", token=token) as done:
        if done.repeated:
            return _again(done.repeated)
        own, before = _proposed(actor, reading, coding, done)
        held = _held(own, before.field, seen)
        spans = _copied(before) if evidence is None else verified(own.case, evidence)
        made = _coding(own, before, origin="amended", done=done)
        made.code, made.answer = (code, "present") if code else (before.code, before.answer)
        if made.answer == "present":
            check_code(field_of(made.field), made.code)
        if before.reading_id == own.pk:
            made.answers_to_id = before.answers_to_id
            made.origin = "amended" if before.answers_to_id else "added"
            _retract(done, [each for each in held if each.pk == before.pk])
            held = [each for each in held if each.pk != before.pk]
        return _store(done, made, spans, held=held, reason=reason or before.reason)


def add(
    actor: Coder, reading: Pass | str, field: str, code: str, *, evidence: Iterable[SpanLike] = (), reason: str = "",
    seen: int | None = None, token: str = "",
) -> Coding:  # fmt: skip
    """Give a code of one's own, with evidence or a stated reason."""
    with act(actor, "add", token=token) as done:
        if done.repeated:
            return _again(done.repeated)
        own = own_open_pass(actor, reading)
        done.case = own.case_id
        check_code(field_of(field), code)
        held = _held(own, field, seen)
        made = Coding(reading=own, case=own.case, field=field, code=code, origin="added", changed=done.sequence)
        return _store(done, made, verified(own.case, evidence), held=held, reason=reason)


def answer(
    actor: Coder, reading: Pass | str, field: str, state: str, *, evidence: Iterable[SpanLike] = (), reason: str = "",
    seen: int | None = None, token: str = "",
) -> Coding:  # fmt: skip
    """Answer a field as a whole: absent, not_mentioned, unclear, not_applicable or withheld."""
    with act(actor, "answer", token=token) as done:
        if done.repeated:
            return _again(done.repeated)
        own = own_open_pass(actor, reading)
        done.case = own.case_id
        check_state(field_of(field), state)
        held = _held(own, field, seen)
        made = Coding(reading=own, case=own.case, field=field, answer=state, origin="added", changed=done.sequence)
        spans = verified(own.case, evidence)
        return _store(done, made, spans, held=held, reason=reason or ("" if spans else STANDING_REASONS.get(state, "")))


def withdraw(actor: Coder, coding: Coding | str, *, seen: int | None = None, token: str = "") -> Coding:
    """Take back an own coding or rejection: it is as if the field was not decided."""
    with act(actor, "withdraw", token=token) as done:
        if done.repeated:
            return _again(done.repeated)
        found = the(Coding, coding)
        own = own_open_pass(actor, found.reading_id)
        done.case = own.case_id
        held = _held(own, found.field, seen)
        _retract(done, [each for each in held if each.pk == found.pk])
        return the(Coding, found)


def version(reading: Pass | str, field: str) -> int:
    """The sequence of the event that last touched the field in this pass, 0 where none did."""
    rows = Coding.objects.filter(reading=reading, field=field)
    return int(rows.aggregate(last=Max("changed"))["last"] or 0)


def _again(event: Event) -> Coding:
    return the(Coding, event.subject)


def _proposed(actor: Coder, reading: Pass | str, coding: Coding | str, done: Act) -> tuple[Pass, Coding]:
    """The actor's open pass, and a coding of the same case that he may see."""
    own, found = own_open_pass(actor, reading), the(Coding, coding, "reading")
    done.case = own.case_id
    if found.case_id != own.case_id:
        raise StoreError("This code was proposed for another case; load the page again.")
    if found.retracted:
        raise StoreError("This code was withdrawn; load the page again.")
    if found.reading_id != own.pk and not _sees(actor, own, found.reading):
        raise NotAllowed(f"{actor.name} may not see this code before the own pass is submitted.")
    return own, found


def _sees(actor: Coder, own: Pass, reading: Pass) -> bool:
    """Whether the actor may see the pass; of a machine's pass on the case that he codes, by the shortest way."""
    return not hides_from_coder(actor, own.case) if reading.machine else sees_pass(actor, reading)


def _held(own: Pass, field: str, seen: int | None) -> list[Coding]:
    """The pass's codings of a field that stand, after the check that the page showed them as they are."""
    every = list(Coding.objects.filter(reading=own, field=field))
    check_seen(seen, max((each.changed for each in every), default=0), field_of(field).label)
    return [each for each in every if not each.retracted]


def _says(coding: Coding, code: str, answer: str) -> bool:
    return bool(coding.code == code and coding.answer == answer)


def _coding(own: Pass, proposal: Coding, *, origin: str, done: Act, reason: str = "") -> Coding:
    return Coding(
        reading=own, case=own.case, field=proposal.field, code=proposal.code, answer=proposal.answer,
        origin=origin, answers_to=proposal, reason=reason, changed=done.sequence,
    )  # fmt: skip


def _copied(coding: Coding) -> list[Span]:
    """The evidence of a stored coding, which verified when it was stored, and its text never changes."""
    return [Span(each.start, each.end, each.quote) for each in coding.evidence.all()]


def _store(done: Act, made: Coding, spans: list[Span], *, held: list[Coding], reason: str) -> Coding:
    """Insert a coding with its evidence, and withdraw what it displaces."""
    made.reason = _reason(reason)
    if not spans and not made.reason:
        label = field_of(made.field).label
        raise EvidenceError(f"{label}: select the words that justify the answer, or state a reason.")
    field = field_of(made.field)
    done.new(made)
    document = made.case.document_id
    done.new_all(
        CodingEvidence(coding=made, document_id=document, start=span.start, end=span.end, quote=span.quote, order=n)
        for n, span in enumerate(spans)
    )
    _retract(done, [each for each in held if _gives_way(field, made, each)])
    return made


def _gives_way(field: Field, made: Coding, held: Coding) -> bool:
    """Whether what is held ends with the new coding: the same answer, one of two that exclude each other."""
    if _says(held, made.code, made.answer):
        return True
    if held.origin == "rejected":
        return False
    if made.answer != "present" or held.answer != "present":
        return True
    return displaced(field, made.code, held.code)


def _retract(done: Act, codings: list[Coding]) -> None:
    for each in codings:
        done.change(each, retracted=True, changed=done.sequence)


def _reason(words: str) -> str:
    words = words.strip()
    if len(words) > LONGEST_REASON:
        raise StoreError(f"A reason has at most {LONGEST_REASON:,} characters; shorten it.")
    return words
