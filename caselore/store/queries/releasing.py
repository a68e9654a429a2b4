"""The study's cases go out as proposals of records: what was adjudicated, validated or only proposed, each said so.

Of a field what was adjudicated counts; else what every submitted pass of a person says alike; else what machines
propose, less what a person has rejected. Where persons differ and nobody has settled it, what all of them gave is
validated, and what some gave is proposed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from caselore import records
from caselore.proposers.proposer import merge
from caselore.store.books import DECISIONS, codebook
from caselore.store.models import Adjudication, Case, Coder, Coding, Pass, Recommendation, Step
from caselore.store.reading import (
    case_record,
    code_record,
    document_record,
    evidence_record,
    recommendation_record,
    settled_step_record,
    step_record,
)

Answer = tuple[str, str]
"""The answer state and the code."""

ALL_REJECTED = "Every proposal was rejected."
"""The reason of a field in which persons rejected what was proposed, and gave nothing."""


def persons() -> dict[str, str]:
    """Coder's id -> the name that says nothing, such as ``coder-1``, in the order in which they were declared."""
    ids = Coder.objects.filter(machine=False).order_by("pk").values_list("pk", flat=True)
    return {coder: f"coder-{n}" for n, coder in enumerate(ids, 1)}


def release_cases(*, only: str = "") -> Iterator[tuple[records.Document, records.Proposal]]:
    """Every case with its document (without its words), ready for the release; `only` one case by its id."""
    names = persons()
    rows = Case.objects.select_related("document").defer("document__text").order_by("document", "start")
    for case in rows.filter(pk=only) if only else rows.iterator(chunk_size=200):
        yield document_record(case.document, text=False), proposal_of(case, names)


def all_cases() -> list[str]:
    """The ids of the cases that a release of the study holds."""
    return list(Case.objects.order_by("document", "start").values_list("pk", flat=True))


def proposal_of(case: Case, names: Mapping[str, str] | None = None) -> records.Proposal:
    """What the study says of one case, settled as far as it is."""
    names = persons() if names is None else names
    about = case_record(case)
    passes = list(Pass.objects.filter(case=case, state="submitted").select_related("coder").order_by("pk"))
    last = {reading.coder_id: reading for reading in passes if not reading.machine}
    codings: dict[str, list[Coding]] = defaultdict(list)
    for row in Coding.objects.filter(case=case, retracted=False, reading__in=passes).prefetch_related("evidence"):
        codings[row.reading_id].append(row)
    machine = _machine(case, about, [reading for reading in passes if reading.machine], codings)
    told = {reading.pk: codings[reading.pk] for reading in last.values()}
    settled = _adjudicated(case, names)
    human = _validated(case, told, names)
    sequence = _settled_sequence(case, names)
    if sequence is None:
        sequence = _sequence(case, list(last.values()), names) or machine.sequence
    return replace(
        machine,
        codes=(*_settled_codes(settled), *_unsettled(settled, human, machine, told)),
        sequence=sequence,
        recommendations=_recommendations(case, names),
    )


def _machine(
    case: Case, about: records.Case, passes: list[Pass], codings: Mapping[str, list[Coding]]
) -> records.Proposal:
    """What the declared proposers say, joined as they are where no store is used."""
    found = []
    for reading in passes:
        coder = reading.coder.name
        codes = (code_record(row, case.document, coder=coder, status="proposed") for row in codings[reading.pk])
        steps = Step.objects.filter(reading=reading)
        sequence = (step_record(step, case.document, coder=coder, status="proposed") for step in steps)
        found.append(records.Proposal(about, tuple(codes), tuple(sequence)))
    return merge(about, found, codebook())


def _validated(case: Case, told: Mapping[str, list[Coding]], names: Mapping[str, str]) -> dict[str, list[records.Code]]:
    """Field -> what persons give, ``validated`` where all who answered the field give it, else ``proposed``."""
    of = {reading.pk: reading.coder_id for reading in Pass.objects.filter(pk__in=list(told))}
    answered: dict[str, set[str]] = defaultdict(set)
    given: dict[str, dict[Answer, dict[str, Coding]]] = defaultdict(lambda: defaultdict(dict))
    for reading, rows in told.items():
        for row in rows:
            answered[row.field].add(reading)
            if row.origin != "rejected":
                given[row.field][row.answer, row.code][reading] = row
    out: dict[str, list[records.Code]] = {name: [] for name in answered}
    for name, answers in given.items():
        for holders in answers.values():
            status: records.Status = "validated" if set(holders) == answered[name] else "proposed"
            codes = [
                code_record(row, case.document, coder=names[of[reading]], status=status)
                for reading, row in sorted(holders.items())
            ]
            evidence = dict.fromkeys(each for code in codes for each in code.evidence)
            out[name].append(replace(codes[0], evidence=tuple(evidence)))
    for name, readings in answered.items():
        if not given.get(name):  # everything proposed was rejected, and nothing put in its place
            who = names[of[min(readings)]]
            out[name] = [records.Code(name, "", 1.0, who, (), "validated", "not_mentioned", ALL_REJECTED)]
    return out


