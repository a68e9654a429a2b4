"""What the door remembers: refused sign-ins, so that several processes lock the same name out."""

from __future__ import annotations

from django.db import models


class Refusal(models.Model):
    """One refused sign-in; `name` is as typed, in lower case."""

    name = models.CharField(max_length=150, db_index=True)
    address = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
