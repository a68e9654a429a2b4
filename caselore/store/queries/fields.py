"""What a viewer sees of a case, and fields of it, come in; their codings go out, as rows and as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from caselore.store.actions.spans import Span
from caselore.store.books import codebook
from caselore.store.models import Adjudication, Case, Coder, Coding, Pass
from caselore.store.prepared import Prepared
from caselore.store.queries.views import AdjudicationView, CodingView, FieldView
from caselore.store.sight import PassSeen, Sight, sight_of

COLUMNS = (
    "pk", "field", "code", "answer", "origin", "answers_to_id", "confidence", "reason", "retracted", "changed",
    "reading_id",
)  # fmt: skip


def _with_evidence(codings: QuerySet[Coding]) -> Any:
    """A row for each piece of evidence of the codings, or one with nothing in its place."""
    pieces = codings.order_by("order", "pk", "evidence__order", "evidence__pk")
    return pieces.values_list(*COLUMNS, "evidence__start", "evidence__end", "evidence__quote")


_OF_PASSES = Prepared(lambda passes: _with_evidence(Coding.objects.filter(reading__in=passes)))
_OF_FIELDS = Prepared(
    lambda passes, fields: _with_evidence(Coding.objects.filter(reading__in=passes, field__in=fields))
)


@dataclass(frozen=True, slots=True)
class CodingSeen:
    """One coding, withdrawn or not, with its pass and evidence."""

    reading: PassSeen
    evidence: tuple[Span, ...]
    id: str
    field: str
    code: str
    answer: str
    origin: str
    answers_to: str | None
    confidence: float
    reason: str
    retracted: bool
    changed: int


def codings_of(passes: Mapping[str, PassSeen], *, only: Iterable[str] | None = None) -> list[CodingSeen]:
    """The codings of passes, in their order, of every field or `only` of these."""
    told = _OF_PASSES(passes=list(passes)) if only is None else _OF_FIELDS(passes=list(passes), fields=list(only))
    found = []
    for _, rows in groupby(told, key=itemgetter(0)):
        pieces = list(rows)
        *columns, of = pieces[0][: len(COLUMNS)]
        evidence = tuple(Span(*piece[len(COLUMNS) :]) for piece in pieces if piece[-1] is not None)
        found.append(CodingSeen(passes[of], evidence, *columns))
    return found


def field_views(
    viewer: Coder, case: Case, reading: Pass | None, *, only: Iterable[str] | None = None
) -> dict[str, FieldView]:
    """Every field of the codebooks (or `only` these) with what the viewer may see of its codings."""
    sight, names = sight_of(viewer, case), list(codebook().fields if only is None else only)
    codings = codings_of(sight.seen, only=None if only is None else names)
    return views_of(sight, codings, names, own=reading.pk if reading is not None else "")


def views_of(
    sight: Sight, codings: Iterable[CodingSeen], names: Iterable[str], *, own: str | None = None
) -> dict[str, FieldView]:
    """The fields as pages show them; `own` is the pass that counts as the viewer's, by custom his newest."""
    own = (sight.own[0] if sight.own else "") if own is None else own
    grouped: dict[str, list[CodingSeen]] = {name: [] for name in names}
    for coding in codings:
        grouped.setdefault(coding.field, []).append(coding)
    settled = _settled(sight)
    return {name: _field(name, rows, own, settled) for name, rows in grouped.items()}


def _field(name: str, rows: Sequence[CodingSeen], own: str, settled: Sequence[AdjudicationView]) -> FieldView:
    mine = [row for row in rows if row.reading.id == own]
    live = [row for row in rows if not row.retracted]
    said = [row for row in live if row.reading.id == own]
    machine = [row for row in live if row.reading.machine]
    return FieldView(
        field=name,
        version=max((row.changed for row in mine), default=0),
        proposals=_merged(machine, said),
        own=tuple(coding_view(row) for row in said),
        others=tuple(coding_view(row) for row in live if not row.reading.machine and row.reading.id != own),
        adjudicated=tuple(each for each in settled if each.field == name),
    )


def coding_view(row: CodingSeen) -> CodingView:
    """One coding as a page shows it."""
    coder = row.reading
    return CodingView(
        id=row.id, field=row.field, code=row.code, answer=row.answer, origin=row.origin,
        status="validated" if coder.is_in else "proposed", confidence=row.confidence, coder=coder.name,
        machine=coder.machine, evidence=row.evidence, reason=row.reason, answers_to=row.answers_to or "",
        retracted=row.retracted, ids=(row.id,), coders=(coder.name,),
    )  # fmt: skip


def _merged(machine: Sequence[CodingSeen], own: Sequence[CodingSeen]) -> tuple[CodingView, ...]:
    """Every proposed code once, the surest machine's, with everybody's evidence and what the viewer answered to it."""
    groups: dict[tuple[str, str], list[CodingSeen]] = {}
    for row in sorted(machine, key=lambda each: -each.confidence):
        groups.setdefault((row.answer, row.code), []).append(row)
    said = {(row.answer, row.code): row.origin for row in own}
    amended = {row.answers_to for row in own if row.origin == "amended"}
    views = []
    for key, rows in groups.items():
        decided = said.get(key, "")
        if not decided or decided == "added":
            decided = "amended" if any(row.id in amended for row in rows) else "accepted" if decided else ""
        everything = {span: None for row in rows for span in row.evidence}
        views.append(
            replace(
                coding_view(rows[0]), evidence=tuple(everything), ids=tuple(row.id for row in rows),
                coders=tuple(dict.fromkeys(row.reading.name for row in rows)), decided=decided,
            )
        )  # fmt: skip
    return tuple(views)


def _settled(sight: Sight) -> list[AdjudicationView]:
    """Adjudications of the case; hidden while the viewer still codes it himself."""
    if not sight.shows_others:
        return []
    rows = Adjudication.objects.filter(case=sight.case, retracted=False).order_by("pk")
    return [
        AdjudicationView(
            row.pk, row.field, row.code, row.answer, row.holds, row.reason, row.adjudicator.name, row.at,
            tuple(Span(**each) for each in row.evidence), tuple(row.steps.all()),
        )
        for row in rows.select_related("adjudicator").prefetch_related("steps")
    ]  # fmt: skip
