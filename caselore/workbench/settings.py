"""The settings that the workbench adds to the store's: a study comes in, a dictionary for `connect` goes out."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from caselore.store.connect import APPS
from caselore.study import Study
from caselore.workbench.oidc import provider_of

SECRET = ".secret-key"
SESSION_AGE = timedelta(hours=10)
"""A working day; after it one signs in again."""

SESSION_IDLE = timedelta(hours=1)
"""Without an act for so long, a team's session ends."""

LEAST_PASSWORD = 12
LARGEST_BODY = 12 * 1024 * 1024
LARGEST_UPLOAD = 100 * 1024 * 1024
"""Of all files sent at once."""

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def settings_of(study: Study, *, team: bool, hosts: Sequence[str] = (), https: bool = False) -> dict[str, Any]:
    """Django's settings for the pages of one study; `hosts` are further names under which it is reached."""
    return {
        "INSTALLED_APPS": [
            *APPS,
            "django.contrib.sessions",
            "django.contrib.staticfiles",
            "django_htmx",
            "caselore.workbench",
        ],
        "MIDDLEWARE": [
            *(["caselore.workbench.policy.Proxied"] if https else []),
            "caselore.workbench.policy.Policy",
            "caselore.workbench.faults.Faults",
            "django.middleware.security.SecurityMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.auth.middleware.LoginRequiredMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
            "caselore.workbench.signed_in.SignedIn",
        ],
        "ROOT_URLCONF": "caselore.workbench.urls",
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "caselore.workbench.signed_in.on_every_page",
                    ]
                },
            }
        ],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
            for name, options in (
                ("MinimumLengthValidator", {"min_length": LEAST_PASSWORD}),
                ("CommonPasswordValidator", {}),
                ("UserAttributeSimilarityValidator", {}),
                ("NumericPasswordValidator", {}),
            )
        ],
        "SECRET_KEY": secret_key(study.path / SECRET),
        "DEBUG": False,
        "ALLOWED_HOSTS": [*LOCAL_HOSTS, *hosts],
        "CASELORE_TEAM": team,
        "CASELORE_OIDC": provider_of(study) if team else None,
        "LOGIN_URL": "sign-in",
        "LOGIN_REDIRECT_URL": "home",
        "STATIC_URL": "static/",
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_MAX_AGE": 3600,
        "SESSION_COOKIE_NAME": "caselore_session",
        "SESSION_COOKIE_AGE": int(SESSION_AGE.total_seconds()),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": https,
        "CSRF_COOKIE_NAME": "caselore_csrf",
        "CSRF_COOKIE_SECURE": https,
        "CSRF_FAILURE_VIEW": "caselore.workbench.faults.forged",
        "SECURE_HSTS_SECONDS": 31_536_000 if https else 0,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": LARGEST_BODY,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 2000,
        "FILE_UPLOAD_HANDLERS": [
            "caselore.workbench.intake.Measured",
            "django.core.files.uploadhandler.TemporaryFileUploadHandler",
        ],
        "LANGUAGE_CODE": "en-gb",
        "USE_I18N": False,
        "LOGGING_CONFIG": None,
    }


def secret_key(file: Path) -> str:
    """The key that signs the study's sessions, made once and readable by its owner alone."""
    if not file.exists():
        with suppress(FileExistsError):  # another server is making it at this moment
            made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(made, "w", encoding="ascii") as out:
                out.write(secrets.token_urlsafe(50))
    for _ in range(40):
        if key := file.read_text(encoding="ascii").strip():
            return key
        time.sleep(0.05)
    file.write_text(secrets.token_urlsafe(50), encoding="ascii")  # who began it was stopped before he wrote it
    return file.read_text(encoding="ascii").strip()
