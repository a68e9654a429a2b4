"""A text comes in; whether it holds anything that reviews of cases hold goes out, by the word list beside this file."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

LIST = Path(__file__).with_name("review_signs.yaml")

REMARK = "It holds nothing that reviews of cases speak of; look whether it is the file that you meant."
"""What is said of a text without signs; it is kept all the same, as a list of words cannot know."""


@cache
def _signs() -> tuple[re.Pattern[str], int]:
    told = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    words = (re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in told["words"])
    return re.compile("|".join(rf"(\b{word}\b)" for word in words), re.IGNORECASE), int(told["least"])


def has_signs(text: str) -> bool:
    """Whether the text holds as many different signs as the list asks for."""
    pattern, least = _signs()
    found: set[int | None] = set()
    for match in pattern.finditer(text):
        found.add(match.lastindex)
        if len(found) >= least:
            return True
    return False
