"""Sign-in by an organisation's accounts (OpenID Connect): the table `[oidc]` of a study's file comes in, who is let in
goes out.

Nobody registers himself: an administrator makes the person, whose name is what the provider says in one claim. At the
first sign-in the person is bound to the provider's own, unchanging id of the account; from then on that id decides, so
a name that is given to somebody else later opens nothing.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from caselore.errors import StudyError
from caselore.study import FILE, Study

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that are accepted; none that a shared secret makes, and no unsigned token."""

SCOPE = "openid profile email"
CLAIMS = ("preferred_username", "email", "sub")
LOCAL = ("localhost", "127.0.0.1", "::1")
WAIT_S = 10
LEEWAY_S = 60
"""By how much the provider's clock may be wrong."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose accounts are accepted; `claim` holds the person's name, the secret is in the environment."""

    issuer: str
    client_id: str
    secret_env: str
    name: str
    claim: str

    @property
    def secret(self) -> str:
        """The client's secret. Raises StudyError where the environment has none."""
        found = os.environ.get(self.secret_env, "")
        if not found:
            raise StudyError(f"Sign-in by {self.name} needs its secret in the environment variable {self.secret_env}.")
        return found


class Refused(Exception):
    """The provider's answer is not taken; its words are for who keeps the study, not for the visitor."""


def provider_of(study: Study) -> Provider | None:
    """The provider that the study's file names, if it names one. Raises StudyError on what cannot be meant."""
    file = study.path / FILE
    told = tomllib.loads(file.read_text(encoding="utf-8")).get("oidc") if file.is_file() else None
    if told is None:
        return None

    def wrong(what: str) -> StudyError:
        return StudyError(f"{file}: [oidc] {what}.")

    known = {"issuer", "client_id", "client_secret_env", "name", "claim"}
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise wrong("has to hold texts in quotes")
    if told.keys() - known:
        raise wrong(f"knows no '{min(told.keys() - known)}'; choose from {', '.join(sorted(known))}")
    for key in ("issuer", "client_id", "client_secret_env"):
        if not told.get(key):
            raise wrong(f"needs '{key}'")
    issuer, claim = told["issuer"].rstrip("/"), told.get("claim", CLAIMS[0])
    address = urlsplit(issuer)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOCAL):
        raise wrong("'issuer' has to begin with https://")
    if claim not in CLAIMS:
        raise wrong(f"'claim' is {claim!r}; choose one of {', '.join(CLAIMS)}")
    _library()
    provider = Provider(issuer, told["client_id"], told["client_secret_env"], told.get("name") or address.netloc, claim)
    assert provider.secret  # said now, and not to the first visitor
    return provider


def _library() -> Any:
    try:
        from authlib.integrations import django_client
    except ImportError:
        raise StudyError("Sign-in by an organisation's accounts needs: pip install 'caselore[team]'.") from None
    return django_client


def client(provider: Provider) -> Any:
    """The client of the provider: the code flow with state, nonce and PKCE."""
    made = _library().OAuth().register(
        "caselore", client_id=provider.client_id, client_secret=provider.secret,
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": SCOPE, "code_challenge_method": "S256", "default_timeout": WAIT_S},
    )  # fmt: skip
    told = made.load_server_metadata()
    if str(told.get("issuer", "")).rstrip("/") != provider.issuer:
        raise Refused(f"the provider calls itself {told.get('issuer')!r}")
    made.server_metadata["id_token_signing_alg_values_supported"] = list(ALGORITHMS)
    return made


def away(provider: Provider, request: Any, back: str) -> str:
    """The provider's address to send the visitor to; `back` is ours. Raises Refused where it does not answer."""
    with _astray():
        return str(client(provider).authorize_redirect(request, back).headers["Location"])


@contextmanager
def _astray() -> Iterator[None]:
    """Whatever the provider's side or its library raises is a refusal, and no error of ours."""
    import requests
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError

    try:
        yield
    except (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError, RuntimeError) as error:
        raise Refused(f"{type(error).__name__}: {error}") from error


def claims_of(provider: Provider, request: Any) -> Mapping[str, Any]:
    """What a verified token says of the visitor who comes back from the provider. Raises Refused."""
    with _astray():
        made = client(provider)
        wanted = {
            "iss": {"essential": True, "value": made.server_metadata["issuer"]},
            "aud": {"essential": True, "value": provider.client_id},
            "exp": {"essential": True}, "sub": {"essential": True}, "nonce": {"essential": True},
        }  # fmt: skip
        token = made.authorize_access_token(request, claims_options=wanted, leeway=LEEWAY_S)
    found = token.get("userinfo")  # of the signed token, never of an answer without a signature
    if not found:
        raise Refused("the provider sent no token that tells who it is")
    return dict(found)


def person_of(provider: Provider, claims: Mapping[str, Any]) -> Any:
    """The account of the person whom the claims name. Raises Refused where no administrator made one."""
    from django.contrib.auth.models import User
    from django.db import transaction

    from caselore.workbench.models import Organisation

    subject = str(claims["sub"])
    with transaction.atomic():
        bound = Organisation.objects.filter(issuer=provider.issuer, subject=subject).select_related("user").first()
        if bound is not None:
            return _working(bound.user)
        name = str(claims.get(provider.claim) or "")
        if provider.claim == "email" and claims.get("email_verified") is not True:
            raise Refused("the provider has not verified the address")
        user = User.objects.filter(username__iexact=name).first() if name else None
        if user is None:
            raise Refused(f"no administrator made a person of the name {name!r}")
        if Organisation.objects.filter(user=user, issuer=provider.issuer).exists():
            raise Refused(f"{name!r} is bound to another account of the provider")
        _working(user)
        Organisation.objects.create(user=user, issuer=provider.issuer, subject=subject)
    return user


def _working(user: Any) -> Any:
    from caselore.store.models import Coder

    if not user.is_active or not Coder.objects.filter(user=user, active=True, machine=False).exists():
        raise Refused(f"{user.username!r} is not active in this study")
    return user
