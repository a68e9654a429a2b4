"""A viewer and a case come in; everything that the coding page shows goes out, blindness applied."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from caselore.store.actions.undo import can_undo
from caselore.store.books import codebook
from caselore.store.models import (
    Case,
    Coder,
    Document,
    Note,
    Pass,
    Passage,
    Place,
    Recommendation,
    Step,
)
from caselore.store.permissions import require
from caselore.store.queries.fields import codings_of, views_of
from caselore.store.queries.views import CaseView, PassageView
from caselore.store.sight import Sight, sight_of
from caselore.store.visibility import hides_proposals, visible_case


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
    sight = sight_of(viewer, found)
    steps = steps_of(sight)
    own_steps = tuple(step for step in steps if step.reading_id == sight.own[0]) if sight.own else ()
    undoable, redoable = can_undo(viewer, found)
    return CaseView(
        case=found, document=document, start=found.start, end=found.end,
        passages=passages_of(found) if passages else (), reading=reading, sight=sight,
        blind=sight.hides_proposals,
        fields=views_of(sight, codings_of(sight.seen), codebook().fields), sequence=own_steps,
        sequence_version=max((step.changed for step in own_steps), default=0),
        proposed_sequence=tuple(step for step in steps if sight.seen[step.reading_id].machine),
        notes=tuple(Note.objects.filter(reading__in=list(sight.seen)).order_by("pk")),
        recommendations=recommendations_of(viewer, found), can_undo=undoable, can_redo=redoable,
        place=Place.objects.filter(case=found, coder=viewer).first(),
    )  # fmt: skip


def steps_of(sight: Sight) -> list[Step]:
    """The decisions of every sequence that the viewer may see."""
    return list(Step.objects.filter(reading__in=list(sight.seen)))


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
