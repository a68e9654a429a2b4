"""A study with a few fictional documents, and a browser's client for each kind of visitor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import django_ready
import pytest

from caselore.study import Study, make_study

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "reviews"


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """An empty study of a team; its first coder is `owner`, with every role."""
    from caselore.store.connect import disconnect

    study = make_study(tmp_path / "study", title="A study for tests", mode="team", blind_share=0.0)
    django_ready.opened(study, team=True)
    yield study
    disconnect()


@pytest.fixture
def coder(study: Study) -> Callable[..., object]:
    """Makes a coder with an account: coder("ann", "coder", "adjudicator")."""
    from django.contrib.auth.models import User

    from caselore.store import opening
    from caselore.store.actions.people import make_coder

    def made(name: str, *roles: str) -> object:
        user = User.objects.create_user(name, password=django_ready.PASSWORD)
        return make_coder(opening.owner(), name, roles=list(roles), user=user)

    return made


@pytest.fixture
def client_of(study: Study) -> Callable[..., object]:
    """A browser's client signed in as a coder; with None, a stranger's. CSRF is checked as in real life if asked."""
    from django.test import Client

    def made(coder: object | None = None, *, strict: bool = False) -> object:
        client = Client(enforce_csrf_checks=strict)
        if coder is not None:
            client.force_login(coder.user)
        return client

    return made


@pytest.fixture
def owner(study: Study) -> object:
    from caselore.store import opening

    return opening.owner()


@pytest.fixture
def settings_changed(study: Study) -> Iterator[Callable[..., None]]:
    """Changes settings until the test ends."""
    from django.test.utils import override_settings

    changes = []

    def change(**values: object) -> None:
        changes.append(override_settings(**values))
        changes[-1].enable()

    yield change
    for each in reversed(changes):
        each.disable()
