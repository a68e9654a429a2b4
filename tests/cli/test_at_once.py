"""Two runs that write one place, and a run that is stopped: a sentence, nothing half-written, nothing left locked."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import Caselore

VERBS = {"run": ("out", "working/journal.sqlite"), "propose": ("out.jsonl", ".out.jsonl.journal")}
"""Verb -> what is given as --out, and its journal below that or beside it."""


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Reviews enough to keep two workers busy for some seconds."""
    line = {"title": "Child Z", "text": "Death of a 4-month-old girl in 2018. The police were called. " * 40}
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join(json.dumps({**line, "id": n}) for n in range(200)), encoding="utf-8")
    return path


def begin(*words: str | Path) -> subprocess.Popen[str]:
    """The command line in a group of processes of its own, as a terminal starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "caselore", *map(str, words)],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def wait_for(journal: Path) -> None:
    log = journal.with_name(journal.name + "-wal")
    until = time.monotonic() + 60
    while time.monotonic() < until and not (log.exists() and log.stat().st_size > 8_000):
        time.sleep(0.02)


@pytest.mark.parametrize("verb", VERBS)
def test_the_second_is_told_that_another_is_at_work(caselore: Caselore, many: Path, tmp_path: Path, verb: str) -> None:
    out, journal = tmp_path / VERBS[verb][0], VERBS[verb][1]
    with begin(verb, many, "--out", out) as first:
        wait_for((out if verb == "run" else tmp_path) / journal)
        second = caselore(verb, many, "--out", out)
        assert first.poll() is None, "the first ended before the second began"
        assert second.returncode == 2
        assert second.stderr.count("\n") == 1
        assert f"{tmp_path}" in second.stderr
        assert "another run is at work here" in second.stderr
        first.kill()
        first.communicate(timeout=30)
    third = caselore(verb, many, "--out", out, "--json")
    assert third.returncode == 0, third.stderr
    assert json.loads(third.stdout)["cases"] == 200
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_holds_words_of_the_documents_is_not_left_behind(caselore: Caselore, reviews: Path) -> None:
    """A name with the signs of a pattern in it, too."""
    for name in ("all[1].jsonl", "al?.jsonl"):
        assert caselore("read", reviews / "child-a.txt", "--out", reviews / name).returncode == 0
    assert [path.name for path in reviews.iterdir() if path.name.startswith(".")] == []


@pytest.mark.skipif(os.name != "posix", reason="a terminal's signals")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_a_stop_at_any_moment_is_one_sentence(many: Path, tmp_path: Path, stop: signal.Signals) -> None:
    chance = random.Random(stop)
    for n in range(4):
        with begin("propose", many, "--out", tmp_path / f"{n}.jsonl") as process:
            wait_for_import(process)
            time.sleep(chance.uniform(0, 1.5))
            if stop == signal.SIGINT:
                os.killpg(process.pid, stop)  # Ctrl-C goes to the workers too
            else:
                process.send_signal(stop)
            _, said = process.communicate(timeout=60)
        assert process.returncode == 2, said
        assert said == "Stopped. Nothing finished is lost: the same command goes on from here.\n"
        assert not (tmp_path / f".{n}.jsonl.part").exists()


def wait_for_import(process: subprocess.Popen[str]) -> None:
    """Until the first worker is there: from here on everything is ours."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().strip():
            return
        time.sleep(0.01)


def test_a_journal_that_is_none_is_named(caselore: Caselore, reviews: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "working").mkdir(parents=True)
    (tmp_path / "out" / "working" / "journal.sqlite").write_bytes(b"no database at all " * 300)
    done = caselore("run", reviews, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "journal.sqlite" in done.stderr
    assert done.stderr.count("\n") == 1
