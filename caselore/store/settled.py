"""Codings come in; those that a release has told as settled go out: what trainers read, and what a briefing cites.

A person's pass that was submitted before the case was released counts, as far as all persons who answered the field
said the same or an adjudicator said so; what was overruled since is told no more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from django.db import connection
from django.db.models import Case as Choice
from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value, When

from caselore.store.books import codebook
from caselore.store.models import Adjudication, Coder, Coding, Event, Pass

ONE_VALUE = ("choice", "number", "text")
"""Kinds of fields that have one answer."""


def settled(rows: QuerySet[Coding]) -> QuerySet[Coding]:
    """Those of the codings that a release told as settled."""
    of = Pass.objects.filter(machine=False, state="submitted")
    rows = rows.filter(reading__in=of, case__withdrawn=False).annotate(left=_left("case__"))
    rows = rows.filter(reading__submitted__lte=F("left")).filter(~Exists(_later("case", "reading__coder", "reading__")))
    ruled = Adjudication.objects.filter(case=OuterRef("case"), field=OuterRef("field"), retracted=False)
    upheld = ruled.filter(answer="present", holds=True, code=OuterRef("code"), at__lte=OuterRef("left"))
    return rows.filter(Exists(upheld) | ~Exists(_unlike())).filter(~Exists(ruled.filter(_against())))


def upheld_codes() -> QuerySet[Adjudication]:
    """Codes that an adjudicator settled before the case was released, also those that no person had given."""
    rows = Adjudication.objects.filter(retracted=False, answer="present", holds=True, case__withdrawn=False)
    return rows.exclude(code="").annotate(left=_left("case__")).filter(at__lte=F("left"))


def _left(prefix: str) -> Choice:
    """When the release was made that a case was last in."""
    whens = [When(**{f"{prefix}released": name}, then=Value(at)) for name, at in releases().items()]
    return Choice(*whens, default=None, output_field=DateTimeField())


def _later(case: str, coder: str, prefix: str) -> QuerySet[Pass]:
    """A later pass of the same person on the case, released with it: it stands for the earlier one."""
    passes = Pass.objects.filter(machine=False, state="submitted", case=OuterRef(case), coder=OuterRef(coder))
    return passes.filter(number__gt=OuterRef(f"{prefix}number"), submitted__lte=_outer("left", prefix))


def _outer(name: str, prefix: str) -> OuterRef:
    """The release's time, seen from a pass within another question or from a coding."""
    return OuterRef(name) if prefix else OuterRef(OuterRef(name))


def _unlike() -> QuerySet[Pass]:
    """Another person's pass that answers the field and does not give the code."""
    answers = Coding.objects.filter(reading=OuterRef("pk"), field=OuterRef(OuterRef("field")), retracted=False)
    same = answers.filter(answer="present", code=OuterRef(OuterRef("code"))).exclude(origin="rejected")
    others = Pass.objects.filter(machine=False, state="submitted", case=OuterRef("case"))
    others = others.filter(submitted__lte=OuterRef("left")).exclude(coder=OuterRef("reading__coder"))
    return others.filter(Exists(answers), ~Exists(same)).filter(~Exists(_later("case", "coder", "")))


def _against() -> Q:
    """An adjudication by which a code does not hold."""
    one = [name for name, field in codebook().fields.items() if field.kind in ONE_VALUE]
    other = ~Q(answer="present") | (Q(field__in=one) & ~Q(code=OuterRef("code")))
    return Q(holds=False, answer="present", code=OuterRef("code")) | (Q(holds=True) & other)


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
