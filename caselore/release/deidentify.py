"""A public citation goes in; the same citation comes out with every word masked that may be a person's name.

The rule is default-deny: a capitalised word stays only if a packaged list knows it as an area or as a word of
citations, and only where no name is to be expected. A pseudonym looks like a name and is masked like one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from caselore.release.addresses import safe_address
from caselore.release.lists import Phrase, acronyms, fold, phrases, words

MASK = "[name]"
"""What stands where a word may be a name."""

LONGEST = 240
"""Characters of the longest citation; what is longer, or reads like prose, is no citation and is withheld."""

TITLE, LONGEST_TITLE = 12, 30
"""Words: up to the first a citation may look as it likes, beyond the second it is none."""

_SENTENCE_ENDS = re.compile(r"[a-z0-9)\]]{2}[.!?][\"'”’]?(?:$|\s+[\"'“‘]?[A-Z])")
_TELLING = frozenset(
    ("was", "were", "had", "has", "died", "did", "is", "are", "told", "found", "went", "she", "he", "they")
)

_Kind = Literal["lower", "number", "code", "word", "role", "soft", "area", "place", "given", "dated", "name"]
"""`area`: a place of several words; `place`: of one; `given`: a place that is a given name or surname too."""

_LICENCE = re.compile(
    r"(ogl|open government licence)( ?v?[123](\.0)?)?|cc0|cc[ -]by([ -](nc|nd|sa))*( [1234]\.0)?|public domain"
    r"|per-document|(©? ?)(crown )?copyright( \d{4})?|all rights reserved|mit|apache-2\.0|unknown|none|fictional",
    re.IGNORECASE,
)

_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+|\S+@\S+\.\S+")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAY_OF_MONTH = re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?=(?:{_MONTHS})[a-z]*,? \d{{4}}\b)", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b((?:{_MONTHS})[a-z]*) \d{{1,2}}(?:st|nd|rd|th)?,? (?=\d{{4}}\b)", re.IGNORECASE)
_NUMERIC_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]((?:19|20)?\d{2})\b|\b((?:19|20)\d{2})-\d{2}-\d{2}\b")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}")
_YEARS = re.compile(r"(?:19|20)\d\d(?:[ -](?:19|20)?\d\d)+|(?:19|20)\d\d-\d{3,4}")  # or the number of a report

_CODE = re.compile(r"[A-Za-z]{1,2}\d{1,4}[A-Za-z]?|\d+[A-Za-z]{1,2}|[A-Za-z]")
_REPORTS = frozenset(("report", "review", "inquiry", "enquiry", "investigation"))
_BREAKS = re.compile(r"\s[-‐-―−]+\s|[–—:/|;()\[\]]")


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked text, and the words that were masked: those are for checks and never leave the process."""

    text: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A masked citation; `names` are the words that were masked: they never leave the process."""

    title: str = ""
    publisher: str = ""
    licence: str = ""
    url: str = ""
    names: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


@dataclass(slots=True)
class _Word:
    """A word of a citation; `gap` is what stands between it and the word before."""

    text: str
    start: int
    end: int
    gap: str
    kind: _Kind = "name"

    @property
    def key(self) -> str:
        return "and" if self.text == "&" else fold(self.text)

    @property
    def follows(self) -> bool:
        """Whether it is in one run with the word before: only space, quotes or dots of initials between."""
        return self.glued or (bool(self.gap) and not self.gap.strip(" _.'\"‘’“”"))

    @property
    def expects_name(self) -> bool:
        """Whether it is a word for a person, which a name follows."""
        return self.kind == "role" or (self.kind == "soft" and self.key in words("roles"))

    @property
    def glued(self) -> bool:
        return self.gap in _HYPHENS


_HYPHENS = frozenset("-‐‑–")


def cite(*, title: str = "", publisher: str = "", licence: str = "", url: str = "") -> Citation:
    """Mask a citation: names in title and publisher, an address that may carry one, an unknown licence.

    >>> cite(title="2031 - Cumbria - Zebedee Quux").title
    '2031 - Cumbria - [name]'
    """
    kept, house = mask_names(title), mask_names(publisher)
    names = tuple(dict.fromkeys((*kept.names, *house.names)))
    address = safe_address(url, names)
    left_out = {
        "title": bool(title.strip()) and not kept.text,
        "publisher": bool(publisher.strip()) and not house.text,
        "licence": bool(licence.strip()) and not _LICENCE.fullmatch(licence.strip()),
        "url": address != url.strip(),
    }
    return Citation(
        title=kept.text,
        publisher=house.text,
        licence=licence.strip() if not left_out["licence"] else mask_names(licence).text,
        url=address,
        names=names,
        withheld=tuple(part for part, missing in left_out.items() if missing),
    )


def mask_names(text: str) -> Masked:
    """Mask every word of a citation that may be a name; of a date only month and year stay.

    What is longer than `LONGEST`, or reads like prose, comes back empty: a narrative is no citation.
    """
    masked = _mask_once(text)
    while (again := _mask_once(masked.text)).text != masked.text:  # what a mask leaves can be suspect itself
        masked = Masked(again.text, (*masked.names, *again.names))
    return masked


def _mask_once(text: str) -> Masked:
    plain = _plain(text)
    found = list(_words(plain))
    if not found or len(plain) > LONGEST or _is_prose(plain, found):
        return Masked("", tuple(word.text for word in found if word.text[:1].isupper()))
    _classify(plain, found)
    return _replace(plain, found)


def _plain(text: str) -> str:
    """The text without what is never part of a citation: addresses, days, postcodes, long numbers."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc", "Cs", "Co") or c.isspace())
    plain = " ".join(plain.split())
    plain = _MONTH_DAY.sub(r"\1 ", _DAY_OF_MONTH.sub("", _ADDRESS.sub("[address]", plain)))
    plain = _NUMERIC_DATE.sub(lambda found: found[1] or found[2], plain)
    plain = _POSTCODE.sub("[postcode]", plain)
    return _LONG_NUMBER.sub(lambda found: found[0] if _YEARS.fullmatch(found[0]) else "[number]", plain)


