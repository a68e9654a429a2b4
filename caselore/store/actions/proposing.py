"""Proposers run on a case; what each says is kept as the submitted pass of a declared coder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import DatabaseError

from caselore import records
from caselore.errors import CaseloreError
from caselore.proposers.casetext import CaseText
from caselore.proposers.evidence import verify_all
from caselore.proposers.ordering import uncertainty
from caselore.proposers.proposer import STANDARD, Proposer, proposers, takers
from caselore.store.actions.act import Act, act
from caselore.store.actions.refs import the
from caselore.store.actions.spans import Span, as_json
from caselore.store.books import codebook
from caselore.store.models import Case, Coder, Coding, CodingEvidence, Pass, Recommendation, Step
from caselore.store.permissions import require
from caselore.store.reading import case_record, document_record


@dataclass(slots=True)
class Worked:
    """How queued work went: cases proposed on, and cases that failed, each with a sentence."""

    done: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)


def propose(actor: Coder, case: Case | str, *, crew: Sequence[Proposer] | None = None) -> list[Pass]:
    """Run the proposers on a case and keep what each says; one that was asked before is not asked again.

    `crew` are the proposers, by custom those that work with no set-up. Raises what a proposer raises.
    """
    require(actor, "propose")
    found = the(Case, case, "document")
    document, about = document_record(found.document), case_record(found)
    crew = proposers(STANDARD, codebook()) if crew is None else crew
    fit = takers(document, crew)
    asked = set(Pass.objects.filter(case=found, machine=True).values_list("coder__name", flat=True))
    text = CaseText(document, about)
    said = {each.id: each.propose(text) for each in fit if each.id not in asked}
    for proposal in said.values():
        verify_all(proposal, document)
    return store_proposals(actor, found, said)


def store_proposals(
    actor: Coder, case: Case | str, said: dict[str, records.Proposal], *, token: str = ""
) -> list[Pass]:
    """Keep proposals (proposer's id -> what it says of the case), which verified against the document."""
    require(actor, "propose")
    with act(actor, "propose", token=token) as done:
        found = the(Case, case)
        done.case = found.pk
        done.about(found)
        made = [_pass(done, found, _declared(done, name), proposal) for name, proposal in sorted(said.items())]
        done.change(found, proposing="done", problem="", doubt=_doubt(found))
    return [each for each in made if each is not None]


def failed(actor: Coder, case: Case | str, problem: str) -> None:
    """Mark that no proposer could be run on a case, and why."""
    require(actor, "propose")
    with act(actor, "propose_failed") as done:
        found = the(Case, case)
        done.case = found.pk
        done.change(found, proposing="failed", problem=problem)


def work(actor: Coder, *, limit: int | None = None, heard: Callable[[int], None] = lambda done: None) -> Worked:
    """Run the proposers on the queued cases, the oldest first, in this process; `heard` hears how many."""
    require(actor, "propose")
    queued = Case.objects.filter(proposing="queued").order_by("pk").values_list("pk", "title")
    waiting, told = list(queued[:limit] if limit else queued), Worked()
    crew = proposers(STANDARD, codebook()) if waiting else ()
    for case, title in waiting:
        if not Case.objects.filter(pk=case, proposing="queued").exists():
            continue  # another process has done it, or its document was taken out
        try:
            propose(actor, case, crew=crew)
            told.done += 1
        except DatabaseError:
            raise
        except Exception as error:  # whatever a text does to a proposer, the cases behind it are not held up
            said = str(error) if isinstance(error, CaseloreError) else f"{type(error).__name__}: {error}"
            failed(actor, case, said)
            told.failed += 1
            told.problems.append(f"{title}: {said}")
        heard(told.done + told.failed)
    return told


def requeue(actor: Coder, case: Case | str, *, token: str = "") -> Case:
    """Put a case to the proposers again, with those that were not asked yet."""
    require(actor, "propose")
    with act(actor, "requeue", token=token) as done:
        found = the(Case, case)
        done.case = found.pk
        return found if done.repeated else done.change(found, proposing="queued", problem="")


def _declared(done: Act, name: str) -> Coder:
    """The declared coder of that name and version; declared now if it is new."""
    before = Coder.objects.filter(name=name).first()
    return before or done.new(Coder(name=name, machine=True, about="A proposer; its version is part of its name."))


def _pass(done: Act, case: Case, coder: Coder, proposal: records.Proposal) -> Pass | None:
    if Pass.objects.filter(case=case, coder=coder).exists():
        return None
    reading = done.new(
        Pass(
            case=case, coder=coder, kind="proposal", state="submitted", machine=True, started=done.at,
            submitted=done.at, books=dict(codebook().versions),
        )
    )  # fmt: skip
    codings = [
        Coding(
            reading=reading, case=case, field=code.field, code=code.code, answer=code.answer, origin="proposed",
            confidence=code.confidence, reason=code.reason, order=n, changed=done.sequence,
        )
        for n, code in enumerate(proposal.codes)
    ]  # fmt: skip
    done.new_all(codings)
    done.new_all(
        CodingEvidence(
            coding=coding, document_id=case.document_id, start=each.start, end=each.end, quote=each.quote, order=n
        )
        for coding, code in zip(codings, proposal.codes, strict=True)
        for n, each in enumerate(code.evidence)
    )
    done.new_all(_step(done, reading, n, step) for n, step in enumerate(proposal.sequence))
    done.new_all(_recommendation(done, reading, n, each) for n, each in enumerate(proposal.recommendations))
    return reading


def _spans(evidence: Iterable[records.Evidence]) -> list[dict[str, object]]:
    return as_json(Span(each.start, each.end, each.quote) for each in evidence)


def _step(done: Act, reading: Pass, order: int, step: records.Step) -> Step:
    return Step(
        reading=reading, case_id=reading.case_id, order=order, decision_type=step.decision_type,
        agency=step.agency or "", confidence=step.confidence, evidence=_spans(step.evidence), changed=done.sequence,
    )  # fmt: skip


def _recommendation(done: Act, reading: Pass, order: int, made: records.Recommendation) -> Recommendation:
    return Recommendation(
        case_id=reading.case_id, coder_id=reading.coder_id, order=order, label=made.label, start=made.evidence.start,
        end=made.evidence.end, quote=made.evidence.quote, types=list(made.types), addressees=list(made.addressees),
        level=made.level, smart=list(made.smart), time_frame=made.time_frame, confidence=made.confidence,
        changed=done.sequence,
    )  # fmt: skip


def _doubt(case: Case) -> float:
    """Mean entropy of all codes proposed on a case in bits; one with none may have been overlooked: half unsure."""
    proposed = Coding.objects.filter(case=case, reading__machine=True, answer="present")
    unsure = [uncertainty(confidence) for confidence in proposed.order_by("pk").values_list("confidence", flat=True)]
    return sum(unsure) / len(unsure) if unsure else 0.5
