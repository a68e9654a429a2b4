"""A case or a passage comes in; what may be shown of it outside of the coding room, names masked, goes out.

Titles and publishers pass the masking of a release. Words of a passage pass the same masking, clause by clause, and
whatever was masked in the citation is masked in them too: a name once found stands nowhere.
"""

from __future__ import annotations

import re
import unicodedata
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
WITHIN = re.compile(r"(?<=[a-z,;] )(?=[^a-z\W\d_])[^\W\d_]+")
"""A capital within a sentence."""

FORMS = re.compile("[\ufb00-\ufb4f\uff00-\uffef]+")
"""Letters in forms of their own, such as joined or wide ones: they are read as the letters that they are."""

JOINED = re.compile(r"\b[^\W_]+(?:_[^\W_]+)+\b")
"""Words joined by low lines."""

TAIL = re.compile(rf"(?<={re.escape(MASK)})-([^\W\d_]+)")
"""The second half of a double name, if it is written small."""

MONTHS = "January February March April May June July August September October November December".split()
CALENDAR = frozenset(MONTHS) | {f"{day}day" for day in ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")}
NAMES_OF_MONTHS = frozenset({"April", "May", "June", "August"})
"""Months that are given names; they stay beside a number, as the release's masking lets them."""

_MONTH = "|".join(MONTHS) + "|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\\b\\.?"
_TENS = "first second third fourth fifth sixth seventh eighth ninth".split()
ORDINAL = "|".join(
    (*_TENS, *"tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
     "twentieth thirtieth".split(), *(f"(?:twenty|thirty)[ -]{each}" for each in _TENS))
)  # fmt: skip
PRECISE = (
    (re.compile(rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?|(?i:{ORDINAL}))(?: of)? (?=(?:{_MONTH})(?!\w))"), "[day] "),
    (re.compile(rf"\b({_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?,? (?=\d{{4}}\b)"), r"[day] \1 "),
    (re.compile(rf"\b({_MONTH}) \d{{1,2}}(?:st|nd|rd|th)\b"), r"[day] \1"),
    (re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b"), "[day]"),
    (re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]((?:19|20)?\d{2})\b"), r"[day] \1"),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"), "[postcode]"),
    (re.compile(r"\b[a-z]{1,2}\d[a-z\d]? ?\d(?!st|nd|rd|th)[a-z]{2}\b"), "[postcode]"),
    (re.compile(r"\b(?:https?://|www\.)\S+|\S+@\S+|(?<!\S)@\w+"), "[address]"),
    (re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|uk|io|info)\b(?:/\S*)?"), "[address]"),
    (re.compile(r"\b\d(?:[ -]?\d){6,}\b"), "[number]"),
    (re.compile(r"\b[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]\b|\b(?=\w*\d{5})\d*[A-Za-z][A-Za-z\d]*\b"), "[number]"),
)
"""What tells a person as a name does, and what stands in its place; the same as of a citation."""

KEPT = 64
"""Documents whose small words are remembered."""

SAMPLED, SAMPLED_LETTERS = 40, 60_000
"""Documents, and characters of each, from which the words that are written small are gathered."""


@dataclass(frozen=True, slots=True)
class Source:
    """A case as it may be cited, and the words that its masking found.

    `ordinary` are its document's small words; `always` those of the masked words that are masked written small too.
    """

    title: str
    publisher: str
    year: int | None
    licence: str
    url: str
    names: tuple[str, ...] = ()
    ordinary: frozenset[str] = frozenset()
    always: frozenset[str] = frozenset()

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


def _text(document: str) -> str:
    return Document.objects.filter(pk=document).values_list("text", flat=True).first() or ""


@lru_cache(maxsize=KEPT)
def _ordinary(document: str) -> frozenset[str]:
    """Words that are no names at the head of a sentence: written small, and never with a capital within one."""
    text = _text(document)
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
    names = tuple(dict.fromkeys((*own.names, *whole.names)))
    return Source(
        title=_named(own.title, case), publisher=whole.publisher, year=case.year or document.year,
        licence=whole.licence, url=whole.url, names=names,
        ordinary=_ordinary(document.pk) if with_words else frozenset(),
        always=_always(document.pk, names) if with_words else frozenset(map(str.lower, names)),
    )  # fmt: skip


@lru_cache(maxsize=KEPT)
def _always(document: str, names: tuple[str, ...]) -> frozenset[str]:
    """Those of the words that the document writes with a capital more often than small: what is small is a slip."""
    text = _text(document)
    return frozenset(
        name.lower()
        for name in names
        if len(name) > 2 and len(re.findall(rf"(?i)\b{re.escape(name)}\b", text)) > 2 * text.count(name.lower())
    )


def masked(text: str, source: Source) -> str:
    """The words of a passage with every word masked that may be a name, and days, postcodes, addresses, numbers."""
    text = without_precise(_letters(text))
    told = without(text, {*source.names, *names_in(text, source.ordinary)}, source.always)
    return TAIL.sub(lambda found: found[0] if found[1].lower() in source.ordinary else "", told)


def _letters(text: str) -> str:
    """The text in plain letters, names that are joined by a low line parted."""
    plain = FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return JOINED.sub(lambda found: found[0].replace("_", " ") if stands_out(found[0]) else found[0], plain)


def without_precise(text: str) -> str:
    """The text without days, postcodes, addresses and numbers, each as `PRECISE` tells it."""
    for precise, instead in PRECISE:
        text = precise.sub(instead, text)
    return text


def stands_out(word: str) -> bool:
    """Whether a word has a capital anywhere, or is of a script without capitals, in which any word may be a name."""
    return word != word.lower() or any(letter.isalpha() and letter.upper() == letter for letter in word)


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
        if any(map(stands_out, run)):
            # a small word goes before, because capitals alone are read as a heading in capitals
            yield from (name for name in _run("the " + " ".join(run)) if _is_told(name, run))


def _is_told(name: str, run: list[str]) -> bool:
    """Whether a masked word is one with a capital; a month stays, unless it is a name and has no number beside it.

    A word that is masked for its neighbours alone, such as "The" after a name, stays unless it is a name as well.
    """
    if name in CALENDAR and (name not in NAMES_OF_MONTHS or any(word.isdecimal() for word in run)):
        return False
    return stands_out(name) and (is_name_too(name) or bool(_run(f"the {name}")))


@lru_cache(maxsize=20_000)
def _run(run: str) -> tuple[str, ...]:
    return mask_names(run).names


def is_ordinary(first: list[str], ordinary: frozenset[str]) -> bool:
    """Whether the word at the head of a sentence is written small elsewhere, and is no name besides."""
    return all(word.lower() in ordinary and not is_name_too(word) for word in first)


def is_name_too(word: str) -> bool:
    """Whether a word of other meaning is a name as well, such as Grace."""
    return fold(word) in rules().names_too or any(fold(word) in words(of) for of in NAMES_TOO)


def without(text: str, names: Iterable[str], always: Iterable[str] = ()) -> str:
    """The text with these words masked wherever they stand as names are written; those of `always` in any case."""
    each = {name.removesuffix("'s").removesuffix("’s") for name in names}
    each = {name for name in each if len(name) > 1 and stands_out(name) and holds_name(text, [name])}
    each |= {word for word in WORD.findall(text) if word.lower() in always} if always else set()
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


def cited_names(cases: Iterable[tuple[str, str, str]]) -> set[str]:
    """The words that are masked in citations, given as (title, document's title, publisher), as they are compared."""
    return {
        fold(name)
        for title, of, publisher in cases
        for name in (*_cite(title, "", "", "").names, *_cite(of, publisher, "", "").names)
    }
