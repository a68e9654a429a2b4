"""A viewer and a case come in; everything that the coding page shows goes out, blindness applied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.contrib.auth.models import AnonymousUser

from caselore.store.actions.spans import Span
from caselore.store.actions.undo import can_undo
from caselore.store.books import codebook
from caselore.store.models import (
    Adjudication,
    Case,
    Coder,
    Coding,
    Document,
    Note,
    Pass,
    Passage,
    Place,
    Recommendation,
    Step,
)
from caselore.store.permissions import require
from caselore.store.queries.views import AdjudicationView, CaseView, CodingView, FieldView, PassageView
from caselore.store.visibility import hides_proposals, shows_others, visible_case, visible_passes


def coder_of(user: object) -> Coder | None:
    """The coder who signs in with this account; None for a stranger or one who was let go."""
    if user is None or isinstance(user, AnonymousUser):
        return None
    return Coder.objects.filter(user_id=getattr(user, "pk", None), machine=False, active=True).first()


def case_view(viewer: Coder, case: str | Case, *, passages: bool = True) -> CaseView:
    """The coding page of a case. Raises NotAllowed.

    `passages` false leaves the document's words out, for a part of the page that does not show them.
    """
    require(viewer, "read")
    found = visible_case(viewer, case.pk if isinstance(case, Case) else case)
    document = Document.objects.defer("text").get(pk=found.document_id)
    reading = own_pass(viewer, found)
    blind = hides_proposals(viewer, found)
    steps = list(Step.objects.filter(reading__in=visible_passes(viewer), case=found).select_related("reading"))
    own_steps = tuple(step for step in steps if reading is not None and step.reading_id == reading.pk)
    undoable, redoable = can_undo(viewer, found)
    return CaseView(
        case=found, document=document, start=found.start, end=found.end,
        passages=passages_of(found) if passages else (), reading=reading, blind=blind,
        fields=field_views(viewer, found, reading), sequence=own_steps,
        sequence_version=max((step.changed for step in own_steps), default=0),
        proposed_sequence=tuple(step for step in steps if step.reading.machine),
        notes=tuple(Note.objects.filter(reading__in=visible_passes(viewer), case=found).order_by("pk")),
        recommendations=recommendations_of(viewer, found), can_undo=undoable, can_redo=redoable,
        place=Place.objects.filter(case=found, coder=viewer).first(),
    )  # fmt: skip


def own_pass(viewer: Coder, case: Case) -> Pass | None:
    """The viewer's newest pass on a case."""
    return Pass.objects.filter(case=case, coder=viewer).order_by("-number").first()


def passages_of(case: Case) -> tuple[PassageView, ...]:
    """The passages of a case, in order."""
    rows = Passage.objects.filter(document=case.document_id, start__gte=case.start, start__lt=case.end)
    names = ("number", "start", "end", "page", "section", "kind", "text")
    return tuple(PassageView(*row) for row in rows.order_by("number").values_list(*names))


def recommendations_of(viewer: Coder, case: Case) -> tuple[Recommendation, ...]:
    """The register's entries of a case; proposed ones are hidden as other proposals are."""
    rows = Recommendation.objects.filter(case=case, retracted=False).select_related("coder")
    rows = rows.exclude(status="proposed") if hides_proposals(viewer, case) else rows
    return tuple(rows.order_by("order"))


def field_views(
    viewer: Coder, case: Case, reading: Pass | None, *, only: Iterable[str] | None = None
) -> dict[str, FieldView]:
    """Every field of the codebooks (or `only` these) with what the viewer may see of its codings."""
    names = list(codebook().fields) if only is None else list(only)
    rows = Coding.objects.filter(reading__in=visible_passes(viewer), case=case)
    rows = rows if only is None else rows.filter(field__in=names)
    codings = list(rows.select_related("reading__coder").prefetch_related("evidence").order_by("order", "pk"))
    settled = _settled(viewer, case)
    grouped: dict[str, list[Coding]] = {name: [] for name in names}
    for coding in codings:
        grouped.setdefault(coding.field, []).append(coding)
    return {name: _field(name, rows, reading, settled) for name, rows in grouped.items()}


def _field(name: str, rows: Sequence[Coding], reading: Pass | None, settled: Sequence[AdjudicationView]) -> FieldView:
    own = [row for row in rows if reading is not None and row.reading_id == reading.pk]
    live = [row for row in own if not row.retracted]
    others = [row for row in rows if not row.reading.machine and not row.retracted and row not in own]
    machine = [row for row in rows if row.reading.machine and not row.retracted]
    return FieldView(
        field=name,
        version=max((row.changed for row in own), default=0),
        proposals=_merged(machine, live),
        own=tuple(coding_view(row) for row in live),
        others=tuple(coding_view(row) for row in others),
        adjudicated=tuple(each for each in settled if each.field == name),
    )


def coding_view(row: Coding) -> CodingView:
    """One coding as a page shows it; its pass, coder and evidence are read with it."""
    coder = row.reading.coder
    status = "validated" if not row.reading.machine and row.reading.state == "submitted" else "proposed"
    return CodingView(
        id=row.pk, field=row.field, code=row.code, answer=row.answer, origin=row.origin, status=status,
        confidence=row.confidence, coder=coder.name, machine=row.reading.machine, evidence=spans(row),
        reason=row.reason, answers_to=row.answers_to_id or "", retracted=row.retracted, ids=(row.pk,),
        coders=(coder.name,),
    )  # fmt: skip


def spans(row: Coding) -> tuple[Span, ...]:
    """The evidence of a coding, in its order."""
    return tuple(Span(each.start, each.end, each.quote) for each in row.evidence.all())


def _merged(machine: Sequence[Coding], own: Sequence[Coding]) -> tuple[CodingView, ...]:
    """Every proposed code once, the surest machine's, with everybody's evidence and what the viewer answered to it."""
    groups: dict[tuple[str, str], list[Coding]] = {}
    for row in sorted(machine, key=lambda each: -each.confidence):
        groups.setdefault((row.answer, row.code), []).append(row)
    said = {(row.answer, row.code): row.origin for row in own}
    amended = {row.answers_to_id for row in own if row.origin == "amended"}
    views = []
    for key, rows in groups.items():
        decided = said.get(key, "")
        if not decided or decided == "added":
            decided = "amended" if any(row.pk in amended for row in rows) else "accepted" if decided else ""
        everything = {span: None for row in rows for span in spans(row)}
        views.append(
            replace(
                coding_view(rows[0]), evidence=tuple(everything), ids=tuple(row.pk for row in rows),
                coders=tuple(dict.fromkeys(row.reading.coder.name for row in rows)), decided=decided,
            )
        )  # fmt: skip
    return tuple(views)


def _settled(viewer: Coder, case: Case) -> list[AdjudicationView]:
    """Adjudications of a case; hidden while the viewer still codes it himself."""
    if not shows_others(viewer, case):
        return []
    rows = Adjudication.objects.filter(case=case, retracted=False).select_related("adjudicator").order_by("pk")
    return [
        AdjudicationView(
            row.pk, row.field, row.code, row.answer, row.holds, row.reason, row.adjudicator.name, row.at,
            tuple(Span(**each) for each in row.evidence),
        )
        for row in rows
    ]  # fmt: skip
