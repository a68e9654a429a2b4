"""What every kept row shares: an id of its own making, and an image of itself as plain JSON for the log."""

from __future__ import annotations

import secrets
import time
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models


def new_id() -> str:
    """22 hexadecimal digits: milliseconds since 1970, then 44 random bits; sorted by time, and none is guessed."""
    return f"{time.time_ns() // 1_000_000:011x}{secrets.randbits(44):011x}"


def id_field() -> Any:
    """The primary key of a kept row."""
    return models.CharField(primary_key=True, max_length=24, default=new_id, editable=False)


class Kept(models.Model):
    """A row whose every change is an event; `KIND` names it in the log."""

    KIND: ClassVar[str] = ""
    LEFT_OUT: ClassVar[frozenset[str]] = frozenset()
    """Columns too large for the log; the row holds their sha256 instead."""

    id = id_field()

    class Meta:
        abstract = True

    def image(self) -> dict[str, Any]:
        """Column -> value as plain JSON."""
        return {name: plain(getattr(self, name)) for name in columns(type(self))}

    def __str__(self) -> str:
        return f"{self.KIND} {self.pk}"


def columns(model: type[Kept]) -> tuple[str, ...]:
    """The columns of a kept row that the log tells."""
    found = _COLUMNS.get(model)
    if found is None:
        found = tuple(f.attname for f in model._meta.concrete_fields if f.attname not in model.LEFT_OUT)
        _COLUMNS[model] = found
    return found


_COLUMNS: dict[type[Kept], tuple[str, ...]] = {}


def plain(value: Any) -> Any:
    """A column's value as plain JSON: times and dates in ISO 8601."""
    return value.isoformat() if isinstance(value, (datetime, date)) else value
