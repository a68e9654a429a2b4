"""In: the codebook's files of openings. Out: fictional tellings of what happened, with the facts of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from caselore.errors import CodebookError
from caselore.proposers.exemplars.shipped import texts

OUTCOMES = {"death": "death", "harm": "serious_harm", "other": "other"}
"""The kinds of block, and the outcome that each stands for."""

NATURE_OF = {"death": "nature_of_death", "serious_harm": "nature_of_harm"}
"""The field that holds the nature, by outcome."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One example: what it says, its facts ("-" for no nature), its style, and whether the rules were mended on it."""

    words: str
    outcome: str
    nature: str
    source: str
    context: str
    style: str
    known_to_rules: bool

    @property
    def what(self) -> str:
        """Outcome and nature in one word, which are decided together."""
        return f"{self.outcome}:{self.nature}"


def openings() -> tuple[Opening, ...]:
    """All openings, in the order of the files' names.

    Raises:
        CodebookError: a block does not name an outcome and three facts.
    """
    return tuple(one for name, text in texts(openings=True) for one in _of_file(name, yaml.safe_load(text)))


def _of_file(name: str, data: dict[str, Any]) -> list[Opening]:
    out: list[Opening] = []
    for number, block in enumerate(data["openings"], 1):
        kind = next((kind for kind in OUTCOMES if kind in block), "")
        told = [part.strip() for part in str(block.get(kind, "")).split(",")]
        if len(told) != 3 or "said" not in block:
            raise CodebookError(f"examples/{name}: block {number} needs an outcome with three facts, and said.")
        known = bool(data.get("known_to_rules", False))
        lines = (line.strip() for line in block["said"].splitlines())
        out += [
            Opening(line, OUTCOMES[kind], told[0], told[1], told[2], data["style"], known) for line in lines if line
        ]
    return out
