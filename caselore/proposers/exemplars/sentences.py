"""In: the codebook's files of examples. Out: fictional sentences with their codes and their style."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from caselore.errors import CodebookError
from caselore.proposers.exemplars.shipped import texts

FIELDS = {"flags": "integrity_flags", "themes": "learning_themes", "types": "recommendation_type"}
"""The short names that the files use, and the fields they stand for."""

Key = tuple[str, str]
"""Field and code."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One example: its words, all codes that it carries, and the style that it is written in."""

    words: str
    codes: tuple[Key, ...]
    style: str


def sentences() -> tuple[Sentence, ...]:
    """All examples, in the order of the files' names.

    Raises:
        CodebookError: a block has neither words nor codes of a known name.
    """
    return tuple(one for name, text in texts(openings=False) for one in _of_file(name, yaml.safe_load(text)))


def _of_file(name: str, data: dict[str, Any]) -> list[Sentence]:
    out: list[Sentence] = []
    for number, block in enumerate(data["examples"], 1):
        if strange := block.keys() - {*FIELDS, "style", "said"}:
            raise CodebookError(f"examples/{name}: block {number} has {', '.join(sorted(strange))}; see its head.")
        codes = tuple(
            (FIELDS[kind], code.strip()) for kind in FIELDS for code in block.get(kind, "").split(",") if code
        )
        style = block.get("style", data["style"])
        out += [Sentence(line.strip(), codes, style) for line in block["said"].splitlines() if line.strip()]
    return out
