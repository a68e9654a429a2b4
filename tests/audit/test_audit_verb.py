"""`caselore audit` on the command line: exit codes, the order of the lines, and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from caselore.cli.app import app

WRONG = "Of the 26 reviews, 19 (70%) were about a death.\n"
RIGHT = "Of the 26 reviews, 19 (73%) were about a death.\n"


@pytest.mark.parametrize(("text", "code"), [(WRONG, 1), (RIGHT, 0), ("", 2)])
def test_exit_codes(tmp_path: Path, text: str, code: int) -> None:
    path = tmp_path / "report.txt"
    path.write_text(text, encoding="utf-8")
    assert CliRunner().invoke(app, ["audit", str(path)]).exit_code == code


def test_json_is_a_list_with_place_and_sum(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(WRONG, encoding="utf-8")
    (finding,) = json.loads(CliRunner().invoke(app, ["audit", str(path), "--json"]).stdout)
    assert finding["kind"] == "percentage"
    assert finding["sum"] == "19 / 26 = 73.1%, printed 70%"
    assert WRONG[finding["where"]["start"] : finding["where"]["end"]] == WRONG.strip()
    assert 0 < finding["confidence"] <= 1


def test_least_hides_what_is_less_sure_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(WRONG, encoding="utf-8")
    answer = CliRunner().invoke(app, ["audit", str(path), "--least", "0.99"])
    assert answer.exit_code == 0
    assert "1 less sure not shown" in answer.stdout


def test_lines_are_grouped_by_kind_with_the_place_first(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(WRONG + "\nThe majority (38%) of families had debts.\n", encoding="utf-8")
    lines = [line for line in CliRunner().invoke(app, ["audit", str(path)]).stdout.splitlines() if line]
    assert lines[0].startswith("Percentages that do not fit")
    assert lines[2].strip() == "19 / 26 = 73.1%, printed 70%"
    assert lines[-1] == "2 findings."