def _words(text: str) -> Iterator[_Word]:
    """Runs of letters, marks and digits of any script; an apostrophe or a dot inside one belongs to it."""
    at = last = 0
    while at < len(text):
        end = at + len(MASK) if text.startswith(MASK, at) else at
        while text[at] != "[" and end < len(text) and (_is_letter(text[end]) or _joins(text, end, at)):
            end += 1
        if end > at or text[at] == "&":
            end = max(end, at + 1)
            yield _Word(text[at:end], at, end, text[last:at])
            last = at = end
        else:
            at += 1


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _joins(text: str, at: int, start: int) -> bool:
    inside = start < at < len(text) - 1 and _is_letter(text[at + 1])
    return inside and text[at] in "'’‘"


def _is_prose(text: str, found: Sequence[_Word]) -> bool:
    """A story: many words, or more than a title's with the end of a sentence or two verbs of telling in them."""
    if len(found) > LONGEST_TITLE:
        return True
    told = sum(word.text.lower() in _TELLING for word in found)
    return len(found) > TITLE and (told >= 2 or _SENTENCE_ENDS.search(text) is not None)


def _classify(text: str, found: list[_Word]) -> None:
    strict = MASK not in text and not (any(map(str.islower, text)) and any(map(str.isupper, text)))
    for word in found:
        word.kind = _kind(word, strict=strict)
    _phrases(found)
    _dated(found)
    _hyphenated(found)
    _in_segments(text, found)
    while any(rule(found) for rule in _CONTEXT):  # one masked word makes its neighbours suspect
        pass


def _kind(word: _Word, *, strict: bool) -> _Kind:
    text, key = word.text, word.key
    if text == MASK:
        return "name"
    if text == "&" or text.isdecimal():
        return "number" if text != "&" else "lower"
    if _CODE.fullmatch(text):
        return "code"
    if not key.isascii():
        return "name"
    if not strict and text.islower():
        return "lower"
    if not strict and text.isupper() and _is_acronym(key):
        return "code"
    if key in acronyms() and not text.isupper():
        return "name"
    kind = _listed(key)
    # An accent makes another word of it, except in the names of areas: Över is not "over".
    return kind if text.replace("’", "'").isascii() or kind in ("place", "given") else "name"


_LISTS: tuple[tuple[str, _Kind], ...] = (
    ("dated_words", "dated"),
    ("given_places", "given"),
    ("soft_words", "soft"),
    ("roles", "role"),
    ("words", "word"),
    ("places", "place"),
)


@cache
def _listed(key: str) -> _Kind:
    return next((kind for name, kind in _LISTS if key in words(name)), "name")


def _is_acronym(key: str) -> bool:
    """Capitals among small letters: two, or without a vowel; others must be listed (LEE is no acronym)."""
    if len(key) == 2:
        return key not in words("short_names")
    return not set(key) & set("aeiouy") and len(key) <= 6


@cache
def _known_phrases() -> dict[Phrase, _Kind]:
    known: dict[Phrase, _Kind] = dict.fromkeys(phrases("words") | phrases("roles"), "word")
    return known | dict.fromkeys(phrases("places"), "area")


