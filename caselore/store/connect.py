"""A study comes in; Django is set up on its database, with the workbench's settings where they are given.

SQLite in the study's folder, or PostgreSQL where DATABASE_URL names one, with the same code.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, connections

from caselore.errors import StudyError
from caselore.study import Study

BUSY_S = 20
"""Seconds that a writer waits for another on SQLite."""

APPS = ("django.contrib.contenttypes", "django.contrib.auth", "caselore.store")
SQLITE = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
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
    """Bring the database to the shape that this version knows; on a new one, make it."""
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise StudyError(f"The study's database cannot be opened ({str(error).strip()}); check DATABASE_URL.") from None


def disconnect() -> None:
    """Close the connections of this thread."""
    connections.close_all()


def database_of(study: Study, url: str = "") -> dict[str, Any]:
    """Django's settings of the study's database. Raises StudyError on an address that is not understood."""
    if not url:
        options = {"transaction_mode": "IMMEDIATE", "timeout": BUSY_S, "init_command": SQLITE}
        # Kept open between requests: closing the last connection writes the whole log of SQLite back, at each request.
        kept = {"CONN_MAX_AGE": 600, "OPTIONS": options}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(study.store), **kept}
    parts = urlsplit(url)
    if parts.scheme in ("sqlite", "sqlite3"):
        return database_of(study) | {"NAME": str(Path(unquote(parts.path)))}
    if parts.scheme not in ("postgres", "postgresql"):
        raise StudyError(f"DATABASE_URL begins with '{parts.scheme}:'; give postgres://user:password@host:port/name.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
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
