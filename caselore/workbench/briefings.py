"""A person's briefings: passages are put in, taken out, turned round and remarked on; each is his alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from caselore.errors import NotAllowed, StoreError
from caselore.store.models import Case, Coder, Passage
from caselore.store.visibility import visible_case
from caselore.store.words import cleaned
from caselore.workbench.models import Briefing
from caselore.workbench.quoting import rules

MOST = 40
"""Briefings of one person."""

LONGEST_TITLE = 160
MOST_AFTER = 6
"""Passages after the one chosen that a quotation may go on for."""

LONGEST_REMARK = 3000


def of(coder: Coder) -> list[Briefing]:
    """A person's briefings, the one last changed first."""
    return list(Briefing.objects.filter(coder=coder).order_by("-changed"))


def current_of(coder: Coder) -> Briefing | None:
    """The briefing that passages are put into: the one last changed."""
    return Briefing.objects.filter(coder=coder).order_by("-changed").first()


def the(coder: Coder, key: str) -> Briefing:
    """A person's own briefing. Raises NotAllowed, whether it is another's or is not there."""
    found = Briefing.objects.filter(pk=key, coder=coder).first()
    if found is None:
        raise NotAllowed("There is no such briefing of yours; open the list of your briefings.")
    return found


def new(coder: Coder) -> Briefing:
    """A new briefing, which passages are put into from now on. Raises StoreError where there are too many."""
    if Briefing.objects.filter(coder=coder).count() >= MOST:
        raise StoreError(f"You have {MOST} briefings; remove one that is done with.")
    return Briefing.objects.create(coder=coder, changed=datetime.now(UTC))


def put(coder: Coder, case: str, passage: int | None, *, more: int = 0) -> Briefing:
    """Put a passage (with so many `more` after it), or a case as a whole, into the current briefing; a second time
    changes nothing.
    """
    found = visible_case(coder, case)
    if passage is not None and not _passage(found, passage):
        raise StoreError("There is no such passage in this case; search again.")
    with transaction.atomic():
        briefing = current_of(coder) or new(coder)
        if (found.pk, passage) in briefing.taken:
            return briefing
        if len(briefing.items) >= rules().passages:
            raise StoreError(f"A briefing holds {rules().passages} passages; begin a new one or take one out.")
        item = {"case": found.pk, "passage": passage, "remark": ""}
        longer = {"more": min(more, MOST_AFTER)} if more > 0 and passage is not None else {}
        return _kept(briefing, [*briefing.items, {**item, **longer}])


def _passage(case: Case, number: int) -> bool:
    return Passage.objects.filter(
        document=case.document_id, number=number, start__gte=case.start, start__lt=case.end
    ).exists()


def describe(briefing: Briefing, title: str, remarks: str) -> Briefing:
    """Give it a title and own words."""
    briefing.title, briefing.remarks = cleaned(title).strip()[:LONGEST_TITLE], cleaned(remarks).strip()
    return _kept(briefing, briefing.items)


def _kept(briefing: Briefing, items: list[dict[str, Any]]) -> Briefing:
    briefing.items, briefing.changed = items, datetime.now(UTC)
    briefing.save()
    return briefing


def _moved(step: int) -> Callable[[list[Any], int, str], list[Any]]:
    def move(items: list[Any], at: int, _: str) -> list[Any]:
        to = min(max(at + step, 0), len(items) - 1)
        items.insert(to, items.pop(at))
        return items

    return move


def _without(items: list[Any], at: int, _: str) -> list[Any]:
    return items[:at] + items[at + 1 :]


def _remarked(items: list[Any], at: int, words: str) -> list[Any]:
    items[at] = {**items[at], "remark": cleaned(words).strip()[:LONGEST_REMARK]}
    return items


def _stretched(step: int) -> Callable[[list[Any], int, str], list[Any]]:
    def stretch(items: list[Any], at: int, _: str) -> list[Any]:
        if items[at]["passage"] is not None:
            items[at] = {**items[at], "more": min(max(items[at].get("more", 0) + step, 0), MOST_AFTER)}
        return items

    return stretch


CHANGES: dict[str, Callable[[list[Any], int, str], list[Any]]] = {
    "up": _moved(-1),
    "down": _moved(1),
    "out": _without,
    "remark": _remarked,
    "longer": _stretched(1),
    "shorter": _stretched(-1),
}


def change(coder: Coder, key: str, verb: str, item: tuple[str, int | None], words: str = "") -> Briefing:
    """Do one of `CHANGES` to a passage of a briefing; one that another tab took out already is left alone."""
    if verb not in CHANGES:
        raise StoreError("That cannot be done with a passage; load the page again.")
    with transaction.atomic():
        briefing = the(coder, key)
        places = [(each["case"], each["passage"]) for each in briefing.items]
        if item not in places:
            return briefing
        return _kept(briefing, CHANGES[verb](list(briefing.items), places.index(item), words))


def drop(coder: Coder, key: str) -> None:
    """Remove a briefing."""
    the(coder, key).delete()