def _phrases(found: list[_Word]) -> None:
    """Phrases overrule their words: in "North Yorkshire" neither is suspect."""
    known = _known_phrases()
    longest = max(map(len, known))
    at = 0
    while at < len(found):
        for length in range(min(longest, len(found) - at), 1, -1):
            run = found[at : at + length]
            kind = known.get(tuple(word.key for word in run))
            if kind and all(word.follows for word in run[1:]):
                for word in run:
                    word.kind = "role" if kind == "word" and run[-1].kind == "role" and word is run[-1] else kind
                at += length - 1
                break
        at += 1


def _dated(found: list[_Word]) -> None:
    for index, word in enumerate(found):
        if word.kind == "dated":
            near = [found[i] for i in (index - 1, index + 1) if 0 <= i < len(found)]
            word.kind = "word" if any(other.kind == "number" for other in near) else "name"


def _hyphenated(found: list[_Word]) -> None:
    """A name joined by hyphens is one name, its known parts and small letters included."""
    for group in _groups(found, lambda word: word.glued):
        if any(word.kind == "name" for word in group):
            for word in group:
                word.kind = word.kind if word.kind == "number" else "name"


def _groups(found: list[_Word], joined: Callable[[_Word], bool]) -> Iterator[list[_Word]]:
    group: list[_Word] = []
    for word in found:
        if group and not joined(word):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _in_segments(text: str, found: list[_Word]) -> None:
    """A heading gives the area first: a lone "Devon" after it is a pseudonym, and "(Wood Report)" names a person."""
    area_given = False
    for segment in _groups(found, lambda word: not _BREAKS.search(word.gap)):
        told = [word for word in segment if word.kind != "number"]
        if len(told) == 1 and (told[0].kind == "soft" or (area_given and told[0].kind == "given")):
            told[0].kind = "name"
        eponym = [word for word in told if word.key != "the"]
        suspect = ("soft", "given", "place") if area_given else ("soft",)
        if len(eponym) > 1 and eponym[0].kind in suspect and eponym[1].key in _REPORTS:
            eponym[0].kind = "name"
        area_given = area_given or any(
            word.kind in ("area", "place", "given") or word.key == "anonymous" for word in segment
        )


def _after_role(found: list[_Word]) -> bool:
    return _suspect(found, lambda one, two: one.expects_name and two.kind in ("soft", "given", "place"))


def _after_name(found: list[_Word]) -> bool:
    return _suspect(
        found,
        lambda one, two: (
            one.kind == "name"
            and (two.kind in ("soft", "given", "place") or (two.kind == "lower" and _listed(two.key) == "name"))
        ),
    )


def _suspect(found: list[_Word], rule: Callable[[_Word, _Word], bool]) -> bool:
    changed = False
    for one, two in pairwise(found):
        if two.follows and rule(one, two):
            two.kind = "name"
            changed = True
    return changed


def _before_name(found: list[_Word]) -> bool:
    """Initials, particles and places that are given names, right before a word that is masked."""
    changed = False
    for index in range(len(found) - 2, -1, -1):
        one, two = found[index], found[index + 1]
        if two.kind != "name" or not two.follows or one.kind == "name":
            continue
        role_before = index and found[index - 1].expects_name and one.follows
        initial = one.kind == "code" and len(one.text) == 1 and not role_before
        given = one.kind == "given" or (
            one.kind == "soft" and not one.expects_name and one.key not in words("directions")
        )
        if initial or given or one.key in words("particles"):
            one.kind = "name"
            changed = True
    return changed


def _again(found: list[_Word]) -> bool:
    """A word masked once is masked wherever it stands."""
    masked = {word.key for word in found if word.kind == "name" and len(word.key) > 1}
    left = [word for word in found if word.key in masked and word.kind != "name"]
    for word in left:
        word.kind = "name"
    return bool(left)


_CONTEXT = (_after_role, _after_name, _before_name, _again)


def _replace(text: str, found: list[_Word]) -> Masked:
    """Each run of masked words becomes one `MASK`; the square brackets of our own masks are left alone."""
    parts: list[str] = []
    names: list[str] = []
    at = 0
    for word in found:
        if word.kind != "name":
            continue
        names += [word.text] if word.text != MASK else []
        joined = bool(parts) and parts[-1] == MASK and word.follows and text[at : word.start] == word.gap
        if not joined:
            parts += [text[at : word.start], MASK]
        at = word.end
    return Masked("".join([*parts, text[at:]]), tuple(dict.fromkeys(names)))


def holds_name(text: str, names: Iterable[str]) -> bool:
    """Whether a text holds one of some masked words, as a word or a part of an address, in any case."""
    inside = {fold(word.text) for word in _words(unicodedata.normalize("NFKC", text))}
    return any(fold(name) in inside for name in names if len(fold(name)) > 1)
