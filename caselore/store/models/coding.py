"""What coders decide: passes, codings with their evidence, the sequence of decisions, notes, adjudications."""

from __future__ import annotations

from django.db import models

from caselore.store.models.base import Kept
from caselore.store.models.people import Coder
from caselore.store.models.texts import Case, Document

PASS_KINDS = ("independent", "blind_first", "proposal", "second_look")
PASS_STATES = ("open", "submitted")
ORIGINS = ("proposed", "accepted", "rejected", "amended", "added")


class Pass(Kept):
    """One reading of a case by one coder; `books` are the codebook versions it was coded by."""

    KIND = "pass"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="passes")
    coder = models.ForeignKey(Coder, on_delete=models.PROTECT, related_name="passes")
    number = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default="open")
    machine = models.BooleanField(default=False)
    started = models.DateTimeField()
    submitted = models.DateTimeField(null=True)
    books = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "coder", "number"], name="pass_once"),)


class Coding(Kept):
    """One answer of one coder in one pass: `code` where `answer` is ``present``, else the field's answer state.

    `origin` tells how it came: ``proposed`` by a machine; by a person ``accepted``, ``rejected`` or ``amended`` in
    answer to the coding `answers_to`, or ``added``. A rejection says that the proposed code does not hold. `changed`
    is the sequence of the event that last touched it.
    """

    KIND = "coding"

    reading = models.ForeignKey(Pass, on_delete=models.PROTECT, related_name="codings", db_column="pass_id")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="codings")
    field = models.CharField(max_length=80)
    code = models.TextField(blank=True)
    answer = models.CharField(max_length=16, default="present")
    origin = models.CharField(max_length=10)
    answers_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answered_by")
    confidence = models.FloatField(default=1.0)
    reason = models.TextField(blank=True)
    retracted = models.BooleanField(default=False)
    order = models.IntegerField(default=0)
    changed = models.BigIntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(fields=["reading", "field"], name="coding_of_pass"),
            models.Index(fields=["field", "code"], name="coding_of_code"),
        )


class CodingEvidence(Kept):
    """Words that justify a coding: ``document.text[start:end] == quote``. A coding may have several, in `order`."""

    KIND = "evidence"

    coding = models.ForeignKey(Coding, on_delete=models.PROTECT, related_name="evidence")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("order",)


class Step(Kept):
    """One decision of the case's sequence in one pass; `evidence` is a list of {start, end, quote} in its document."""

    KIND = "step"

    reading = models.ForeignKey(Pass, on_delete=models.PROTECT, related_name="steps", db_column="pass_id")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveIntegerField()
    decision_type = models.CharField(max_length=80)
    agency = models.CharField(max_length=80, blank=True)
    """Empty: the source does not state it."""
    confidence = models.FloatField(default=1.0)
    evidence = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    changed = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("order",)


class Note(Kept):
    """A coder's own words on a case or one field of it; seen as its pass is."""

    KIND = "note"

    reading = models.ForeignKey(Pass, on_delete=models.PROTECT, related_name="notes", db_column="pass_id")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    field = models.CharField(max_length=80, blank=True)
    words = models.TextField()
    written = models.DateTimeField()


class Adjudication(Kept):
    """The settled answer where passes differ: the code holds, or (``holds`` false) does not.

    `passes` are the ids of the passes that it settles, `evidence` a list of {start, end, quote} in the case's document.
    A sequence of decisions is settled as a whole: `answer` is ``present``, `code` empty, and its steps stand beside it.
    """

    KIND = "adjudication"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="adjudications")
    field = models.CharField(max_length=80)
    code = models.TextField(blank=True)
    answer = models.CharField(max_length=16, default="present")
    holds = models.BooleanField(default=True)
    reason = models.TextField()
    evidence = models.JSONField(default=list)
    adjudicator = models.ForeignKey(Coder, on_delete=models.PROTECT, related_name="adjudications")
    passes = models.JSONField(default=list)
    at = models.DateTimeField()
    retracted = models.BooleanField(default=False)
    changed = models.BigIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["case", "field"], name="adjudication_of"),)


class SettledStep(Kept):
    """One decision of the sequence that an adjudication settles; `taken` are the ids of the steps it was taken from.

    `evidence` is a list of {start, end, quote} in the case's document: that of the steps taken.
    """

    KIND = "settled_step"

    adjudication = models.ForeignKey(Adjudication, on_delete=models.PROTECT, related_name="steps")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="settled_steps")
    order = models.PositiveIntegerField()
    decision_type = models.CharField(max_length=80)
    agency = models.CharField(max_length=80, blank=True)
    """Empty: the source does not state it."""
    evidence = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    taken = models.JSONField(default=list)

    class Meta:
        ordering = ("order",)
