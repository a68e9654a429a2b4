"""The door: who may enter, and where to go from there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from caselore.store import opening
from caselore.workbench import door
from caselore.workbench.forms import SignInForm, dressed

BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; a single user's study is opened by its key and needs neither."""
    form = SignInForm(request.POST or None)
    refused = False
    if request.method == "POST" and form.is_valid():
        user = door.let_in(request, form.cleaned_data["name"], form.cleaned_data["password"])
        if user is not None:
            login(request, user, backend=BACKEND)
            return redirect(_wanted(request))
        refused = True
    words = {"form": dressed(form), "refused": refused, "next": request.GET.get("next", ""), "locked": door.LOCKED_FOR}
    words["organisation"] = settings.CASELORE_OIDC
    return render(request, "workbench/sign_in.html", words, status=403 if refused else 200)


def _wanted(request: HttpRequest) -> str:
    """Where the visitor was going, if it is one of our own addresses."""
    asked = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if own and asked else reverse("home")


@login_not_required
@require_http_methods(["GET"])
def open_with_key(request: HttpRequest, key: str) -> HttpResponse:
    """Signs the single user in by the key that `caselore serve` made; a used or old key leads to the sign-in page."""
    if settings.CASELORE_TEAM or not door.take_key(key):
        return redirect("sign-in")
    user = opening.owner().user
    if user is None:
        return redirect("sign-in")
    login(request, user, backend=BACKEND)
    return redirect("home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    logout(request)
    return redirect("sign-in")


@require_http_methods(["GET", "POST"])
def change_password(request: Any) -> HttpResponse:
    """A new password, by the rules of the settings; other sessions of the person end."""
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        return redirect("home")
    status = 400 if request.method == "POST" else 200
    return render(request, "workbench/password.html", {"form": dressed(form)}, status=status)
