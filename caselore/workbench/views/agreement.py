"""Agreement: overview, one field with its codes and course, the disagreements a click from the passage, and files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from caselore.agreement.disagreements import NO_DECISION, Disagreement, Said
from caselore.agreement.drift import Stretch
from caselore.agreement.listing import (
    ALIKE,
    KAPPAS,
    disagreement_rows,
    figure_rows,
    first_of,
    headline,
    inert,
    sure_trends,
)
from caselore.agreement.reliability import Coefficient
from caselore.agreement.summary import FieldAgreement
from caselore.store.books import DECISIONS, codebook
from caselore.store.models import Case, Passage
from caselore.workbench import figures
from caselore.workbench.paging import page_of
from caselore.workbench.settlements import is_settled, settled_answers
from caselore.workbench.signed_in import requires
from caselore.workbench.wording import code_label, field_label

ROWS = 25
CITED = 2
"""Pieces of evidence of one coder shown with a disagreement."""

LOWEST, WIDE = -0.2, 120
"""Where the picture of an interval begins, and how many units it is wide to 1."""

MARKS = (0.667, 0.8)
"""Krippendorff's limits: tentative, and reliable."""


@requires("read")
@require_GET
def overview(request: Any) -> HttpResponse:
    """Agreement on every field, people among themselves and with each machine apart."""
    if not figures.at_hand(request.coder) and request.GET.get("now") != "1":
        return render(request, "workbench/agreement_soon.html")
    found = figures.overview(request.coder)
    rows = {group.name: [_row(each) for each in found.summary.fields if each.group == group.name]
            for group in found.summary.groups}  # fmt: skip
    told = [(group, rows[group.name], _notes(found.summary.fields, group.name)) for group in found.summary.groups]
    return render(
        request, "workbench/agreement.html",
        {"found": found, "groups": [each for each in told if each[1]], "marks": [_at(mark) for mark in MARKS],
         "wide": WIDE, "n": len(found.summary.disagreements),
         "n_people": sum(each.people for each in found.summary.disagreements)},
    )  # fmt: skip


def _row(row: FieldAgreement) -> dict[str, Any]:
    head = headline(row)
    return {
        "field": row.field, "label": field_label(row.field), "cases": row.cases, "kind": row.kind,
        "percent": first_of(row, ALIKE), "head": head, "kappa": first_of(row, KAPPAS), "ac1": row.coefficient("AC1"),
        "yes": row.coefficient("specific agreement on yes"), "picture": _picture(head),
    }  # fmt: skip


def _picture(each: Coefficient | None) -> dict[str, int] | None:
    if each is None or each.value is None:
        return None
    low, high = (each.lower, each.upper) if each.lower is not None and each.upper is not None else (each.value,) * 2
    return {"value": _at(each.value), "low": _at(low), "high": _at(high), "wide": max(_at(high) - _at(low), 1)}


def _at(value: float) -> int:
    return round((min(max(value, LOWEST), 1.0) - LOWEST) / (1 - LOWEST) * WIDE)


def _notes(rows: Iterable[FieldAgreement], group: str) -> list[tuple[str, str]]:
    own = [row for row in rows if row.group == group]
    heads = ((row, head) for row in own if (head := headline(row)))
    found = [(field_label(row.field), note) for row, head in heads for note in dict.fromkeys(head.notes)]
    return found + [(field_label(row.field), says) for row, says in sure_trends(own)]


@requires("read")
@require_GET
def field(request: Any, field: str) -> HttpResponse:
    """One field: every coefficient, every code, the course over time, and where coders differ."""
    if field not in codebook().fields:
        raise Http404
    found = figures.field(request.coder, field)
    page = page_of(request, len(found.disagreements), rows=ROWS)
    titles = figures.overview(request.coder).codings.titles
    about = codebook().fields[field]
    return render(
        request, "workbench/agreement_field.html",
        {
            "field": about, "rows": [_whole(each) for each in found.fields], "page": page, "wide": WIDE,
            "courses": [(_group(each.group), [_stretch(s) for s in each.drift.stretches], each.drift.trend.says)
                        for each in figures.courses(request.coder, field)],
            "differ": _differ(found.disagreements[page.offset : page.end], titles), "marks": [_at(m) for m in MARKS],
        },
    )  # fmt: skip


def _group(name: str) -> str:
    """Whose agreement it is, in words."""
    if name == "human-human":
        return "People among themselves"
    return f"People and {name.partition('(')[2].removesuffix(')')}" if name.startswith("human-machine") else name


