"""The queue: filters come in; the cases for a coder, page by page, and his kept filters go out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from caselore.store import queries
from caselore.store.actions import keeping
from caselore.store.models import Case, SavedSearch
from caselore.store.models.texts import LAYERS
from caselore.workbench import wording
from caselore.workbench.paging import ROWS, asked, page_of
from caselore.workbench.signed_in import requires

FILTERS = ("words", "state", "source_type", "year", "layer", "proposing", "mine", "order")
PAGE = "queue"
"""Marks a kept search as one of this page, among those of the search page."""


@requires("read")
@require_GET
def queue(request: Any) -> HttpResponse:
    """The cases, as filtered and ordered."""
    filters = asked_for(request.GET)
    order = filters.get("order", "assigned")
    told = {name: value for name, value in filters.items() if name != "order"}
    offset = (asked(request) - 1) * ROWS
    found = queries.queue(request.coder, filters=told, order=order, limit=ROWS, offset=offset)
    page = page_of(request, found.total)
    if page.offset != offset:
        found = queries.queue(request.coder, filters=told, order=order, limit=ROWS, offset=page.offset)
    kept = SavedSearch.objects.filter(coder=request.coder, retracted=False).order_by("name")
    return render(
        request,
        "workbench/queue.html",
        {
            "rows": [_row(each) for each in found.rows], "page": page, "filters": filters, "order": order,
            "orders": wording.ORDERS, "states": wording.STATES, "proposing": wording.PROPOSING,
            "layers": [(name, wording.LAYER_NAMES[name]) for name in LAYERS], "kinds": wording.source_types(),
            "kept": [(each, _address(each.filters)) for each in kept if each.filters.get("page") == PAGE],
            "narrowed": bool(told), "any": found.total or Case.objects.exists(), "query": urlencode(filters),
        },
    )  # fmt: skip


def asked_for(given: Mapping[str, Any]) -> dict[str, Any]:
    """The filters of an address, those that mean something."""
    found = {name: str(given.get(name, "")).strip()[:200] for name in FILTERS}
    if not (found["year"].isdecimal() and len(found["year"]) <= 4):
        found["year"] = ""
    for name, known in (("state", wording.STATES), ("proposing", wording.PROPOSING), ("order", wording.ORDERS)):
        if found[name] not in known:
            found[name] = ""
    return {name: value for name, value in found.items() if value}


def _row(row: queries.QueueRow) -> dict[str, Any]:
    late = row.due is not None and row.due < datetime.now(UTC).date() and row.state != "submitted"
    return {
        "row": row, "kind": wording.source_label(row.source_type), "state": wording.STATES.get(row.state, row.state),
        "layer": wording.LAYER_NAMES.get(row.layer, row.layer), "late": late, "doubt": round(row.doubt * 100),
    }  # fmt: skip


def _address(filters: Mapping[str, Any]) -> str:
    told = {name: value for name, value in filters.items() if name in FILTERS}
    return f"{reverse('queue')}?{urlencode(told)}"


@requires("keep")
@require_POST
def keep(request: Any) -> HttpResponse:
    """Keep the filters of the page under a name."""
    filters = asked_for(request.POST)
    keeping.save_search(request.coder, request.POST.get("name", ""), filters=filters | {"page": PAGE})
    return redirect(_address(filters))


@requires("keep")
@require_POST
def drop(request: Any, search: str) -> HttpResponse:
    """Forget one's own kept filters."""
    keeping.drop_search(request.coder, search)
    return redirect("queue")
