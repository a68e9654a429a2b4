"""The log: append-only events, each holding the hash of the one before, and the head that the next one joins."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One act. `payload` is canonical JSON: its details and the image of every row before and after.

    `case` is the case that it is about, if any; `token` the client's own, so that a resend is known; `undoes` the
    sequence of the event that this one takes back. The database refuses to change or delete an event.
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    actor = models.CharField(max_length=24)
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=24)
    case = models.CharField(max_length=24, blank=True)
    token = models.CharField(max_length=80, null=True, unique=True)
    undoes = models.BigIntegerField(null=True)
    payload = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("sequence",)
        indexes = (models.Index(fields=["actor", "case", "sequence"], name="event_of_actor"),)

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb}"


class Head(models.Model):
    """The last event's place and hash: one row, locked by whoever appends."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"
