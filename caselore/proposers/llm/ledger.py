"""What a model answered and what that cost, on disk: shared by all worker processes of a run, kept for the next one.

Answers go in by the hash of endpoint, model and question and come out for the same question. A run's requests and
tokens are reserved here before they are made, so that several processes together keep to one budget.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caselore.proposers.llm.consent import open_folder
from caselore.proposers.llm.settings import Budget

FILE = "model.sqlite"

_TABLES = (
    "create table if not exists answer (key text primary key, made text default current_timestamp, body blob)",
    "create table if not exists fact (name text primary key, value text)",
    "create table if not exists run (id text primary key, calls integer default 0, tokens_in integer default 0,"
    " tokens_out integer default 0, reserved integer default 0, failures integer default 0, stopped text default '')",
)


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run has spent so far, and why it asks no more (empty: it still asks)."""

    calls: int
    tokens_in: int
    tokens_out: int
    stopped: str


def cache_key(*parts: Any) -> str:
    """The hash of everything that an answer depends on."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class Ledger:
    """The file of one working folder; one object a process."""

    def __init__(self, folder: Path) -> None:
        open_folder(folder)
        path = folder / FILE
        self._db = sqlite3.connect(path, timeout=60, isolation_level=None)
        path.chmod(0o600)
        # SQLite's own journal, not the write-ahead log: a file is turned to that without waiting for other processes,
        # so that two runs that begin together would stop on "database is locked".
        for table in _TABLES:
            self._db.execute(table)

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        """One change at a time among all processes."""
        self._db.execute("begin immediate")
        try:
            yield self._db
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    # Answers

    def recall(self, key: str) -> dict[str, Any] | None:
        """An earlier answer to the same question."""
        found = self._db.execute("select body from answer where key = ?", (key,)).fetchone()
        return dict(json.loads(zlib.decompress(found[0]))) if found else None

    def remember(self, key: str, answer: Mapping[str, Any]) -> None:
        """Keep an answer; it is on disk when this returns."""
        packed = zlib.compress(json.dumps(answer).encode())  # ASCII: a model may send half a character
        self._db.execute("insert or replace into answer (key, body) values (?, ?)", (key, packed))

    # Facts: how a server wants to be asked, whether something was left undone

    def fact(self, name: str) -> Any:
        """Something known from before, or None."""
        found = self._db.execute("select value from fact where name = ?", (name,)).fetchone()
        return json.loads(found[0]) if found else None

    def know(self, name: str, value: Any) -> None:
        """Keep something for later."""
        self._db.execute("insert or replace into fact values (?, ?)", (name, json.dumps(value)))

    def leave_undone(self) -> None:
        """Note that a question was not answered, so that the next run takes every document up again."""
        self.know("undone", True)

    def next_round(self) -> int:
        """The number of this round: one more than before if the last left something undone."""
        round_ = int(self.fact("round") or 0)
        if self.fact("undone"):
            round_ += 1
            self.know("round", round_)
            self.know("undone", False)
        return round_

    # Money

    def reserve(self, run: str, budget: Budget, tokens: int) -> str:
        """Take one request of so many tokens out of the budget; if it does not fit, say why and stop the run."""
        with self._alone() as db:
            db.execute("insert or ignore into run (id) values (?)", (run,))
            calls, used, stopped = db.execute(
                "select calls, tokens_in + tokens_out + reserved, stopped from run where id = ?", (run,)
            ).fetchone()
            reason = str(stopped)
            if not reason and calls + 1 > budget.calls:
                reason = f"the budget of {budget.calls:,} requests is spent"
            if not reason and used + tokens > budget.tokens:
                reason = f"the next question does not fit into what is left of the budget of {budget.tokens:,} tokens"
            if reason:
                db.execute("update run set stopped = ? where id = ?", (reason, run))
            else:
                db.execute("update run set calls = calls + 1, reserved = reserved + ? where id = ?", (tokens, run))
        return reason

    def settle(self, run: str, reserved: int, *, tokens_in: int, tokens_out: int) -> None:
        """Put what a request really took in the place of what was reserved for it."""
        self._db.execute(
            "update run set reserved = reserved - ?, tokens_in = tokens_in + ?, tokens_out = tokens_out + ?"
            " where id = ?",
            (reserved, tokens_in, tokens_out, run),
        )

    def fail(self, run: str, reason: str, *, most: int) -> None:
        """Count a question that got no answer; after `most` in a row the run asks no more."""
        with self._alone() as db:
            db.execute("insert or ignore into run (id) values (?)", (run,))
            db.execute("update run set failures = failures + 1 where id = ?", (run,))
            db.execute(
                "update run set stopped = ? where id = ? and failures >= ? and stopped = ''", (reason, run, most)
            )

    def succeed(self, run: str) -> None:
        """The server answers: failures before do not count any more."""
        self._db.execute("update run set failures = 0 where id = ? and failures > 0", (run,))

    def stop(self, run: str, reason: str) -> None:
        """Ask no more in this run, in any process."""
        self.fail(run, reason, most=0)

    def spent(self, run: str) -> Spent:
        """What the run has spent."""
        found = self._db.execute(
            "select calls, tokens_in, tokens_out, stopped from run where id = ?", (run,)
        ).fetchone()
        return Spent(*found) if found else Spent(0, 0, 0, "")
