"""A viewer comes in; the figures of agreement over the passes that he may see go out, kept until a pass is submitted.

The overview is computed first and once; every coefficient, code and course of one field when it is asked for.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import RLock
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from caselore.agreement.anchoring import Anchoring, anchoring
from caselore.agreement.answers import answered_on, cells, days_known, matrix, values_of
from caselore.agreement.codings import Codings
from caselore.agreement.disagreements import disagreements
from caselore.agreement.drift import Drift, by_calendar
from caselore.agreement.intervals import Method
from caselore.agreement.summary import Summary, of_group, summary
from caselore.store.books import codebook
from caselore.store.models import Coder, Head, Pass
from caselore.store.queries.codings import codings
from caselore.store.queries.silence import usual_fields
from caselore.store.visibility import FIRST_KINDS, visible_passes

KEPT = 24
"""Results kept in memory."""

QUICK = 150
"""Passes of people up to which the overview takes a second or two."""

PLAIN = Method("none")
MONTHLY = Method(resamples=500)
"""For the intervals of single months."""

Result = TypeVar("Result")
_kept: OrderedDict[tuple[str, ...], Any] = OrderedDict()
_computing = RLock()


@dataclass(frozen=True)
class Overview:
    """Agreement on every field, with what it is computed from; single codes have no intervals here."""

    codings: Codings
    summary: Summary
    anchoring: tuple[Anchoring, ...]
    n_blind: int
    n_shown: int


@dataclass(frozen=True)
class Course:
    """Agreement of one group on one field, month by month."""

    group: str
    drift: Drift


def overview(viewer: Coder) -> Overview:
    """Agreement on every field."""
    return _once(("overview", _basis(viewer)), lambda: _overview(viewer))


def field(viewer: Coder, name: str) -> Summary:
    """Every coefficient and code of one field, with intervals, and its disagreements."""
    given = overview(viewer).codings
    return _once(
        ("field", _basis(viewer), name),
        lambda: summary(given.answers, codebook(), readings=given.readings, fields=[name]),
    )


def courses(viewer: Coder, name: str) -> list[Course]:
    """Gwet's AC1 of one field month by month, of each group; nothing for sequences."""
    return _once(("course", _basis(viewer), name), lambda: _courses(overview(viewer), name))


def at_hand(viewer: Coder) -> bool:
    """Whether the overview is kept, or quickly computed: a page need not be sent ahead of it."""
    if ("overview", _basis(viewer)) in _kept:
        return True
    return _seen(viewer).filter(machine=False, state="submitted").count() <= QUICK


def _overview(viewer: Coder) -> Overview:
    seen = _seen(viewer)
    given = codings(among=seen)
    # How alike the cited words are is told of one field at a time: over all fields it takes longer than all the rest.
    bare = [replace(answer, evidence=()) for answer in given.answers]
    found = summary(bare, codebook(), readings=given.readings, code_method=PLAIN)
    found = replace(found, disagreements=disagreements(given.answers, given.readings, codebook()))
    first = Pass.objects.filter(pk__in=seen.values("pk"), machine=False, state="submitted", kind__in=FIRST_KINDS)
    blind = {(name, case): kind == "blind_first"
             for name, case, kind in first.values_list("coder__name", "case_id", "kind")}  # fmt: skip
    moved = anchoring(given.answers, given.readings, codebook(), blind=blind)
    return Overview(given, found, moved, sum(blind.values()), len(blind) - sum(blind.values()))


def _seen(viewer: Coder) -> QuerySet[Pass]:
    """The passes that the viewer may see, with every machine's on cases of which he sees a person's.

    A case that blinds him for a pass he might yet open is no secret any more once he sees how persons have coded it;
    without the machines on it nobody could tell whether proposals draw answers towards them.
    """
    seen = visible_passes(viewer)
    read = seen.filter(machine=False, state="submitted").values("case")
    return Pass.objects.filter(Q(pk__in=seen.values("pk")) | Q(machine=True, case__in=read))


def _courses(of: Overview, name: str) -> list[Course]:
    field, given = codebook().fields[name], of.codings
    if field.kind == "sequence":
        return []
    table, found = cells(field, given.answers, given.readings), []
    for group in of.summary.groups:
        own = of_group(field, table, group)
        data = matrix(own, group, values_of(field, own))
        days = answered_on(own, group, given.readings)
        dated = days_known(days)
        if dated.any():
            drift = by_calendar(data.rows(dated), [day for day in days if day], method=MONTHLY)
            found.append(Course(group.name, drift))
    return found


def _basis(viewer: Coder) -> str:
    """A hash of what the figures rest on: the submitted passes that the viewer may see, silence, and the codebook."""
    head = Head.objects.values_list("hash", flat=True).first() or ""
    return _once(("basis", head, viewer.pk), lambda: _digest(viewer))


def _digest(viewer: Coder) -> str:
    told = hashlib.sha256(codebook().sha256.encode())
    told.update(repr(sorted((key, sorted(fields)) for key, fields in usual_fields().items())).encode())
    rows = _seen(viewer).filter(state="submitted").order_by("pk").values_list("pk", "submitted")
    for row in rows.iterator(chunk_size=5000):
        told.update(f"{row}".encode())
    return told.hexdigest()


def _once(key: tuple[str, ...], compute: Callable[[], Result]) -> Result:
    """The result under a key, computed by one thread at a time if it is not kept."""
    with _computing:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
        made = _kept[key] = compute()
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made
