"""A released case as trainers read it: its words and what is settled of it, names masked, no proposals."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from caselore.errors import NotAllowed
from caselore.store.models import Case, Coder, Recommendation
from caselore.store.queries import passages_of
from caselore.store.queries.views import PassageView
from caselore.store.visibility import visible_case
from caselore.workbench.briefings import current_of
from caselore.workbench.citing import masked, source_of
from caselore.workbench.paging import page_of
from caselore.workbench.quoting import told_of
from caselore.workbench.readers import for_readers
from caselore.workbench.sheet import upheld, validated
from caselore.workbench.wording import code_label, field_label, source_label

ROWS = 120
"""Passages of one page: masking reads them word by word."""


@for_readers
@require_GET
def page(request: Any, case: str) -> HttpResponse:
    """The reading of one released case; `passage` opens the page on which it stands."""
    found = visible_case(request.coder, case)
    if not found.released:
        raise NotAllowed(f"There is no released case {case!r} that {request.coder.name} may see.")
    passages = passages_of(found)
    source = source_of(found, with_words=True)
    shown = _page(request, passages)
    briefing = current_of(request.coder)
    taken = {number for of, number in briefing.taken if of == found.pk} if briefing else set()
    rows = [
        {
            "number": each.number, "page": each.page, "heading": each.kind == "heading", "taken": each.number in taken,
            "text": masked(each.text, source),
        }
        for each in passages[shown.offset : shown.end]
    ]  # fmt: skip
    words = {
        "case": found, "source": source, "licence": told_of(source.licence), "rows": rows, "page": shown,
        "kind": source_label(found.source_type), "codes": _codes(request.coder, found, passages),
        "recommendations": _recommendations(found, source), "here": request.get_full_path(), "taken": None in taken,
    }  # fmt: skip
    return render(request, "workbench/released.html", words)


def _page(request: Any, passages: tuple[PassageView, ...]) -> Any:
    """The page asked for; the one that holds a passage, where an address names one."""
    wanted = request.GET.get("passage", "")
    if wanted.isdecimal() and len(wanted) < 9 and passages:
        at = min(max(int(wanted) - passages[0].number, 0), len(passages) - 1)
        words = request.GET.copy()
        words["page"] = str(at // ROWS + 1)
        words.pop("passage")
        request.GET = words
    return page_of(request, len(passages), rows=ROWS)


def _codes(viewer: Coder, case: Case, passages: tuple[PassageView, ...]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Field -> its codes that a release told as settled, each with the passages that show it."""
    told: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for coding in validated(viewer).filter(case=case).prefetch_related("evidence").order_by("field", "order"):
        held = told[coding.field][coding.code]
        held |= {_at(passages, each.start) for each in coding.evidence.all()} - {-1}
    for ruled in upheld(viewer, [case]):
        told[ruled.field][ruled.code] |= {_at(passages, each["start"]) for each in ruled.evidence} - {-1}
    return [
        (field_label(field), [{"label": code_label(field, code), "at": sorted(at)[:4]} for code, at in codes.items()])
        for field, codes in told.items()
    ]


def _at(passages: tuple[PassageView, ...], start: int) -> int:
    return next((each.number for each in passages if each.start <= start < each.end), -1)


def _recommendations(case: Case, source: Any) -> list[str]:
    """What the review recommends, as far as a person has confirmed it."""
    rows = Recommendation.objects.filter(case=case, retracted=False, status="validated").order_by("start")
    return [masked(" ".join(row.quote.split()), source) for row in rows]
