"""What a person types into one line comes in; words and filters, as `search` takes them, go out.

"disguised compliance, under ones, 2017" are the words, an age band and a year. What is not understood stays words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from caselore.codebook.codebook import Codebook
from caselore.store.books import codebook
from caselore.store.search import FIELDS

YEAR = re.compile(r"(?:19|20)\d\d")
YEARS = re.compile(r"((?:19|20)\d\d)\s*(?:-|–|to|until)\s*((?:19|20)\d\d)")
PLAIN = re.compile(r"[^a-z0-9]+")
NUMBERS = {"one": "1", "ones": "1", "two": "2", "five": "5", "six": "6", "ten": "10", "eleven": "11", "fifteen": "15"}
DROPPED = frozenset(("year", "years", "old", "aged", "age", "the", "a", "of"))
AGE_WORDS = {
    "baby": "under_1", "babies": "under_1", "infant": "under_1", "infants": "under_1", "toddler": "1_to_5",
    "toddlers": "1_to_5", "pre school": "1_to_5", "preschool": "1_to_5", "teenager": "11_to_15",
    "teenagers": "11_to_15", "adults": "18_and_over",
}  # fmt: skip
"""What people call an age band; only a part of its own between commas is read so."""

READ_AS = ("age_band", "source_type", "region")
"""Filters that a part between commas is read as; a theme stays words, because its passages may not say its name."""


@dataclass(frozen=True)
class Asked:
    """The words to look for, the filters that the others were, and codes that the words are the name of."""

    words: str
    filters: dict[str, Any] = field(default_factory=dict)
    themes: tuple[str, ...] = ()


def asked(line: str) -> Asked:
    """Words and filters of one typed line, parted by commas outside of quotation marks."""
    words: list[str] = []
    filters: dict[str, Any] = {}
    for part in parts_of(line):
        found = _filter(part)
        if found:
            filters |= found
        else:
            words.append(part)
    return Asked(" ".join(words), filters, _themes(words))


def parts_of(line: str) -> list[str]:
    """What stands between commas; a comma inside quotation marks parts nothing."""
    found, quoted, at = [], False, 0
    for n, letter in enumerate(line):
        quoted ^= letter == '"'
        if letter in ",;" and not quoted:
            found.append(line[at:n])
            at = n + 1
    return [part.strip() for part in (*found, line[at:]) if part.strip()]


def key_of(words: str) -> str:
    """Words as they are compared: ``Under ones`` and ``under 1 year`` are the same."""
    told = (NUMBERS.get(word, word) for word in PLAIN.sub(" ", words.lower()).split())
    return " ".join(word for word in told if word not in DROPPED)


def _filter(part: str) -> dict[str, Any]:
    if YEAR.fullmatch(part):
        return {"year": part}
    if between := YEARS.fullmatch(part):
        return {"year_from": between[1], "year_to": between[2]}
    key = key_of(part)
    if key in AGE_WORDS:
        return {"age_band": AGE_WORDS[key]}
    for name in READ_AS:
        code = _code(codebook(), FIELDS.get(name, name), part, key)
        if code:
            return {name: code}
    return {}


def _code(book: Codebook, field_id: str, part: str, key: str) -> str:
    known = book.fields.get(field_id)
    for code in known.codes.values() if known else ():
        if key and (part == code.id or key in (key_of(code.label), key_of(code.id))):
            return str(code.id)
    return ""


def _themes(words: list[str]) -> tuple[str, ...]:
    """Themes that a part of the words names, as their label begins or ends."""
    known = codebook().fields.get(FIELDS["theme"])
    asked_for = {key_of(part.strip('"')) for part in words} - {""}
    return tuple(
        code.id
        for code in (known.codes.values() if known else ())
        if asked_for & {key_of(code.label), key_of(code.id), *map(key_of, re.split(r" and |, ", code.label))}
    )
