"""A case or a passage comes in; what may be shown of it outside of the coding room, names masked, goes out.

Titles and publishers pass the masking of a release. Words of a passage pass the same masking, clause by clause, and
whatever was masked in the citation is masked in them too: a name once found stands nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db.models.functions import Substr

from caselore.release.deidentify import MASK, Citation, cite, holds_name, mask_names
from caselore.release.lists import fold, words
from caselore.store.connect import current
from caselore.store.models import Case, Document
from caselore.workbench.quoting import rules
from caselore.workbench.wording import source_label

CLAUSE = re.compile(r'[^.;:!?,()\[\]{}"“”\n\t|]+')
MOST_WORDS = 12
"""Words of a clause at most: what is longer reads like prose, of which the masking lets nothing pass."""

NAMES_TOO = ("soft_words", "given_places", "short_names", "dated_words")
"""Lists of words that are names as well; at the head of a sentence they are masked."""

WORD = re.compile(r"[^\W\d_]+")
WITHIN = re.compile(r"(?<=[a-z,;] )[A-Z][^\W\d_]+")
"""A capital within a sentence."""

MONTHS = "January February March April May June July August September October November December".split()
CALENDAR = frozenset(MONTHS) | {f"{day}day" for day in ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")}
NAMES_OF_MONTHS = frozenset({"April", "May", "June", "August"})
"""Months that are given names; they stay beside a number, as the release's masking lets them."""

PRECISE = (
    (re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?=(?:{'|'.join(MONTHS)})\b)"), "[day] "),
    (re.compile(rf"\b((?:{'|'.join(MONTHS)})) \d{{1,2}}(?:st|nd|rd|th)?,? (?=\d{{4}}\b)"), r"[day] \1 "),
    (re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]((?:19|20)?\d{2})\b"), r"[day] \1"),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"), "[postcode]"),
    (re.compile(r"\b(?:https?://|www\.)\S+|\S+@\S+\.\S+"), "[address]"),
    (re.compile(r"\b\d(?:[ -]?\d){6,}\b"), "[number]"),
)
"""What tells a person as a name does, and what stands in its place; the same as of a citation."""

SAMPLED, SAMPLED_LETTERS = 40, 60_000
"""Documents, and characters of each, from which the words that are written small are gathered."""


@dataclass(frozen=True, slots=True)
class Source:
    """A case as it may be cited, and the words that its masking found; `ordinary` are its document's small words."""

    title: str
    publisher: str
    year: int | None
    licence: str
    url: str
    names: tuple[str, ...] = ()
    ordinary: frozenset[str] = frozenset()

    @property
    def line(self) -> str:
        """Title, publisher and year in one line."""
        told = [self.title, self.publisher, str(self.year or "")]
        return ". ".join(part for part in told if part)


@lru_cache(maxsize=4000)
def _cite(title: str, publisher: str, licence: str, url: str) -> Citation:
    return cite(title=title, publisher=publisher, licence=licence, url=url)


@lru_cache(maxsize=4)
def _small_words(study: Path) -> frozenset[str]:
    """Words that the study's documents write small."""
    texts = Document.objects.order_by("pk").values_list(Substr("text", 1, SAMPLED_LETTERS), flat=True)
    return frozenset(word for text in texts[:SAMPLED] for word in WORD.findall(text) if word.islower())


@lru_cache(maxsize=64)
def _ordinary(document: str) -> frozenset[str]:
    """Words that are no names at the head of a sentence: written small, and never with a capital within one."""
    text = Document.objects.filter(pk=document).values_list("text", flat=True).first() or ""
    return ordinary_words(text) | (_small_words(current().path) - {word.lower() for word in WITHIN.findall(text)})


def ordinary_words(text: str) -> frozenset[str]:
    """Words that a text writes small somewhere, and never with a capital within a sentence."""
    return frozenset(word for word in WORD.findall(text) if word.islower()) - {
        word.lower() for word in WITHIN.findall(text)
    }


def title_of(case: Case, *, open_names: bool) -> str:
    """The title of a case; masked unless the viewer reads documents."""
    if open_names:
        return case.title
    return _named(_cite(case.title, "", "", "").title, case)


def _named(title: str, case: Case) -> str:
    """A title that the masking withheld altogether is told by the kind of the review."""
    return title or f"{source_label(case.source_type).capitalize()}, title withheld"


