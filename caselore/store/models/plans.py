"""What is planned and kept for later: double coding, sub-samples, searches."""

from __future__ import annotations

from django.db import models

from caselore.store.models.base import Kept
from caselore.store.models.people import Coder


class DoubleCodingPlan(Kept):
    """Which cases two or more coders read independently, and how they were drawn.

    `strata` names case columns (``year``, ``source_type``); `wanted` is the wanted half-width of the interval;
    `cases` and `coders` are ids.
    """

    KIND = "plan"

    share = models.FloatField()
    strata = models.JSONField(default=list)
    seed = models.IntegerField()
    wanted = models.FloatField(null=True)
    cases = models.JSONField(default=list)
    coders = models.JSONField(default=list)
    made = models.DateTimeField()


class SubSample(Kept):
    """Cases picked for deeper reading: `targets` are {column: {value: count}}, `picks` [{case, reason}]."""

    KIND = "subsample"

    name = models.CharField(max_length=120)
    targets = models.JSONField(default=dict)
    picks = models.JSONField(default=list)
    made = models.DateTimeField()


class SavedSearch(Kept):
    """A coder's search under a name: words and filters as `store.search` takes them."""

    KIND = "search"

    coder = models.ForeignKey(Coder, on_delete=models.PROTECT, related_name="searches")
    name = models.CharField(max_length=120)
    words = models.TextField(blank=True)
    filters = models.JSONField(default=dict)
    retracted = models.BooleanField(default=False)
