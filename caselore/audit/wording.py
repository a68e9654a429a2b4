"""In: words of a report. Out: what they are about, as a set of stems in which words of one meaning are one."""

from __future__ import annotations

import re
from functools import lru_cache

_STOP = (
    "the a an of in on at to for from by with and or as is are was were be been being had has have not no "
    "nor this that these those their its his her they it he she who whom whose which where when what "
    "there here also than then but if so such into over under between within during about around all any "
    "some most more less least only just both each every other another one two three number numbers "
    "frequency count counts total per cent percent percentage proportion rate table figure n no we our us "
    "case cases child children review reviews report reports young people person aged year years time "
    "study serious scr scrs did do does could can may might will would relating concerned "
    "involved included including "
)
STOP = frozenset(_STOP.split())
"""Words that say nothing of which figure is meant, among them those of nearly every sentence of the field."""

SAME = {
    "die": "death",
    "died": "death",
    "dead": "death",
    "deaths": "death",
    "fatal": "death",
    "fatality": "death",
    "fatalities": "death",
    "killed": "death",
    "girl": "female",
    "girls": "female",
    "women": "female",
    "woman": "female",
    "boy": "male",
    "boys": "male",
    "men": "male",
    "man": "male",
    "nonfatal": "harm",
    "injury": "harm",
    "harmed": "harm",
    "csc": "socialcare",
}
"""Words of the field that name one thing."""

_WORD = re.compile(r"[a-z][a-z'’-]*[a-z]|[a-z]")


@lru_cache(maxsize=20_000)
def stems(text: str) -> frozenset[str]:
    """The telling words of a text, in the singular and with words of one meaning made one."""
    lower = text.lower().replace("non-fatal", "nonfatal").replace("’", "'").replace("social care", "socialcare")
    return frozenset(stem for word in _WORD.findall(lower.replace("-", " ")) if (stem := _stem(word)))


def _stem(word: str) -> str:
    word = word.removesuffix("'s").strip("'-")
    if word in STOP or len(word) < 3:
        return ""
    if word in SAME:
        return SAME[word]
    for ending, least in (("ies", 5), ("ing", 6), ("ed", 5), ("es", 5), ("s", 4), ("ly", 5)):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            return SAME.get(word, word[: -len(ending)].rstrip("e") or word)
    return word.rstrip("e")
