"""Who codes: declared coders, what they are given, where they were, and what they have read."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from caselore.store.models.base import Kept, id_field
from caselore.store.models.texts import Case


class Coder(Kept):
    """A declared coder: a person, or a proposer with its version such as ``rules@1.0``."""

    KIND = "coder"

    name = models.CharField(max_length=150, unique=True)
    machine = models.BooleanField(default=False)
    roles = models.JSONField(default=list)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="coder", db_constraint=False
    )
    active = models.BooleanField(default=True)
    about = models.TextField(blank=True)


class Assignment(Kept):
    """A case given to a coder."""

    KIND = "assignment"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    coder = models.ForeignKey(Coder, on_delete=models.PROTECT, related_name="assignments")
    due = models.DateField(null=True)
    order = models.IntegerField(default=0)
    blind_first = models.BooleanField(default=False)
    plan = models.CharField(max_length=24, blank=True)
    """Id of the double-coding plan that it comes from, if any."""
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "coder"], name="assignment_once"),)


class Place(models.Model):
    """Where a coder was in a case. Not in the log: a place is no decision, and moves with every key."""

    id = id_field()
    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    coder = models.ForeignKey(Coder, on_delete=models.CASCADE)
    passage = models.PositiveIntegerField(null=True)
    scroll = models.FloatField(default=0)
    field = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "coder"], name="place_once"),)


class Exposure(models.Model):
    """Graphic material that a coder has read on one day. Not in the log: it is for the coder alone.

    `seen` are the passages counted, so that each counts once a day: document -> {"read": numbers, "graphic": numbers};
    it is emptied once the day is over.
    """

    id = id_field()
    coder = models.ForeignKey(Coder, on_delete=models.CASCADE)
    day = models.DateField()
    passages = models.PositiveIntegerField(default=0)
    graphic = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    seen = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["coder", "day"], name="exposure_once"),)
