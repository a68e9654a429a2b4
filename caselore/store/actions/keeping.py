"""What a coder keeps for himself: searches; his place in a case and what he has read, which are no events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from caselore.errors import NotAllowed, StoreError
from caselore.store.actions.act import act
from caselore.store.actions.refs import case_of, the
from caselore.store.models import Case, Coder, Exposure, Passage, Place, SavedSearch
from caselore.store.permissions import require
from caselore.store.words import cleaned


def save_search(
    actor: Coder, name: str, *, words: str = "", filters: Mapping[str, Any] | None = None, token: str = ""
) -> SavedSearch:
    """Keep a search under a name; the coder's earlier one of that name is replaced."""
    require(actor, "keep")
    with act(actor, "save_search", token=token) as done:
        if done.repeated:
            return the(SavedSearch, done.repeated.subject)
        name = name.strip()
        if not name or len(name) > 120:
            raise StoreError("The name of a search has from 1 to 120 characters.")
        before = SavedSearch.objects.filter(coder=actor, name=name, retracted=False).first()
        if before is not None:
            return done.change(before, words=words, filters=dict(filters or {}))
        return done.new(SavedSearch(coder=actor, name=name, words=words, filters=dict(filters or {})))


def drop_search(actor: Coder, search: SavedSearch | str, *, token: str = "") -> None:
    """Forget an own search."""
    require(actor, "keep")
    with act(actor, "drop_search", token=token) as done:
        found = the(SavedSearch, search)
        if found.coder_id != actor.pk:
            raise NotAllowed(f"{actor.name} may not drop another coder's search.")
        if not done.repeated:
            done.change(found, retracted=True)


def keep_place(
    actor: Coder, case: Case | str, *, passage: int | None = None, scroll: float = 0.0, field: str = ""
) -> None:
    """Remember where the coder is in a case."""
    found = case_of(actor, case)
    with transaction.atomic():
        Place.objects.update_or_create(
            case=found, coder=actor,
            defaults={"passage": passage, "scroll": scroll, "field": cleaned(field)[:80], "at": datetime.now(UTC)},
        )  # fmt: skip


def count_exposure(
    actor: Coder, case: Case | str, *, read: Iterable[int] = (), graphic: Iterable[int] = (), seconds: int = 0
) -> Exposure:
    """Add passages of a case's document, by number, to what the coder has read today: each once a day.

    Only he can read it (`exposure_of`); `graphic` are those of them that he could read unblurred.
    """
    if seconds < 0:
        raise StoreError("Exposure is counted upwards.")
    document, day = case_of(actor, case).document_id, datetime.now(UTC).date()
    there = set(
        Passage.objects.filter(document=document, number__in={*read, *graphic}).values_list("number", flat=True)
    )
    with transaction.atomic():
        Exposure.objects.filter(coder=actor, day__lt=day).exclude(seen={}).update(seen={})
        Exposure.objects.get_or_create(coder=actor, day=day)
        today = Exposure.objects.select_for_update().get(coder=actor, day=day)
        before = today.seen.get(document, {})
        now = {name: sorted({*before.get(name, ()), *(there & set(numbers))})
               for name, numbers in (("read", read), ("graphic", graphic))}  # fmt: skip
        today.seen = {**today.seen, document: now}
        today.passages += len(now["read"]) - len(before.get("read", ()))
        today.graphic += len(now["graphic"]) - len(before.get("graphic", ()))
        today.seconds += seconds
        today.save()
    return today


def exposure_of(viewer: Coder, *, days: int = 14) -> list[Exposure]:
    """The viewer's own exposure, the newest day first; there is no way to ask for another's."""
    return list(Exposure.objects.filter(coder=viewer).order_by("-day")[:days])