def _whole(row: FieldAgreement) -> dict[str, Any]:
    codes: list[dict[str, Any]] = [
        {"label": code_label(row.field, each.code), "given": each.given, "code": each.code,
         **{key: next((c for c in each.coefficients if c.name in names), None)
            for key, names in (("yes", ("specific agreement on yes",)), ("percent", ("percent agreement",)),
                               ("kappa", KAPPAS), ("alpha", ("alpha, nominal",)), ("ac1", ("AC1",)))}}
        for each in row.codes
    ]  # fmt: skip
    for each in codes:
        each["picture"] = _picture(each["alpha"])
    every = (*row.coefficients, *row.spans)
    notes = dict.fromkeys(note for each in every for note in each.notes)
    return {
        "row": row, "name": _group(row.group), "codes": codes, "notes": list(notes), "trend": row.trend,
        "coefficients": [(each, _picture(each)) for each in every],
    }  # fmt: skip


def _stretch(each: Stretch) -> dict[str, Any]:
    return {"name": each.name, "told": each.agreement, "picture": _picture(each.agreement)}


def _differ(found: Iterable[Disagreement], titles: Any) -> list[dict[str, Any]]:
    """Disagreements with every coder's words and the passage to open."""
    rows = list(found)
    documents = dict(Case.objects.filter(pk__in=[each.case for each in rows]).values_list("pk", "document_id"))
    spoken = settled_answers([each.case for each in rows])
    return [
        {
            "case": each.case, "title": titles.get(each.case, ""), "field": each.field,
            "label": field_label(each.field), "code": code_label(each.field, each.code) if each.code else "",
            "settled": is_settled(each, spoken),
            "people": each.people, "weight": each.weight,
            "said": [
                {"coder": said.coder, "value": _value(each.field, said.value), "machine": said.machine,
                 "words": _words(documents.get(each.case, ""), said)}
                for said in each.said
            ],
        }
        for each in rows
    ]  # fmt: skip


def _words(document: str, said: Said) -> list[tuple[int, str]]:
    """The first words that a coder cites, each with the number of its passage."""
    return [(_passage(document, each.start), _short(each.quote)) for each in said.evidence[:CITED]]


def _value(field: str, value: str) -> str:
    if field == DECISIONS:
        return _course(value)
    return value if value in ("yes", "no") else code_label(field, value, _state(value))


def _course(value: str) -> str:
    """A sequence in words: its steps, each with the agency if one is told."""
    if value == NO_DECISION:
        return value
    steps = (step.removesuffix(")").partition(" (") for step in value.split(" > "))
    return " → ".join(
        code_label(DECISIONS, kind) + (f" ({code_label('agencies', agency)})" if agency else "")
        for kind, _, agency in steps
    )


def _state(value: str) -> str:
    return value if value in ("absent", "not_mentioned", "unclear", "not_applicable", "withheld") else "present"


def _passage(document: str, start: int) -> int:
    rows = Passage.objects.filter(document=document, start__lte=start).order_by("-start")
    return rows.values_list("number", flat=True).first() or 0


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 160 else f"{line[:160].rpartition(' ')[0]}…"


@requires("read")
@require_GET
def disagreements(request: Any) -> HttpResponse:
    """Every disagreement, those among people first; `field`, `people` and `open` (not settled yet) narrow them."""
    found = figures.overview(request.coder)
    field, people, left = request.GET.get("field", ""), request.GET.get("people") == "1", request.GET.get("open") == "1"
    kept = [each for each in found.summary.disagreements
            if (not field or each.field == field) and (each.people or not people)]  # fmt: skip
    if left:
        spoken = settled_answers(each.case for each in kept)
        kept = [each for each in kept if not is_settled(each, spoken)]
    page = page_of(request, len(kept), rows=ROWS)
    names = dict.fromkeys(each.field for each in found.summary.disagreements)
    return render(
        request, "workbench/disagreements.html",
        {"differ": _differ(kept[page.offset : page.end], found.codings.titles), "page": page, "field": field,
         "people": people, "open": left,
         "fields": sorted(((name, field_label(name)) for name in names), key=lambda each: each[1])},
    )  # fmt: skip


@requires("read")
@require_GET
def download(request: Any, what: str) -> HttpResponse:
    """The figures or the disagreements as .csv; with `field`, of that field, and every interval."""
    name = request.GET.get("field", "")
    if what not in ("figures", "disagreements") or (name and name not in codebook().fields):
        raise Http404
    found = figures.field(request.coder, name) if name else figures.overview(request.coder).summary
    titles = figures.overview(request.coder).codings.titles
    rows = figure_rows(found) if what == "figures" else disagreement_rows(found, titles)
    out = io.StringIO()
    csv.writer(out).writerows([inert(cell) for cell in row] for row in rows)
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    stem = f"agreement-{name}-{what}" if name else f"agreement-{what}"
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}.csv"'
    return response
