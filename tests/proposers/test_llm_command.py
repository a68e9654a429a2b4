"""`caselore propose` and `run` with a model, as users call them: nothing before consent, all verified after."""

from __future__ import annotations

import csv
import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from proposers.conftest import FICTION
from proposers.model_server import Stub

from caselore.documents.reader import read
from caselore.proposers.evidence import verify
from caselore.proposers.lines import from_line

pytestmark = pytest.mark.slow  # each call starts the program and its workers anew

Done = subprocess.CompletedProcess[str]
Command = Callable[..., Done]
SECRET = "sk-made-up-0123456789"
QUESTIONS = 8


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    folder = tmp_path / "reviews"
    folder.mkdir()
    for months, letter in enumerate("abc", start=3):  # the same text would be the same question, and not asked again
        words = FICTION.replace("4-month", f"{months}-month")
        (folder / f"child-{letter}.txt").write_text(words, encoding="utf-8")
    return folder


@pytest.fixture
def caselore(tmp_path: Path) -> Command:
    """Run the command line with a key, and everything else in the environment that might switch a model on."""

    def run(*words: str | Path) -> Done:
        command = [sys.executable, "-m", "caselore", *map(str, words)]
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
            env=environment(),
            stdin=subprocess.DEVNULL,
        )

    return run


def environment() -> dict[str, str]:
    here = str(Path(__file__).resolve().parent.parent.parent)
    tempting = {"OPENAI_API_KEY": SECRET, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    return {**os.environ, **tempting, "PYTHONPATH": here, "CASELORE_LLM_KEY": SECRET}


def model(stub: Stub, name: str = "stub", *more: str) -> list[str]:
    return ["--model-endpoint", stub.url, "--model", name, *more]


def test_every_stored_quotation_stands_in_the_text(
    caselore: Command, stub: Stub, reviews: Path, tmp_path: Path
) -> None:
    out = tmp_path / "proposals.jsonl"
    asked = model(stub, "stub:prose,invents,strange", "--send-text-to", "127.0.0.1", "--json")
    done = caselore("propose", reviews, "--out", out, *asked)
    assert done.returncode == 0, done.stderr
    lines = out.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    by_model = 0
    for line in lines:
        proposal = from_line(line)
        document = read(reviews / proposal.case.document)
        for each in (*proposal.codes, *proposal.sequence):
            for evidence in each.evidence:
                verify(evidence, document)
            by_model += each.coder == "llm@1.0/stub:prose-invents-strange"
    assert by_model > 0
    assert "lighthouse" not in out.read_text(encoding="utf-8")
    told = json.loads(done.stdout)["model"]
    assert told["questions"] == told["requests"] == 3 * QUESTIONS
    assert told["dropped"]["not_found"] == 33
    assert told["dropped"]["not_in_codebook"] >= 3 * QUESTIONS
    with (tmp_path / "proposals.model" / "account.csv").open(encoding="utf-8-sig", newline="") as file:
        lost = list(csv.DictReader(file))
    assert sum(each["why"] == "not_found" for each in lost) == 33
    assert {each["document"] for each in lost} == {f"child-{letter}.txt" for letter in "abc"}
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path


def test_nothing_leaves_before_somebody_agrees(caselore: Command, stub: Stub, reviews: Path, tmp_path: Path) -> None:
    before = len(stub.log())
    out = tmp_path / "proposals.jsonl"
    for more in ([], ["--send-text-to", "example.org"], ["--send-text-to", "*"]):
        done = caselore("propose", reviews, "--out", out, *model(stub, "quiet", *more))
        assert done.returncode == 2
        assert "nothing was sent" in done.stderr.lower()
        assert "Traceback" not in done.stderr
        assert not out.exists()
    assert len(stub.log()) == before
    assert not (tmp_path / "proposals.model").exists()


def test_no_model_is_asked_without_an_endpoint(caselore: Command, stub: Stub, reviews: Path, tmp_path: Path) -> None:
    before = len(stub.log())
    done = caselore("propose", reviews, "--out", tmp_path / "p.jsonl")
    assert done.returncode == 0, done.stderr
    assert "llm@" not in (tmp_path / "p.jsonl").read_text(encoding="utf-8")
    assert not (tmp_path / "p.model").exists()
    half = caselore("propose", reviews, "--out", tmp_path / "p.jsonl", "--model", "stub")
    assert half.returncode == 2
    assert "--model-endpoint" in half.stderr
    assert len(stub.log()) == before


def test_agreed_once_it_is_not_asked_again_but_for_others(
    caselore: Command, stub: Stub, reviews: Path, tmp_path: Path
) -> None:
    out = tmp_path / "p.jsonl"
    words = ("propose", reviews, "--out", out)
    first = caselore(*words, *model(stub, "stub", "--send-text-to", f"127.0.0.1:{stub.port}"))
    assert first.returncode == 0, first.stderr
    assert "stays on it" in first.stderr
    consent = json.loads((tmp_path / "p.model" / "consent.json").read_text(encoding="utf-8"))
    assert consent[0]["statement"] in first.stderr
    assert consent[0]["given"] == f"--send-text-to 127.0.0.1:{stub.port}"
    again = caselore(*words, *model(stub))
    assert again.returncode == 0
    assert again.stderr == ""
    assert caselore(*words, *model(stub, "another")).returncode == 2
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "other.txt").write_text(FICTION, encoding="utf-8")
    assert caselore("propose", tmp_path / "more", "--out", out, *model(stub)).returncode == 2


