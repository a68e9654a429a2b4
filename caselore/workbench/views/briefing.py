"""Cited briefings: gathering passages, ordering them, own remarks, and the file that leaves."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caselore import __version__
from caselore.errors import StoreError
from caselore.workbench import briefings
from caselore.workbench.forms import dressed
from caselore.workbench.models import Briefing
from caselore.workbench.quoting import rules
from caselore.workbench.readers import address_of, for_readers
from caselore.workbench.sheet import Sheet, concerns, gate, name_errors, sheet_of
from caselore.workbench.sheet_pdf import pdf_of
from caselore.workbench.sheet_word import word_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {"html": "text/html; charset=utf-8", "docx": WORD, "pdf": "application/pdf"}
WRITERS: dict[str, Callable[..., bytes]] = {"docx": word_of, "pdf": pdf_of}
FOOT = (
    "Quotations come from published reviews that are in a release of the study. Words that may be names are masked as "
    "[name]; days, postcodes and addresses are left out; […] marks what was cut. Made with Caselore {version} on {day}."
)


class DescribeForm(forms.Form):
    """The head of a briefing."""

    title = forms.CharField(label="Title", max_length=briefings.LONGEST_TITLE)
    remarks = forms.CharField(
        label="Your own words", required=False, max_length=6000, widget=forms.Textarea({"rows": 5}),
        help_text="They open the sheet: what the session is about, what to talk over.",
    )  # fmt: skip


class LeaveForm(forms.Form):
    """What a person answers for before a sheet leaves."""

    checked = forms.BooleanField(
        label="I have read every quotation and my own words: they name nobody.",
        error_messages={"required": "Read the sheet below and tick this first; a rule cannot do it for you."},
    )


@for_readers
@require_GET
def listed(request: Any) -> HttpResponse:
    """A person's briefings."""
    rows = [(each, len(each.items)) for each in briefings.of(request.coder)]
    return render(request, "workbench/briefings.html", {"rows": rows})


@for_readers
@require_POST
def new(request: Any) -> HttpResponse:
    """Begin a briefing."""
    return redirect("briefing", briefings.new(request.coder).pk)


@for_readers
@require_POST
def add(request: Any) -> HttpResponse:
    """Put a passage or a case into the current briefing."""
    case, passage = _item(request)
    more = request.POST.get("more", "")
    briefing = briefings.put(request.coder, case, passage, more=int(more) if more.isdecimal() and len(more) < 3 else 0)
    if request.htmx:
        return render(request, "workbench/briefing_added.html", {"briefing": briefing, "count": len(briefing.items)})
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe and back else reverse("briefing", args=[briefing.pk]))


def _item(request: Any) -> tuple[str, int | None]:
    """The case and the passage that a form names. Raises StoreError."""
    passage = request.POST.get("passage", "")
    if passage and not (passage.isdecimal() and len(passage) < 9):
        raise StoreError("The passage was not understood; load the page again.")
    return request.POST.get("case", "")[:24], int(passage) if passage else None


@for_readers
@require_http_methods(["GET", "POST"])
def page(request: Any, key: str) -> HttpResponse:
    """A briefing in the making, as it would leave."""
    briefing = briefings.the(request.coder, key)
    if request.method != "POST":
        return _drawn(request, briefing)
    form = DescribeForm(request.POST)
    if not form.is_valid():
        return _drawn(request, briefing, describe=form, status=400)
    briefings.describe(briefing, form.cleaned_data["title"], form.cleaned_data["remarks"])
    return redirect("briefing", key)


def _drawn(
    request: Any, briefing: Briefing, *, describe: Any = None, leave: Any = None, status: int = 200
) -> HttpResponse:
    sheet = sheet_of(request.coder, briefing)
    errors = name_errors(sheet)
    form = describe or DescribeForm({"title": briefing.title, "remarks": briefing.remarks})
    if describe is None:
        shown = bool(briefing.title or briefing.remarks)
        form = form if shown and form.is_valid() else DescribeForm(initial={"title": "", "remarks": briefing.remarks})
    for name in ("title", "remarks"):
        if name in errors and form.is_bound:
            form.add_error(name, errors[name])
    rows = [_row(request, n, each, errors) for n, each in enumerate(sheet.quotations, 1)]
    words = {
        "briefing": briefing, "sheet": sheet, "rows": rows, "form": dressed(form), "checks": rules().checks,
        "leave": dressed(leave or LeaveForm()), "concerns": concerns(sheet), "errors": errors,
        "held_back": len(sheet.held_back), "words": rules(),
        "ready": bool(sheet.quotations and briefing.title and not errors),
    }  # fmt: skip
    return render(request, "workbench/briefing.html", words, status=status)


def _row(request: Any, n: int, each: Any, errors: dict[str, str]) -> dict[str, Any]:
    """One passage of the briefing with what can be done with it."""
    place = f"{each.case}.{each.passage}"
    return {
        "n": n, "each": each, "error": errors.get(place, ""),
        "address": address_of(request.coder, each.case, each.passage),
        "passage": "" if each.passage is None else each.passage,
    }  # fmt: skip


@for_readers
@require_POST
def change(request: Any, key: str, verb: str) -> HttpResponse:
    """Move a passage, take it out, or remark on it; a remark that was typed is kept with whatever else is done."""
    item, remark = _item(request), request.POST.get("remark")
    if remark is not None and verb != "remark":
        briefings.change(request.coder, key, "remark", item, remark)
    briefings.change(request.coder, key, verb, item, remark or "")
    return redirect(reverse("briefing", args=[key]) + f"#q{_place(request.coder, key, _item(request))}")


def _place(coder: Any, key: str, item: tuple[str, int | None]) -> int:
    """Where a passage stands in its briefing now, from 1."""
    places = [(each["case"], each["passage"]) for each in briefings.the(coder, key).items]
    return places.index(item) + 1 if item in places else 1


@for_readers
@require_POST
def drop(request: Any, key: str) -> HttpResponse:
    """Remove a briefing."""
    briefings.drop(request.coder, key)
    return redirect("briefings")


@for_readers
@require_POST
def leave(request: Any, key: str) -> HttpResponse:
    """The sheet as a file, if a person answers for it and the gate lets it pass."""
    briefing, form = briefings.the(request.coder, key), LeaveForm(request.POST)
    kind = request.POST.get("kind", "")
    if not form.is_valid():
        return _drawn(request, briefing, leave=form, status=400)
    sheet = sheet_of(request.coder, briefing)
    if kind not in KINDS or not sheet.title or not sheet.quotations:
        raise StoreError("A briefing leaves with a title and at least one passage, as .html, .docx or .pdf.")
    if name_errors(sheet):
        return _drawn(request, briefing, leave=form, status=400)
    return _file(gate(sheet), kind)


def _file(sheet: Sheet, kind: str) -> HttpResponse:
    foot = FOOT.format(version=__version__, day=sheet.made.strftime("%-d %B %Y"))
    if kind in WRITERS:
        data = WRITERS[kind](sheet, foot=foot)
    else:
        data = render_to_string(
            "workbench/sheet.html", {"sheet": sheet, "foot": foot, "checks": rules().checks}
        ).encode()
    name = re.sub(r"[^a-z0-9]+", "-", sheet.title.lower()).strip("-")[:60] or "briefing"
    answer = HttpResponse(data, content_type=KINDS[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
