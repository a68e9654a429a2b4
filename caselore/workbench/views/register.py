"""The recommendation register: the list, an entry, its files, and what other reviews asked for before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caselore.errors import StaleView, StoreError
from caselore.store import queries
from caselore.store.actions import register as acts
from caselore.store.models import Coder, Recommendation
from caselore.workbench import registering
from caselore.workbench.attaching import LARGEST, checked
from caselore.workbench.forms import dressed
from caselore.workbench.forms_register import AttachForm, EntryForm, FilterForm
from caselore.workbench.paging import page_of
from caselore.workbench.signed_in import requires

ROWS = 50


def _asked(request: Any) -> tuple[FilterForm, dict[str, Any]]:
    """The form of filters, and those that are set and understood."""
    form = FilterForm(request.GET or None)
    told = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    return form, told


def _rows(viewer: Coder, filters: dict[str, Any]) -> Any:
    rows = queries.register(viewer, filters={name: value for name, value in filters.items() if name != "status"})
    rows = rows.filter(status=filters["status"]) if filters.get("status") else rows
    return rows.order_by(F("due").asc(nulls_last=True), F("case__year").desc(nulls_last=True), "case", "order")


@requires("register")
@require_GET
def page(request: Any) -> HttpResponse:
    """The register, narrowed down."""
    form, filters = _asked(request)
    rows = _rows(request.coder, filters)
    shown = page_of(request, rows.count(), rows=ROWS)
    words = {
        "form": dressed(form), "lines": registering.lines(rows[shown.offset : shown.offset + ROWS]), "page": shown,
        "filtered": bool(filters), "query": request.GET.urlencode(), **_counts(request.coder),
    }  # fmt: skip
    status = 400 if form.is_bound and not form.is_valid() else 200
    return render(request, "workbench/register.html", words, status=status)


def _counts(viewer: Coder) -> dict[str, int]:
    """What stands above the list, on the page and after each act."""
    everything = queries.register(viewer)
    unread = everything.filter(status="proposed").count()
    return {"all": everything.count(), "unread": unread, "late": queries.overdue(viewer).count()}


@requires("register")
@require_GET
def download(request: Any) -> HttpResponse:
    """The register, narrowed down, as CSV with the mark by which spreadsheets know UTF-8."""
    _, filters = _asked(request)
    text = registering.csv_of(_rows(request.coder, filters))
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="recommendations.csv"'
    return answer


@requires("register")
@require_http_methods(["GET", "POST"])
def entry(request: Any, key: str) -> HttpResponse:
    """One recommendation: what it says, and what became of it."""
    row = registering.entry(request.coder, key)
    if request.method != "POST":
        return _drawn(request, row)
    form = EntryForm(request.POST)
    if not form.is_valid():
        return _drawn(request, row, form=form, status=400)
    _keep(request.coder, row, form.cleaned_data)
    return redirect("recommendation", key)


def _drawn(
    request: Any,
    row: Recommendation,
    *,
    form: EntryForm | None = None,
    attach: AttachForm | None = None,
    status: int = 200,
) -> HttpResponse:
    told = {
        "response": row.response, "words": row.response_words, "owner": row.owner, "due": row.due,
        "progress": row.progress, "impact": row.impact, "seen": row.changed,
    }  # fmt: skip
    words = {
        "line": registering.line(row), "row": row, "passage": registering.passage_of(row),
        "form": dressed(form or EntryForm(initial=told)), "attach": dressed(attach or AttachForm()),
        "files": row.attachments.filter(retracted=False).order_by("added"),
    }  # fmt: skip
    return render(request, "workbench/recommendation.html", words, status=status)


def _keep(actor: Coder, row: Recommendation, told: dict[str, Any]) -> None:
    """Every part that differs is an act of its own, all or none. Raises StaleView."""
    with transaction.atomic():
        now = registering.entry(actor, row.pk)
        if now.changed != told["seen"]:
            raise StaleView(
                "This recommendation was changed since the page was loaded; go back, load it and look again."
            )
        if (told["response"], told["words"]) != (now.response, now.response_words):
            acts.respond(actor, now, told["response"], words=told["words"])
        if told["owner"] != now.owner:
            acts.set_owner(actor, now, told["owner"])
        if told["due"] != now.due:
            acts.set_due(actor, now, told["due"])
        if told["progress"] != now.progress:
            acts.set_progress(actor, now, told["progress"])
        if told["impact"] != now.impact:
            acts.set_impact(actor, now, told["impact"])


@requires("register")
@require_GET
def before(request: Any, key: str) -> HttpResponse:
    """Where other reviews asked for the same; a part of the entry's page that comes after it."""
    row = registering.entry(request.coder, key)
    group = queries.made_before(request.coder, row)
    others = []
    for made in group.members if group else ():
        at = made.recommendation.evidence
        if made.review != row.case_id:
            others.append({"year": made.year, "case": made.review, "quote": at.quote, "start": at.start})
    others.sort(key=lambda each: each["year"] or 0)
    return render(request, "workbench/recommendation_before.html", {"group": group, "others": others[:20]})


DECISIONS: dict[str, Callable[..., Recommendation]] = {"confirm": acts.confirm, "dismiss": acts.dismiss}


@requires("register")
@require_POST
def decide(request: Any, key: str, verb: str) -> HttpResponse:
    """Confirm or dismiss a proposal; what was dismissed can be confirmed after all."""
    if verb not in DECISIONS:
        raise Http404
    registering.dismissed(request.coder, key)
    row = DECISIONS[verb](request.coder, key, token=request.POST.get("token", "")[:80])
    if request.htmx:
        line = registering.lines([Recommendation.objects.select_related("case").get(pk=row.pk)])[0]
        return render(request, "workbench/register_decided.html", {"line": line, **_counts(request.coder)})
    return redirect("register") if row.retracted else redirect("recommendation", key)


@requires("register")
@require_POST
def attach(request: Any, key: str) -> HttpResponse:
    """Keep an action plan or a response beside a recommendation."""
    row = registering.entry(request.coder, key)
    form = AttachForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            acts.attach(request.coder, row, file.name, checked(file.name, _bytes(file)))
            return redirect("recommendation", key)
        except StoreError as error:
            form.add_error("file", str(error))
    return _drawn(request, row, attach=form, status=400)


def _bytes(file: Any) -> bytes:
    """The file's bytes, or as many as tell that it is too large."""
    return bytes(file.read(LARGEST + 1))


@requires("register")
@require_GET
def file(request: Any, key: str) -> HttpResponse:
    """An attachment, to save and never to show in the page's place."""
    found = registering.attachment(request.coder, key)
    path = acts.attachment_path(found)
    if not path.is_file():
        raise Http404
    answer = HttpResponse(path.read_bytes(), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = content_disposition_header(True, found.name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@requires("register")
@require_POST
def detach(request: Any, key: str) -> HttpResponse:
    """Take an attachment off."""
    found = registering.attachment(request.coder, key, taken_off=True)
    if not found.retracted:
        acts.detach(request.coder, found)
    return redirect("recommendation", found.recommendation_id)
