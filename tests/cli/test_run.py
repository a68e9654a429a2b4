"""`caselore run`, the main job, as its users meet it: the answer, the exit code, the stop and the way on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import Caselore


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_everything_is_made_and_the_torn_file_is_named(caselore: Caselore, reviews: Path, out: Path) -> None:
    done = caselore("run", reviews, "--out", out)
    assert done.returncode == 1, done.stderr
    assert "6 documents read, 6 cases" in done.stdout
    assert "torn.pdf" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr == ""
    for made in ("report.html", "tables/index.html", "release/manifest.json", "release/layer.json"):
        assert (out / made).stat().st_size > 0, made
    assert "torn.pdf" in (out / "working" / "failed.csv").read_text(encoding="utf-8-sig")


def test_what_the_report_says_is_what_the_reviews_say(caselore: Caselore, reviews: Path, out: Path) -> None:
    caselore("run", reviews, "--out", out)
    report = (out / "report.html").read_text(encoding="utf-8")
    assert 'data-cell="release/counts.cases">6</data>' in report
    assert 'data-cell="outcome/death/all/count">6</data>' in report
    assert "DRAFT" in report


def test_all_well_is_nought(caselore: Caselore, reviews: Path, out: Path) -> None:
    (reviews / "torn.pdf").unlink()
    done = caselore("run", reviews, "--out", out, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["documents"], answer["cases"], answer["failed"]) == (6, 6, [])


@pytest.mark.parametrize("words", [["run"], ["run", "reviews"], ["nonsense"], ["run", "--nonsense", "x"]])
def test_a_wrong_command_is_two(caselore: Caselore, words: list[str]) -> None:
    done = caselore(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_nothing_to_read_is_two_and_says_so(caselore: Caselore, tmp_path: Path, out: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for path in (empty, tmp_path / "nowhere"):
        done = caselore("run", path, "--out", out)
        assert done.returncode == 2, done.stdout
        assert done.stderr.count("\n") == 1
        assert not (out / "release").exists()


def test_a_second_run_does_nothing_again(caselore: Caselore, reviews: Path, out: Path) -> None:
    caselore("run", reviews, "--out", out)
    again = json.loads(caselore("run", reviews, "--out", out, "--json").stdout)
    assert again["done_before"] == 7
    assert again["cases"] == 6


def test_the_same_input_gives_the_same_release(caselore: Caselore, reviews: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    caselore("run", reviews, "--out", one)
    caselore("run", reviews, "--out", two, "--workers", "1")
    for name in ("layer.json", "codes.parquet", "cases.parquet", "decisions.parquet", "recommendations.parquet"):
        first, second = (folder / "release" / name for folder in (one, two))
        if name == "layer.json":
            assert json.loads(first.read_text())["cases"] == json.loads(second.read_text())["cases"]
        else:
            assert first.read_bytes() == second.read_bytes(), name


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT], ids=["kill", "ctrl-c"])
def test_a_stopped_run_goes_on_where_it_was(
    caselore: Caselore, tmp_path: Path, out: Path, stop: signal.Signals
) -> None:
    many = tmp_path / "many.jsonl"
    line = {"title": "Child Z", "text": "Death of a 4-month-old girl in 2018. The police were called. " * 40}
    many.write_text("\n".join(json.dumps({**line, "id": n}) for n in range(1500)), encoding="utf-8")
    command = [sys.executable, "-m", "caselore", "run", str(many), "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        journal = out / "working" / "journal.sqlite-wal"
        until = time.monotonic() + 60
        while time.monotonic() < until and not (journal.exists() and journal.stat().st_size > 60_000):
            time.sleep(0.02)
        os.kill(process.pid, stop)
        _, said = process.communicate(timeout=30)
    assert "Traceback" not in said
    assert not (out / "release").exists()
    done = caselore("run", many, "--out", out, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["cases"] == 1500
    assert 0 < answer["done_before"] < 1500


def test_one_document_is_no_documents_and_its_neighbour_is_named_once(
    caselore: Caselore, reviews: Path, out: Path, tmp_path: Path
) -> None:
    one = min(path for path in reviews.iterdir() if path.name != "torn.pdf")
    done = caselore("run", one, tmp_path / "nowhere", "--out", out)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("1 document read, 1 case, ")
    assert f"\n  {tmp_path / 'nowhere'} does not exist; check the path.\n" in done.stdout
