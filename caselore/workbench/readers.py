"""Pages for who reads: documents, or only what is released. A view comes in, guarded; what it may link to goes out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from caselore.store.models import Case, Coder
from caselore.store.permissions import may, require

View = Callable[..., HttpResponse]


def for_readers(view: View) -> View:
    """A view for everybody who may read documents, or what is released; for anybody else NotAllowed."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **words: Any) -> HttpResponse:
        if not may(request.coder, "read"):
            require(request.coder, "read_released")
        return view(request, *args, **words)

    guarded.required_act = "read_released"  # type: ignore[attr-defined]  # the test of every address reads it
    return guarded


def reads_names(coder: Coder) -> bool:
    """Whether a person reads the documents themselves, with the names in their titles."""
    return may(coder, "read")


def address_of(coder: Coder, case: Case | str, passage: int | None = None) -> str:
    """Where the person reads a passage: on the coding page, or in the reading of a released case."""
    key = case.pk if isinstance(case, Case) else case
    if reads_names(coder):
        return reverse("coding", args=[key]) + (f"?passage={passage}" if passage is not None else "")
    if passage is None:
        return reverse("released-case", args=[key])
    return reverse("released-case", args=[key]) + f"?passage={passage}#p{passage}"
