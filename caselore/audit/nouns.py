"""In: a number in a sentence. Out: the nouns that it may count, in the singular."""

from __future__ import annotations

import re

from caselore.audit.mentions import Mention

_WORD = re.compile(r"[A-Za-z][a-z]+")
_ODD = {"children": "child", "people": "person", "women": "woman", "men": "man", "babies": "baby"}
_STOP = (
    "the these those all our of out in on at to for from by with and or as is are was were be been had "
    "has have not that this their its they it who which where when more than most other others further "
    "remaining total whom whose did could may made given known "
)
_NOT_NOUNS = frozenset(_STOP.split())


def singular(word: str) -> str:
    """A noun in the singular, lower case."""
    lower = word.lower()
    if lower in _ODD:
        return _ODD[lower]
    if lower.endswith("ies") and len(lower) > 4:
        return lower[:-3] + "y"
    return lower[:-1] if lower.endswith("s") and not lower.endswith("ss") and len(lower) > 3 else lower


def noun_after(text: str, mention: Mention) -> set[str]:
    """The words right after a number, up to the end of its phrase: "124 homicide reviews" gives both words."""
    out: set[str] = set()
    after = re.split(
        r"[.,;:()\d]|\b(?:of which|that|who|which|were|was|in|from|with|to|had|between|over)\b",
        text[mention.end :],
        maxsplit=1,
    )
    for word in after[0].split()[:5]:
        if _WORD.fullmatch(word) and word.lower() not in _NOT_NOUNS:
            out.add(singular(word))
    return out
