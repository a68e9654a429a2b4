"""A study comes in; Django is set up on its database, with the workbench's settings where they are given.

SQLite in the study's folder, or PostgreSQL where DATABASE_URL names one, with the same code.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from caselore.errors import StudyError
from caselore.study import Study

BUSY_S = 20
"""Seconds that a writer waits for another on SQLite."""

OPENING_S = 600
"""Seconds that one process waits while another brings the database up to date."""

OPENING = 0x63617365_6C6F7265
"""The number of PostgreSQL's lock for that."""

APPS = ("django.contrib.contenttypes", "django.contrib.auth", "caselore.store")
SQLITE_READ = "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
SQLITE = f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {SQLITE_READ}"
"""FULL: a decision that was acknowledged outlives a power cut."""

_open: list[tuple[Study, dict[str, Any]]] = []
"""The study that is open and its database; at most one."""


def connect(study: Study, extra: Mapping[str, Any] | None = None, *, url: str | None = None) -> None:
    """Set Django up on the study's database; a second call with the same study does nothing, with another moves to it.

    `extra` are settings that override these (the workbench's: INSTALLED_APPS has to hold `APPS`); `url` is by custom
    the environment's DATABASE_URL. Nothing is created: see `migrate`.
    """
    database = database_of(study, os.environ.get("DATABASE_URL", "") if url is None else url)
    if not settings.configured:
        settings.configure(**(base(study, database) | dict(extra or {})))
        django.setup()
    elif not _open or _open[0] != (study, database):
        _move(study, database)
    _open[:] = [(study, database)]


def base(study: Study, database: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that the store needs, for the workbench to add to."""
    return {
        "INSTALLED_APPS": list(APPS),
        "DATABASES": {"default": deepcopy(dict(database))},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "SECRET_KEY": "not used without the workbench",
        "CASELORE_STUDY": study,
    }


def current() -> Study:
    """The study that is open. Raises StudyError where none is."""
    study = getattr(settings, "CASELORE_STUDY", None) if settings.configured else None
    if study is None:
        raise StudyError("No study is open; call caselore.store.connect.connect first.")
    return study


def migrate() -> None:
    """Bring the database to the shape that this version knows; on a new one, make it.

    Processes that open a study together do it one after another. Raises StudyError where the database cannot be
    opened, or a newer version has written it.
    """
    try:
        with _alone():
            executor = MigrationExecutor(connection)
            _check_age(executor)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                call_command("migrate", verbosity=0, interactive=False)
    except (DatabaseError, ImproperlyConfigured) as error:
        raise StudyError(_why_not(error)) from None


def _check_age(executor: MigrationExecutor) -> None:
    loader = executor.loader
    known, own = set(loader.graph.nodes) | set(loader.replacements), loader.migrated_apps
    newer = sorted(name for name in loader.applied_migrations or () if name[0] in own and name not in known)
    if newer:
        told = ".".join(newer[0])
        raise StudyError(f"{current().path}: a newer version of Caselore has written this study ({told}); update it.")


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: two that made the same tables, or turned a new file to the write-ahead log, would fail."""
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [OPENING])
            try:
                yield
            finally:
                with suppress(DatabaseError):  # a connection that is lost has let it go
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [OPENING])
        return
    name = str(connections.settings["default"]["NAME"])
    if name.startswith("file:"):  # it can only be read
        yield
        return
    # SQLite's own lock on an empty file beside it: all systems know it, and drop it when the process ends.
    with closing(sqlite3.connect(f"{name}-opening", timeout=0.5, isolation_level=None)) as lock:
        _begin_exclusive(lock, until=time.monotonic() + OPENING_S)
        yield


def _begin_exclusive(lock: sqlite3.Connection, *, until: float) -> None:
    """Wait in short steps, so that Ctrl-C is heard; a disk that knows no locks is used without."""
    while True:
        try:
            lock.execute("BEGIN EXCLUSIVE")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                return
            if time.monotonic() > until:
                raise StudyError(
                    f"{current().path}: another process has been opening this study for {OPENING_S // 60} minutes; "
                    "end it, and try again."
                ) from None


def _why_not(error: Exception) -> str:
    said = " ".join(str(error).split())
    database = connections.settings["default"]
    if "postgresql" in database["ENGINE"]:
        return f"The study's database cannot be opened ({said}); check DATABASE_URL."
    if "readonly" in said:
        said += "; an older version wrote it, and it cannot be brought up to date"
    return f"{database['NAME']}: the study's database cannot be opened ({said}); restore or copy it."


def disconnect() -> None:
    """Close the connections of this thread."""
    connections.close_all()


def database_of(study: Study, url: str = "") -> dict[str, Any]:
    """Django's settings of the study's database. Raises StudyError on an address that is not understood."""
    if not url:
        return _sqlite(study.store)
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError as error:
        raise StudyError(f"DATABASE_URL is not understood ({error}); {ADDRESS}.") from None
    if parts.scheme in ("sqlite", "sqlite3"):
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in ("postgres", "postgresql"):
        raise StudyError(f"DATABASE_URL begins with '{parts.scheme}:'; {ADDRESS}.")
    return _postgresql(parts, port)


ADDRESS = "give postgres://user:password@host:port/name"


def _sqlite(file: Path) -> dict[str, Any]:
    options: dict[str, Any] = {"transaction_mode": "IMMEDIATE", "timeout": BUSY_S, "init_command": SQLITE}
    name = str(file)
    if file.is_file() and not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        # A copy that is kept for reading. Its log is in it, unless it was copied while somebody wrote.
        log = file.with_name(file.name + "-wal")
        name = f"{file.resolve().as_uri()}?{'mode=ro' if log.exists() and log.stat().st_size else 'immutable=1'}"
        options |= {"transaction_mode": "DEFERRED", "init_command": SQLITE_READ}
    # Kept open between requests: closing the last connection writes the whole log of SQLite back, at each request.
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "CONN_MAX_AGE": 600, "OPTIONS": options}


def _postgresql(parts: SplitResult, port: str) -> dict[str, Any]:
    options, name = dict(parse_qsl(parts.query)), unquote(parts.path.lstrip("/"))
    if not name:
        raise StudyError(f"DATABASE_URL names no database; {ADDRESS}.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": port,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _move(study: Study, database: Mapping[str, Any]) -> None:
    """Point a process that is set up already at another study (tests, and a process that opens several)."""
    connections.close_all()
    settings.CASELORE_STUDY = study
    settings.DATABASES = {"default": deepcopy(dict(database))}
    if hasattr(connections._connections, "default"):
        del connections["default"]
    connections.__dict__.pop("settings", None)  # the handler has read them once already
    connections._settings = None


def is_postgresql() -> bool:
    """Whether the open study lies in PostgreSQL."""
    return bool(connection.vendor == "postgresql")
