"""Passes come in; units for agreement, the cases where passes differ, and passes side by side go out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from caselore.store.actions.adjudication import open_for_settling
from caselore.store.books import DECISIONS, codebook
from caselore.store.models import Adjudication, Case, Coder, Coding, Note, Pass, Step
from caselore.store.permissions import require
from caselore.store.queries.fields import coding_view, codings_of
from caselore.store.queries.views import CodingView
from caselore.store.sight import PassSeen
from caselore.store.visibility import (
    FIRST_KINDS,
    read_by_all,
    visible_passes,
)

MANY_VALUED = frozenset({"multi", "sequence", "matrix"})
"""Kinds of field whose codes are each a yes or no of their own."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One coder's answer to one question on one case.

    In a field of many codes each code is a question, answered ``present``, ``absent`` (given by another coder, not by
    this one) or with the answer state of the whole field; elsewhere `code` is empty and `answer` the code or the
    state. `at` is when the pass was submitted.
    """

    case: str
    field: str
    code: str
    coder: str
    answer: str
    machine: bool
    at: datetime | None
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A case with fields on which submitted passes differ; `settled` are those that were adjudicated."""

    case: str
    title: str
    fields: tuple[str, ...]
    settled: tuple[str, ...]
    coders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassView:
    """One pass beside others: its codings by field, its sequence and notes."""

    reading: Pass
    coder: str
    codings: dict[str, tuple[CodingView, ...]]
    sequence: tuple[Step, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Settling:
    """Submitted passes of a case side by side, the fields on which they differ, and what is settled already."""

    case: Case
    passes: tuple[PassView, ...]
    differing: tuple[str, ...]
    adjudications: tuple[Adjudication, ...]
    versions: dict[str, int]
    """Field -> version, to send back as `seen` with `adjudicate`."""


def units(*, fields: Iterable[str] | None = None, human_only: bool = False, first_only: bool = True) -> list[Unit]:
    """The study's codings as a long frame, for agreement.

    Persons count with submitted passes, by custom the first of each (`first_only`): a second look is not independent.
    What a person was not asked is missing, not absent: a field that he left untouched gives no unit.
    """
    passes = Pass.objects.filter(state="submitted", case__withdrawn=False).select_related("coder")
    if first_only:
        passes = passes.filter(Q(machine=True) | Q(kind__in=FIRST_KINDS))
    if human_only:
        passes = passes.filter(machine=False)
    rows = Coding.objects.filter(reading__in=passes, retracted=False)
    if fields is not None:
        rows = rows.filter(field__in=list(fields))
    readings = {reading.pk: reading for reading in passes}
    grouped: dict[tuple[str, str], dict[str, list[tuple[str, str, str]]]] = {}
    told = rows.values_list("case_id", "field", "reading_id", "code", "answer", "origin").order_by("pk")
    for case, field, reading, code, answer, origin in told.iterator(chunk_size=5000):
        grouped.setdefault((case, field), {}).setdefault(reading, []).append((code, answer, origin))
    return [unit for (case, field), given in grouped.items() for unit in _units(case, field, given, readings)]


def _units(
    case: str, field: str, given: dict[str, list[tuple[str, str, str]]], readings: dict[str, Pass]
) -> Iterator[Unit]:
    definition = codebook().fields.get(field)
    many = definition is not None and definition.kind in MANY_VALUED
    codes = sorted({code for rows in given.values() for code, answer, _ in rows if answer == "present"})
    for reading, rows in given.items():
        of = readings[reading]

        def unit(code: str, answer: str, of: Pass = of) -> Unit:
            return Unit(case, field, code, of.coder.name, answer, of.machine, of.submitted, of.pk)

        live = [(code, answer) for code, answer, origin in rows if origin != "rejected"]
        state = next((answer for _, answer in live if answer != "present"), "")
        if many:
            has = {code for code, answer in live if answer == "present"}
            yield from (unit(code, "present" if code in has else state or "absent") for code in codes)
        elif live:
            yield unit("", state or next(code for code, _ in live))


def to_adjudicate(viewer: Coder, *, settled: bool = False) -> list[Disagreement]:
    """Cases whose assigned passes are all in and differ, by title; with `settled`, those done too.

    A few questions for the whole study, however many cases were read twice.
    """
    require(viewer, "adjudicate")
    seen = visible_passes(viewer).filter(machine=False, state="submitted", case__in=read_by_all())
    several = seen.values("case").annotate(n=Count("coder", distinct=True)).filter(n__gte=2).values("case")
    readings = list(seen.filter(case__in=several).select_related("coder", "case").order_by("number", "pk"))
    said = _answers(readings)
    done: dict[str, set[str]] = {}
    live = Adjudication.objects.filter(case__in=several, retracted=False)
    for case, field in live.values_list("case_id", "field"):
        done.setdefault(case, set()).add(field)
    coders: dict[str, dict[str, None]] = {}
    titles = {}
    for each in readings:
        coders.setdefault(each.case_id, {})[each.coder.name] = None
        titles[each.case_id] = each.case.title
    found = []
    for case, answers in said.items():
        fields = _differing(answers)
        closed = tuple(name for name in fields if name in done.get(case, ()))
        if fields and (settled or len(closed) < len(fields)):
            found.append(Disagreement(case, titles[case], fields, closed, tuple(coders[case])))
    return sorted(found, key=lambda each: (each.title, each.case))


def differing(case: Case) -> tuple[str, ...]:
    """The fields on which submitted passes of persons differ, in the order of the codebook."""
    readings = Pass.objects.filter(case=case, machine=False, state="submitted").order_by("number", "pk")
    return _differing(_answers(list(readings)).get(case.pk, {}))


def _differing(said: dict[str, Answers]) -> tuple[str, ...]:
    names = {name for answers in said.values() for name in answers}
    fields = [name for name in names if len({answers.get(name, frozenset()) for answers in said.values()}) > 1]
    order = {name: n for n, name in enumerate(codebook().fields)}
    return tuple(sorted(fields, key=lambda name: (order.get(name, len(order)), name)))


def side_by_side(viewer: Coder, case: Case | str) -> Settling:
    """What the adjudication page shows. Raises NotAllowed while the viewer codes the case himself, StoreError while
    anybody else does.
    """
    require(viewer, "adjudicate")
    found = open_for_settling(viewer, case)
    passes = Pass.objects.filter(case=found, machine=False, state="submitted").select_related("coder").order_by("pk")
    every = (
        Adjudication.objects.filter(case=found).select_related("adjudicator").prefetch_related("steps").order_by("pk")
    )
    versions: dict[str, int] = {}
    for each in every:
        versions[each.field] = max(versions.get(each.field, 0), each.changed)
    live = tuple(each for each in every if not each.retracted)
    return Settling(found, tuple(_pass_view(each) for each in passes), differing(found), live, versions)


def _pass_view(reading: Pass) -> PassView:
    codings: dict[str, list[CodingView]] = {}
    for row in codings_of({reading.pk: PassSeen.of(reading)}):
        if not row.retracted:
            codings.setdefault(row.field, []).append(coding_view(row))
    return PassView(
        reading, reading.coder.name, {name: tuple(views) for name, views in codings.items()},
        tuple(Step.objects.filter(reading=reading)), tuple(Note.objects.filter(reading=reading).order_by("pk")),
    )  # fmt: skip


Answers = dict[str, frozenset[tuple[str, ...]]]
"""Field -> (code, answer) of one person; of the sequence of decisions also (place, type, agency) of each step."""


def _answers(readings: Sequence[Pass]) -> dict[str, dict[str, Answers]]:
    """Case -> coder -> answers, of the newest of each person's passes, which come in their order."""
    newest = {(each.case_id, each.coder_id): each for each in readings}
    of = {each.pk: each for each in newest.values()}
    said: dict[str, dict[str, dict[str, set[tuple[str, ...]]]]] = {}
    for case, coder in newest:
        said.setdefault(case, {})[coder] = {}
    rows = Coding.objects.filter(reading__in=list(of), retracted=False).exclude(origin="rejected")
    for pk, field, code, answer in rows.values_list("reading_id", "field", "code", "answer"):
        said[of[pk].case_id][of[pk].coder_id].setdefault(field, set()).add((code, answer))
    places: dict[str, int] = {}
    steps = Step.objects.filter(reading__in=list(of)).order_by("reading", "order")
    for pk, decision, agency in steps.values_list("reading_id", "decision_type", "agency"):
        places[pk] = places.get(pk, 0) + 1
        told = said[of[pk].case_id][of[pk].coder_id].setdefault(DECISIONS, set())
        told.add((str(places[pk]), decision, agency))
    return {
        case: {coder: {name: frozenset(found) for name, found in fields.items()} for coder, fields in by.items()}
        for case, by in said.items()
    }
