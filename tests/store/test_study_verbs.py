"""`caselore init`, `add`, `work`, `verify` and `release` on a study, as a user runs them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "reviews"


def caselore(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error::ResourceWarning", "-m", "caselore", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, cwd=cwd)


@pytest.fixture
def begun(tmp_path: Path, document: Callable[..., Path]) -> Path:
    """A study of two fictional reviews, made by the command line."""
    made = caselore("init", "study", "--title", "Fictional", "--coder", "ann", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    (tmp_path / "in").mkdir()
    for town in ("Netherby", "Overby"):
        document(town).rename(tmp_path / "in" / f"{town}.txt")
    return tmp_path


def test_from_a_folder_to_a_release(begun: Path) -> None:
    (begun / "in" / "broken.pdf").write_bytes(b"%PDF-1.4 not really")
    (begun / "in" / "empty.txt").write_bytes(b"")
    added = caselore("add", "study", "in", cwd=begun)
    assert added.returncode == 1
    assert "2 documents added" in added.stdout
    assert "broken.pdf" in added.stdout
    assert "empty.txt is empty" in added.stdout
    assert "Traceback" not in added.stderr
    again = json.loads(caselore("add", "study", "in/Netherby.txt", "--json", cwd=begun).stdout)
    assert (again["documents"], again["in_it_before"]) == (0, 1)
    proved = caselore("verify", "study", "--log", "log.jsonl", "--json", cwd=begun)
    told = json.loads(proved.stdout)
    assert proved.returncode == 0
    assert told["holds"]
    assert told["evidence"] > 10
    assert len((begun / "log.jsonl").read_text("utf-8").splitlines()) == told["events"]
    released = caselore("release", "study", "--out", "rel", "--json", cwd=begun)
    assert released.returncode == 0, released.stderr
    counts = json.loads(released.stdout)["counts"]
    assert counts["cases"] == 2
    assert counts["answers by status"].get("validated", 0) == 0
    assert "breathing" not in (begun / "rel" / "layer.json").read_text("utf-8")
    assert caselore("verify", "study", "--expect", told["head"], cwd=begun).returncode == 0
    assert caselore("verify", "study", "--expect", "0" * 63 + "1", cwd=begun).returncode == 1


def test_the_log_is_proved_without_the_program(begun: Path) -> None:
    """By the lines that the manual gives."""
    manual = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "run-for-a-team.md"
    lines = manual.read_text("utf-8").partition("```python\n")[2].partition("```")[0]
    (begun / "prove.py").write_text(textwrap.dedent(lines), encoding="utf-8")
    caselore("add", "study", "in/Netherby.txt", cwd=begun)
    head = json.loads(caselore("verify", "study", "--log", "log.jsonl", "--json", cwd=begun).stdout)

    def proved() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "prove.py", "log.jsonl"]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=begun)

    assert proved().stdout == f"{head['events']} {head['head']}\n"
    log = (begun / "log.jsonl").read_text("utf-8")
    (begun / "log.jsonl").write_text(log.replace("make_coder", "mind_coder", 1), encoding="utf-8")
    assert proved().stderr == "event 1 was changed\n"
    (begun / "log.jsonl").write_text(log.partition("\n")[2], encoding="utf-8")
    assert proved().stderr == "event 1 does not follow the one before it\n"


def test_a_document_is_taken_out_and_back(begun: Path) -> None:
    said = caselore("add", "study", "in/Netherby.txt", cwd=begun)
    assert "1 document added, 1 case; 0 were in it before." in said.stdout
    found = caselore("search", "study", "disguised compliance", cwd=begun).stdout
    assert found.endswith("1 passage in 1 case\n")
    caselore("release", "study", "--out", "first", cwd=begun)
    assert caselore("withdraw", "study", cwd=begun).stdout == "Every document is in the study.\n"
    refused = caselore("withdraw", "study", "Netherby.txt", cwd=begun)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "State why the document is taken out.\n"
    elsewhere = caselore("withdraw", "study", "Farby.txt", "--reason", "x", cwd=begun)
    assert "There is no document 'Farby.txt'" in elsewhere.stderr
    out = json.loads(
        caselore(
            "withdraw", "study", "in/Netherby.txt", "--reason", " Taken off its site. ", "--json", cwd=begun
        ).stdout
    )
    assert (out["taken out"], out["cases"], out["reason"]) == ("Netherby.txt", 1, "Taken off its site.")
    assert out["still in releases made before"] == "first"
    assert "0 passages in 0 cases" in caselore("search", "study", "disguised compliance", cwd=begun).stdout
    assert (
        "taken out of the study already" in caselore("withdraw", "study", out["id"], "--reason", "x", cwd=begun).stderr
    )
    (listed,) = json.loads(caselore("withdraw", "study", "--json", cwd=begun).stdout)["out"]
    assert (listed["document"], listed["id"], listed["by"]) == ("Netherby.txt", out["id"], "ann")
    assert f"Netherby.txt ({out['id']}): Taken off its site. (ann, " in caselore("withdraw", "study", cwd=begun).stdout
    back = caselore("withdraw", "study", "Netherby.txt", "--back", "--reason", "It is there again.", cwd=begun)
    assert back.returncode == 0, back.stderr
    assert (
        "in the study already" in caselore("withdraw", "study", out["id"], "--back", "--reason", "x", cwd=begun).stderr
    )
    assert caselore("search", "study", "disguised compliance", cwd=begun).stdout == found
    assert caselore("verify", "study", cwd=begun).returncode == 0


def test_words_that_name_several_documents_take_none_out(begun: Path) -> None:
    (begun / "more").mkdir()
    (begun / "more" / "Netherby.txt").write_text("Child R died. The health visitor was told.\n" * 9, encoding="utf-8")
    caselore("add", "study", "in/Netherby.txt", "more", cwd=begun)
    said = caselore("withdraw", "study", "Netherby.txt", "--reason", "One of them is wrong.", cwd=begun)
    assert said.returncode == 2
    assert "'Netherby.txt' names 2 documents; give the id of one: " in said.stderr
    one = said.stderr.partition("one: ")[2].split()[0]
    assert caselore("withdraw", "study", one, "--reason", "This one.", cwd=begun).returncode == 0
    assert caselore("withdraw", "study", "Netherby.txt", "--back", "--reason", "Not it.", cwd=begun).returncode == 0


def test_a_text_that_is_no_review_is_added_with_a_warning(begun: Path) -> None:
    (begun / "list.txt").write_text("Bread, two pints of milk, six eggs.\n\nSoap and washing powder.\n", "utf-8")
    said = caselore("add", "study", "list.txt", cwd=begun)
    assert said.returncode == 0, said.stderr
    assert "list.txt: It holds nothing that reviews of cases speak of" in said.stdout
    added = caselore("add", "study", "in", "--json", cwd=begun)
    assert json.loads(added.stdout)["remarks"] == []


def test_work_proposes_on_what_waits(begun: Path) -> None:
    caselore("add", "study", "in", "--later", cwd=begun)
    done = json.loads(caselore("work", "study", "--limit", "1", "--json", cwd=begun).stdout)
    assert (done["proposed on"], done["left"]) == (1, 1)
    done = json.loads(caselore("work", "study", "--json", cwd=begun).stdout)
    assert (done["proposed on"], done["left"]) == (1, 0)
    assert caselore("verify", "study", cwd=begun).returncode == 0


def test_what_was_changed_behind_the_log_is_told(begun: Path) -> None:
    caselore("add", "study", "in", cwd=begun)
    with sqlite3.connect(begun / "study" / "store.sqlite3") as store:
        store.execute("UPDATE store_coding SET code = 'police' WHERE field = 'agencies'")
    store.close()
    proved = caselore("verify", "study", cwd=begun)
    assert proved.returncode == 1
    assert "is not as the log tells it: code" in proved.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "nowhere", "in"), "caselore init"),
        (("init", "study"), "already"),
        (("init", "other", "--book", "none.yaml"), "none.yaml"),
        (("release", "nowhere", "--out", "x"), "no such file"),
    ],
)
def test_a_mistake_is_one_sentence(begun: Path, words: tuple[str, ...], says: str) -> None:
    done = caselore(*words, cwd=begun)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
