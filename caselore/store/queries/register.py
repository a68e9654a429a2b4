"""The recommendation register as pages show it: filtered, overdue, made before; and the log as people read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from caselore.errors import NotAllowed
from caselore.proposers.similar import Group, Made, similar
from caselore.store.models import Case, Coder, Event, Recommendation
from caselore.store.permissions import may, require
from caselore.store.reading import recommendation_record
from caselore.store.visibility import hides_proposals, visible_cases

ENDED = ("done", "not_pursued")
SAYING = ("release", "withdraw_document", "return_document")
SAID = ("release", "document", "reason")
"""Acts that are about no one case, and what of them is told."""


@dataclass(frozen=True, slots=True)
class EventView:
    """One event of the log as people read it, without the words of documents."""

    sequence: int
    at: datetime
    actor: str
    verb: str
    case: str
    kind: str
    subject: str
    undoes: int | None
    rows: int
    says: str = ""
    """What it is about, where no case tells it: the name of a release, or a document with the reason."""


def register(
    viewer: Coder, *, filters: Mapping[str, Any] | None = None, today: date | None = None
) -> QuerySet[Recommendation]:
    """The register's entries, by due date and then by case.

    `filters`: addressee, type, progress, response, owner, case, year, words, overdue. Proposals of cases that are
    still blind to the viewer are left out.
    """
    require(viewer, "register")
    rows = Recommendation.objects.filter(retracted=False, case__in=visible_cases(viewer)).select_related("case")
    rows = rows.exclude(status="proposed", case__in=_blind(viewer))
    filters = filters or {}
    plain = {"progress": "progress", "response": "response", "case": "case", "year": "case__year"}
    rows = rows.filter(**{lookup: filters[name] for name, lookup in plain.items() if filters.get(name)})
    for name, column in (("addressee", "addressees"), ("type", "types")):
        if value := filters.get(name):
            # a JSON list as text holds its members in double quotes, on both databases
            rows = rows.filter(**{f"{column}__icontains": f'"{value}"'})
    for name, column in (("owner", "owner"), ("words", "quote")):
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__icontains": value})
    if filters.get("overdue"):
        rows = rows.filter(due__lt=today or datetime.now(UTC).date()).exclude(progress__in=ENDED)
    return rows.order_by("due", "case", "order")


def overdue(viewer: Coder, *, today: date | None = None) -> QuerySet[Recommendation]:
    """Entries whose due date has passed and that are neither done nor given up, the longest overdue first."""
    return register(viewer, filters={"overdue": True}, today=today)


def made_before(viewer: Coder, recommendation: Recommendation | str) -> Group | None:
    """The group of near-duplicates that a recommendation belongs to, across reviews; None: nobody made it before."""
    rows = register(viewer).select_related("case__document", "coder").defer("case__document__text")
    key = recommendation.pk if isinstance(recommendation, Recommendation) else recommendation
    made, wanted = [], None
    for row in rows:
        each = Made(recommendation_record(row, row.case.document, coder=row.coder.name), row.case_id, row.case.year)
        made.append(each)
        wanted = each if row.pk == key else wanted
    return next((group for group in similar(made) if wanted is not None and wanted in group.members), None)


def events(
    viewer: Coder, *, case: str = "", coder: str = "", verb: str = "", before: int | None = None, limit: int = 50
) -> list[EventView]:
    """Events, the newest first: everybody's for who may read the log, one's own for everybody else."""
    if not may(viewer, "log"):
        if coder not in ("", viewer.pk):
            raise NotAllowed(f"{viewer.name} may read only the own part of the log.")
        coder = viewer.pk
    rows = Event.objects.order_by("-sequence")
    wanted = {"case": case, "actor": coder, "verb": verb}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    rows = rows.filter(sequence__lt=before) if before else rows
    names = dict(Coder.objects.values_list("pk", "name"))
    return [_view(row, names.get(row.actor, "?")) for row in rows[:limit]]


def _view(row: Event, actor: str) -> EventView:
    told = json.loads(row.payload)
    says = [str(told["says"][name]) for name in SAID if told["says"].get(name)]
    return EventView(
        row.sequence, datetime.fromisoformat(row.at), actor, row.verb, row.case, row.kind, row.subject, row.undoes,
        len(told["rows"]), ": ".join(says) if row.verb in SAYING else "",
    )  # fmt: skip


def _blind(viewer: Coder) -> list[str]:
    """Cases whose proposals are hidden from the viewer."""
    maybe = Case.objects.filter(Q(blind_first=True) | Q(assignments__coder=viewer, assignments__blind_first=True))
    return [case.pk for case in maybe.distinct() if hides_proposals(viewer, case)]
