"""The import rules of the house, checked on the code as it stands."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent / "caselore"
FLOW = ("documents", "proposers", "agreement", "release", "tables", "report")
"""The rooms of plain Python, left to right: each may import what stands to its left (decision 0008)."""

ASIDE = {
    "store": {"documents", "proposers", "agreement"},
    "workbench": {"documents", "proposers", "agreement", "release", "store"},
    "audit": {"documents"},
    "linkage": {"documents", "release"},
    "exchange": {"documents", "release", "agreement"},
    "engine": set[str](),
}
"""Rooms beside the flow, and what they may import besides the shared records."""

SHARED = {"records", "errors", "study", "codebook"}
FRAMEWORK_ROOMS = {"store", "workbench", "cli"}
MOST_LINES = 400


def modules() -> list[Path]:
    """Every module but the migrations, which Django writes."""
    return sorted(path for path in HOUSE.rglob("*.py") if "migrations" not in path.parts)


def room_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides which room it enters"
            yield node.module or ""
            if node.module == "caselore":
                yield from (f"caselore.{alias.name}" for alias in node.names)


def rooms_entered(path: Path) -> set[str]:
    names = (name.split(".") for name in imported(path))
    return {parts[1] for parts in names if parts[0] == "caselore" and len(parts) > 1} - {"__version__"}


def allowed(room: str) -> set[str]:
    if room in FLOW:
        return SHARED | set(FLOW[: FLOW.index(room)])
    if room in ASIDE:
        return ASIDE[room] | (set() if room == "engine" else SHARED)
    if room == "codebook":
        return {"records", "errors"}
    if room == "__main__":
        return {"cli"}
    if room == "cli":
        return set(FLOW) | set(ASIDE) | SHARED
    return {"records", "errors"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_room_imports_only_what_stands_to_its_left(path: Path) -> None:
    room = room_of(path)
    entered = rooms_entered(path) - {room}
    assert entered <= allowed(room), f"{path} imports {sorted(entered - allowed(room))}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_only_three_rooms_know_the_web_framework(path: Path) -> None:
    if room_of(path) not in FRAMEWORK_ROOMS:
        assert not any(name.split(".")[0] == "django" for name in imported(path))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_module_says_what_it_is_and_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), f"{path} opens without a sentence"


def test_no_dumping_grounds() -> None:
    refused = {"utils", "util", "helpers", "helper", "misc", "common", "managers", "services", "factories"}
    assert not [path for path in modules() if path.stem in refused]


def test_import_is_light() -> None:
    """`import caselore` loads no web framework, no frames and no charts."""
    code = "import sys, caselore; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"django", "numpy", "duckdb", "altair", "pandas", "typer"} & set(loaded)


def test_every_room_is_in_the_flow_or_beside_it() -> None:
    rooms = {path.name for path in HOUSE.iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert rooms <= set(FLOW) | set(ASIDE) | {"codebook", "cli"}
