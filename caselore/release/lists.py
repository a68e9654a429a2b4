"""The packaged word lists go in; sets of words and phrases that a citation may keep come out.

A word is compared folded: lower case, no accents, straight apostrophes, no possessive ending.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

Phrase = tuple[str, ...]


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """A word as it is compared: ``Môn's`` and ``mon`` are the same."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    plain = plain.casefold().replace("’", "'").replace("‘", "'").strip("'.")
    return plain.removesuffix("'s").replace("'", "").replace(".", "")


@cache
def words(name: str) -> frozenset[str]:
    """The single words of a list, folded."""
    return frozenset(entry[0] for entry in _entries(name) if len(entry) == 1)


@cache
def acronyms() -> frozenset[str]:
    """Folded words that the lists know in capitals only: SUDI is an acronym, Sudi may be somebody."""
    listed = [entry.strip() for line in _lines("words") for entry in line.split(",")]
    return frozenset(map(fold, filter(str.isupper, listed))) - frozenset(
        fold(entry) for entry in listed if not entry.isupper()
    )


@cache
def phrases(name: str) -> frozenset[Phrase]:
    """The entries of a list that are more than one word, each as its folded words."""
    return frozenset(entry for entry in _entries(name) if len(entry) > 1)


def _lines(name: str) -> list[str]:
    text = files("caselore.release").joinpath("data", f"{name}.txt").read_text("utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


@cache
def _entries(name: str) -> tuple[Phrase, ...]:
    listed = (entry for line in _lines(name) for entry in line.replace("-", " ").replace("&", " and ").split(","))
    return tuple(folded for folded in (tuple(fold(word) for word in entry.split()) for entry in listed) if folded)
