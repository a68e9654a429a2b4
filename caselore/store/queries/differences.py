"""Passes come in; units for agreement, the cases where passes differ, and passes side by side go out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from caselore.errors import NotAllowed
from caselore.store.books import codebook
from caselore.store.models import Adjudication, Case, Coder, Coding, Note, Pass, Step
from caselore.store.permissions import require
from caselore.store.queries.casepage import coding_view
from caselore.store.queries.views import CodingView
from caselore.store.visibility import FIRST_KINDS, shows_others, visible_case

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
    passes = Pass.objects.filter(state="submitted").select_related("coder")
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
    """Cases with two or more submitted passes of persons that differ; with `settled`, those done too."""
    require(viewer, "adjudicate")
    persons = Pass.objects.filter(machine=False, state="submitted")
    several = persons.values("case").annotate(n=Count("coder", distinct=True)).filter(n__gte=2).values("case")
    found = []
    for case in Case.objects.filter(pk__in=several).order_by("pk"):
        if not shows_others(viewer, case):
            continue
        fields = differing(case)
        done = tuple(name for name in fields if name in _settled_fields(case))
        if fields and (settled or len(done) < len(fields)):
            names = persons.filter(case=case).order_by("pk").values_list("coder__name", flat=True)
            found.append(Disagreement(case.pk, case.title, fields, done, tuple(dict.fromkeys(names))))
    return found


def differing(case: Case) -> tuple[str, ...]:
    """The fields on which submitted passes of persons differ, in the order of the codebook."""
    said = _answers(case)
    names = {name for answers in said.values() for name in answers}
    fields = [name for name in names if len({answers.get(name, frozenset()) for answers in said.values()}) > 1]
    order = {name: n for n, name in enumerate(codebook().fields)}
    return tuple(sorted(fields, key=lambda name: (order.get(name, len(order)), name)))


def side_by_side(viewer: Coder, case: Case | str) -> Settling:
    """What the adjudication page shows. Raises NotAllowed while the viewer codes the case himself."""
    require(viewer, "adjudicate")
    found = visible_case(viewer, case.pk if isinstance(case, Case) else case)
    if not shows_others(viewer, found):
        raise NotAllowed(f"{viewer.name} codes this case; submit the own pass before settling it.")
    passes = Pass.objects.filter(case=found, machine=False, state="submitted").select_related("coder").order_by("pk")
    every = Adjudication.objects.filter(case=found).select_related("adjudicator").order_by("pk")
    versions: dict[str, int] = {}
    for each in every:
        versions[each.field] = max(versions.get(each.field, 0), each.changed)
    live = tuple(each for each in every if not each.retracted)
    return Settling(found, tuple(_pass_view(each) for each in passes), differing(found), live, versions)


def _pass_view(reading: Pass) -> PassView:
    rows = Coding.objects.filter(reading=reading, retracted=False).select_related("reading__coder")
    codings: dict[str, list[CodingView]] = {}
    for row in rows.prefetch_related("evidence").order_by("order", "pk"):
        codings.setdefault(row.field, []).append(coding_view(row))
    return PassView(
        reading, reading.coder.name, {name: tuple(views) for name, views in codings.items()},
        tuple(Step.objects.filter(reading=reading)), tuple(Note.objects.filter(reading=reading).order_by("pk")),
    )  # fmt: skip


def _answers(case: Case) -> dict[str, dict[str, frozenset[tuple[str, str]]]]:
    """Coder -> field -> answers, of the newest submitted pass of each person."""
    said: dict[str, dict[str, set[tuple[str, str]]]] = {}
    for reading in Pass.objects.filter(case=case, machine=False, state="submitted").order_by("number"):
        said[reading.coder_id] = {}
        rows = Coding.objects.filter(reading=reading, retracted=False).exclude(origin="rejected")
        for field, code, answer in rows.values_list("field", "code", "answer"):
            said[reading.coder_id].setdefault(field, set()).add((code, answer))
    return {coder: {name: frozenset(found) for name, found in fields.items()} for coder, fields in said.items()}


def _settled_fields(case: Case) -> set[str]:
    return set(Adjudication.objects.filter(case=case, retracted=False).values_list("field", flat=True))
