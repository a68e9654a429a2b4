"""Requests that no page of ours sends: forged, from elsewhere, by other methods, to other hosts, old sessions."""

from __future__ import annotations

from typing import Any

import django_ready
import hostile_study
import pytest
from django.http import HttpResponse

from caselore.workbench.policy import HEADERS

WRITES = ("put", "patch", "delete", "trace", "options", "head")
NOT_THERE = "0123456789abcdef012345"


@pytest.fixture
def world(study: Any, owner: Any, coder: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A study with something behind every address; name -> address."""
    from caselore.workbench import intake

    monkeypatch.setattr(intake, "send_proposers", lambda: None)
    ann, ben = coder("ann", "coder"), coder("ben", "coder")
    return hostile_study.every_address(hostile_study.fill(owner, ann, ben, tmp_path / "hostile"))


def state() -> tuple[int, str]:
    """How far the log is."""
    from caselore.store.models import Head

    head = Head.objects.get()
    return head.sequence, head.hash


def test_no_form_is_taken_without_its_token_and_no_other_method_does_anything(
    world: dict[str, str], owner: Any, client_of: Any
) -> None:
    client, before = client_of(owner, strict=True), state()
    for name, address in world.items():
        answer = client.post(address, {"name": "x", "reason": "x"})
        assert answer.status_code == 403, f"{name} took a form without its token: {answer.status_code}"
        for method in WRITES:
            answer = getattr(client, method)(address)
            assert answer.status_code < 500, f"{method} {name}"
            if method in ("put", "patch", "delete"):
                assert answer.status_code in (403, 404, 405), f"{method} {name}: {answer.status_code}"
        answer = client.get(address, headers={"X-HTTP-Method-Override": "POST"})
        assert answer.status_code < 500
    assert state() == before


def test_a_form_from_another_site_is_refused_even_with_a_token(owner: Any, client_of: Any, study: Any) -> None:
    client = client_of(owner, strict=True)
    client.get("/people/")
    token = client.cookies["caselore_csrf"].value
    for origin, status in (("https://elsewhere.example", 403), ("null", 403), ("http://testserver", 302)):
        answer = client.post("/sign-out/", headers={"X-CSRFToken": token, "Origin": origin})
        assert answer.status_code == status


def test_every_answer_forbids_frames_scripts_of_others_and_guessed_kinds(
    world: dict[str, str], owner: Any, client_of: Any
) -> None:
    for visitor in (client_of(owner), client_of()):
        for name, address in world.items():
            answer: HttpResponse = visitor.get(address)
            assert answer.status_code < 500, name
            for header in HEADERS.keys() - {"Cache-Control"}:
                if answer.headers[header] == "default-src 'none'; sandbox":
                    continue  # an attached file: stricter still
                assert answer.headers[header] == HEADERS[header], f"{name}: {header}"
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            assert "\r" not in str(answer.headers)
            if name != "coding-codes":
                assert answer.headers["Cache-Control"] == "no-store", name
            visitor.get(world["home"])


def test_what_is_downloaded_is_saved_and_its_name_makes_no_header(
    world: dict[str, str], owner: Any, client_of: Any
) -> None:
    client = client_of(owner)
    for name in ("attachment", "agreement-download", "register-csv", "log-export"):
        answer = client.get(world[name])
        assert answer.status_code == 200, name
        saved = answer.headers["Content-Disposition"]
        assert saved.startswith("attachment"), f"{name}: {saved}"
        assert not set("\r\n") & set(saved), saved
        assert "X-Harm" not in answer.headers
        assert "html" not in answer.headers["Content-Type"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../caselore.toml", "/static/%2e%2e/%2e%2e/caselore.toml", "/static/workbench/..%2f..%2fsettings.py",
        "/static//etc/passwd", "/static/workbench/%00", "/static/workbench/base.css%00.html", "/.secret-key",
        "/store.sqlite3", "/release/..%2f..%2fcaselore.toml.zip", "/release/%2e%2e.zip", "/release/%2fetc.zip",
        "/register/file/..%2f..%2fcaselore.toml/", "/case/..%2f..%2f/", "/documents/..%2fcaselore.toml",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_pages(path: str, owner: Any, client_of: Any) -> None:
    answer = client_of(owner).get(path)
    assert answer.status_code in (403, 404)
    assert "Traceback" not in answer.content.decode()


def test_an_id_of_elsewhere_and_one_that_is_nowhere_are_answered_alike(
    world: dict[str, str], study: Any, owner: Any, coder: Any, client_of: Any
) -> None:
    """A trainer, who may see released cases only, asks for one that is not released, and for one that never was."""
    from caselore.store.models import Case

    hidden = Case.objects.first().pk
    eve = client_of(coder("eve", "trainer"))
    for address in ("/case/{}/", "/case/{}/leaf/0/", "/released/{}/", "/search/like/{}/", "/settle/{}/"):
        there, nowhere = (eve.get(address.format(key)) for key in (hidden, NOT_THERE))
        assert there.status_code == nowhere.status_code
        assert there.status_code in (403, 404)
        assert there.content.replace(hidden.encode(), b"") == nowhere.content.replace(NOT_THERE.encode(), b"")
    ann = client_of(coder("zoe", "coder"))
    for name, key in (("recommendation", "register"), ("attachment", "register/file"), ("briefing", "briefing")):
        other = ann.get(f"/{key}/{NOT_THERE}/")
        assert other.status_code in (403, 404), name


def test_the_session_changes_at_sign_in_and_the_old_one_opens_nothing(coder: Any, client_of: Any) -> None:
    coder("ann", "coder")
    client = client_of()
    client.get("/sign-in/")
    session = client.session  # an attacker's: known before the sign-in
    session["planted"] = True
    session.save()
    client.cookies["caselore_session"] = planted = session.session_key
    client.post("/sign-in/", {"name": "ann", "password": django_ready.PASSWORD})
    assert client.cookies["caselore_session"].value != planted
    thief = client_of()
    thief.cookies["caselore_session"] = planted
    assert thief.get("/").status_code == 302
    signed_in = client.cookies["caselore_session"].value
    client.post("/sign-out/")
    thief.cookies["caselore_session"] = signed_in
    assert thief.get("/").status_code == 302


def test_cookies_are_kept_from_scripts_other_sites_and_open_lines(study: Any, coder: Any, client_of: Any) -> None:
    from caselore.workbench.settings import settings_of

    coder("ann", "coder")
    client = client_of()
    client.post("/sign-in/", {"name": "ann", "password": django_ready.PASSWORD})
    cookie = client.cookies["caselore_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    over_https = settings_of(study, team=True, https=True)
    assert over_https["SESSION_COOKIE_SECURE"]
    assert over_https["CSRF_COOKIE_SECURE"]
    assert over_https["SECURE_HSTS_SECONDS"] > 0


@pytest.mark.parametrize(
    "where",
    ["//elsewhere.example", "https:elsewhere.example", "/\\elsewhere.example", "http://testserver@elsewhere.example/",
     "javascript:alert(1)", "\thttps://elsewhere.example", "https://elsewhere.example/?http://testserver/",
     "/\r\nLocation: https://elsewhere.example"],
)  # fmt: skip
def test_no_sign_in_leads_elsewhere(where: str, coder: Any, client_of: Any) -> None:
    coder("ann", "coder")
    client = client_of()
    client.post("/sign-in/", {"name": "ann", "password": django_ready.PASSWORD, "next": where})
    answer = client.post("/sign-in/", {"name": "ann", "password": django_ready.PASSWORD, "next": where})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith(("//", "/\\"))
    assert "\r" not in answer.headers["Location"]


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "testserver.elsewhere.example", "127.0.0.1@elsewhere.example", "a b", "testserver:x"]
)
def test_another_host_is_refused_and_never_repeated(host: str, owner: Any, client_of: Any) -> None:
    for client in (client_of(), client_of(owner)):
        for path in ("/sign-in/", "/people/"):
            answer = client.get(path, headers={"Host": host})
            assert answer.status_code == 400
            assert host not in answer.content.decode()
    answer = client_of(owner).get("/people/", headers={"X-Forwarded-Host": "elsewhere.example"})
    assert "elsewhere" not in answer.content.decode()


def test_behind_a_proxy_forms_are_taken_and_strangers_are_counted_one_by_one(
    study: Any, coder: Any, client_of: Any, settings_changed: Any
) -> None:
    from django.conf import settings

    from caselore.workbench.models import Refusal

    settings_changed(MIDDLEWARE=["caselore.workbench.policy.Proxied", *settings.MIDDLEWARE])
    coder("ann", "coder")
    client = client_of(strict=True)
    client.get("/sign-in/", headers={"X-Forwarded-For": "203.0.113.9", "Host": "testserver"})
    sent = {
        "X-CSRFToken": client.cookies["caselore_csrf"].value, "Origin": "https://testserver",
        "Host": "testserver", "Referer": "https://testserver/sign-in/",
        "X-Forwarded-For": "198.51.100.1, 203.0.113.9",  # the first one is what the visitor wrote himself
    }  # fmt: skip
    answer = client.post("/sign-in/", {"name": "ann", "password": "wrong"}, headers=sent)
    assert "do not fit" in answer.content.decode()
    assert Refusal.objects.get().address == "203.0.113.9"
    answer = client.post("/sign-in/", {"name": "ann", "password": django_ready.PASSWORD}, headers=sent)
    assert answer.status_code == 302


def test_an_address_that_tries_many_names_is_locked_out(coder: Any, client_of: Any) -> None:
    coder("ann", "coder")
    client = client_of()
    for n in range(20):
        client.post("/sign-in/", {"name": f"guess{n}", "password": "wrong"})
    assert client.post("/sign-in/", {"name": "ann", "password": django_ready.PASSWORD}).status_code == 403
    elsewhere = client_of()
    answer = elsewhere.post("/sign-in/", {"name": "ann", "password": django_ready.PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 302