def source_of(case: Case, *, with_words: bool = False) -> Source:
    """The masked citation of a case; `with_words` makes it ready to mask passages."""
    document = case.document
    own = _cite(case.title, "", "", "")
    whole = _cite(document.title, document.publisher, document.licence, document.url)
    return Source(
        title=_named(own.title, case), publisher=whole.publisher, year=case.year or document.year,
        licence=whole.licence, url=whole.url, names=tuple(dict.fromkeys((*own.names, *whole.names))),
        ordinary=_ordinary(document.pk) if with_words else frozenset(),
    )  # fmt: skip


def masked(text: str, source: Source) -> str:
    """The words of a passage with every word masked that may be a name, and days, postcodes, addresses, numbers."""
    for precise, instead in PRECISE:
        text = precise.sub(instead, text)
    return without(text, {*source.names, *names_in(text, source.ordinary)})


def names_in(text: str, ordinary: frozenset[str]) -> list[str]:
    """The words with a capital that masking would not let stand in a citation."""
    names: list[str] = []
    for found in CLAUSE.finditer(text):
        before = text[: found.start()].rstrip(" \"'“”‘’([")
        names += _of_clause(found.group().split(), opens=not before or before[-1] in ".!?:\n•", ordinary=ordinary)
    return names


def _of_clause(everything: list[str], *, opens: bool, ordinary: frozenset[str]) -> Iterator[str]:
    if everything and opens and is_ordinary(WORD.findall(everything[0] + " -")[:1], ordinary):
        everything = [everything[0].lower(), *everything[1:]]
    for first in range(0, len(everything), MOST_WORDS):
        run = everything[first : first + MOST_WORDS]
        if any(word != word.lower() for word in run):
            # a small word goes before, because capitals alone are read as a heading in capitals
            yield from (name for name in _run("the " + " ".join(run)) if _is_told(name, run))


def _is_told(name: str, run: list[str]) -> bool:
    """Whether a masked word is one with a capital; a month stays, unless it is a name and has no number beside it.

    A word that is masked for its neighbours alone, such as "The" after a name, stays unless it is a name as well.
    """
    if name in CALENDAR and (name not in NAMES_OF_MONTHS or any(word.isdecimal() for word in run)):
        return False
    return name[:1].isupper() and (is_name_too(name) or bool(_run(f"the {name}")))


@lru_cache(maxsize=20_000)
def _run(run: str) -> tuple[str, ...]:
    return mask_names(run).names


def is_ordinary(first: list[str], ordinary: frozenset[str]) -> bool:
    """Whether the word at the head of a sentence is written small elsewhere, and is no name besides."""
    return all(word.lower() in ordinary and not is_name_too(word) for word in first)


def is_name_too(word: str) -> bool:
    """Whether a word of other meaning is a name as well, such as Grace."""
    return fold(word) in rules().names_too or any(fold(word) in words(of) for of in NAMES_TOO)


def without(text: str, names: Iterable[str]) -> str:
    """The text with these words masked wherever they stand as names are written."""
    each = {name.removesuffix("'s").removesuffix("’s") for name in names}
    each = {name for name in each if len(name) > 1 and name[:1].isupper() and holds_name(text, [name])}
    if not each:
        return text
    pattern = "|".join(map(re.escape, sorted(each, key=len, reverse=True)))
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", MASK, text)


def may_be_names(text: str) -> tuple[str, ...]:
    """Words of own remarks that masking would have masked: for a person to look at."""
    return tuple(dict.fromkeys(names_in(text, ordinary_words(text.lower()))))


def is_open_area(words_typed: str) -> bool:
    """Whether an area may be asked for by who reads no names: the masking knows it as a place."""
    told = words_typed.strip().title()
    return bool(told) and mask_names(told).text == told


def searched_names(terms: Iterable[str], cases: Iterable[tuple[str, str, str]]) -> set[str]:
    """Those of the terms that are masked in a citation, given as (title, document's title, publisher)."""
    asked = {fold(word): word for term in terms for word in WORD.findall(term)}
    hidden = {
        fold(name)
        for title, of, publisher in cases
        for name in (*_cite(title, "", "", "").names, *_cite(of, publisher, "", "").names)
    }
    return {word for key, word in asked.items() if key in hidden and len(key) > 2}
