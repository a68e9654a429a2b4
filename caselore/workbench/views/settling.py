"""Adjudication: cases whose passes differ; one case side by side; a decision with its reason comes in and is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from caselore.errors import CaseloreError, NotAllowed, StaleView, StoreError
from caselore.store import queries
from caselore.store.actions.adjudication import adjudicate
from caselore.store.actions.adjudication import unsettle as take_back
from caselore.store.actions.settled_sequence import settle_sequence
from caselore.store.actions.undo import next_turns, redo, undo
from caselore.store.books import DECISIONS
from caselore.store.models import Adjudication
from caselore.workbench import courses, sides
from caselore.workbench.paging import page_of
from caselore.workbench.signed_in import requires
from caselore.workbench.wording import field_label

UNANSWERED = "Choose an answer for at least one of the codes."
EMPTY = "Take at least one step into the order, or tick that the review tells of no decision."
EXCLUDED = "A code and an answer such as “not mentioned” exclude each other; let one of them hold."
BOTH = "The order has steps, and it is ticked that there is no decision; leave one of the two out."

SETTLING = frozenset({"adjudicate", "settle_sequence", "unsettle"})
"""Acts that this page takes back and does again."""


@requires("adjudicate")
@require_GET
def cases(request: Any) -> HttpResponse:
    """The cases with differences; with `all`, those that are settled too."""
    every = request.GET.get("all") == "1"
    found = queries.to_adjudicate(request.coder, settled=every)
    page = page_of(request, len(found))
    rows = [
        {"case": each, "fields": [field_label(name) for name in each.fields if name not in each.settled],
         "left": len(each.fields) - len(each.settled)}
        for each in found[page.offset : page.end]
    ]  # fmt: skip
    return render(request, "workbench/settling.html", {"rows": rows, "page": page, "every": every})


@requires("adjudicate")
@require_GET
def case(request: Any, case: str) -> HttpResponse:
    """One case side by side."""
    return _page(request, case)


def _page(request: Any, case: str, *, field: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    """The page; `problem` stands beside the form of `field`, which keeps what was typed."""
    settling = queries.side_by_side(request.coder, case)
    place = sides.Place(queries.passages_of(settling.case))
    views = queries.field_views(request.coder, settling.case, None, only=settling.differing)
    splits = sides.splits(settling, place, {name: view.proposals for name, view in views.items()})
    typed = request.POST if field else {}
    course = courses.course_of(settling, place, _typed_order(typed) if field == DECISIONS else None)
    waiting = [each.case for each in queries.to_adjudicate(request.coder) if each.case != settling.case.pk]
    last, undone = next_turns(request.coder, settling.case)
    return render(
        request,
        "workbench/settling_case.html",
        {
            "case": settling.case, "splits": splits, "agreed": sides.agreed(settling), "course": course,
            "coders": [each.coder for each in sides.newest(settling.passes)], "differ": len(splits) + course.differs,
            "left": sum(bool(each.questions) for each in splits) + course.open, "next": waiting[0] if waiting else "",
            "can_undo": last in SETTLING, "can_redo": undone in SETTLING,
            "problem": problem, "problem_field": field, "typed_reason": typed.get("reason", ""),
            "typed": [value for name, value in typed.items() if name.startswith(("code-", "choice", "none"))],
        },
        status=status,
    )  # fmt: skip


def _typed_order(typed: Any) -> list[dict[str, Any]] | None:
    """The order that was sent; None where it cannot be read, or the form was another."""
    if "order" not in typed:
        return None
    try:
        return courses.sent(typed)
    except StoreError:
        return None


@requires("adjudicate")
@require_POST
def settle(request: Any, case: str) -> HttpResponse:
    """Settle one field, or some codes of it, with a reason."""
    field = request.POST.get("field", "")[:80]
    try:
        _settle(request, case, field)
    except NotAllowed:
        raise
    except CaseloreError as error:
        status = 409 if isinstance(error, StaleView) else 400
        return _page(request, case, field=field, problem=str(error), status=status)
    return redirect(f"{reverse('settling-case', args=[case])}#{_onward(request.coder, case, field)}")


def _settle(request: Any, case: str, field: str) -> None:
    settling = queries.side_by_side(request.coder, case)
    decided = decisions(request.POST)
    if not decided:
        raise StoreError(UNANSWERED)
    holding = [key.partition(":")[0] for key, holds in decided.items() if holds]
    if len(holding) > 1 and set(holding) != {"present"}:
        raise StoreError(EXCLUDED)
    version = _version(request)
    with transaction.atomic():  # all codes of the field, or none
        for key, holds in decided.items():
            answer, _, code = key.partition(":")
            adjudicate(
                request.coder, settling.case, field, reason=request.POST.get("reason", ""), code=code, answer=answer,
                holds=holds, evidence=sides.evidence_of(settling, field, key) if holds else (), seen=version,
                passes=[each.reading.pk for each in sides.newest(settling.passes)],
            )  # fmt: skip
            version = None  # the first of them has moved the field on, and nobody came between


@requires("adjudicate")
@require_POST
def sequence(request: Any, case: str) -> HttpResponse:
    """Settle the order of the case's decisions, with a reason."""
    try:
        _settle_sequence(request, case)
    except NotAllowed:
        raise
    except CaseloreError as error:
        status = 409 if isinstance(error, StaleView) else 400
        return _page(request, case, field=DECISIONS, problem=str(error), status=status)
    return redirect(f"{reverse('settling-case', args=[case])}#{_onward(request.coder, case, DECISIONS)}")


