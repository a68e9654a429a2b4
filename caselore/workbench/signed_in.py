"""Who is asking: a request comes in and carries its coder from here on; a view names the act that it requires."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from caselore import __version__
from caselore.store.models import Coder
from caselore.store.permissions import ROLE_ACTS, may, require
from caselore.store.prepared import PreparedRows
from caselore.workbench.settings import SESSION_IDLE

LAST_ACT = "last act"
NOTED_EVERY_S = 120
"""The time of the last act is written to the session no oftener than this."""

View = Callable[..., HttpResponse]


class Asked(HttpRequest):
    """A request with its coder, for type checkers."""

    coder: Coder


_CODER = PreparedRows(Coder, lambda user: Coder.objects.filter(user=user, active=True))


class SignedIn:
    """Middleware: gives the request its coder, ends idle sessions of a team, turns inactive people away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.coder = None
        if request.user.is_authenticated:
            request.coder = next(iter(_CODER(user=request.user.pk)), None)
            if request.coder is None or _idle(request):
                logout(request)
                return redirect("sign-in")
        return self.get_response(request)


def _idle(request: HttpRequest) -> bool:
    """Whether the session slept too long; notes the time of this act."""
    now, last = int(time.time()), request.session.get(LAST_ACT)
    if settings.CASELORE_TEAM and last is not None and now - last > SESSION_IDLE.total_seconds():
        return True
    if last is None or now - last > NOTED_EVERY_S:
        request.session[LAST_ACT] = now
    return False


def requires(act: str) -> Callable[[View], View]:
    """A view that only a coder with the act may enter; for anybody else NotAllowed, which is drawn as a page."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **words: Any) -> HttpResponse:
            require(request.coder, act)
            return view(request, *args, **words)

        guarded.required_act = act  # type: ignore[attr-defined]  # the test of every address reads it
        return guarded

    return guard


def on_every_page(request: Any) -> dict[str, Any]:
    """What the frame of every page shows: the study, the coder and what he may do."""
    coder = getattr(request, "coder", None)
    acts = set().union(*ROLE_ACTS.values())
    return {
        "study": settings.CASELORE_STUDY,
        "coder": coder,
        "may": {act: may(coder, act) for act in acts} if coder else {},
        "version": __version__,
    }
