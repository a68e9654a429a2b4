"""Accounts with passwords, made by who keeps the study; Django has to be set up before this is loaded."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from caselore.errors import StudyError
from caselore.store import opening
from caselore.store.actions import people
from caselore.store.models import Coder


def make_account(name: str, password: str, *, roles: tuple[str, ...]) -> None:
    """An account with a password, for the person of that name; a person who is there already gets the password.

    Raises StudyError on a password that the rules refuse.
    """
    user = User.objects.filter(username=name).first() or User(username=name)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise StudyError(f"That password will not do: {' '.join(error.messages)}") from None
    user.set_password(password)
    user.save()
    owner = opening.owner()
    known = Coder.objects.filter(name=name).first()
    if known is None:
        people.make_coder(owner, name, roles=list(roles), user=user)
        return
    if known.user_id != user.pk:
        people.link_user(owner, known, user)
    people.reset_password(owner, known, way="command line")


def has_accounts() -> bool:
    """Whether anybody can sign in by a password."""
    return any(user.has_usable_password() for user in User.objects.filter(is_active=True))
