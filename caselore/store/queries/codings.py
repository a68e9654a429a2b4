"""Submitted passes come in; answers and readings go out, as the statistics of agreement take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from caselore.agreement.answers import Answer, Reading
from caselore.agreement.codings import Codings
from caselore.store.books import DECISIONS, codebook
from caselore.store.models import Coding, CodingEvidence, Pass, Step
from caselore.store.queries.silence import heard, usual_fields
from caselore.store.reading import evidence_record
from caselore.store.visibility import FIRST_KINDS


def codings(*, first_only: bool = True, among: QuerySet[Pass] | None = None) -> Codings:
    """What every coder said, of persons in submitted passes; by custom the first, as a second look is not independent.

    `among` are the passes to take, such as those that a viewer may see; machines are taken on cases that a person read.

    A person's silence is an answer to fields that he touched (a rejection touches) and to those of `usual_fields`, a
    machine's to every field that it answers anywhere; but not to a field of one answer that another machine answers on
    that case, for it may only add to what others say.
    """
    every = (Pass.objects.all() if among is None else among).filter(case__withdrawn=False)
    passes = every.filter(state="submitted").select_related("coder", "case__document")
    passes = passes.defer("case__document__text", "case__document__pages", "case__document__sections")
    if (read := every.filter(state="submitted", machine=False)).exists():
        passes = passes.filter(case__in=read.values("case"))
    if first_only:
        passes = passes.filter(Q(machine=True) | Q(kind__in=FIRST_KINDS))
    # Always in one order, so that sums are the same to the last bit in every run and on every database.
    ordered = passes.order_by("-number" if first_only else "number", "pk")
    newest = {(each.coder_id, each.case_id): each for each in ordered}
    readings = {each.pk: each for each in newest.values()}
    touched: dict[str, set[str]] = defaultdict(set)
    answers = list(_answers(passes, readings, touched)) + list(_steps(readings, touched))
    asked = _asked(readings, touched)
    told = tuple(_reading(each, asked[pk]) for pk, each in readings.items())
    return Codings(tuple(answers), told, {each.case_id: each.case.title for each in readings.values()})


def _asked(readings: dict[str, Pass], touched: dict[str, set[str]]) -> dict[str, set[str]]:
    """The fields to which silence is an answer, by pass."""
    usual = usual_fields()
    ever: dict[str, set[str]] = defaultdict(set)
    said: dict[str, set[str]] = defaultdict(set)
    for pk, each in readings.items():
        ever[each.coder_id] |= touched[pk]
        if each.machine:
            said[each.case_id] |= touched[pk] & _single()
    return {
        pk: touched[pk] | (ever[each.coder_id] - said[each.case_id] if each.machine else heard(usual, each))
        for pk, each in readings.items()
    }


def _single() -> set[str]:
    return {name for name, field in codebook().fields.items() if field.kind in ("choice", "number")}


def _reading(of: Pass, fields: set[str]) -> Reading:
    case = of.case
    day = of.submitted.date() if of.submitted else None
    return Reading(
        of.coder.name, of.case_id, of.machine, day, case.document.sha256, case.start, case.end, frozenset(fields)
    )


def _answers(passes: QuerySet[Pass], readings: dict[str, Pass], touched: dict[str, set[str]]) -> Iterator[Answer]:
    """Every coding that stands; of a field that holds one code, the surest."""
    single = _single()
    said: set[tuple[str, str]] = set()
    rows = Coding.objects.filter(reading__in=passes.values("pk"), retracted=False)
    evidence = CodingEvidence.objects.filter(coding__in=rows.values("pk")).order_by("coding", "order")
    words: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for coding, *span in evidence.values_list("coding_id", "start", "end", "quote").iterator(chunk_size=5000):
        words[coding].append((span[0], span[1], span[2]))
    columns = ("pk", "reading_id", "field", "code", "answer", "origin")
    ordered = rows.order_by("-confidence", "-code", "pk").values_list(*columns)
    for pk, reading, field, code, answer, origin in ordered.iterator(chunk_size=5000):
        if (of := readings.get(reading)) is None:
            continue  # an earlier or later pass of the same coder
        touched[reading].add(field)
        once = (reading, field)
        if origin == "rejected" or (field in single and once in said):
            continue
        said.add(once)
        quoted = tuple(evidence_record(of.case.document, *span) for span in words.get(pk, ()))
        yield Answer(of.case_id, field, of.coder.name, code, answer, None, quoted)


def _steps(readings: dict[str, Pass], touched: dict[str, set[str]]) -> Iterator[Answer]:
    for row in Step.objects.filter(reading__in=readings).order_by("reading", "order"):
        of = readings[row.reading_id]
        touched[of.pk].add(DECISIONS)
        words = tuple(evidence_record(of.case.document, e["start"], e["end"], e["quote"]) for e in row.evidence)
        yield Answer(of.case_id, DECISIONS, of.coder.name, row.decision_type, "present", row.agency or None, words)
