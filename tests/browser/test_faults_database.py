"""The disk is full, the database is gone: a page that says so, nothing half-written, and on it goes when mended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import throwaway_postgresql

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from workbench_serving import PASSWORD, CoderAtWork, Ledger, Server

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
MAKE = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[2]]
import store as made_up, workbench_serving
study = workbench_serving.crewed(Path(sys.argv[1]), ["coder"])
from caselore.store import opening
made_up.DOCUMENTS = 2
made_up.fill(opening.owner())
from caselore.store.models import Case
print(*Case.objects.values_list("pk", flat=True))
"""
LOOK = """
import json, sys
from caselore.study import open_study
from caselore.store import opening
opening.opened(open_study(sys.argv[1]))
from caselore.store.models import Event
from caselore.store.proof import prove
tokens = Event.objects.exclude(token=None).values_list("token", flat=True)
print(json.dumps({"holds": prove().holds, "tokens": list(tokens)}))
"""


def ran(words: str, *arguments: str) -> str:
    """What a process of its own says: the test's own process keeps no connection to the study."""
    command = [sys.executable, "-c", words, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def looked(study: Path) -> Any:
    return json.loads(ran(LOOK, str(study)))


@pytest.fixture
def postgresql(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A PostgreSQL with an empty database; the folder of its data."""
    if throwaway_postgresql.binaries() is None:
        if "postgresql" in os.environ.get("CASELORE_REQUIRE", ""):
            pytest.fail(throwaway_postgresql.MISSING)
        pytest.skip(throwaway_postgresql.MISSING)
    with throwaway_postgresql.server() as address:
        throwaway_postgresql.run_sql(address, "CREATE DATABASE study")
        monkeypatch.setenv("DATABASE_URL", address.format(name="study"))
        yield Path(address.split("host=")[1]) / "data"


@contextmanager
def at_work(study: Path) -> Iterator[tuple[Server, CoderAtWork]]:
    """A served study and a coder signed in on an open case."""
    cases = ran(MAKE, str(study), str(BENCHMARKS)).split()
    server = Server(study)
    coder = CoderAtWork(server.port, "coder", cases, Ledger(), seed=3)
    try:
        server.start()
        coder.sign_in()
        coder.open(cases[0])
        yield server, coder
    finally:
        coder.close()
        server.kill()


def test_the_database_goes_in_the_middle_of_the_work_and_comes_back(postgresql: Path, tmp_path: Path) -> None:
    with at_work(tmp_path / "study") as (_, coder):
        first, fields = coder.next_decision()
        assert coder.send(first, fields).status == 200
        pg_ctl("stop", postgresql)
        lost, of_lost = coder.next_decision()
        answer = coder.send(lost, of_lost)
        assert answer.status == 503
        assert "cannot be reached" in answer.body
        assert "<html" not in answer.body  # a line for the page that is open
        page = coder.get(f"/case/{coder.case}/")
        assert (page.status, "Wait a moment" in page.body, "Traceback" in page.body) == (503, True, False)
        pg_ctl("start", postgresql)
        again = coder.send(lost, of_lost)  # as the page does: the same token
        assert again.status == 200
        assert coder.get(f"/case/{coder.case}/").status == 200
        found = looked(tmp_path / "study")
        assert found["holds"]
        assert sorted(found["tokens"]) == sorted([first.token, lost.token])


def pg_ctl(verb: str, data: Path) -> None:
    """Stop the server as a loss of power would, or start it as it was started."""
    programs = throwaway_postgresql.binaries()
    assert programs is not None
    how = ["-m", "immediate", "stop"] if verb == "stop" else ["-l", str(data.parent / "log"), "restart"]
    command = [*throwaway_postgresql._another_user(), str(programs / "pg_ctl"), "-D", str(data), "-w", *how]
    quiet = subprocess.DEVNULL
    subprocess.run(command, check=True, stdout=quiet, stderr=quiet, timeout=60, cwd=data.parent)


def _small_disk(tmp_path: Path) -> Path:
    """A disk of a few megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "none", str(disk)], capture_output=True, check=False, timeout=20
    )
    if done.returncode:
        pytest.skip("mounting a small disk needs root")
    return disk


def test_a_full_disk_says_so_and_goes_on_when_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    disk = _small_disk(tmp_path)
    try:
        with at_work(disk / "study") as (_, coder):
            first, fields = coder.next_decision()
            assert coder.send(first, fields).status == 200
            _fill(disk / "filler")
            for _ in range(200):  # what SQLite had reserved takes some more
                act, fields = coder.next_decision()
                answer = coder.send(act, fields)
                if answer.status != 200:
                    break
            assert answer.status == 507, answer.status
            assert "The disk is full" in answer.body
            assert coder.get("/").status in (200, 507)
            (disk / "filler").unlink()
            assert coder.send(act, fields).status == 200
        found = looked(disk / "study")
        assert found["holds"]
        assert sorted(found["tokens"]) == sorted(sent.token for sent in coder.ledger.sent)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False, timeout=20)


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as out:
        for size in (65536, 512):
            try:
                while True:
                    out.write(bytes(size))
            except OSError:
                continue


def test_the_page_keeps_an_act_until_the_server_is_back(browser: Any, tmp_path: Path) -> None:
    """In a real browser: the server is killed, a key is pressed, and it is saved after the restart."""
    cases = ran(MAKE, str(tmp_path / "study"), str(BENCHMARKS)).split()
    server = Server(tmp_path / "study")
    try:
        server.start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.port}/sign-in/")
        page.fill("input[name=name]", "coder")
        page.fill("input[name=password]", PASSWORD)
        page.click("button.main")
        page.goto(f"http://127.0.0.1:{server.port}/case/{cases[0]}/")
        page.wait_for_selector("#coding[data-ready]")
        page.evaluate("Coding.to(document.querySelector('#rows .item.proposal:not(.said, .step)'))")
        assert server.process is not None
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()
        page.keyboard.press("a")
        page.wait_for_selector("#saved[data-state=unsaved]")
        assert "kept" in page.locator("#saved").inner_text()
        server.start()
        page.wait_for_selector("#saved[data-state=saved]", timeout=60_000)
        page.context.close()
    finally:
        server.kill()
    found = looked(tmp_path / "study")
    assert found["holds"]
    assert len(found["tokens"]) == 1