def typed(words: list[str], answer: str) -> tuple[int, str]:
    """Run the command at a terminal, type the answer when it asks, and give its exit code and what it said."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "caselore", *words], stdin=theirs, stdout=theirs, stderr=theirs, env=environment()
    ) as process:
        os.close(theirs)
        said, told, until = b"", False, time.monotonic() + 200
        while time.monotonic() < until:
            if not select.select([ours], [], [], 0.2)[0]:
                continue
            try:
                part = os.read(ours, 4096)
            except OSError:
                break
            said += part
            if b"to agree" in said and not told:
                os.write(ours, f"{answer}\n".encode())
                told = True
        process.wait(timeout=30)
    os.close(ours)
    return process.returncode, said.decode("utf-8", "replace")


def test_consent_is_typed_at_a_terminal(stub: Stub, reviews: Path, tmp_path: Path) -> None:
    words = ["propose", str(reviews), "--out", str(tmp_path / "p.jsonl"), *model(stub, "typed")]
    code, said = typed(words, "yes")
    assert code == 2, said
    assert "Nothing was sent" in said
    assert stub.log("typed") == []
    code, said = typed(words, "127.0.0.1")
    assert code == 0, said
    assert len(stub.log("typed")) == 3 * QUESTIONS
    (found,) = json.loads((tmp_path / "p.model" / "consent.json").read_text(encoding="utf-8"))
    assert found["given"] == "typed at a terminal"


def answer_of(done: Done) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)["model"]
    return found


def test_a_run_stops_at_its_budget_says_so_and_goes_on(
    caselore: Command, stub: Stub, reviews: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    little = model(stub, "stub:sure", "--send-text-to", "127.0.0.1", "--model-calls", "5")
    done = caselore("run", reviews, "--out", out, *little)
    assert done.returncode == 1, done.stderr
    assert "the budget of 5 requests is spent" in done.stdout
    assert "goes on from here" in done.stdout
    assert (out / "report.html").exists()
    assert len(stub.log("stub:sure")) == 5
    done = caselore("run", reviews, "--out", out, *model(stub, "stub:sure"), "--json")
    assert done.returncode == 0, done.stderr
    assert answer_of(done)["this_run"]["requests"] == 3 * QUESTIONS - 5
    assert answer_of(done)["unanswered"] == {}
    done = caselore("run", reviews, "--out", out, *model(stub, "stub:sure"), "--json")
    assert json.loads(done.stdout)["done_before"] == 3
    assert len(stub.log("stub:sure")) == 3 * QUESTIONS
    layer = json.loads((out / "release" / "layer.json").read_text(encoding="utf-8"))
    assert "llm@1.0/stub:sure" in json.dumps(layer)
    assert FICTION.splitlines()[4][:40] not in json.dumps(layer)


def test_a_server_that_is_not_there_is_said_at_once(caselore: Command, reviews: Path, tmp_path: Path) -> None:
    nowhere = ["--model-endpoint", "http://127.0.0.1:9/v1", "--model", "m", "--send-text-to", "127.0.0.1"]
    done = caselore("propose", reviews, "--out", tmp_path / "p.jsonl", *nowhere)
    assert done.returncode == 2
    assert "Nobody answers at 127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--model-endpoint", "ftp://x", "--model", "m"], "no address of a model"),
        (["--model-endpoint", "http://localhost:1/v1"], "--model NAME"),
        (["--model-endpoint", "http://localhost:1/v1", "--model", "m", "--model-context", "900"], "--model-context"),
        (["--model-endpoint", f"http://me:{SECRET}@localhost:1/v1", "--model", "m"], "CASELORE_LLM_KEY"),
    ],
)
def test_a_wrong_option_is_two_and_one_sentence(
    caselore: Command, reviews: Path, tmp_path: Path, more: list[str], says: str
) -> None:
    done = caselore("propose", reviews, "--out", tmp_path / "p.jsonl", *more)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert SECRET not in done.stderr + done.stdout
