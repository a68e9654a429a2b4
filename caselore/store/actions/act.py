"""One act: rows are made, changed and dropped through it, and it joins the log as one event in the same transaction.

Acts come one after another: SQLite's IMMEDIATE transaction, or PostgreSQL's lock on the head row, lets one in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import connection, transaction

from caselore.errors import StoreError
from caselore.store.models import Case, Coder, Event, Head, Kept
from caselore.store.models.base import columns
from caselore.store.prepared import PreparedRows
from caselore.store.words import cleaned

BEGINNING = "0" * 64
"""What the first event has for the hash of the one before."""

BATCH = 500
"""Rows of one INSERT; SQLite takes 32,766 values."""

COLUMNS = (
    "sequence", "at", "actor", "verb", "kind", "subject", "case", "token", "undoes", "payload", "previous", "hash",
)  # fmt: skip
"""Of an event, in the order in which they are written and exported."""

LOCK = "SELECT sequence, hash FROM store_head WHERE id = 1"
MOVE = "UPDATE store_head SET sequence = %s, hash = %s WHERE id = 1"
APPEND = f"""INSERT INTO store_event ({", ".join(f'"{name}"' for name in COLUMNS)}) VALUES ({", ".join(["%s"] * 12)})"""
"""The log's own statements, as every decision runs them: plain SQL saves a tenth of its time."""

Row = TypeVar("Row", bound=Kept)


class Act:
    """An act under way; `sequence` is its place in the log, `repeated` the event of an earlier send of the same.

    `event` is its own one when it is over.
    """

    def __init__(self, actor: Coder, verb: str, *, case: str, token: str, head: Head) -> None:
        self.actor, self.verb, self.case, self.token, self.head = actor, verb, case, token, head
        self.sequence = head.sequence + 1
        self.at = datetime.now(UTC)
        self.repeated: Event | None = None
        self.event: Event | None = None
        self.undoes: int | None = None
        self.says: dict[str, Any] = {}
        self.subject: tuple[str, str] = ("", "")
        self._rows: list[dict[str, Any]] = []
        self._told_without_rows = False

    def new(self, row: Row) -> Row:
        """Insert a row; the first row of an act is what it is about."""
        return self.new_all([row])[0]

    def new_all(self, rows: Iterable[Row]) -> list[Row]:
        """Insert rows of one model."""
        made = list(rows)
        self._check_first()
        for row in made:
            _clean(row)
        if len(made) == 1:
            made[0].save(force_insert=True)
        elif made:
            type(made[0])._default_manager.bulk_create(made, batch_size=BATCH)
        for row in made:
            self._told(row, None, row.image())
        return made

    def change(self, row: Row, **values: Any) -> Row:
        """Change columns of a row that was read in this act; a change to the same values is none."""
        self._check_first()
        before = row.image()
        for name, value in values.items():
            setattr(row, name, value)
        _clean(row)
        after = row.image()
        differing = [name for name in after if before[name] != after[name]]
        self.about(row)
        if differing:
            row.save(update_fields=differing)
            self._told(row, {n: before[n] for n in differing}, {n: after[n] for n in differing})
        return row

    def drop(self, row: Kept) -> None:
        """Delete a row; the log keeps its last image."""
        self._check_first()
        image, key = row.image(), row.pk
        row.delete()
        row.pk = key
        self._told(row, image, None)

    def about(self, row: Kept) -> None:
        """What the act is about, where no row said it yet."""
        if not self.subject[0]:
            self.subject = (row.KIND, str(row.pk))

    def tell(self, row: Kept, **says: Any) -> None:
        """An event of which no row of the log tells, such as a new password; what it `says` holds no secret."""
        self.about(row)
        self.says |= says
        self._told_without_rows = True

    def _check_first(self) -> None:
        """Nothing is written for an act that was sent before: no event would tell of it."""
        if self.repeated is not None:
            raise StoreError("This was sent before, and is done; load the page again.")

    def _told(self, row: Kept, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        self.about(row)
        self._rows.append({"kind": row.KIND, "id": row.pk, "before": before, "after": after})

    @property
    def idle(self) -> bool:
        """Whether nothing was changed."""
        return not self._rows and not self._told_without_rows

    def close(self) -> Event:
        """Write the event and move the head."""
        payload = canonical({"says": self.says, "rows": self._rows})
        kind, subject = self.subject
        event = Event(
            sequence=self.sequence, at=self.at.isoformat(), actor=self.actor.pk, verb=self.verb, kind=kind,
            subject=subject, case=self.case, token=self.token or None, undoes=self.undoes, payload=payload,
            previous=self.head.hash,
        )  # fmt: skip
        event.hash = digest(event)
        with connection.cursor() as cursor:
            cursor.execute(APPEND, [getattr(event, name) for name in COLUMNS])
            cursor.execute(MOVE, [event.sequence, event.hash])
        return event


@contextmanager
def act(actor: Coder, verb: str, *, case: Case | str = "", token: str = "") -> Iterator[Act]:
    """Open an act; where `token` was sent before, `repeated` is its event and nothing may be written.

    The event is written when the block ends well; an act that changed nothing leaves none.
    """
    with transaction.atomic():
        head = _locked_head()
        under_way = Act(actor, verb, case=case if isinstance(case, str) else case.pk, token=token, head=head)
        under_way.repeated = _sent_before(actor, verb, token)
        yield under_way
        if under_way.repeated is None and not under_way.idle:
            under_way.event = under_way.close()
    if (listener := _LISTENING.get()) is not None and (event := under_way.event or under_way.repeated) is not None:
        listener.append(event)


_LISTENING: ContextVar[list[Event] | None] = ContextVar("listening", default=None)


@contextmanager
def listening() -> Iterator[list[Event]]:
    """The events of the acts that are done inside, as they are written; of one sent before, its first event."""
    written: list[Event] = []
    before = _LISTENING.set(written)
    try:
        yield written
    finally:
        _LISTENING.reset(before)


def _locked_head() -> Head:
    """The head of the log, locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK + (" FOR UPDATE" if connection.vendor == "postgresql" else ""))
        found = cursor.fetchone()
    if found is None:
        raise StoreError("The log has lost its head; restore the database from its last copy.")
    return Head(1, *found)


_SENT = PreparedRows(Event, lambda token: Event.objects.filter(token=token))


def _sent_before(actor: Coder, verb: str, token: str) -> Event | None:
    event = next(iter(_SENT(token=token)), None) if token else None
    if event is not None and (event.actor != actor.pk or event.verb != verb):
        raise StoreError(f"The token {token!r} was used for another act; make a new one for each act.")
    return event


def canonical(value: Any) -> str:
    """JSON in one way only: keys sorted, no white space."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(event: Event) -> str:
    """The hash of an event: sha256 over all it says and the hash of the one before."""
    told = [
        event.sequence, event.at, event.actor, event.verb, event.kind, event.subject, event.case, event.token,
        event.undoes, event.payload, event.previous,
    ]  # fmt: skip
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def _clean(row: Kept) -> None:
    for name in columns(type(row)):
        value = getattr(row, name)
        if isinstance(value, str):
            setattr(row, name, cleaned(value))
