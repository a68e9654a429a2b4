"""The keys of the coding page, as data beside this file; the page's script and its key sheet read the same list."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

LIST = Path(__file__).with_name("keys.yaml")
SHOWN = {"ArrowDown": "↓", "ArrowUp": "↑", "ArrowRight": "→", "ArrowLeft": "←", " ": "Space", "Delete": "Del"}


@cache
def sheet() -> list[dict[str, Any]]:
    """The key sheet: parts with a title and lines of (keys, what they do)."""
    told = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return [
        {"title": part["title"], "lines": [{"keys": [_shown(key) for key in line["keys"]], "does": line["does"]}
                                           for line in part["keys"]]}
        for part in told["parts"]
    ]  # fmt: skip


def _shown(key: str) -> str:
    """A key as it is printed: Shift and the sign."""
    *before, last = key.split("+") if len(key) > 1 else [key]
    return " ".join([*before, SHOWN.get(last, last)])


def _acts() -> dict[str, dict[str, str]]:
    """Where the cursor is (`everywhere`, `items`, `text`) -> key -> the act's name."""
    told = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    found: dict[str, dict[str, str]] = {}
    for part in told["parts"]:
        for line in part["keys"]:
            for key in line["keys"]:
                found.setdefault(part["where"], {})[key] = line["act"]
    return found


KEYS = _acts()