def _adjudicated(case: Case, names: Mapping[str, str]) -> dict[str, list[tuple[bool, records.Code]]]:
    """Field -> what was settled, each with whether it holds."""
    out: dict[str, list[tuple[bool, records.Code]]] = defaultdict(list)
    for row in Adjudication.objects.filter(case=case, retracted=False).order_by("pk"):
        evidence = tuple(evidence_record(case.document, e["start"], e["end"], e["quote"]) for e in row.evidence)
        code = records.Code(
            row.field, row.code, 1.0, names[row.adjudicator_id], evidence, "adjudicated", row.answer, row.reason
        )
        out[row.field].append((row.holds, code))
    return out


def _settled_codes(settled: Mapping[str, list[tuple[bool, records.Code]]]) -> Iterator[records.Code]:
    """What holds; that a sequence is settled is told by its steps."""
    told = (code for rows in settled.values() for holds, code in rows if holds)
    return (code for code in told if (code.field, code.answer, code.code) != (DECISIONS, "present", ""))


def _unsettled(
    settled: Mapping[str, list[tuple[bool, records.Code]]],
    human: Mapping[str, list[records.Code]],
    machine: records.Proposal,
    told: Mapping[str, list[Coding]],
) -> Iterator[records.Code]:
    """What persons or else machines say, where adjudication has not spoken."""
    spoken = {(code.field, code.answer, code.code) for rows in settled.values() for _, code in rows}
    whole = {name for name, rows in settled.items() if _closes(name, rows)}
    for name, codes in human.items():
        if name not in whole:
            yield from (code for code in codes if (code.field, code.answer, code.code) not in spoken)
    rejected = {(row.field, row.answer, row.code) for rows in told.values() for row in rows if row.origin == "rejected"}
    said = {(code.field, code.answer, code.code) for codes in human.values() for code in codes}
    for code in machine.codes:
        key = (code.field, code.answer, code.code)
        if code.field in whole or key in spoken | rejected | said or _closed(code.field, human.get(code.field, [])):
            continue
        yield code


def _closes(name: str, rows: list[tuple[bool, records.Code]]) -> bool:
    """Whether adjudication settles the field as a whole: one value, or an answer state."""
    field = codebook().fields.get(name)
    one = field is not None and field.kind in ("choice", "number", "text", "sequence")
    return any(holds and (one or code.answer != "present") for holds, code in rows)


def _closed(name: str, codes: list[records.Code]) -> bool:
    """Whether persons have answered the field so that a machine's proposal has no place in it any more."""
    field = codebook().fields.get(name)
    one = field is not None and field.kind in ("choice", "number", "text")
    return any(one or code.answer not in ("present", "not_mentioned") for code in codes) or any(
        code.answer == "not_mentioned" and code.reason != ALL_REJECTED for code in codes
    )


def _settled_sequence(case: Case, names: Mapping[str, str]) -> tuple[records.Step, ...] | None:
    """The sequence that was settled, empty where it was settled that there is none; None where nothing was."""
    live = Adjudication.objects.filter(case=case, field=DECISIONS, retracted=False, holds=True, code="")
    settled = live.order_by("pk").last()
    if settled is None:
        return None
    coder = names[settled.adjudicator_id]
    return tuple(settled_step_record(step, case.document, coder=coder) for step in settled.steps.all())


def _sequence(case: Case, passes: list[Pass], names: Mapping[str, str]) -> tuple[records.Step, ...]:
    """The sequence of the first person who gave one; validated where all who gave one gave the same."""
    given = [list(Step.objects.filter(reading=reading)) for reading in passes]
    found = [(reading, steps) for reading, steps in zip(passes, given, strict=True) if steps]
    orders = {tuple((step.decision_type, step.agency) for step in steps) for _, steps in found}
    if not found:
        return ()
    reading, steps = found[0]
    status: records.Status = "validated" if len(orders) == 1 else "proposed"
    return tuple(step_record(s, case.document, coder=names[reading.coder_id], status=status) for s in steps)


def _recommendations(case: Case, names: Mapping[str, str]) -> tuple[records.Recommendation, ...]:
    rows = Recommendation.objects.filter(case=case, retracted=False).select_related("coder").order_by("start")
    return tuple(
        recommendation_record(row, case.document, coder=names.get(row.confirmed_by_id or "", row.coder.name))
        for row in rows
    )
