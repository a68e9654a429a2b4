"""The way to the organisation's own sign-in page and back."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from caselore.workbench import oidc
from caselore.workbench.forms import SignInForm, dressed
from caselore.workbench.views.session import BACKEND

log = logging.getLogger("caselore.workbench")
WANTED = "wanted after sign-in"


def _provider() -> oidc.Provider:
    found: oidc.Provider | None = settings.CASELORE_OIDC
    if found is None:
        raise Http404
    return found


@login_not_required
@require_GET
def start(request: Any) -> HttpResponse:
    """On to the provider; where the visitor was going is kept in the session."""
    provider = _provider()
    request.session[WANTED] = request.GET.get("next", "")[:500]
    try:
        return HttpResponseRedirect(oidc.away(provider, request, request.build_absolute_uri(reverse("oidc-back"))))
    except oidc.Refused as error:
        return _refused(request, provider, error, status=502)


@login_not_required
@require_GET
def back(request: Any) -> HttpResponse:
    """Back from the provider: in, if its word holds and an administrator made the person."""
    provider = _provider()
    wanted = request.session.pop(WANTED, "")
    try:
        user = oidc.person_of(provider, oidc.claims_of(provider, request))
    except oidc.Refused as error:
        return _refused(request, provider, error, status=403)
    login(request, user, backend=BACKEND)
    own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if wanted and own else reverse("home"))


def _refused(request: Any, provider: oidc.Provider, error: Exception, *, status: int) -> HttpResponse:
    """The sign-in page with one sentence; why goes to the log of who keeps the study."""
    log.warning("sign-in by %s refused: %s", provider.name, error)
    words = {"form": dressed(SignInForm()), "next": "", "organisation": provider, "astray": True}
    return render(request, "workbench/sign_in.html", words, status=status)
