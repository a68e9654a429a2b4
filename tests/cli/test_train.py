"""`caselore train` and `--classifier`, as a user calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import Caselore

pytest.importorskip("sklearn")

BOOK = """\
book: our_panel
version: "1.0.0"
title: A panel's own
about: For tests.
fields:
  setting:
    label: Setting
    kind: multi
    question: Where did it happen?
    codes:
      water: {label: water, definition: A lake or a canal., source: own}
      road: {label: road, definition: A lane with traffic., source: own}
"""
WATER, ROAD = "The child was found by the canal lock.", "A lorry came round the bend of the lane."


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Twenty fictional summaries, coded for a field that no rule knows."""
    items, lines = [], []
    for n in range(20):
        said = {"water": WATER} if n % 2 else {"road": ROAD}
        text = f"The panel met. {next(iter(said.values()))} Records were kept."
        items.append({"id": f"s{n}", "heading": f"Child {n}", "text": text})
        lines.append(json.dumps({"id": f"s{n}", "setting": said}))
    (tmp_path / "items-gold.json").write_text(json.dumps(items), encoding="utf-8")
    (tmp_path / "ours.yaml").write_text(BOOK, encoding="utf-8")
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_train_then_propose(caselore: Caselore, gold: Path, tmp_path: Path) -> None:
    model, book = tmp_path / "model.npz", tmp_path / "ours.yaml"
    done = caselore("train", gold, "--out", model, "--book", book, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["cases"] == 20
    assert answer["figures"]["setting"]["stacked"]["f1"] > 0.9

    review = tmp_path / "review.txt"
    review.write_text(
        "Child Q\n\nThe panel met twice. The boy was found by the canal lock at dawn.\n", encoding="utf-8"
    )
    out = tmp_path / "proposals.jsonl"
    done = caselore("propose", review, "--out", out, "--book", book, "--classifier", model)
    assert done.returncode == 0, done.stderr
    codes = [code for code in json.loads(out.read_text("utf-8"))["codes"] if code["field"] == "setting"]
    assert [(code["code"], code["proposer"]) for code in codes] == [("water", "classifier@1.0")]
    assert "canal" in codes[0]["evidence"][0]["quote"]

    done = caselore("propose", review, "--out", out, "--classifier", model)
    assert done.returncode == 2
    assert "our_panel 1.0.0" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_table_says_what_it_is_and_what_it_is_not(caselore: Caselore, gold: Path, tmp_path: Path) -> None:
    done = caselore("train", gold, "--out", tmp_path / "model.npz", "--book", tmp_path / "ours.yaml")
    assert done.returncode == 0, done.stderr
    assert "rules alone" in done.stdout
    assert "look better here than on new ones" in done.stdout


def test_no_gold_and_no_model_are_said_in_a_sentence(caselore: Caselore, gold: Path, tmp_path: Path) -> None:
    done = caselore("train", tmp_path / "none.jsonl", "--out", tmp_path / "model.npz")
    assert done.returncode == 2
    assert "none" in done.stderr
    done = caselore("propose", gold, "--out", tmp_path / "p.jsonl", "--classifier", gold)
    assert done.returncode == 2
    assert "no classifier" in done.stderr
