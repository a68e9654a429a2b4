"""Sign-in: the single user's one-time key, passwords with a lock-out after repeated refusals."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from threading import Lock

from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from caselore.workbench.models import Refusal

KEY_LIVES_S = 600
LOCKED_AFTER = 5
LOCKED_FOR = timedelta(minutes=15)

_keys: dict[str, float] = {}
_lock = Lock()


def new_key() -> str:
    """A key that opens the door once, within ten minutes, in this process."""
    key = secrets.token_urlsafe(32)
    with _lock:
        _keys[key] = time.monotonic() + KEY_LIVES_S
    return key


def take_key(key: str) -> bool:
    """Whether the key fits; it never does again."""
    with _lock:
        until = _keys.pop(key, 0.0)
    return time.monotonic() < until


def locked(name: str, address: str) -> bool:
    """Whether the name, or everything from the address, was refused too often of late."""
    since = timezone.now() - LOCKED_FOR
    recent = Refusal.objects.filter(at__gte=since)
    by_name = recent.filter(name=name.lower()).count()
    return by_name >= LOCKED_AFTER or recent.filter(address=address).count() >= 4 * LOCKED_AFTER


def let_in(request: HttpRequest, name: str, password: str) -> User | None:
    """The user whose password it is, or None; a refusal is remembered, a welcome forgets them."""
    address = request.META.get("REMOTE_ADDR", "")
    if locked(name, address):
        return None
    user = authenticate(request, username=name, password=password)
    if isinstance(user, User):
        Refusal.objects.filter(name=name.lower()).delete()
        return user
    Refusal.objects.create(name=name.lower()[:150], address=address, at=timezone.now())
    Refusal.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()
    return None
