"""What has been done so far, kept on disk so that a stopped run goes on where it was.

Items come in as ``(step, key)``; each outcome is one row of an SQLite file that survives a kill at any moment. Whoever
has the file open has it alone: it is also the lock of the folder that a run writes.
"""

from __future__ import annotations

import sqlite3
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from caselore.engine.pool import NotStarted

COMMIT_EVERY_S = 0.5
"""Seconds of work that a kill may cost: outcomes are made durable in groups, which is 50 times faster."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one item: `result` bytes, or an `error` sentence and an empty result."""

    key: str
    ordinal: int
    result: bytes
    error: str = ""


class Journal:
    """Outcomes of steps by key; use as a context manager.

    Raises `NotStarted` where another process has the journal open, or where it cannot be used.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._db = sqlite3.connect(path, timeout=0)
        try:
            self._begin()
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise NotStarted(_why_not(path, error)) from None
        self._committed = time.monotonic()

    def _begin(self) -> None:
        # The system drops this lock when the process ends, however it ends; and without shared memory the write-ahead
        # log needs nothing that a network's disk cannot do.
        self._db.execute("pragma locking_mode = exclusive")
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.execute(
            "create table if not exists outcome (step text, key text, ordinal integer, result blob, error text,"
            " primary key (step, key)) without rowid"
        )

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._db.commit()
        finally:
            self._db.close()

    def remove(self) -> None:
        """Delete the files of a journal that was closed: its work is done."""
        for tail in ("", "-wal", "-shm", "-journal"):
            self.path.with_name(self.path.name + tail).unlink(missing_ok=True)

    def has(self, step: str, key: str, ordinal: int) -> bool:
        """Whether the item was done before; its place in the order is then the one of this run."""
        found = self._db.execute("select ordinal from outcome where step = ? and key = ?", (step, key)).fetchone()
        if found is None:
            return False
        if found[0] != ordinal:
            self._db.execute("update outcome set ordinal = ? where step = ? and key = ?", (ordinal, step, key))
        return True

    def save(self, step: str, outcome: Outcome) -> None:
        """Keep one outcome; it is durable within `COMMIT_EVERY_S` seconds or at `commit`."""
        packed = zlib.compress(outcome.result, 1)
        self._db.execute(
            "insert or replace into outcome values (?, ?, ?, ?, ?)",
            (step, outcome.key, outcome.ordinal, packed, outcome.error),
        )
        if time.monotonic() - self._committed > COMMIT_EVERY_S:
            self.commit()

    def commit(self) -> None:
        """Make everything saved so far durable."""
        self._db.commit()
        self._committed = time.monotonic()

    def forget(self, step: str, keep: set[str]) -> None:
        """Drop outcomes of the step that belong to no item of this run, and outcomes of every other step."""
        self._db.execute("delete from outcome where step != ?", (step,))
        self._db.execute("create temp table keep (key text primary key)")
        self._db.executemany("insert or ignore into keep values (?)", ((key,) for key in keep))
        self._db.execute("delete from outcome where key not in (select key from keep)")
        self._db.execute("drop table keep")
        self.commit()

    def outcomes(self, step: str) -> Iterator[Outcome]:
        """All outcomes of a step in the order of their items, read one at a time."""
        rows = self._db.execute(
            "select key, ordinal, result, error from outcome where step = ? order by ordinal, key", (step,)
        )
        for key, ordinal, packed, error in rows:
            yield Outcome(key, ordinal, zlib.decompress(packed), error)


def _why_not(path: Path, error: sqlite3.DatabaseError) -> str:
    if "locked" in str(error):
        return f"{path.parent}: another run is at work here; wait until it ends, or write to another place."
    return f"{path}: the journal of an earlier run cannot be used ({error}); delete it, or write to another place."
