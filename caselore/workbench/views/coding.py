"""The coding page: a case's text in leaves, its fields with proposals, find, the codebook, and the way to the next."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from caselore.store import queries
from caselore.store.actions.keeping import exposure_of
from caselore.store.books import codebook
from caselore.store.models import Case
from caselore.store.sight import sight_of
from caselore.store.visibility import visible_case
from caselore.workbench import keys, rows
from caselore.workbench.content_notes import care
from caselore.workbench.passages import LEAF, Text, filled, found, outline, text_of
from caselore.workbench.signed_in import requires

AROUND = 1
"""Leaves before and after the place that are sent with the page; the others follow as one scrolls."""


@requires("read")
@require_GET
def page(request: Any, case: str) -> HttpResponse:
    """The page of one case, opened where the coder left it."""
    view = queries.case_view(request.coder, case, passages=False)
    whole = request.GET.get("whole") == "1"
    text = text_of(view.case, whole=whole)
    place = _place(request, view, text)
    middle = text.leaf_of(place["passage"])
    text = filled(view.sight, text, range(middle - AROUND, middle + AROUND + 1))
    notes = [note for note in view.notes if view.reading is not None and note.reading_id == view.reading.pk]
    groups = rows.groups(view.fields, notes)
    return render(
        request,
        "workbench/coding.html",
        {
            "view": view, "case": view.case, "text": text, "place": place, "groups": groups,
            "notes": rows.notes(notes), "outline": outline(text, view.document.sections),
            "recommendations": rows.recommendations(view.recommendations), "keys": keys.sheet(), "care": care(),
            "today": _today(request.coder), "book": codebook().sha256[:16], "codes": keys.KEYS,
            "can_code": may_code(request.coder, view), "submitted": _submitted(view),
            "sequence_version": view.sequence_version, "leaf": LEAF,
            **rows.steps(view.sequence, view.proposed_sequence, view.fields[rows.SEQUENCE].adjudicated),
        },
    )  # fmt: skip


def may_code(coder: Any, view: queries.CaseView) -> bool:
    """Whether acts are open to the viewer: the role for it, and a pass that is not submitted."""
    from caselore.store.permissions import may

    return may(coder, "code") and (view.reading is None or view.reading.state == "open")


def _submitted(view: queries.CaseView) -> bool:
    """Whether the viewer's newest pass is closed."""
    return view.reading is not None and view.reading.state != "open"


def _place(request: HttpRequest, view: queries.CaseView, text: Text) -> dict[str, Any]:
    """Where to open: as the address says, else where the coder was, else at the beginning."""
    asked = request.GET.get("passage", "")
    if asked.isdecimal() and len(asked) < 9:
        return {"passage": int(asked), "scroll": 0, "field": request.GET.get("field", "")[:80]}
    if view.place is not None and view.place.passage is not None:
        return {"passage": view.place.passage, "scroll": view.place.scroll, "field": view.place.field}
    return {"passage": text.first, "scroll": 0, "field": view.place.field if view.place else ""}


def _today(coder: Any) -> Any:
    """What the coder has read today; shown to nobody else."""
    return next(iter(exposure_of(coder, days=1)), None)


def case_of(request: Any, case: str) -> Case:
    """The case, if the viewer may read it. Raises NotAllowed."""
    found_case: Case = visible_case(request.coder, case)
    return found_case


@requires("read")
@require_GET
def leaf(request: Any, case: str, number: int) -> HttpResponse:
    """One leaf of the text."""
    read = case_of(request, case)
    text = text_of(read, whole=request.GET.get("whole") == "1")
    text = filled(sight_of(request.coder, read), text, range(number, number + 1))
    if number >= len(text.leaves):
        raise Http404
    return render(request, "workbench/coding_leaf.html", {"leaf": text.leaves[number]})


@requires("read")
@require_GET
def find(request: Any, case: str) -> HttpResponse:
    """Where words stand in the whole text, as [start, end, passage]."""
    text = text_of(case_of(request, case), whole=request.GET.get("whole") == "1")
    hits, more = found(text, request.GET.get("q", ""))
    return JsonResponse({"hits": hits, "more": more})


@requires("read")
@require_GET
def chooser(request: Any, book: str) -> HttpResponse:
    """Every field and code with its definition; the address names the codebook's content, so it may be kept."""
    response = JsonResponse(rows.chooser())
    if book == codebook().sha256[:16]:
        response.headers["Cache-Control"] = "private, max-age=604800, immutable"
    return response


@requires("code")
@require_GET
def next_case(request: Any) -> HttpResponse:
    """On to the case to read next; to the first page where all is done."""
    following = queries.next_case(request.coder, after=request.GET.get("after") or None)
    return redirect("coding", following) if following else redirect("home")
