"""The recommendation register: what reviews asked for, who answers, what became of it."""

from __future__ import annotations

from django.db import models

from caselore.store.models.base import Kept
from caselore.store.models.people import Coder
from caselore.store.models.texts import Case

RESPONSES = ("", "accepted", "accepted_in_part", "rejected", "noted")
STATES = ("open", "in_progress", "done", "not_pursued")


class Recommendation(Kept):
    """One recommendation as it stands in the case's document, ``text[start:end] == quote``, with its register entry."""

    KIND = "recommendation"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="recommendations")
    coder = models.ForeignKey(Coder, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField(default=0)
    label = models.TextField(blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    types = models.JSONField(default=list)
    addressees = models.JSONField(default=list)
    level = models.CharField(max_length=60, blank=True)
    smart = models.JSONField(default=list)
    time_frame = models.TextField(blank=True)
    confidence = models.FloatField(default=1.0)
    status = models.CharField(max_length=12, default="proposed")
    """``proposed`` until a person has confirmed it, then ``validated``."""
    confirmed_by = models.ForeignKey(Coder, null=True, on_delete=models.PROTECT, related_name="+")
    retracted = models.BooleanField(default=False)
    response = models.CharField(max_length=20, blank=True)
    response_words = models.TextField(blank=True)
    owner = models.TextField(blank=True)
    due = models.DateField(null=True)
    progress = models.CharField(max_length=12, default="open")
    impact = models.TextField(blank=True)
    changed = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("case", "order")
        indexes = (models.Index(fields=["due"], name="recommendation_due"),)


class RecommendationAttachment(Kept):
    """An action plan or a Board's response; the bytes lie in `documents/attached` of the study, as their sha256."""

    KIND = "attachment"

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="attachments")
    name = models.TextField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    added = models.DateTimeField()
    retracted = models.BooleanField(default=False)
