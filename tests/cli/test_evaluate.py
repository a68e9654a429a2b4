"""`caselore evaluate` with a second file, the calibration curve and the confusions. All codings are made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import Caselore

from caselore.proposers.lines import to_line
from caselore.records import Case, Code, Evidence, Proposal

TITLE = "2018 - Ashby - Child A"


def _proposal(*codes: str) -> str:
    case = Case(TITLE, "d", "0" * 64, 0, 20)
    evidence = (Evidence("0" * 64, "0" * 64, "plain@1", 4, 11, "records"),)
    found = tuple(Code("learning_themes", code, 0.8, "a@1", evidence) for code in codes)
    return json.dumps(to_line(Proposal(case, found)))


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "one.jsonl").write_text(_proposal("neglect") + "\n", "utf-8")
    (tmp_path / "two.jsonl").write_text(_proposal("optimism") + "\n", "utf-8")
    gold = {"id": "a", "outcome": "other", "learning_themes": {"optimism": "poor"}, "decisions": []}
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold) + "\n", "utf-8")
    items = [{"id": "a", "heading": TITLE, "text": "The records were poor."}]
    (tmp_path / "items-gold.json").write_text(json.dumps(items), "utf-8")
    return tmp_path


def test_two_files_a_curve_and_the_confusions(caselore: Caselore, files: Path) -> None:
    arguments = [str(files / "one.jsonl"), str(files / "gold.jsonl")]
    said = caselore("evaluate", *arguments, "--calibration", "--differences").stdout
    assert "Brier 0.640" in said
    assert "1 extra  learning_themes: neglect" in said
    compared = caselore("evaluate", *arguments, "--against", str(files / "two.jsonl"), "--differences").stdout
    assert "learning_themes: - / optimism (right: two)" in compared


def test_all_of_it_in_json(caselore: Caselore, files: Path) -> None:
    two = str(files / "two.jsonl")
    said = caselore(
        "evaluate", str(files / "one.jsonl"), str(files / "gold.jsonl"), "--against", two, "--calibration", "--json"
    ).stdout
    found = json.loads(said)
    assert found["against"]["fields"]["learning_themes"]["only_two"] == 2
    assert found["calibration"]["learning_themes"]["count"] == 1
