"""The lists of terms that cues share: lists of several books come in, one thesaurus goes out, with its circles and
the lists that a phrase belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from caselore.codebook.cues import Thesaurus, fold, parse_cue, regex
from caselore.errors import CodebookError


def merge_lists(many: Iterable[Mapping[str, Iterable[Any]]]) -> dict[str, tuple[str, ...]]:
    """One thesaurus; a list that several books have holds the terms of all, each once, in their order."""
    merged: dict[str, tuple[str, ...]] = {}
    for lists in many:
        for name, terms in lists.items():
            merged[name] = tuple(dict.fromkeys((*merged.get(name, ()), *map(str, terms))))
    return merged


def circle(lists: Thesaurus) -> tuple[str, ...]:
    """Names of lists that lead back to their beginning (`a` holds `<b>`, `b` holds `<a>`); empty if there are none."""
    asked = {name: _asked_for(terms) for name, terms in lists.items()}
    sound: set[str] = set()
    for name in asked:
        if found := _walk((name,), asked, sound):
            return found
    return ()


def _walk(path: tuple[str, ...], asked: Mapping[str, frozenset[str]], sound: set[str]) -> tuple[str, ...]:
    for name in sorted(asked.get(path[-1], frozenset()) - sound):
        if name in path:
            return (*path[path.index(name) :], name)
        if found := _walk((*path, name), asked, sound):
            return found
    sound.add(path[-1])
    return ()


def _asked_for(terms: Iterable[str]) -> frozenset[str]:
    slots: set[str] = set()
    for term in terms:
        try:
            slots |= parse_cue(term).slots
        except CodebookError:  # the check of the term itself says what is wrong with it
            continue
    return frozenset(slots)


def lists_with(phrase: str, thesaurus: Thesaurus) -> tuple[str, ...]:
    """The names of the lists that hold the phrase, so that a researcher finds the slot that a cue needs.

    Example: ``lists_with("health visitors", load().thesaurus)`` names ``health_visitor`` and ``professional``.
    """
    folded = fold(phrase).strip()
    frozen = tuple(sorted(thesaurus.items()))
    return tuple(name for name in thesaurus if _whole(name, frozen).fullmatch(folded))


@lru_cache(maxsize=512)
def _whole(name: str, frozen: tuple[tuple[str, tuple[str, ...]], ...]) -> re.Pattern[str]:
    return re.compile(regex(f"<{name}>", dict(frozen)))
