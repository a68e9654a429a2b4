"""Coders are declared, given roles, linked to an account, and let go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from caselore.errors import StoreError
from caselore.store.actions.act import act
from caselore.store.actions.refs import the
from caselore.store.models import Coder
from caselore.store.permissions import ROLES, require


def make_coder(
    actor: Coder, name: str, *, roles: Iterable[str] = ("coder",), user: Any = None, about: str = "", token: str = ""
) -> Coder:
    """Declare a person who codes, by custom with the role `coder`; `user` is the account, if there is one."""
    require(actor, "people")
    with act(actor, "make_coder", token=token) as done:
        if done.repeated:
            return the(Coder, done.repeated.subject)
        name = name.strip()
        if not name or len(name) > 150:
            raise StoreError("A coder's name has from 1 to 150 characters.")
        if _taken(name):
            raise StoreError(f"There is a coder '{name}' already; choose another name.")
        user_id = user.pk if user is not None else None
        return done.new(Coder(name=name, roles=_roles(roles), user_id=user_id, about=about))


def set_roles(actor: Coder, coder: Coder | str, roles: Iterable[str], *, token: str = "") -> Coder:
    """Give a person these roles and no others; the last administrator keeps his."""
    require(actor, "people")
    with act(actor, "set_roles", token=token) as done:
        found = _person(coder)
        if done.repeated:
            return found
        wanted = _roles(roles)
        if "administrator" not in wanted:
            _keep_one(found)
        return done.change(found, roles=wanted)


def set_active(actor: Coder, coder: Coder | str, active: bool, *, token: str = "") -> Coder:
    """Let a person go, or take him back; what he decided stays."""
    require(actor, "people")
    with act(actor, "set_active", token=token) as done:
        found = _person(coder)
        if done.repeated:
            return found
        if not active:
            _keep_one(found)
        return done.change(found, active=active)


def link_user(actor: Coder, coder: Coder | str, user: Any, *, token: str = "") -> Coder:
    """Join a person to the account that he signs in with; None parts them."""
    require(actor, "people")
    with act(actor, "link_user", token=token) as done:
        found = _person(coder)
        return found if done.repeated else done.change(found, user_id=user.pk if user is not None else None)


def reset_password(actor: Coder, coder: Coder | str, *, way: str, token: str = "") -> None:
    """Record that a person was given a new password, by a `link` or ``typed``; the caller has set it."""
    require(actor, "people")
    with act(actor, "reset_password", token=token) as done:
        if not done.repeated:
            done.tell(_person(coder), way=way)


def part_organisation(actor: Coder, coder: Coder | str, *, issuer: str, token: str = "") -> None:
    """Record that a person was parted from the organisation's account by which he signed in."""
    require(actor, "people")
    with act(actor, "part_organisation", token=token) as done:
        if not done.repeated:
            done.tell(_person(coder), issuer=issuer)


def _taken(name: str) -> bool:
    return bool(Coder.objects.filter(name__iexact=name).exists())


def _roles(roles: Iterable[str]) -> list[str]:
    wanted = sorted(set(roles))
    unknown = [role for role in wanted if role not in ROLES]
    if unknown:
        raise StoreError(f"There is no role '{unknown[0]}'; choose from {', '.join(ROLES)}.")
    return wanted


def _person(ref: Coder | str) -> Coder:
    found = the(Coder, ref)
    if found.machine:
        raise StoreError(f"{found.name} is a proposer; it has no roles and no account.")
    return found


def _keep_one(found: Coder) -> None:
    """Refuse to take the last administrator away: nobody could give the role back."""
    others = Coder.objects.filter(machine=False, active=True).exclude(pk=found.pk)
    if "administrator" in found.roles and not any("administrator" in other.roles for other in others):
        raise StoreError(f"{found.name} is the only administrator; make another one first.")
