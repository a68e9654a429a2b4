"""Every address with values that no page of ours sends, on both databases: refused or taken, never an error of ours."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django_ready
import hostile_study
import pytest
import throwaway_postgresql

from caselore.study import Study, make_study

PAGES = Path(__file__).resolve().parents[2] / "caselore" / "workbench"
ALONE = {
    "mixed": "", "NUL": "a\0b", "huge": "9" * 40, "a digit that is none": "²", "deep": "[" * 1100,
    "spans": '[{"start": -1, "end": 99999999999999999999}]',
}  # fmt: skip
"""What all values of one request are; where nothing stands, each is another of `MIXED`."""

MIXED = {
    "below nought": "-1", "nought": "0", "beyond 64 bits": str(2**63), "beyond 32 bits": str(2**31), "long": "x" * 4000,
    "no number": "nan", "endless": "1e999", "digits of elsewhere": "١٢", "a list": "[]", "an object": '{"start": 1}',
    "odd things": '[null, {}, [], 1e400, "x", -1]', "a date": "2026-02-31", "year nought": "0000-00-00",
    "text": "'\"<>&%s{}\\ \u202e\u2028", "parts": "a:b:c", "dots": "../..", "true": "true", "infinite": "-inf",
    "pattern": "(((%_*?", "quotes": '"" OR NEAR(a b, 5) AND "', "a minus": "-",
}  # fmt: skip

ODD_ADDRESSES = (
    "/search/?words=%ff%fe", "/search/?words=%00", "/search/?words=%ED%A0%80", "/?%00=%00", "/cases/?page=%F0",
    "/case/%00/", "/case/%ff/", "/static/%00", "/static/..%2f..%2fcaselore.toml", "/released/%2e%2e/",
    "/release/..%2f..%2fx.zip",
)  # fmt: skip
ODD_HEADERS: tuple[dict[str, str], ...] = (
    {}, {"Cookie": "caselore_session=%00" + "x" * 3000}, {"Accept": "\x80" * 10},
    {"Range": "bytes=-99999999999999999999"}, {"If-Modified-Since": "99999"},
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def study(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    """An empty study of a team, once on each database."""
    from caselore.store.connect import disconnect

    monkeypatch.delenv("DATABASE_URL", raising=False)
    if request.param == "postgresql":
        monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("server"))
    made = make_study(tmp_path / "study", title="A study for tests", mode="team", blind_share=0.0)
    django_ready.opened(made, team=True)
    yield made
    disconnect()


@pytest.fixture
def server() -> Iterator[str]:
    """A PostgreSQL database of one's own."""
    if throwaway_postgresql.binaries() is None:
        if "postgresql" in os.environ.get("CASELORE_REQUIRE", ""):
            pytest.fail(throwaway_postgresql.MISSING)
        pytest.skip(throwaway_postgresql.MISSING)
    with throwaway_postgresql.server() as address:
        throwaway_postgresql.run_sql(address, "CREATE DATABASE study")
        yield address.format(name="study")


@pytest.fixture
def world(study: Study, owner: Any, coder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A study with something behind every address; name -> address."""
    from caselore.workbench import intake

    monkeypatch.setattr(intake, "send_proposers", lambda: None)
    ann, ben = coder("ann", "coder"), coder("ben", "coder")
    return hostile_study.every_address(hostile_study.fill(owner, ann, ben, tmp_path / "hostile"))


def names() -> list[str]:
    """Every name that a view, a form or a template knows."""
    found: set[str] = set()
    for path in PAGES.rglob("*.py"):
        words = path.read_text("utf-8")
        found |= set(re.findall(r"""(?:GET|POST|told|asked|query|data)(?:\.get|\.getlist)?[\[(]"([a-z_]+)\"""", words))
        found |= set(re.findall(r"^    ([a-z_]+) = forms\.", words, re.MULTILINE))
    for path in PAGES.rglob("*.html"):
        found |= set(re.findall(r'name="([a-z_]+)"', path.read_text("utf-8")))
    assert len(found) > 60
    return sorted(found)


def test_no_value_is_an_error_of_ours(world: dict[str, str], owner: Any, client_of: Any) -> None:
    from caselore.store.proof import prove

    known, wrong, client = names(), [], client_of(owner)
    for what, value in ALONE.items():
        for name, address in world.items():
            if name in ("sign-out", "log-export", "log-prove", "password") or "download" in name:
                continue
            values = list(MIXED.values())
            many = {key: value or values[(n + len(name)) % len(values)] for n, key in enumerate(known)}
            asked, sent = (
                client.get(address, {key: each[:300] for key, each in many.items()}),
                client.post(address, many),
            )
            wrong += [f"{name} {what}: {each.status_code}" for each in (asked, sent) if each.status_code >= 500]
    assert wrong == []
    assert prove().faults == ()


def test_no_body_is_an_error_of_ours(world: dict[str, str], owner: Any, client_of: Any) -> None:
    wrong, client = [], client_of(owner)
    bodies = (
        ("application/json", b'{"words": "x"}'), ("application/json", b"\xff\xfe{"), ("text/plain", b"words=x"),
        ("multipart/form-data", b"no boundary"), ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data; boundary=" + "x" * 500, b"--x"), ("application/x-www-form-urlencoded", b"%FF%00&;==&%"),
        ("application/x-www-form-urlencoded; charset=none-such", b"words=x"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"words=x\xff"),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(3000))), ("", b""),
    )  # fmt: skip
    for name, address in world.items():
        if name == "sign-out":
            continue
        for kind, body in bodies:
            answer = client.generic("POST", address, body, content_type=kind)
            if answer.status_code >= 500:
                wrong.append(f"{name} {kind}: {answer.status_code}")
    for ask in ODD_ADDRESSES:
        for headers in ODD_HEADERS:
            answer = client.get(ask, headers=headers)
            if answer.status_code >= 500:
                wrong.append(f"{ask} {headers}: {answer.status_code}")
    assert wrong == []
