"""The first page: who is asking comes in; what waits for this person and how far the study is goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from caselore.store import queries
from caselore.store.models import Assignment, Case, Coder, Document
from caselore.store.permissions import may
from caselore.store.visibility import visible_cases

BARS = 14
"""Days of pace that are drawn."""

TALL = 60
"""Units of height of the highest bar."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do next: what, why or how much, and the way there (none: nothing can be done yet)."""

    title: str
    says: str
    address: str = ""
    label: str = ""
    more: str = ""
    """A second address, with `more_label`."""
    more_label: str = ""


@require_GET
def home(request: Any) -> HttpResponse:
    """The first page: what waits for this person."""
    coder = request.coder
    seen = may(coder, "progress") or may(coder, "read")
    words: dict[str, Any] = {"tasks": list(_tasks(coder)), "progress": queries.progress(coder) if seen else None}
    if may(coder, "code"):
        words |= _pace(coder)
    if words["progress"]:
        words["shares"] = _shares(words["progress"])
    return render(request, "workbench/home.html", words)


def _tasks(coder: Coder) -> Iterator[Task]:
    if not Document.objects.exists():
        yield _nothing_yet(coder)
        return
    for make, act in TASKS:
        if may(coder, act) and (task := make(coder)) is not None:
            yield task


def _nothing_yet(coder: Coder) -> Task:
    if may(coder, "add"):
        says = "The study is empty. Add published reviews; proposals are made on each, and then coding can begin."
        return Task("Add the first reviews", says, reverse("documents"), "Add documents")
    return Task("Nothing to read yet", "The study has no documents. An administrator adds them; come back then.")


def _code(coder: Coder) -> Task:
    given = Assignment.objects.filter(coder=coder, withdrawn=False, case__withdrawn=False)
    following = queries.next_case(coder)
    if following is None:
        says = "Every case given to you is submitted." if given.exists() else "You have submitted every case."
        return Task("All done", says, reverse("queue"), "See the cases")
    left = queries.pace(coder).left
    title = Case.objects.values_list("title", flat=True).get(pk=following)
    own = Case.objects.filter(pk=following, passes__coder=coder, passes__state="open").exists()
    says = f"Next: {title}." + (f" {left} given to you {'is' if left == 1 else 'are'} left." if left else "")
    return Task(
        "Go on coding" if own else "Code the next case", says, reverse("coding-next"), "Start",
        reverse("queue"), "See the cases",
    )  # fmt: skip


def _settle(coder: Coder) -> Task | None:
    waiting = queries.to_adjudicate(coder)
    if not waiting:
        return None
    many = f"{len(waiting)} case{'s' if len(waiting) > 1 else ''}"
    says = f"Coders differ on {many}, and all of their passes are in."
    return Task("Settle differences", says, reverse("settling"), "Settle")


def _propose(coder: Coder) -> Task | None:
    queued = Case.objects.filter(proposing="queued").count()
    failed = Case.objects.filter(proposing="failed").count()
    if not queued + failed:
        return None
    says = f"Proposers have yet to read {queued}, and failed on {failed}."
    return Task("Cases without proposals", says, reverse("documents"), "Documents")


def _share_out(coder: Coder) -> Task | None:
    coders = [each for each in Coder.objects.filter(machine=False, active=True) if "coder" in each.roles]
    if Assignment.objects.filter(withdrawn=False).exists() or len(coders) < 2:
        return None
    says = "No case is given to anybody. Share the work out, and say which cases two people read independently."
    return Task("Share the work out", says, reverse("plans"), "Plan")


def _invite(coder: Coder) -> Task | None:
    if not settings.CASELORE_TEAM or Coder.objects.filter(machine=False).count() > 1:
        return None
    return Task("Invite people", "You are alone in this study. Make an account for each person.", reverse("people"),
                "People")  # fmt: skip


def _release(coder: Coder) -> Task | None:
    never = Case.objects.filter(released="").count()
    if not never:
        return None
    says = "1 case has never left the study." if never == 1 else f"{never} cases have never left the study."
    return Task("Release", says, reverse("release"), "See what would go out")


def _released(coder: Coder) -> Task | None:
    if may(coder, "read"):
        return None
    count = visible_cases(coder).count()
    says = "1 case is released for reading." if count == 1 else f"{count} cases are released for reading."
    says = says if count else "Nothing is released yet. A custodian releases it."
    return Task("Released cases", says, reverse("released") if count else "", "See them")


TASKS: tuple[tuple[Callable[[Coder], Task | None], str], ...] = (
    (_code, "code"),
    (_settle, "adjudicate"),
    (_propose, "add"),
    (_share_out, "plan"),
    (_invite, "people"),
    (_release, "release"),
    (_released, "read_released"),
)
"""What may wait for somebody, with the act that it is for, in the order of the page."""


def _pace(coder: Coder) -> dict[str, Any]:
    told = queries.pace(coder, days=BARS)
    days = told.days[-BARS:]
    most = max((decisions for _, decisions, _ in days), default=0)
    bars = [
        {"day": day, "decisions": decisions, "cases": cases, "x": 26 * n,
         "tall": max(1, round(decisions / most * TALL)) if most else 0,
         "top": TALL - (max(1, round(decisions / most * TALL)) if most else 0)}
        for n, (day, decisions, cases) in enumerate(days)
    ]  # fmt: skip
    return {
        "pace": told,
        "bars": bars,
        "width": max(26 * len(bars), 26),
        "tall": TALL,
        "decided": sum(d for _, d, _ in days),
    }


def _shares(progress: queries.Progress) -> list[tuple[str, int, int]]:
    whole = progress.cases
    return [
        ("Proposals made", progress.proposed, whole),
        ("Read by a person", progress.submitted, whole),
        ("Read by two or more", progress.double_coded, whole),
    ]
