"""Documents of the study: files come in by upload; what came of each, and the list of all, goes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caselore.errors import NotAllowed, StoreError
from caselore.store.actions import proposing, withdrawing
from caselore.store.models import Case, Document, Withdrawal
from caselore.store.permissions import require
from caselore.workbench import intake
from caselore.workbench.paging import page_of
from caselore.workbench.settings import LARGEST_UPLOAD
from caselore.workbench.signed_in import requires

STOP_ASKING = 286
"""The status by which htmx stops asking again."""


@requires("withdraw")
@require_http_methods(["GET", "POST"])
def documents(request: Any) -> HttpResponse:
    """The documents, with the form that adds some for who may."""
    outcomes, missing = [], ""
    if request.method == "POST":
        require(request.coder, "add")
        files = request.FILES.getlist("files")
        missing = "" if files else "Choose at least one file."
        outcomes = intake.take(request.coder, files)
        intake.send_proposers()
    return _page(request, outcomes=outcomes, missing=missing)


def _page(request: Any, *, outcomes: Sequence[intake.Outcome] = (), missing: str = "", problem: str = "") -> Any:
    words = request.GET.get("words", "").strip()[:200]
    out = Withdrawal.objects.filter(retracted=False)
    rows = Document.objects.exclude(pk__in=out.values("document"))
    if words:
        called = Case.objects.filter(title__icontains=words).values("document")
        rows = rows.filter(Q(title__icontains=words) | Q(name__icontains=words) | Q(pk__in=called))
    page = page_of(request, rows.count())
    counted = rows.annotate(
        n=Count("cases"), failed=Count("cases", filter=Q(cases__proposing="failed")), called=Min("cases__title")
    )  # fmt: skip
    shown = counted.defer("text", "pages", "sections").order_by("-added", "-pk")[page.offset : page.end]
    failures = Case.objects.filter(proposing="failed").order_by("pk")
    told = {
        "rows": shown, "page": page, "words": words, "outcomes": outcomes, "missing": missing,
        "largest": LARGEST_UPLOAD // 1024 // 1024, "most": intake.MOST_FILES, "failures": failures[:20],
        "n_failed": failures.count(), **_waiting(), "problem": problem,
        "out": out.select_related("document", "coder").defer("document__text").order_by("-at"),
    }  # fmt: skip
    return render(request, "workbench/documents.html", told, status=400 if missing or problem else 200)


@requires("withdraw")
@require_POST
def withdraw(request: Any) -> HttpResponse:
    """Take a document out of the study, with a reason."""
    return _acted(request, lambda key, told: withdrawing.withdraw_document(request.coder, key, **told))


@requires("withdraw")
@require_POST
def take_back(request: Any) -> HttpResponse:
    """Take a document back into the study, with a reason."""
    return _acted(request, lambda key, told: withdrawing.return_document(request.coder, key, **told))


def _acted(request: Any, act: Callable[[str, dict[str, str]], object]) -> HttpResponse:
    """Do it, and show the list; what is refused is said above it."""
    try:
        act(request.POST.get("which", "")[:24], {"reason": request.POST.get("reason", "")})
    except NotAllowed:
        raise
    except StoreError as error:
        answer: HttpResponse = _page(request, problem=str(error))
        return answer
    return redirect("documents")


def _waiting() -> dict[str, Any]:
    return {"waiting": Case.objects.filter(proposing="queued").count(), "at_work": intake.at_work()}


@requires("add")
@require_GET
def waiting(request: Any) -> HttpResponse:
    """How many cases wait for proposers: a part of the page that asks again until none does."""
    told = _waiting()
    status = 200 if told["waiting"] and told["at_work"] else STOP_ASKING
    return render(request, "workbench/documents_waiting.html", told, status=status)


@requires("propose")
@require_POST
def propose(request: Any) -> HttpResponse:
    """Send the proposers to the cases that wait; with `failed`, to those where they failed as well."""
    if request.POST.get("failed"):
        for case in Case.objects.filter(proposing="failed"):
            proposing.requeue(request.coder, case)
    intake.send_proposers()
    return redirect("documents")
