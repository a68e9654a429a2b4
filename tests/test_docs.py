"""The manual is under test: links lead somewhere, commands exist, generated pages are current."""

from __future__ import annotations

import ast
import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from caselore.cli.app import app

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"```(?:console|sh)\n(.*?)```", re.DOTALL)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def commands_in(page: Path) -> Iterator[list[str]]:
    for block in FENCE.findall(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line.removeprefix("$ "), comments=True)
            if words and words[0] == "caselore":
                yield words[1:]


def group() -> Any:
    return typer.main.get_command(app)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:", "#", "mailto:")):
            assert (page.parent / target.partition("#")[0]).exists(), f"{name_of(page)} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_in_the_manual_exists_with_its_options(page: Path) -> None:
    verbs = group().commands
    for words in commands_in(page):
        if not words or words[0].startswith("-"):
            continue
        assert words[0] in verbs, f"{name_of(page)}: caselore {words[0]}"
        known = {option for parameter in verbs[words[0]].params for option in parameter.opts} | {"--help"}
        used = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert used <= known, f"{name_of(page)}: {words[0]} has no {used - known}"


def test_generated_pages_are_current() -> None:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    for path, text in generate.pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{name_of(path)} is old: run `make docs`"


def test_every_verb_ends_its_help_in_a_working_example() -> None:
    for name, command in group().commands.items():
        words = shlex.split((command.epilog or "").removeprefix("Example: "))
        assert words[:2] == ["caselore", name]
        command.make_context(name, words[2:], resilient_parsing=False)


def public_things() -> list[tuple[str, ast.AST]]:
    return [
        (f"{name_of(path)}:{node.name}", node)
        for path in sorted((ROOT / "caselore").rglob("*.py"))
        if "migrations" not in path.parts  # written by Django
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]


def test_everything_public_has_a_sentence() -> None:
    assert [name for name, node in public_things() if not ast.get_docstring(node)] == []  # type: ignore[arg-type]


def test_the_glossary_names_the_nouns_of_the_house() -> None:
    glossary = (ROOT / "docs" / "GLOSSARY.md").read_text(encoding="utf-8")
    nouns = (
        "study", "document", "case", "passage", "codebook", "code", "evidence", "proposal", "coding",
        "adjudication", "release", "table",
    )  # fmt: skip
    assert [noun for noun in nouns if f"| {noun} |" not in glossary] == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
