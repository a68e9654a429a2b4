"""Search over words and codes, browsing, similar cases, and searches kept for later."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from caselore.errors import StoreError
from caselore.store.actions.keeping import drop_search, save_search
from caselore.store.alike import similar_cases
from caselore.store.asking import asked
from caselore.store.models import Case, Coder, SavedSearch
from caselore.store.visibility import visible_case, visible_cases
from caselore.workbench import finding
from caselore.workbench.briefings import current_of
from caselore.workbench.citing import title_of
from caselore.workbench.forms import dressed
from caselore.workbench.paging import asked as page_asked
from caselore.workbench.paging import page_of
from caselore.workbench.readers import address_of, for_readers, reads_names
from caselore.workbench.wording import code_label

ALIKE = 12


class KeepForm(forms.Form):
    """The name of a search."""

    name = forms.CharField(label="Name of this search", max_length=120)


@for_readers
@require_GET
def page(request: Any) -> HttpResponse:
    """What is asked for and what was found; one typed line is read as words and filters first."""
    question = finding.question_of(request.GET)
    if "ask" in request.GET:
        told = asked(request.GET["ask"][: finding.LONGEST])
        filters = {**question.filters, **told.filters}
        return redirect(reverse("search") + finding.Question(told.words, filters).address())
    return _drawn(request, question, KeepForm())


def _drawn(request: Any, question: finding.Question, form: KeepForm, status: int = 200) -> HttpResponse:
    viewer = request.coder
    begun = bool(question.words or question.filters)
    told = finding.refused(viewer, question)
    words: dict[str, Any] = {
        "question": question, "begun": begun, "refused": told, "chips": finding.chips(question),
        "saved": [each for each in _kept(viewer) if "page" not in each.filters],
        "keep": dressed(form), "briefing": current_of(viewer), "here": reverse("search") + question.address(),
    }  # fmt: skip
    if not told:
        words |= _answered(request, question)
    return render(request, "workbench/search.html", words, status=status)


def _answered(request: Any, question: finding.Question) -> dict[str, Any]:
    viewer = request.coder
    hits = finding.hits(viewer, question, offset=(page_asked(request) - 1) * finding.ROWS)
    shown = page_of(request, hits.total, rows=finding.ROWS)
    if shown.offset != (page_asked(request) - 1) * finding.ROWS:  # a page after the last was asked for
        hits = finding.hits(viewer, question, offset=shown.offset)
    briefing = current_of(viewer)
    named = asked(question.words).themes if question.words else ()
    return {
        "hits": hits, "page": shown, "direct": hits.total - hits.nearby,
        "rows": finding.found(viewer, hits.rows, question.words, briefing.taken if briefing else ()),
        "facets": finding.shown_facets(viewer, question, hits.among if question.words else None),
        "loosened": finding.loosened(viewer, question) if not hits.total else [],
        "themes": finding.themes_named(viewer, question, named),
    }  # fmt: skip


def _kept(viewer: Coder) -> QuerySet[SavedSearch]:
    """The viewer's kept searches, those of the list of cases among them, which name their page."""
    return SavedSearch.objects.filter(coder=viewer, retracted=False).order_by("name")


@for_readers
@require_POST
def keep(request: Any) -> HttpResponse:
    """Keep a search under a name."""
    question, form = finding.question_of(request.POST), KeepForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"].strip()
        if any("page" in each.filters for each in _kept(request.coder).filter(name=name)):
            form.add_error("name", "A list of cases is kept under this name; take another.")
            return _drawn(request, question, form, status=400)
        try:
            save_search(
                request.coder, name, words=question.words, filters=question.filters,
                token=request.POST.get("token", "")[:80],
            )  # fmt: skip
            return redirect(reverse("search") + question.address())
        except StoreError as error:
            form.add_error("name", str(error))
    return _drawn(request, question, form, status=400)


@for_readers
@require_POST
def drop(request: Any, saved: str) -> HttpResponse:
    """Forget an own search."""
    drop_search(request.coder, saved)
    return redirect("search")


@for_readers
@require_GET
def saved(request: Any, saved: str) -> HttpResponse:
    """On to what a kept search finds now."""
    found = SavedSearch.objects.filter(pk=saved, coder=request.coder, retracted=False).first()
    if found is None:
        return redirect("search")
    return redirect(reverse("search") + finding.Question(found.words, dict(found.filters)).address())


@for_readers
@require_GET
def like(request: Any, case: str) -> HttpResponse:
    """The cases most like one, with the codes that they share."""
    viewer = request.coder
    of, names = visible_case(viewer, case), reads_names(viewer)
    rows = similar_cases(viewer, of, limit=ALIKE)
    cases = Case.objects.select_related("document").defer("document__text").in_bulk([row.case for row in rows])
    told = [
        {
            "case": row.case, "title": title_of(cases[row.case], open_names=names), "year": row.year,
            "percent": round(100 * row.likeness), "address": address_of(viewer, row.case),
            "shared": [code_label(field, code) for field, code in row.shared[:6]], "more": max(len(row.shared) - 6, 0),
        }
        for row in rows
    ]  # fmt: skip
    title = title_of(of, open_names=names)
    return render(
        request, "workbench/search_like.html", {"title": title, "rows": told, "address": address_of(viewer, of)}
    )


@for_readers
@require_GET
def browse(request: Any) -> HttpResponse:
    """Every value to browse by, with its number of cases."""
    question = finding.Question("", {})
    found = finding.shown_facets(request.coder, question, None)
    words = {"facets": found, "cases": visible_cases(request.coder).count(), "search": reverse("search")}
    return render(request, "workbench/browse.html", words)
