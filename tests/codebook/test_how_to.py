"""The examples of the how-to page load as they stand."""

from __future__ import annotations

import re
from pathlib import Path

from caselore.codebook.changes import changes, suggested_bump, touched
from caselore.codebook.codebook import load

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "write-a-codebook.md"
HEAD = 'book: our_panel\nversion: "1.0.0"\ntitle: Ours\n'


def blocks() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_every_book_on_the_page_loads(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    whole = [block for block in blocks() if block.startswith(("book:", "fields:", "lists:"))]
    assert len(whole) == 3
    for block in whole:
        path.write_text(block if block.startswith("book:") else HEAD + block)
        load(path)


def test_two_versions_are_compared_as_the_page_says(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    (field,) = (block for block in blocks() if block.startswith("fields:"))
    old.write_text(HEAD + field)
    new.write_text(HEAD + field.replace("kept the family from", "kept the child from"))
    found = changes(load(old), load(new))
    assert suggested_bump(found) == "major"
    assert touched(found, [("rural_isolation", "isolated")]) == (("rural_isolation", "isolated"),)
