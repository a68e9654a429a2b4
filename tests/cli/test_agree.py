"""`caselore agree` on files of codings: what is printed, what is written, what is refused. All codings are made up."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from command import Caselore

TEXT = "Child {n}. The mother's partner was not assessed. Neglect was missed, and nobody spoke to the child."


@pytest.fixture
def passes(tmp_path: Path) -> Path:
    """Two passes over eight fictional cases; Ben misses the neglect in two of them and dates none."""
    items = [{"id": f"c{n}", "heading": f"Child {n}", "text": TEXT.format(n=n)} for n in range(8)]
    (tmp_path / "items.json").write_text(json.dumps(items), "utf-8")
    for coder in ("ann", "ben"):
        lines = []
        for n in range(8):
            themes = {"voice_of_the_child": "nobody spoke to the child"} if n % 2 else {}
            if n % 3 and not (coder == "ben" and n in (1, 2)):
                themes["neglect"] = "Neglect was missed"
            outcome = "death" if n < 4 else "serious_harm"
            lines.append({"id": f"c{n}", "outcome": outcome, "learning_themes": themes, "decisions": []})
        (tmp_path / f"{coder}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return tmp_path


def test_two_passes(caselore: Caselore, passes: Path) -> None:
    files = [passes / "ann.jsonl", passes / "ben.jsonl", "--items", passes / "items.json"]
    out = passes / "differences.csv"
    said = caselore("agree", *files, "--disagreements", out)
    assert said.returncode == 0, said.stderr
    assert "human-human: ann, ben" in said.stdout
    outcome = next(line for line in said.stdout.splitlines() if " outcome " in line)
    assert "100.0%" in outcome
    assert "8 cases read by two people or more" in said.stdout
    assert "2 disagreements in" in said.stdout
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["code"], row["ann"], row["ben"]) for row in rows] == [("neglect", "yes", "no")] * 2
    assert rows[0]["ann: words"] == "Neglect was missed"
    start, end = map(int, rows[0]["ann: place"].split("-"))
    assert TEXT.format(n=1)[start:end] == "Neglect was missed"


def test_one_field_in_full_and_json(caselore: Caselore, passes: Path) -> None:
    files = [passes / "ann.jsonl", passes / "ben.jsonl", "--items", passes / "items.json"]
    said = caselore("agree", *files, "--field", "learning_themes").stdout
    for name in ("alpha of sets, MASI", "Brennan-Prediger", "neglect (given 8): specific agreement", "u-alpha"):
        assert name in said
    told = json.loads(caselore("agree", *files, "--json", "--machine", "ben").stdout)
    assert {row["group"] for row in told["fields"]} == {"human-machine (ben)"}
    themes = next(row for row in told["fields"] if row["field"] == "learning_themes")
    neglect = next(code for code in themes["codes"] if code["code"] == "neglect")
    assert neglect["coefficients"][0]["value"] == pytest.approx(2 * 3 / (5 + 3))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["ann.jsonl"], "agreement needs two files"),
        (["ann.jsonl", "gone.jsonl"], "gone.jsonl: it cannot be read"),
        (["ann.jsonl", "items.json"], "neither proposals nor codings"),
        (["ann.jsonl", "other/ann.jsonl"], "Two files are named 'ann'"),
        (["ann.jsonl", "ben.jsonl", "--field", "nothing"], "no field 'nothing'"),
    ],
)
def test_what_is_refused_is_refused_in_a_sentence(
    caselore: Caselore, passes: Path, words: list[str], sentence: str
) -> None:
    paths = [str(passes / word) if word.endswith(("jsonl", "json")) else word for word in words]
    said = caselore("agree", *paths, "--items", passes / "items.json")
    assert said.returncode == 2
    assert sentence in said.stderr
    assert "Traceback" not in said.stderr
