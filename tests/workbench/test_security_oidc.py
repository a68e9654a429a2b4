"""Sign-in by an organisation's accounts against a real provider process; what is wrong lets nobody in."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("authlib", reason="the extra `team` is not installed")
SECRET = "a secret of the test"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The provider's address, and `play`, which tells it who signs in and what to do wrong."""
    play = tmp_path_factory.mktemp("provider") / "play.json"
    script = Path(__file__).with_name("oidc_provider.py")
    process = subprocess.Popen([sys.executable, str(script), str(play)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().strip()

    def playing(fault: str = "", **who: object) -> None:
        play.write_text(json.dumps({"fault": fault, "who": {"sub": "4711", "preferred_username": "ann"} | who}))

    playing.address = address  # type: ignore[attr-defined]
    yield playing
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def configured(
    provider: Any, study: Any, settings_changed: Any, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Writes [oidc] into the study's file and reads it as the server does."""
    from caselore.workbench.oidc import provider_of

    monkeypatch.setenv("CASELORE_OIDC_SECRET", SECRET)

    def write(**more: str) -> None:
        told = {"issuer": provider.address, "client_id": "caselore-test", "client_secret_env": "CASELORE_OIDC_SECRET"}
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in (told | more).items())
        file = study.path / "caselore.toml"
        file.write_text(file.read_text().split("[oidc]")[0] + "[oidc]\n" + lines)
        settings_changed(CASELORE_OIDC=provider_of(study))

    write(name="Northshire")
    provider()
    return write


def gone_and_back(client: Any, following: str = "") -> str:
    """From our page to the provider, as a browser goes; the address by which it sends the visitor back."""
    there = client.get("/sign-in/organisation/", {"next": following} if following else {})
    assert there.status_code == 302, there.content.decode()
    parts = urlsplit(there.headers["Location"])
    line = http.client.HTTPConnection(parts.netloc, timeout=20)
    line.request("GET", f"{parts.path}?{parts.query}")
    back = line.getresponse()
    line.close()
    assert back.status == 302
    return urlsplit(back.headers["Location"])._replace(scheme="", netloc="").geturl()


def test_a_person_made_by_an_administrator_comes_in(configured: Any, coder: Any, client_of: Any) -> None:
    coder("ann", "coder")
    client = client_of()
    assert "Sign in by Northshire" in client.get("/sign-in/").content.decode()
    answer = client.get(gone_and_back(client, "/cases/"))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/cases/")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "fault",
    ["nonce", "no nonce", "audience", "issuer", "expired", "signature", "unsigned", "shared secret", "no token"],
)
def test_a_wrong_token_lets_nobody_in(fault: str, configured: Any, provider: Any, coder: Any, client_of: Any) -> None:
    coder("ann", "coder")
    provider(fault)
    client = client_of()
    answer = client.get(gone_and_back(client))
    assert answer.status_code == 403
    assert "did not let you in" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_a_way_back_that_another_browser_began_is_refused(configured: Any, coder: Any, client_of: Any) -> None:
    coder("ann", "coder")
    begun, other = client_of(), client_of()
    back = gone_and_back(begun)
    assert other.get(back).status_code == 403  # nobody is signed in by a link that he was sent
    forged = back.replace("state=", "state=x")
    assert begun.get(forged).status_code == 403
    assert begun.get("/sign-in/organisation/back/").status_code == 403
    assert begun.get("/sign-in/organisation/back/?error=access_denied&state=x").status_code == 403
    assert begun.get(back).status_code == 302
    assert begun.get(back).status_code == 403  # once


def test_nobody_registers_himself(configured: Any, provider: Any, coder: Any, client_of: Any, owner: Any) -> None:
    from django.contrib.auth.models import User

    from caselore.store.actions.people import set_active
    from caselore.store.models import Coder

    before = (User.objects.count(), Coder.objects.count())
    provider(preferred_username="stranger")
    client = client_of()
    assert client.get(gone_and_back(client)).status_code == 403
    assert (User.objects.count(), Coder.objects.count()) == before
    provider()
    set_active(owner, coder("ann", "coder"), False)
    assert client.get(gone_and_back(client)).status_code == 403


def test_a_name_given_to_somebody_else_later_opens_nothing(
    configured: Any, provider: Any, coder: Any, client_of: Any
) -> None:
    coder("ann", "coder")
    client = client_of()
    assert client.get(gone_and_back(client)).status_code == 302
    provider(sub="4712")
    other = client_of()
    assert other.get(gone_and_back(other)).status_code == 403
    provider(preferred_username="ann.married")
    again = client_of()
    assert again.get(gone_and_back(again)).status_code == 302


def test_an_administrator_parts_a_person_from_an_account(
    configured: Any, provider: Any, coder: Any, client_of: Any
) -> None:
    from caselore.store.models import Event
    from caselore.store.proof import prove

    ann, fay = coder("ann", "coder"), coder("fay", "administrator")
    client, other, admin = client_of(), client_of(), client_of(fay)
    assert "Part from this account" not in admin.get(f"/people/{ann.pk}/").content.decode()
    assert client.get(gone_and_back(client)).status_code == 302
    provider(sub="4712")
    assert other.get(gone_and_back(other)).status_code == 403
    page = admin.get(f"/people/{ann.pk}/").content.decode()
    assert "Part from this account" in page
    assert "4711" in page
    assert client_of(ann).post(f"/people/{ann.pk}/organisation/").status_code == 403
    assert admin.post(f"/people/{ann.pk}/organisation/").status_code == 302
    assert client.get("/").status_code == 302, "the session of the old account lives on"
    event = Event.objects.order_by("-sequence").first()
    assert (event.verb, event.subject, event.actor) == ("part_organisation", ann.pk, fay.pk)
    assert other.get(gone_and_back(other)).status_code == 302
    admin.post(f"/people/{fay.pk}/organisation/")  # nothing to part: no event
    assert Event.objects.order_by("-sequence").first().pk == event.pk
    assert prove().holds


def test_an_address_counts_only_if_the_provider_has_verified_it(
    configured: Any, provider: Any, coder: Any, client_of: Any
) -> None:
    coder("ann@northshire.example", "coder")
    configured(claim="email")
    client = client_of()
    for verified, status in ((False, 403), ("true", 403), (True, 302)):
        provider(email="Ann@northshire.example", email_verified=verified)
        assert client.get(gone_and_back(client)).status_code == status


def test_the_session_changes_at_sign_in_and_no_foreign_address_is_gone_on_to(
    configured: Any, coder: Any, client_of: Any
) -> None:
    coder("ann", "coder")
    client = client_of()
    back = gone_and_back(client, "https://elsewhere.example/")
    before = client.session.session_key
    assert client.get(back).headers["Location"] == "/"
    assert client.session.session_key != before


def test_it_is_off_unless_configured(study: Any, client_of: Any) -> None:
    assert client_of().get("/sign-in/organisation/").status_code == 404
    assert client_of().get("/sign-in/organisation/back/").status_code == 404
    assert "organisation/" not in client_of().get("/sign-in/").content.decode()


def test_a_provider_that_does_not_answer_is_told(configured: Any, client_of: Any, settings_changed: Any) -> None:
    from caselore.workbench.oidc import Provider

    settings_changed(CASELORE_OIDC=Provider("http://127.0.0.1:9", "c", "CASELORE_OIDC_SECRET", "Away", "sub"))
    assert client_of().get("/sign-in/organisation/").status_code == 502


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"issuer": "http://accounts.example"}, "begin with https"),
        ({"claim": "nickname"}, "choose one of"),
        ({"client_secret": "in the file"}, "knows no 'client_secret'"),
        ({"client_id": ""}, "needs 'client_id'"),
        ({"client_secret_env": "CASELORE_NOT_SET"}, "CASELORE_NOT_SET"),
    ],
)
def test_what_cannot_be_meant_is_said_at_the_start(configured: Any, more: dict[str, str], says: str) -> None:
    from caselore.errors import StudyError

    with pytest.raises(StudyError, match=says):
        configured(**more)


def test_the_request_asks_for_a_code_with_state_nonce_and_pkce(configured: Any, client_of: Any) -> None:
    asked = parse_qs(urlsplit(client_of().get("/sign-in/organisation/").headers["Location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))
