"""The words of a passage come in; what it tells graphically goes out, by the word list beside this file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

LIST = Path(__file__).with_name("content_notes.yaml")


@dataclass(frozen=True, slots=True)
class Care:
    """How coders are cared for: topics with their words, and when a break is suggested."""

    says: Mapping[str, str]
    words: re.Pattern[str]
    break_after_minutes: int
    break_minutes: int


@cache
def care() -> Care:
    """The word list, read once a process."""
    told = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    patterns = {name: "|".join(_pattern(word) for word in topic["words"]) for name, topic in told["topics"].items()}
    return Care(
        says={name: topic["says"] for name, topic in told["topics"].items()},
        words=re.compile("|".join(rf"(?P<{name}>\b(?:{one})\b)" for name, one in patterns.items()), re.IGNORECASE),
        break_after_minutes=int(told["break_after_minutes"]),
        break_minutes=int(told["break_minutes"]),
    )


def _pattern(word: str) -> str:
    """A word of the list as a pattern: white space of any kind, `*` for the rest of a word."""
    return re.escape(word).replace(r"\ ", r"\s+").replace(r"\*", r"\w*").replace("'", "['’]")


@lru_cache(maxsize=20_000)
def topics_of(text: str) -> tuple[str, ...]:
    """What a passage tells graphically, in words for a reader; nothing for most passages."""
    listed = care()
    found = {match.lastgroup for match in listed.words.finditer(text) if match.lastgroup}
    return tuple(says for name, says in listed.says.items() if name in found)
