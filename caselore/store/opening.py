"""A study is opened: its database is brought up to date, and its first coder is there."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from caselore.errors import StudyError
from caselore.store.connect import connect, migrate
from caselore.study import Study

if TYPE_CHECKING:  # the models can be loaded only when Django is set up
    from caselore.store.models import Coder

OWNER = "owner"
"""The first person of a study, until he is named otherwise."""


def make(study: Study, *, owner: str = OWNER, extra: Mapping[str, Any] | None = None) -> Coder:
    """Set the study's database up and declare its first coder, who has every role."""
    connect(study, extra)
    migrate()
    return first_coder(owner)


def opened(study: Study, extra: Mapping[str, Any] | None = None) -> Coder:
    """Open a study that exists, with its database brought up to date; its owner, for what the command line does."""
    connect(study, extra)
    migrate()
    from caselore.store.models import Coder

    if not Coder.objects.filter(machine=False).exists():
        with suppress(StudyError):  # another process that opens it may have been first
            first_coder()
    return owner()


def first_coder(name: str = OWNER) -> Coder:
    """Declare the first person of a study, with an account that has no password. Raises StudyError where one is."""
    from django.contrib.auth import get_user_model

    from caselore.store.actions.act import act
    from caselore.store.models import Coder
    from caselore.store.permissions import ROLES

    coder = Coder(name=name, roles=sorted(ROLES))
    with act(coder, "make_coder") as done:
        if Coder.objects.filter(machine=False).exists():
            raise StudyError("The study has its first coder; let an administrator make others.")
        user, _ = get_user_model().objects.get_or_create(username=name)
        user.set_unusable_password()
        user.save()
        coder.user_id = user.pk
        done.new(coder)
    return coder


def owner() -> Coder:
    """The first person declared who is still an active administrator. Raises StudyError where there is none."""
    from caselore.store.models import Coder

    for coder in Coder.objects.filter(machine=False, active=True).order_by("pk"):
        if "administrator" in coder.roles:
            return coder
    raise StudyError("The study has no administrator; make one with 'caselore init'.")
