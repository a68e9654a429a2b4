"""Passes come in; the cases where they differ, and passes side by side, go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from caselore.store.actions.adjudication import open_for_settling
from caselore.store.books import DECISIONS, ONE_VALUE, codebook
from caselore.store.models import Adjudication, Case, Coder, Coding, Note, Pass, Step
from caselore.store.permissions import require
from caselore.store.queries.fields import coding_view, codings_of
from caselore.store.queries.silence import NONE_BY_SILENCE, heard, kind_of, usual_fields
from caselore.store.queries.views import CodingView
from caselore.store.sight import PassSeen
from caselore.store.visibility import read_by_all, visible_passes


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


def to_adjudicate(viewer: Coder, *, settled: bool = False) -> list[Disagreement]:
    """Cases whose assigned passes are all in and differ, by title; with `settled`, those done too.

    A few questions for the whole study, however many cases were read twice.
    """
    require(viewer, "adjudicate")
    seen = visible_passes(viewer).filter(machine=False, state="submitted", case__in=read_by_all())
    several = seen.values("case").annotate(n=Count("coder", distinct=True)).filter(n__gte=2).values("case")
    readings = list(seen.filter(case__in=several).select_related("coder", "case").order_by("number", "pk"))
    said, settled_so_far = _answers(readings), _settled(several)
    coders: dict[str, dict[str, None]] = {}
    titles = {}
    for each in readings:
        coders.setdefault(each.case_id, {})[each.coder.name] = None
        titles[each.case_id] = each.case.title
    found = []
    for case, by in said.items():
        fields = _differing(by)
        closed = tuple(name for name in fields if not _left(name, by, settled_so_far.get((case, name), ())))
        if fields and (settled or len(closed) < len(fields)):
            found.append(Disagreement(case, titles[case], fields, closed, tuple(coders[case])))
    return sorted(found, key=lambda each: (each.title, each.case))


def differing(case: Case) -> tuple[str, ...]:
    """The fields on which submitted passes of persons differ, in the order of the codebook.

    A person who was silent differs where his silence is an answer (`silence`), not where it is a gap.
    """
    readings = Pass.objects.filter(case=case, machine=False, state="submitted").select_related("case")
    return _differing(_answers(list(readings.order_by("number", "pk"))).get(case.pk, {}))


def _differing(said: Mapping[str, Answers]) -> tuple[str, ...]:
    given: dict[str, set[frozenset[tuple[str, ...]]]] = {}
    for answers in said.values():
        for name, answer in answers.items():
            given.setdefault(name, set()).add(answer)
    order = {name: n for n, name in enumerate(codebook().fields)}
    fields = (name for name, answers in given.items() if len(answers) > 1)
    return tuple(sorted(fields, key=lambda name: (order.get(name, len(order)), name)))


Spoken = tuple[str, str, bool]
"""What was settled: code, answer, and whether it holds."""


def _settled(cases: QuerySet[Any]) -> dict[tuple[str, str], list[Spoken]]:
    """Case and field -> what was settled of it."""
    done: dict[tuple[str, str], list[Spoken]] = {}
    live = Adjudication.objects.filter(case__in=cases, retracted=False)
    for case, field, code, answer, holds in live.values_list("case_id", "field", "code", "answer", "holds"):
        done.setdefault((case, field), []).append((code, answer, holds))
    return done


def _left(field: str, said: Mapping[str, Answers], settled: Sequence[Spoken]) -> bool:
    """Whether anything of a field on which persons differ is still to be settled: each code of several by itself."""
    kind = kind_of(field)
    if kind == "sequence":
        return not settled
    if any(holds and (kind in ONE_VALUE or answer != "present") for _, answer, holds in settled):
        return False
    given = [answers.get(field, frozenset()) for answers in said.values()]
    apart = frozenset[tuple[str, ...]]().union(*given) - given[0].intersection(*given)
    return bool(apart - {(code, answer) for code, answer, _ in settled})


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
"""Field -> (code, answer) of one person, nothing where he says that there is none; of the sequence of decisions also
(place, type, agency) of each step. A field that is not there he left open."""

NOTHING = ("", "not_mentioned")
"""Said of a field of several it is the same as giving none."""


def _answers(readings: Sequence[Pass]) -> dict[str, dict[str, Answers]]:
    """Case -> coder -> answers, of the newest of each person's passes, which come in their order."""
    newest = {(each.case_id, each.coder_id): each for each in readings}
    of = {each.pk: each for each in newest.values()}
    usual = usual_fields({coder for _, coder in newest})
    said: dict[str, dict[str, dict[str, set[tuple[str, ...]]]]] = {}
    for (case, coder), each in newest.items():
        said.setdefault(case, {})[coder] = {name: set() for name in heard(usual, each)}
    rows = Coding.objects.filter(reading__in=list(of), retracted=False)
    for pk, field, code, answer, origin in rows.values_list("reading_id", "field", "code", "answer", "origin"):
        told = said[of[pk].case_id][of[pk].coder_id].setdefault(field, set())
        if origin != "rejected" and not ((code, answer) == NOTHING and kind_of(field) in NONE_BY_SILENCE):
            told.add((code, answer))
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
