"""Plans: who has what, double coding, assignment, layers, sub-samples; a form comes in, a plan is kept."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caselore.errors import NotAllowed, StoreError
from caselore.store import queries
from caselore.store.actions import planning
from caselore.store.actions.planning import STRATA
from caselore.store.connect import current
from caselore.store.models import Assignment, Case, Coder, DoubleCodingPlan, Pass, SubSample
from caselore.workbench.forms import dressed
from caselore.workbench.forms_plans import AssignForm, DoubleForm, LayerForm, SampleForm, blind, targets
from caselore.workbench.paging import page_of
from caselore.workbench.signed_in import requires
from caselore.workbench.wording import LAYER_NAMES, STRATA_NAMES, value_label

MOST_TICKED = 500


@requires("assign")
@require_GET
def plans(request: Any) -> HttpResponse:
    """Who has what, the plans made, and the declared share of blind-first cases."""
    done = Pass.objects.filter(case=OuterRef("case"), coder=OuterRef("coder"), machine=False, state="submitted")
    given = Assignment.objects.filter(withdrawn=False, case__withdrawn=False).annotate(done=Exists(done))
    counted = given.values("coder", "coder__name").annotate(
        n=Count("pk"), done_n=Count("pk", filter=Q(done=True)), blind=Count("pk", filter=Q(blind_first=True))
    )
    people = [{**row, "pace": queries.pace(request.coder, Coder.objects.get(pk=row["coder"]))}
              for row in counted.order_by("coder__name")]  # fmt: skip
    cases = Case.objects.count()
    names = dict(Coder.objects.values_list("pk", "name"))
    made = [
        {"plan": plan, "coders": [names.get(pk, "?") for pk in plan.coders], "cases": len(plan.cases),
         "strata": [STRATA_NAMES.get(each, each) for each in plan.strata]}
        for plan in DoubleCodingPlan.objects.order_by("-made")
    ]  # fmt: skip
    layers = Counter(Case.objects.values_list("layer", "target_layer"))
    return render(
        request, "workbench/plans.html",
        {"people": people, "made": made, "cases": cases, "samples": SubSample.objects.order_by("-made"),
         "declared": current().blind_share, "blind": Case.objects.filter(blind_first=True).count(),
         "layers": [(LAYER_NAMES.get(a, a), LAYER_NAMES.get(b, b), n) for (a, b), n in sorted(layers.items())]},
    )  # fmt: skip


@requires("plan")
@require_http_methods(["GET", "POST"])
def double(request: Any) -> HttpResponse:
    """Plan double coding: first what would be drawn, then the plan itself."""
    form, drawn, status = DoubleForm(request.POST or None), None, 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                told = form.draw()
                if request.POST.get("make"):
                    planning.plan_double_coding(
                        request.coder, coders=form.cleaned_data["coders"], due=form.cleaned_data["due"],
                        blind_first=blind(form.cleaned_data["blind_first"]), token=request.POST.get("token", ""),
                        **told,
                    )  # fmt: skip
                    return redirect("plans")
                drawn, status = planning.draw(**told, coders=len(form.cleaned_data["coders"])), 200
            except NotAllowed:
                raise
            except StoreError as error:
                form.add_error(None, str(error))
    return render(
        request, "workbench/plans_double.html",
        {"form": dressed(form), "drawn": drawn, "cases": Case.objects.count(), "strata": _named(drawn, form),
         "token": secrets.token_hex(12)},
        status=status,
    )  # fmt: skip


def _named(drawn: Any, form: DoubleForm) -> list[tuple[str, int, int]]:
    """The strata of a draw in words."""
    if drawn is None:
        return []
    columns = form.cleaned_data["strata"]
    return [
        (", ".join(value_label(column, value) for column, value in zip(columns, name.split(", "), strict=False))
         or "all cases", taken, whole)
        for name, (taken, whole) in drawn.strata.items()
    ]  # fmt: skip


def _cases(request: Any) -> dict[str, Any]:
    """The cases of a page on which some are ticked, as filtered by the address."""
    words, who = request.GET.get("words", "").strip()[:200], request.GET.get("who", "")
    layer, target = request.GET.get("layer", ""), request.GET.get("target", "")
    rows = Case.objects.all()
    given = Assignment.objects.filter(case=OuterRef("pk"), withdrawn=False)
    rows = rows.filter(title__icontains=words) if words else rows
    rows = rows.filter(~Exists(given)) if who == "nobody" else rows
    rows = rows.filter(Exists(given.filter(coder=who))) if who and who != "nobody" else rows
    rows = rows.filter(layer=layer) if layer in LAYER_NAMES else rows
    rows = rows.filter(target_layer=target) if target in LAYER_NAMES else rows
    page = page_of(request, rows.count())
    found = list(rows.prefetch_related("assignments__coder").order_by("pk")[page.offset : page.end])
    names = {"words": words, "who": who, "layer": layer, "target": target, "page": page}
    people = Coder.objects.filter(machine=False, active=True).order_by("name")
    return names | {"rows": [_shown(each) for each in found], "people": people,
                    "layers": list(LAYER_NAMES.items())}  # fmt: skip


def _shown(case: Case) -> dict[str, Any]:
    given = [each for each in case.assignments.all() if not each.withdrawn]
    return {
        "case": case, "kind": value_label("source_type", case.source_type), "given": given,
        "layer": LAYER_NAMES.get(case.layer, case.layer), "target": LAYER_NAMES.get(case.target_layer, ""),
    }  # fmt: skip


def _ticked(request: Any) -> list[Case]:
    wanted = request.POST.getlist("case")[:MOST_TICKED]
    found = {case.pk: case for case in Case.objects.filter(pk__in=wanted)}
    return [found[pk] for pk in wanted if pk in found]


@requires("assign")
@require_http_methods(["GET", "POST"])
def assign(request: Any) -> HttpResponse:
    """Give cases to people."""
    form, said = AssignForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        cases = _next(told["next"]) if told["next"] else _ticked(request)
        if cases:
            _give(request.coder, cases, told)
            return redirect(f"{reverse('plans-assign')}?who={told['coder']}")
        said = "Every case is given to somebody." if told["next"] else "Tick the cases to give, or say how many."
        form.add_error(None, said)
    words = _cases(request) | {"form": dressed(form), "ticked": request.POST.getlist("case")}
    return render(request, "workbench/plans_assign.html", words, status=400 if request.method == "POST" else 200)


def _next(count: int) -> list[Case]:
    given = Assignment.objects.filter(case=OuterRef("pk"), withdrawn=False)
    return list(Case.objects.filter(~Exists(given)).order_by("-doubt", "pk")[:count])


def _give(actor: Coder, cases: list[Case], told: dict[str, Any]) -> None:
    first = blind(told["blind_first"])
    with transaction.atomic():  # all of them, or none
        for n, case in enumerate(cases):
            planning.assign(actor, case, told["coder"], due=told["due"], order=n, blind_first=first)


@requires("assign")
@require_POST
def unassign(request: Any, assignment: str) -> HttpResponse:
    """Take a case back from a person; a pass that was begun stays."""
    found = planning.unassign(request.coder, assignment)
    return redirect(f"{reverse('plans-assign')}?who={found.coder_id}")


@requires("plan")
@require_http_methods(["GET", "POST"])
def layers(request: Any) -> HttpResponse:
    """Who is at which layer, and how far ticked cases shall be read."""
    form = LayerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cases = _ticked(request)
        if cases:
            told = form.cleaned_data
            with transaction.atomic():
                for case in cases:
                    planning.set_layer(
                        request.coder, case, told["layer"] or case.layer, target=told["target"] or case.target_layer,
                        reason=told["reason"],
                    )  # fmt: skip
            return redirect(request.get_full_path())
        form.add_error(None, "Tick the cases that this is about.")
    words = _cases(request) | {"form": dressed(form), "ticked": request.POST.getlist("case")}
    return render(request, "workbench/plans_layers.html", words, status=400 if request.method == "POST" else 200)


@requires("plan")
@require_http_methods(["GET", "POST"])
def sample(request: Any) -> HttpResponse:
    """Pick a sub-sample for deeper reading against target margins."""
    form, problem = SampleForm(request.POST or None), ""
    if request.method == "POST":
        wanted, problem = targets(request.POST, STRATA)
        if form.is_valid() and not problem:
            made = planning.pick_subsample(
                request.coder, form.cleaned_data["name"], targets=wanted, seed=form.cleaned_data["seed"],
                layer=form.cleaned_data["layer"], token=request.POST.get("token", ""),
            )  # fmt: skip
            return redirect("plans-picked", made.pk)
    margins = [(column, STRATA_NAMES[column], _margin(column, request.POST)) for column in STRATA]
    status = 400 if request.method == "POST" else 200
    return render(
        request, "workbench/plans_sample.html",
        {"form": dressed(form), "margins": margins, "problem": problem, "cases": Case.objects.count(),
         "token": secrets.token_hex(12)}, status=status,
    )  # fmt: skip


def _margin(column: str, posted: Any) -> list[dict[str, Any]]:
    counted = Counter(str(value) for value in Case.objects.values_list(column, flat=True))
    return [
        {"value": value, "label": value_label(column, value), "there": count, "name": f"target-{column}-{value}",
         "typed": posted.get(f"target-{column}-{value}", "")}
        for value, count in sorted(counted.items())
    ]  # fmt: skip


@requires("plan")
@require_GET
def picked(request: Any, sample: str) -> HttpResponse:
    """A sub-sample: its targets, how far they are met, and why each case was picked."""
    found = get_object_or_404(SubSample, pk=sample)
    rows = {case.pk: case for case in Case.objects.filter(pk__in=[each["case"] for each in found.picks])}
    there = [each for each in found.picks if each["case"] in rows]
    page = page_of(request, len(there))
    met = [
        (STRATA_NAMES.get(column, column), value_label(column, value), wanted,
         sum(str(getattr(case, column)) == value for case in rows.values()))
        for column, margin in found.targets.items() for value, wanted in margin.items()
    ]  # fmt: skip
    shown = [(rows[each["case"]], each["reason"]) for each in there[page.offset : page.end]]
    words = {"sample": found, "met": met, "picks": shown, "page": page, "gone": len(found.picks) - len(there)}
    return render(request, "workbench/plans_picked.html", words)


@requires("plan")
@require_GET
def drawn(request: Any, plan: str) -> HttpResponse:
    """The cases of a plan of double coding, and who has submitted them."""
    found = get_object_or_404(DoubleCodingPlan, pk=plan)
    rows = {case.pk: case for case in Case.objects.filter(pk__in=found.cases)}
    there = [pk for pk in found.cases if pk in rows]
    page = page_of(request, len(there))
    wanted = there[page.offset : page.end]
    done = set(Pass.objects.filter(case__in=wanted, machine=False, state="submitted").values_list("case", "coder"))
    names = dict(Coder.objects.filter(pk__in=found.coders).values_list("pk", "name"))
    shown = [(rows[pk], [(pk, each) in done for each in found.coders]) for pk in wanted]
    return render(
        request, "workbench/plans_drawn.html",
        {"plan": found, "rows": shown, "coders": [names.get(each, "?") for each in found.coders], "page": page,
         "strata": [STRATA_NAMES.get(each, each) for each in found.strata], "gone": len(found.cases) - len(there)},
    )  # fmt: skip
