"""A coder comes in; what to read next, how far the study is, and at what pace goes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models import Case as Choose
from django.db.models.functions import TruncDate

from caselore.store.models import Assignment, Case, Coder, Event, Pass
from caselore.store.permissions import may, require
from caselore.store.queries.counting import Left, decided, left, standing
from caselore.store.queries.views import Queue, QueueRow
from caselore.store.visibility import hidden_from, visible_cases

DONE_LAST = Choose(When(own_state="submitted", then=Value(1)), default=Value(0))

ORDERS: Mapping[str, tuple[Any, ...]] = {
    "assigned": (DONE_LAST, F("given_due").asc(nulls_last=True), F("given_order").asc(nulls_last=True), "-doubt", "pk"),
    "doubt": ("-doubt", "pk"),
    "title": ("title", "pk"),
    "year": (F("year").desc(nulls_last=True), "pk"),
    "added": ("pk",),
}
"""Name -> order of a queue. `doubt` is the machines' mean uncertainty of a case: where a person's time counts most."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a study is, in cases: proposed on, begun by a person, submitted once, submitted by two or more.

    `decisions` are those of persons that stand (`counting`).
    """

    documents: int
    cases: int
    proposed: int
    failed: int
    started: int
    submitted: int
    double_coded: int
    decisions: int
    by_coder: tuple[tuple[str, int, int], ...] = ()
    """Name, passes open, passes submitted."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Decisions that stand (`counting`) by the day on which they were last made, and submitted cases, the newest day
    last; and cases a week at this pace.
    """

    days: tuple[tuple[date, int, int], ...]
    cases_a_week: float
    left: int

    @property
    def weeks_left(self) -> float | None:
        """Weeks until the coder's assigned cases are done at this pace."""
        return self.left / self.cases_a_week if self.cases_a_week else None


def queue(
    viewer: Coder, *, filters: Mapping[str, Any] | None = None, order: str = "assigned", limit: int = 50,
    offset: int = 0,
) -> Queue:  # fmt: skip
    """The cases for a coder, one page of them.

    `filters`: mine (assigned only), state (new, open, submitted), source_type, year, layer, words (in the title),
    proposing. Where anything is assigned to the coder, `assigned` puts that first.
    """
    rows = _filtered(_annotated(viewer), filters or {})
    total = rows.count()
    page = rows.order_by(*ORDERS.get(order, ORDERS["assigned"]))[offset : offset + limit]
    return Queue(tuple(_rows(list(page))), total)


def next_case(viewer: Coder, after: str | None = None) -> str | None:
    """The id of the case to read next: assigned ones by due date, then the one most in doubt; none: all is done."""
    require(viewer, "code")
    rows = _annotated(viewer).filter(~Q(own_state="submitted") | Q(own_state=None)).exclude(pk=after or "")
    given = rows.filter(given_id__isnull=False).order_by(*ORDERS["assigned"]).first()
    if given is None and not Assignment.objects.filter(coder=viewer, withdrawn=False, case__withdrawn=False).exists():
        given = rows.order_by(F("own_state").asc(nulls_last=True), *ORDERS["doubt"]).first()
    return given.pk if given else None


def _annotated(viewer: Coder) -> QuerySet[Case]:
    given = Assignment.objects.filter(case=OuterRef("pk"), coder=viewer, withdrawn=False)
    newest = Pass.objects.filter(case=OuterRef("pk"), coder=viewer, machine=False).order_by("-number")
    return visible_cases(viewer).annotate(
        hidden=ExpressionWrapper(hidden_from(viewer), output_field=BooleanField()),
        given_id=Subquery(given.values("pk")[:1]),
        given_due=Subquery(given.values("due")[:1]),
        given_order=Subquery(given.values("order")[:1]),
        own_state=Subquery(newest.values("state")[:1]),
        own_pass=Subquery(newest.values("pk")[:1]),
    )


def _filtered(rows: QuerySet[Case], filters: Mapping[str, Any]) -> QuerySet[Case]:
    if filters.get("mine"):
        rows = rows.filter(given_id__isnull=False)
    if state := filters.get("state"):
        rows = rows.filter(own_state=None) if state == "new" else rows.filter(own_state=state)
    if words := filters.get("words"):
        rows = rows.filter(Q(title__icontains=words) | Q(document__name__icontains=words))
    wanted = {name: filters[name] for name in ("source_type", "year", "layer", "proposing") if filters.get(name)}
    return rows.filter(**wanted)