def _settle_sequence(request: Any, case: str) -> None:
    settling = queries.side_by_side(request.coder, case)
    order, none = courses.sent(request.POST), request.POST.get("none") == "1"
    if bool(order) == none:
        raise StoreError(BOTH if none else EMPTY)
    settle_sequence(
        request.coder, settling.case, order, reason=request.POST.get("reason", ""), seen=_version(request),
        passes=[each.reading.pk for each in sides.newest(settling.passes)], token=request.POST.get("token", "")[:80],
    )  # fmt: skip


def _version(request: Any) -> int | None:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 19 else None


@requires("adjudicate")
@require_POST
def turn(request: Any, case: str, way: str) -> HttpResponse:
    """Take the last settlement of one's own on this case back, or do it again."""
    if way not in ("undo", "redo"):
        raise Http404
    settling = queries.side_by_side(request.coder, case)
    verb = next_turns(request.coder, settling.case)[way == "redo"]
    if verb not in SETTLING:
        raise StoreError(f"There is no settlement of yours on this case to {way}.")
    event = (undo if way == "undo" else redo)(request.coder, settling.case)
    rows = json.loads(event.payload)["rows"] if event else []
    fields = [image["field"] for row in rows for image in (row["before"], row["after"]) if image and "field" in image]
    return redirect(f"{reverse('settling-case', args=[case])}{f'#f-{fields[0]}' if fields else ''}")


def decisions(posted: Any) -> Mapping[str, bool]:
    """``answer:code`` -> whether it holds, as the form says: one `choice`, or a ``yes|`` or ``no|`` for each code."""
    choice = posted.get("choice", "")
    choice = posted.get("other", "") if choice == "other" else choice
    if choice:
        return {choice: True}
    said = (posted[name].partition("|") for name in sorted(posted) if name.startswith("code-"))
    return {key: word == "yes" for word, _, key in said if key and word in ("yes", "no")}


def _onward(coder: Any, case: str, field: str) -> str:
    """The next field that is still open, for the page to go on to; the sequence comes last."""
    settling = queries.side_by_side(coder, case)
    place = sides.Place(())
    open_ = [each.id for each in sides.splits(settling, place, {}) if each.questions]
    later = [name for name in open_ if settling.differing.index(name) > _at(settling.differing, field)]
    open_ += [DECISIONS] if courses.course_of(settling, place).open else []
    return f"f-{(later or open_)[0]}" if open_ else "settled"


def _at(names: tuple[str, ...], name: str) -> int:
    return names.index(name) if name in names else -1


@requires("adjudicate")
@require_POST
def unsettle(request: Any, case: str) -> HttpResponse:
    """Take a settlement back, with a reason."""
    settling = queries.side_by_side(request.coder, case)
    row = Adjudication.objects.filter(pk=request.POST.get("adjudication", ""), case=settling.case).first()
    if row is None:
        raise StoreError("This settlement is not there any more; load the page again.")
    try:
        take_back(request.coder, row, reason=request.POST.get("reason", ""))
    except NotAllowed:
        raise
    except CaseloreError as error:
        return _page(request, case, field=row.field, problem=str(error), status=400)
    return redirect(f"{reverse('settling-case', args=[case])}#f-{row.field}")
