"""The door: strangers are turned away, passwords are guarded, keys open once, answers carry the policy."""

from __future__ import annotations

from datetime import timedelta

import django_ready
import pytest


def test_a_stranger_is_sent_to_the_door(client_of) -> None:
    answer = client_of().get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


def test_a_person_comes_in_by_password_and_goes(coder, client_of) -> None:
    coder("ann", "coder")
    client = client_of()
    answer = client.post("/sign-in/", {"name": "ann", "password": django_ready.PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert "ann" in answer.content.decode()
    client.post("/sign-out/")
    assert client.get("/").status_code == 302


def test_only_our_own_addresses_are_gone_on_to(coder, client_of) -> None:
    coder("ann", "coder")
    words = {"name": "ann", "password": django_ready.PASSWORD, "next": "https://elsewhere.example/"}
    assert client_of().post("/sign-in/", words).headers["Location"] == "/"


def test_five_wrong_passwords_lock_the_name_even_for_the_right_one(coder, client_of) -> None:
    coder("ann", "coder")
    client = client_of()
    for _ in range(5):
        assert client.post("/sign-in/", {"name": "ann", "password": "wrong"}).status_code == 403
    assert client.post("/sign-in/", {"name": "Ann", "password": django_ready.PASSWORD}).status_code == 403
    from caselore.workbench.models import Refusal

    Refusal.objects.update(at=Refusal.objects.first().at - timedelta(minutes=16))
    assert client.post("/sign-in/", {"name": "ann", "password": django_ready.PASSWORD}).status_code == 302


def test_a_form_without_its_token_is_refused(coder, client_of) -> None:
    answer = client_of(coder("ann", "coder"), strict=True).post("/sign-out/")
    assert answer.status_code == 403
    assert "gone stale" in answer.content.decode()


def test_a_key_opens_a_study_of_ones_own_once(study, client_of, settings_changed) -> None:
    from caselore.workbench import door

    settings_changed(CASELORE_TEAM=False)
    address = f"/open/{door.new_key()}/"
    assert client_of().get(address).headers["Location"] == "/"
    assert client_of().get(address).headers["Location"] == "/sign-in/"


def test_no_key_opens_the_study_of_a_team(study, client_of) -> None:
    from caselore.workbench import door

    assert client_of().get(f"/open/{door.new_key()}/").headers["Location"] == "/sign-in/"


def test_an_idle_session_ends(coder, client_of) -> None:
    from caselore.workbench.signed_in import LAST_ACT

    client = client_of(coder("ann", "coder"))
    assert client.get("/").status_code == 200
    session = client.session
    session[LAST_ACT] -= 3601
    session.save()
    assert client.get("/").status_code == 302


def test_who_is_made_inactive_is_out_at_once(coder, client_of, owner) -> None:
    from caselore.store.actions.people import set_active

    ann = coder("ann", "coder")
    client = client_of(ann)
    assert client.get("/").status_code == 200
    set_active(owner, ann, False)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("address", ["/", "/sign-in/", "/nowhere/"])
def test_every_answer_carries_the_policy(client_of, owner, address: str) -> None:
    answer = client_of(owner).get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_lost_database_is_a_calm_page(client_of, owner, monkeypatch) -> None:
    from django.db import OperationalError

    from caselore.workbench.views import start

    def gone(*_: object, **__: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(start, "render", gone)
    answer = client_of(owner).get("/")
    assert answer.status_code == 503
    assert "cannot be reached" in answer.content.decode()


def test_weak_passwords_are_refused(study) -> None:
    from caselore.errors import StudyError
    from caselore.workbench.accounts import make_account

    for weak in ("short", "password123456", "123456789012345"):
        with pytest.raises(StudyError, match="will not do"):
            make_account("ann", weak, roles=("coder",))
    make_account("ann", django_ready.PASSWORD, roles=("coder",))
