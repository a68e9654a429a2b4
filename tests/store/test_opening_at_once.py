"""A study that several processes make, open, fill and serve at once; an older one, a newer one, one to be read only."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from throwaway_postgresql import run_sql

Begin = Callable[..., "subprocess.Popen[str]"]
Ended = tuple[int, str, str]


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a study may be made, with an empty database of its own."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    if request.param == "postgresql":
        cluster, name = request.getfixturevalue("cluster"), f"at_once_{os.urandom(6).hex()}"
        run_sql(cluster, f"CREATE DATABASE {name}")
        monkeypatch.setenv("DATABASE_URL", cluster.format(name=name))
    return tmp_path


def begin(*words: object, cwd: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "caselore", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd)


def all_of(begun: list[subprocess.Popen[str]]) -> list[Ended]:
    ended = []
    for process in begun:
        out, err = process.communicate(timeout=200)
        ended.append((process.returncode, out, err))
    assert not any("Traceback" in err for _, _, err in ended), ended
    return ended


def caselore(*words: object, cwd: Path) -> Ended:
    return all_of([begin(*words, cwd=cwd)])[0]


def verified(place: Path) -> dict[str, object]:
    code, out, err = caselore("verify", "study", "--json", cwd=place)
    assert code == 0, out + err
    told: dict[str, object] = json.loads(out)
    return told


def reviews(place: Path, document: Callable[..., Path], count: int) -> Path:
    folder = place / "in"
    folder.mkdir()
    for n in range(count):
        path = document(f"Town{n}")
        path.rename(folder / path.name)
    return folder


def test_one_of_several_that_make_a_study_makes_it(place: Path) -> None:
    ended = all_of([begin("init", "study", "--title", f"T{n}", "--coder", f"c{n}", cwd=place) for n in range(4)])
    assert sorted(code for code, _, _ in ended) == [0, 2, 2, 2]
    for code, _, err in ended:
        assert code == 0 or "already" in err, err
    made = next(n for n, (code, _, _) in enumerate(ended) if code == 0)
    assert f'title = "T{made}"' in (place / "study" / "caselore.toml").read_text("utf-8")
    assert verified(place)["events"] == 1


def test_several_that_open_a_study_without_a_database_make_it_once(place: Path) -> None:
    """As after a copy of the folder without its database, or an `init` that was killed."""
    from caselore.study import make_study

    make_study(place / "study")
    ended = all_of([begin("verify", "study", cwd=place) for _ in range(4)])
    assert [code for code, _, _ in ended] == [0] * 4, ended
    assert verified(place)["events"] == 1


def test_several_that_add_and_propose_at_once_double_and_lose_nothing(
    place: Path, document: Callable[..., Path]
) -> None:
    assert caselore("init", "study", cwd=place)[0] == 0
    reviews(place, document, 4)
    words = [("add", "study", "in", "--json", "--workers", "1")] * 3 + [("work", "study", "--json")] * 2
    ended = all_of([begin(*each, cwd=place) for each in words])
    assert [code for code, _, _ in ended] == [0] * 5, ended
    added = [json.loads(out) for _, out, _ in ended[:3]]
    assert sum(each["documents"] for each in added) == 4
    assert all(each["documents"] + each["in_it_before"] == 4 for each in added)
    verified(place)


def test_several_that_propose_on_one_queue_do_each_case_once(place: Path, document: Callable[..., Path]) -> None:
    assert caselore("init", "study", cwd=place)[0] == 0
    reviews(place, document, 6)
    assert caselore("add", "study", "in", "--later", cwd=place)[0] == 0
    ended = all_of([begin("work", "study", "--json", cwd=place) for _ in range(3)])
    told = [json.loads(out) for _, out, _ in ended]
    assert [each["left"] for each in told] == [0, 0, 0]
    code, out, _ = caselore("verify", "study", "--log", "log.jsonl", "--json", cwd=place)
    assert code == 0, out
    events = [json.loads(line) for line in (place / "log.jsonl").read_text("utf-8").splitlines()]
    proposed = [each["case"] for each in events if each["verb"] == "propose"]
    assert len(proposed) == len(set(proposed)) == 6
    doubts = {row["after"]["doubt"] for each in events for row in json.loads(each["payload"])["rows"]
              if each["verb"] == "propose" and row["kind"] == "case" and "doubt" in (row["after"] or {})}  # fmt: skip
    assert 0.5 not in doubts


def test_two_servers_that_begin_together_sign_with_one_key(place: Path) -> None:
    assert caselore("init", "study", cwd=place)[0] == 0
    servers = [begin("serve", "study", "--port", "0", "--no-browser", cwd=place) for _ in range(3)]
    try:
        for server in servers:
            assert server.stdout is not None
            assert "http://127.0.0.1:" in server.stdout.readline()
    finally:
        for server in servers:
            server.terminate()
    assert [code for code, _, _ in all_of(servers)] == [0, 0, 0]
    key = (place / "study" / ".secret-key").read_text("ascii")
    assert len(key) > 40
    verified(place)


def test_a_key_that_was_never_written_is_made(tmp_path: Path) -> None:
    from caselore.workbench.settings import secret_key

    (tmp_path / "key").touch()
    made = secret_key(tmp_path / "key")
    assert len(made) > 40
    assert secret_key(tmp_path / "key") == made


@pytest.fixture
def kept(tmp_path: Path, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study of one review on SQLite, in the folder `study` of what is given."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert caselore("init", "study", cwd=tmp_path)[0] == 0
    assert caselore("add", "study", document(), cwd=tmp_path)[0] == 0
    return tmp_path


@pytest.fixture
def read_only(kept: Path, tmp_path: Path) -> Iterator[Path]:
    """The same study where nothing can be written: by its permissions, or for root, whom they do not hold, its disk."""
    if os.geteuid() != 0:
        folders = [kept / "study", *(path for path in (kept / "study").rglob("*") if path.is_dir())]
        for each in folders:
            each.chmod(0o555)
        (kept / "study" / "store.sqlite3").chmod(0o444)
        yield kept
        for each in folders:
            each.chmod(0o755)
        return
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", disk], capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here to be read only")
    try:
        shutil.copytree(kept / "study", disk / "study")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_study_that_can_only_be_read_is_read(kept: Path, read_only: Path) -> None:
    head = verified(kept)["head"]
    assert verified(read_only)["head"] == head
    assert "breathing" in caselore("search", "study", "breathing", cwd=read_only)[1]
    review = kept / "another.txt"
    review.write_text("Serious case review: Child X died aged 2 months in 2015.", encoding="utf-8")
    for words in (("add", "study", review), ("serve", "study", "--port", "0", "--no-browser"), ("init", "new")):
        code, _, err = caselore(*words, cwd=read_only)
        assert (code, err.count("\n")) == (2, 1), err


def test_a_study_that_was_moved_or_copied_is_whole(kept: Path) -> None:
    head = verified(kept)["head"]
    (kept / "elsewhere").mkdir()
    shutil.copytree(kept / "study", kept / "elsewhere" / "study")
    (kept / "study").rename(kept / "moved")
    assert verified(kept / "elsewhere")["head"] == head
    (kept / "moved").rename(kept / "study")
    assert verified(kept)["head"] == head


def test_a_study_of_a_newer_version_is_left_alone(kept: Path) -> None:
    with sqlite3.connect(kept / "study" / "store.sqlite3") as store:
        store.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_later', '2030-01-01 00:00:00')"
        )
    store.close()
    for words in (("add", "study", "x.txt"), ("verify", "study")):
        code, _, err = caselore(*words, cwd=kept)
        assert (code, err.count("\n")) == (2, 1), err
        assert "newer version" in err


@pytest.mark.parametrize("wrong", [b"this is no database at all\n" * 200, b""], ids=["other", "empty"])
def test_a_database_that_is_none_is_named(kept: Path, wrong: bytes) -> None:
    (kept / "study" / "store.sqlite3").write_bytes(wrong)
    code, out, err = caselore("verify", "study", cwd=kept)
    if wrong:
        assert (code, err.count("\n")) == (2, 1), err
        assert "store.sqlite3" in err
    else:  # as after a fresh copy of the folder without it: a new one is made
        assert code == 0, out + err


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:p@h:port/name", "postgres://[::1/name", "postgres://localhost:1/name", "postgres://localhost:1/",
        "postgres://localhost:1/name?sslmode=bogus", "mysql://h/name", "nonsense", "postgres://localhost:1/n%00m",
    ],
)  # fmt: skip
def test_an_address_of_a_database_that_cannot_be_meant_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    code, _, err = caselore("init", "study", cwd=tmp_path)
    assert (code, err.count("\n")) == (2, 1), err
    assert "DATABASE_URL" in err
    assert ":p@" not in err, "no password is repeated"
