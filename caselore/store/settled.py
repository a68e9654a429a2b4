"""Codings come in; those that a release has told as settled go out: what trainers read, and what a briefing cites.

A person's pass that was submitted before the case was released counts, as far as all persons who answered the field
said the same or an adjudicator said so; what was overruled since is told no more.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache, partial
from operator import eq, ne

from django.db import connection
from django.db.models import Case as Choice
from django.db.models import Count, DateTimeField, F, Max, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from caselore.store.books import codebook
from caselore.store.connect import is_postgresql
from caselore.store.models import Adjudication, Case, Coder, Coding, Event, Pass, Withdrawal

Said = tuple[str, str, str, str]
"""A case, a field, the answer and the code."""

ONE_VALUE = ("choice", "number", "text")
"""Kinds of fields that have one answer."""


def settled(rows: QuerySet[Coding]) -> QuerySet[Coding]:
    """Those of the codings that a release told as settled."""
    kept = _kept()
    if is_postgresql():
        return rows.filter(pk__in=RawSQL("SELECT unnest(%s::text[])", [list(kept)]))
    return rows.filter(pk__in=RawSQL("SELECT value FROM json_each(%s)", [json.dumps(kept)]))


_known: dict[tuple[object, ...], tuple[str, ...]] = {}


def _kept() -> tuple[str, ...]:
    """The ids of the codings that were told as settled, found anew when a pass, a settlement or a release came in."""
    told = releases()
    passes = Pass.objects.filter(machine=False, state="submitted").aggregate(n=Count("pk"), last=Max("submitted"))
    ruled = Adjudication.objects.aggregate(n=Count("pk"), back=Count("pk", filter=Q(retracted=True)), at=Max("at"))
    out = Withdrawal.objects.aggregate(n=Count("pk"), back=Count("pk", filter=Q(retracted=True)))
    state = (str(connection.settings_dict["NAME"]), *told.items(), *passes.values(), *ruled.values(), *out.values())
    if state not in _known:
        found = tuple(_found(told))
        _known.clear()
        _known[state] = found
        return found
    return _known.get(state) or tuple(_found(told))


def _found(told: Mapping[str, datetime]) -> Iterator[str]:
    left = {pk: told[name] for pk, name in Case.objects.values_list("pk", "released") if name in told}
    live = _last_passes(left)
    rows = Coding.objects.filter(retracted=False, reading__machine=False, reading__state="submitted")
    codings = [
        row
        for row in rows.values_list("pk", "reading", "case", "field", "answer", "code", "origin")
        if row[1] in live
    ]  # fmt: skip
    answered: dict[tuple[str, str], set[str]] = defaultdict(set)
    given: dict[Said, set[str]] = defaultdict(set)
    for _, reading, case, field, answer, code, origin in codings:
        answered[case, field].add(reading)
        if origin != "rejected":
            given[case, field, answer, code].add(reading)
    upheld, against = _ruled(left)
    for pk, _, case, field, answer, code, origin in codings:
        said = (case, field, answer, code)
        alike = said in upheld or given[said] == answered[case, field]
        if (
            answer == "present"
            and origin != "rejected"
            and alike
            and not any(each(code) for each in against[case, field])
        ):
            yield pk


def _last_passes(left: Mapping[str, datetime]) -> set[str]:
    """The last pass of each person on each case that was submitted before the release."""
    passes = Pass.objects.filter(machine=False, state="submitted").order_by("number")
    last = {
        (case, coder): pk
        for pk, case, coder, at in passes.values_list("pk", "case", "coder", "submitted")
        if case in left and at <= left[case]
    }
    return set(last.values())


def _ruled(left: Mapping[str, datetime]) -> tuple[set[Said], Mapping[tuple[str, str], list[Callable[[str], bool]]]]:
    """What adjudicators upheld before the release, and by case and field what tells that a code does not hold."""
    one = {name for name, field in codebook().fields.items() if field.kind in ONE_VALUE}
    upheld: set[Said] = set()
    against: dict[tuple[str, str], list[Callable[[str], bool]]] = defaultdict(list)
    rows = Adjudication.objects.filter(retracted=False, case__in=Case.objects.exclude(released=""))
    for case, field, answer, code, holds, at in rows.values_list("case", "field", "answer", "code", "holds", "at"):
        if holds and case in left and at <= left[case]:
            upheld.add((case, field, answer, code))
        if not holds and answer == "present":
            against[case, field].append(partial(eq, code))
        elif holds and answer != "present":
            against[case, field].append(lambda _: True)
        elif holds and field in one:
            against[case, field].append(partial(ne, code))
    return upheld, against


def upheld_codes() -> QuerySet[Adjudication]:
    """Codes that an adjudicator settled before the case was released, also those that no person had given."""
    rows = Adjudication.objects.filter(retracted=False, answer="present", holds=True, case__withdrawn=False)
    return rows.exclude(code="").annotate(left=_left("case__")).filter(at__lte=F("left"))


def _left(prefix: str) -> Choice:
    """When the release was made that a case was last in."""
    whens = [When(**{f"{prefix}released": name}, then=Value(at)) for name, at in releases().items()]
    return Choice(*whens, default=None, output_field=DateTimeField())


def releases() -> Mapping[str, datetime]:
    """Name of each release -> when it was last made."""
    who = Coder.objects.filter(machine=False).values("pk")
    # by who and case, because that is what the log is indexed by
    rows = Event.objects.filter(actor__in=who, case="", verb="release").order_by("sequence")
    told = rows.values_list("sequence", "hash", "at")
    return {_name(str(connection.settings_dict["NAME"]), *key): datetime.fromisoformat(at) for *key, at in told}


@lru_cache(maxsize=1000)
def _name(database: str, sequence: int, digest: str) -> str:
    """The name that a release's event says; an event never changes."""
    payload = Event.objects.filter(pk=sequence, hash=digest).values_list("payload", flat=True).get()
    return str(json.loads(payload)["says"].get("release", ""))[:80]
