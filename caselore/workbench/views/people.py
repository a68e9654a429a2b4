"""People: who is in the study, with which roles; accounts, passwords and sessions; links that open once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caselore.errors import NotAllowed, StoreError
from caselore.store import queries
from caselore.store.actions import people as acts
from caselore.store.models import Coder
from caselore.workbench.forms import dressed
from caselore.workbench.forms_people import PasswordForm, PersonForm, RolesForm
from caselore.workbench.models import Organisation
from caselore.workbench.signed_in import requires
from caselore.workbench.views.session import BACKEND

LINK_HOURS = 72
"""How long a link opens; the age is Django's PASSWORD_RESET_TIMEOUT."""


@requires("people")
@require_http_methods(["GET", "POST"])
def people(request: Any) -> HttpResponse:
    """Everybody in the study, and the form that makes a person."""
    form, link, made = PersonForm(request.POST or None), "", None
    if request.method == "POST" and form.is_valid():
        made, link = _make(request, form)
        if made is not None and not link:
            return redirect("person", made.pk)
    persons = Coder.objects.filter(machine=False).select_related("user").order_by("-active", "name")
    status = 400 if request.method == "POST" and made is None else 200
    return render(
        request, "workbench/people.html",
        {"form": dressed(PersonForm() if made else form), "persons": persons, "link": link, "made": made,
         "hours": LINK_HOURS, "machines": Coder.objects.filter(machine=True).order_by("name"),
         "team": settings.CASELORE_TEAM},
        status=status,
    )  # fmt: skip


def _make(request: Any, form: PersonForm) -> tuple[Coder | None, str]:
    """The new person, and the link that lets him in where no password was typed."""
    told = form.cleaned_data
    try:
        with transaction.atomic():  # no account without its person
            user = User(username=told["name"])
            _password(user, told)
            made = acts.make_coder(request.coder, told["name"], roles=told["roles"], user=user)
    except NotAllowed:
        raise
    except StoreError as error:
        form.add_error("name", str(error))
        return None, ""
    return made, _link(request, user) if told["way"] == "link" else ""


def _password(user: User, told: dict[str, Any]) -> None:
    if told["way"] == "typed":
        user.set_password(told["password"])
    else:
        user.set_unusable_password()
    user.save()


def _link(request: Any, user: User) -> str:
    """An address by which the person sets a password, once."""
    key = urlsafe_base64_encode(str(user.pk).encode())
    path = reverse("invitation", args=[key, default_token_generator.make_token(user)])
    return str(request.build_absolute_uri(path))


def _person(coder: str) -> Coder:
    return get_object_or_404(Coder.objects.select_related("user"), pk=coder, machine=False)


@requires("people")
@require_GET
def person(request: Any, coder: str) -> HttpResponse:
    """One person: roles, password, sessions, letting go."""
    return _page(request, _person(coder))


def _page(request: Any, found: Coder, *, status: int = 200, **words: Any) -> HttpResponse:
    told = {
        "person": found, "roles_form": dressed(RolesForm(initial={"roles": found.roles})),
        "password_form": dressed(PasswordForm()), "sessions": len(_sessions(found)), "hours": LINK_HOURS,
        "progress": next((row for row in queries.progress(request.coder).by_coder if row[0] == found.name), None),
        "bound": list(Organisation.objects.filter(user=found.user_id)) if found.user_id else [],
        "myself": found.pk == request.coder.pk,
    }  # fmt: skip
    return render(request, "workbench/person.html", told | words, status=status)


@requires("people")
@require_POST
def roles(request: Any, coder: str) -> HttpResponse:
    """Give a person these roles and no others."""
    found, form = _person(coder), RolesForm(request.POST)
    try:
        if form.is_valid():
            acts.set_roles(request.coder, found, form.cleaned_data["roles"])
            return redirect("person", found.pk)
    except NotAllowed:
        raise
    except StoreError as error:
        form.add_error("roles", str(error))
    return _page(request, found, roles_form=dressed(form), status=400)


@requires("people")
@require_POST
def active(request: Any, coder: str) -> HttpResponse:
    """Let a person go, or take him back; who is let go is signed out everywhere."""
    found = _person(coder)
    back = request.POST.get("active") == "1"
    try:
        acts.set_active(request.coder, found, back)
    except NotAllowed:
        raise
    except StoreError as error:
        return _page(request, found, problem=str(error), status=400)
    if not back:
        _end_sessions(found)
    return redirect("person", found.pk)


@requires("people")
@require_POST
def password(request: Any, coder: str) -> HttpResponse:
    """A new password, typed or by a link; the old one and every session end at once."""
    found = _person(coder)
    form = PasswordForm(request.POST, user=found.user)
    if not form.is_valid():
        return _page(request, found, password_form=dressed(form), status=400)
    user = found.user or User(username=found.name)
    with transaction.atomic():
        _password(user, form.cleaned_data)
        if found.user_id != user.pk:
            acts.link_user(request.coder, found, user)
        acts.reset_password(request.coder, found, way=form.cleaned_data["way"])
    _end_sessions(found)
    link = _link(request, user) if form.cleaned_data["way"] == "link" else ""
    return _page(request, _person(coder), link=link, changed=not link)


@requires("people")
@require_POST
def sessions(request: Any, coder: str) -> HttpResponse:
    """Sign a person out everywhere."""
    found = _person(coder)
    _end_sessions(found)
    return redirect("person", found.pk)


@requires("people")
@require_POST
def organisation(request: Any, coder: str) -> HttpResponse:
    """Part a person from the organisation's account; the next one of that name that signs in is bound instead."""
    found = _person(coder)
    with transaction.atomic():
        for bound in Organisation.objects.filter(user=found.user_id):
            acts.part_organisation(request.coder, found, issuer=bound.issuer)
            bound.delete()
    _end_sessions(found)
    return redirect("person", found.pk)


def _sessions(coder: Coder) -> list[Session]:
    """The person's live sessions."""
    rows = Session.objects.filter(expire_date__gte=datetime.now(UTC))
    return (
        [row for row in rows if row.get_decoded().get("_auth_user_id") == str(coder.user_id)] if coder.user_id else []
    )


def _end_sessions(coder: Coder) -> None:
    for session in _sessions(coder):
        session.delete()


@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: Any, key: str, token: str) -> HttpResponse:
    """Where a link leads: the person sets a password and is in; a used or old link says so."""
    user = _invited(key)
    if user is None or not default_token_generator.check_token(user, token):
        return render(request, "workbench/invitation.html", {"stale": True}, status=404)
    form = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.save(), backend=BACKEND)
        return redirect("home")
    status = 400 if request.method == "POST" else 200
    return render(request, "workbench/invitation.html", {"form": dressed(form), "name": user.username}, status=status)


def _invited(key: str) -> User | None:
    try:
        pk = int(force_str(urlsafe_base64_decode(key)))
    except (ValueError, OverflowError):
        return None
    known = Coder.objects.filter(user=pk, active=True, machine=False).select_related("user").first()
    return known.user if known else None