def _rows(cases: list[Any]) -> Iterator[QueueRow]:
    """The cases of one page of a queue, with what is proposed on them and what is decided."""
    told = left({case.pk: case.own_pass for case in cases if not case.hidden})
    done = decided(Pass.objects.filter(pk__in=[case.own_pass for case in cases if case.own_pass]))
    for case in cases:
        open_ = told.get(case.pk, Left(0, 0))
        yield QueueRow(
            case=case.pk, title=case.title, source_type=case.source_type, year=case.year,
            state=case.own_state or "new", assigned=case.given_id is not None, due=case.given_due, blind=case.hidden,
            proposals=open_.proposed, left=open_.left, decided=done[case.own_pass],
            doubt=0.0 if case.hidden else case.doubt, layer=case.layer, proposing=case.proposing,
        )  # fmt: skip


def progress(viewer: Coder) -> Progress:
    """How far the study is; who may see everybody's progress sees it by coder, others their own."""
    if not may(viewer, "progress"):
        require(viewer, "read")
    persons = Pass.objects.filter(machine=False, case__withdrawn=False)
    submitted = Pass.objects.filter(case=OuterRef("pk"), machine=False, state="submitted")
    opened = Pass.objects.filter(case=OuterRef("pk"), machine=False, state="open")
    cases = Case.objects.all()
    double = persons.filter(state="submitted").values("case").annotate(n=Count("coder", distinct=True)).filter(n__gte=2)
    by_coder = persons if may(viewer, "progress") else persons.filter(coder=viewer)
    counted = by_coder.values("coder__name").annotate(
        open=Count("pk", filter=Q(state="open")), done=Count("pk", filter=Q(state="submitted"))
    )
    return Progress(
        documents=cases.values("document").distinct().count(),
        cases=cases.count(),
        proposed=cases.filter(proposing="done").count(),
        failed=cases.filter(proposing="failed").count(),
        started=cases.filter(Exists(opened)).count(),
        submitted=cases.filter(Exists(submitted)).count(),
        double_coded=double.count(),
        decisions=sum(decided(persons).values()),
        by_coder=tuple((row["coder__name"], row["open"], row["done"]) for row in counted.order_by("coder__name")),
    )


def pace(viewer: Coder, coder: Coder | None = None, *, days: int = 14) -> Pace:
    """The coder's own pace by custom; another's only for who may see everybody's progress."""
    of = coder or viewer
    if of.pk != viewer.pk:
        require(viewer, "progress")
    since = datetime.now(UTC) - timedelta(days=days)
    own_passes = Pass.objects.filter(coder=of, machine=False, case__withdrawn=False)
    passes = own_passes.filter(state="submitted", submitted__gte=since)
    done = dict(passes.annotate(day=TruncDate("submitted")).values_list("day").annotate(n=Count("pk")).order_by("day"))
    decisions = _by_day(of, own_passes, since)
    every = sorted(set(done) | set(decisions))
    given = Assignment.objects.filter(coder=of, withdrawn=False, case__withdrawn=False)
    own = Pass.objects.filter(case=OuterRef("case"), coder=of, machine=False, state="submitted")
    return Pace(
        days=tuple((day, decisions.get(day, 0), done.get(day, 0)) for day in every),
        cases_a_week=sum(done.values()) / days * 7,
        left=given.filter(~Exists(own)).count(),
    )


def _by_day(of: Coder, passes: QuerySet[Pass], since: datetime) -> Counter[date]:
    """The coder's decisions that stand, by the day of the event that last made each."""
    days = dict(Event.objects.filter(actor=of.pk, at__gte=since.isoformat()).values_list("sequence", "at"))
    found: Counter[date] = Counter()
    rows: Any
    for rows in standing(passes):
        changed = rows.order_by().values_list("changed", flat=True)
        found.update(date.fromisoformat(days[each][:10]) for each in changed if each in days)
    return found
