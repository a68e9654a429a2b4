"""What was read: documents, their passages, and the cases in them."""

from __future__ import annotations

from typing import Any

from django.db import models

from caselore.store.models.base import Kept

LAYERS = ("front_sheet", "structured_summary", "full_coding")
"""How far a case is read: layered reading, as national analyses do it."""

PROPOSING = ("queued", "done", "failed")


class Document(Kept):
    """One file, or one record of a file, as read. `pages` and `sections` are lists of the frozen records' fields."""

    KIND = "document"
    LEFT_OUT = frozenset({"text", "pages", "sections"})

    sha256 = models.CharField(max_length=64, unique=True)
    text_sha256 = models.CharField(max_length=64)
    reader = models.CharField(max_length=60)
    name = models.TextField()
    media_type = models.CharField(max_length=200)
    text = models.TextField()
    characters = models.PositiveIntegerField()
    pages = models.JSONField(default=list)
    sections = models.JSONField(default=list)
    shape_sha256 = models.CharField(max_length=64)
    """Of pages, sections and passages: the log holds it in their place."""
    problems = models.JSONField(default=list)
    title = models.TextField(blank=True)
    publisher = models.TextField(blank=True)
    year = models.IntegerField(null=True)
    licence = models.TextField(blank=True)
    url = models.TextField(blank=True)
    file = models.TextField(blank=True)
    """Name in the study's folder `documents`; empty for a record of a larger file."""
    added = models.DateTimeField()


class Passage(models.Model):
    """A sentence, row or heading; `number` counts from 0 in its document, `text` is ``document.text[start:end]``."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="passages")
    number = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    page = models.PositiveIntegerField(null=True)
    section = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    text = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["document", "number"], name="passage_once"),)
        ordering = ("document", "number")


class InStudy(models.Manager):
    """The cases whose document was not taken out of the study."""

    def get_queryset(self) -> Any:
        """Without the withdrawn ones."""
        return super().get_queryset().filter(withdrawn=False)


class Case(Kept):
    """What a review is about: ``[start, end)`` of one document.

    `objects` are the cases of the study; `every` holds those of withdrawn documents too, for the log and its proof.
    """

    KIND = "case"
    LEFT_OUT = frozenset({"withdrawn"})

    every = models.Manager()
    objects = InStudy()

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="cases")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    title = models.TextField()
    source_type = models.CharField(max_length=40, default="other")
    year = models.IntegerField(null=True)
    n_cases = models.IntegerField(null=True)
    source = models.JSONField(default=dict)
    blind_first = models.BooleanField(default=False)
    """Drawn by the study's blind share: coders do not see proposals before their own pass is submitted."""
    layer = models.CharField(max_length=20, default="front_sheet")
    target_layer = models.CharField(max_length=20, default="full_coding")
    layer_reason = models.TextField(blank=True)
    proposing = models.CharField(max_length=10, default="queued")
    problem = models.TextField(blank=True)
    doubt = models.FloatField(default=0.5)
    """Mean entropy of its proposals in bits, 0 sure to 1 even."""
    released = models.CharField(max_length=80, blank=True)
    """Name of the last release that holds it; empty: never left."""
    withdrawn = models.BooleanField(default=False)
    """Whether its document is taken out, as a standing `Withdrawal` says: the log tells of that, not of this mark."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["document", "start", "end"], name="case_once"),)
        indexes = (
            models.Index(fields=["year"], name="case_year"),
            models.Index(fields=["proposing"], name="case_queue"),
        )
