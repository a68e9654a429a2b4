"""A coder decides: accept, reject, amend, add and withdraw codings, and answer a field as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from caselore.codebook.codebook import Field
from caselore.errors import EvidenceError, NotAllowed, StoreError
from caselore.store.actions.act import Act, act
from caselore.store.actions.refs import check_seen, own_open_pass, the
from caselore.store.actions.spans import Span, SpanLike, verified
from caselore.store.books import check_code, check_state, displaced, field_of
from caselore.store.models import Coder, Coding, CodingEvidence, Pass
from caselore.store.prepared import Prepared, PreparedRows
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

    def decide(done: Act, own: Pass) -> Coding:
        proposal = _proposed(actor, own, proposed)
        held = _held(own, proposal.field, seen)
        same = [each for each in held if _says(each, proposal.code, proposal.answer) and each.origin != "rejected"]
        if same and evidence is None:
            return same[0]
        spans = _copied(proposal) if evidence is None else verified(own.case, evidence)
        made = _coding(own, proposal, origin="accepted", done=done)
        return _store(done, made, spans, held=held, reason=proposal.reason)

    return _decided(actor, "accept", reading, decide, token=token)


def reject(
    actor: Coder, reading: Pass | str, proposed: Coding | str, *, reason: str = "", seen: int | None = None,
    token: str = "",
) -> Coding:  # fmt: skip
    """Say that a proposed code does not hold; an own coding of the same code is withdrawn by it."""

    def decide(done: Act, own: Pass) -> Coding:
        proposal = _proposed(actor, own, proposed)
        held = _held(own, proposal.field, seen)
        same = [each for each in held if _says(each, proposal.code, proposal.answer)]
        for each in same:
            if each.origin == "rejected":
                return each
        made = done.new(_coding(own, proposal, origin="rejected", done=done, reason=_reason(reason)))
        _retract(done, same)
        return made

    return _decided(actor, "reject", reading, decide, token=token)


def amend(
    actor: Coder, reading: Pass | str, coding: Coding | str, *, code: str = "",
    evidence: Iterable[SpanLike] | None = None, reason: str = "", seen: int | None = None, token: str = "",
) -> Coding:  # fmt: skip
    """Take a proposal with another code or other evidence, or change an own coding so."""

    def decide(done: Act, own: Pass) -> Coding:
        before = _proposed(actor, own, coding)
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

    return _decided(actor, "amend", reading, decide, token=token)


def add(
    actor: Coder, reading: Pass | str, field: str, code: str, *, evidence: Iterable[SpanLike] = (), reason: str = "",
    seen: int | None = None, token: str = "",
) -> Coding:  # fmt: skip
    """Give a code of one's own, with evidence or a stated reason."""

    def decide(done: Act, own: Pass) -> Coding:
        check_code(field_of(field), code)
        held = _held(own, field, seen)
        made = Coding(reading=own, case=own.case, field=field, code=code, origin="added", changed=done.sequence)
        return _store(done, made, verified(own.case, evidence), held=held, reason=reason)

    return _decided(actor, "add", reading, decide, token=token)


def answer(
    actor: Coder, reading: Pass | str, field: str, state: str, *, evidence: Iterable[SpanLike] = (), reason: str = "",
    seen: int | None = None, token: str = "",
) -> Coding:  # fmt: skip
    """Answer a field as a whole: absent, not_mentioned, unclear, not_applicable or withheld."""

    def decide(done: Act, own: Pass) -> Coding:
        check_state(field_of(field), state)
        held = _held(own, field, seen)
        made = Coding(reading=own, case=own.case, field=field, answer=state, origin="added", changed=done.sequence)
        spans = verified(own.case, evidence)
        return _store(done, made, spans, held=held, reason=reason or ("" if spans else STANDING_REASONS.get(state, "")))

    return _decided(actor, "answer", reading, decide, token=token)


def withdraw(actor: Coder, coding: Coding | str, *, seen: int | None = None, token: str = "") -> Coding:
    """Take back an own coding or rejection: it is as if the field was not decided."""
    found = the(Coding, coding)

    def decide(done: Act, own: Pass) -> Coding:
        held = _held(own, found.field, seen)
        _retract(done, [each for each in held if each.pk == found.pk])
        return the(Coding, found)

    return _decided(actor, "withdraw", found.reading_id, decide, token=token)


def _decided(
    actor: Coder, verb: str, reading: Pass | str, decide: Callable[[Act, Pass], Coding], *, token: str
) -> Coding:
    """One decision in the actor's open pass: what `decide` writes, or what an earlier send of the same act wrote."""
    with act(actor, verb, token=token) as done:
        if done.repeated:
            return the(Coding, done.repeated.subject)
        own = own_open_pass(actor, reading)
        done.case = own.case_id
        return decide(done, own)


def _proposed(actor: Coder, own: Pass, coding: Coding | str) -> Coding:
    """A coding of the case of the own pass that the actor may see."""
    found = the(Coding, coding, "reading")
    if found.case_id != own.case_id:
        raise StoreError("This code was proposed for another case; load the page again.")
    if found.retracted:
        raise StoreError("This code was withdrawn; load the page again.")
    if found.reading_id != own.pk and not _sees(actor, own, found.reading):
        raise NotAllowed(f"{actor.name} may not see this code before the own pass is submitted.")
    return found


def _sees(actor: Coder, own: Pass, reading: Pass) -> bool:
    """Whether the actor may see the pass; of a machine's pass on the case that he codes, by the shortest way."""
    return not hides_from_coder(actor, own.case) if reading.machine else sees_pass(actor, reading)


_HELD = PreparedRows(Coding, lambda reading, field: Coding.objects.filter(reading=reading, field=field))
_EVIDENCE = Prepared(
    lambda coding: CodingEvidence.objects.filter(coding=coding).order_by("order").values_list("start", "end", "quote")
)


def _held(own: Pass, field: str, seen: int | None) -> list[Coding]:
    """The pass's codings of a field that stand, after the check that the page showed them as they are."""
    every = _HELD(reading=own.pk, field=field)
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
    return [Span(*row) for row in _EVIDENCE(coding=coding.pk)]


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
