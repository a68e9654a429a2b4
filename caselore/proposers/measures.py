"""In: a case that is a whole document. Out: its measures, each with a place that shows it: the proposer ``measures``.

Pages, words, appendices, readability, jargon, abbreviations that nobody explains, how much of it analyses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

import ahocorasick
import yaml

from caselore.codebook.codebook import Codebook
from caselore.documents.sections import sections
from caselore.proposers.casetext import CaseText
from caselore.records import Code, Evidence, Page, Passage, Proposal, Section

VERSION = "1.0"
CODER = f"measures@{VERSION}"

WHOLE = 0.9
"""The part of a document's text from which a case is the whole of it."""

FEWEST_WORDS = 100
"""Below this a mean says nothing."""

DIVIDED = 0.25
"""The part of the text that must stand under headings of known kind before analysis is weighed against description."""

NOT_PROSE = ("contents", "references", "appendix", "keywords")
ANALYSIS = ("analysis", "learning", "recommendations")
DESCRIPTION = ("incident", "background")

LONGEST_QUOTE = 120
MOST_EVIDENCE = 5

_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_SHORT = re.compile(r"(?<![\w.&-])[A-Z](?:[A-Z]|&(?=[A-Z])){2,5}(?=s?(?![\w&]))")
_ROMAN = re.compile(r"[IVXLC]+")
_BRACKET = re.compile(r"\s?\((?:the |or |known as |hereafter )?[\"'‘“]?(?:([A-Z][A-Z&]{2,5})s?\b)?")
_WORDS_FOLLOW = re.compile(r"(?!see |page |para|for |e\.g)[A-Za-z][\w'’&-]*[ ,]+[A-Za-z]")
_LISTED = re.compile(r"([A-Z][A-Z&]{2,5})s?\s*(?:[|:=–—-]|\t| {2,})\s*[A-Z][\w'’&-]+ [A-Za-z]")
_VOWELS = re.compile(r"[aeiouy]+")
_MUTE = re.compile(r"(?:[^aeiouyl]e|[^aeiouytd]ed|[^aeioucgsxz]es|[aeiouy]le)$")

Measured = tuple[str, float, Sequence[tuple[int, int]], float]
"""A field, its value, places that show it, confidence."""


@lru_cache(maxsize=100_000)
def syllables(word: str) -> int:
    """The syllables of an English word in small letters: groups of vowels, without an e that is not spoken."""
    groups = len(_VOWELS.findall(word))
    return max(1, groups - bool(groups > 1 and _MUTE.search(word)))


def reading_grade(words: int, sentences: int, spoken: int) -> float:
    """The Flesch-Kincaid grade: years of school in the United States after which a text reads easily.

    J. Kincaid, R. Fishburne, R. Rogers and B. Chissom, Naval Technical Training Command, Research Branch Report 8-75,
    1975: 0.39 words a sentence + 11.8 syllables a word - 15.59.
    """
    return 0.39 * words / sentences + 11.8 * spoken / words - 15.59


class Measures:
    """The proposer ``measures``: the number fields of the codebook that are filled by the document itself."""

    id = CODER

    def __init__(self, codebook: Codebook) -> None:
        self._fields = {one.id for one in codebook.fields.values() if one.filled_by == "document"}
        self._codebook = codebook
        self._jargon = _automaton()

    def propose(self, text: CaseText) -> Proposal:
        """The measures of a case that is a whole document; of any other, nothing."""
        if not is_whole(text):
            return Proposal(text.case)
        reading = Reading(text, self._jargon)
        found = (self._code(text, *one) for one in reading.measures() if one[0] in self._fields)
        return Proposal(text.case, codes=tuple(code for code in found if code is not None))

    def _code(
        self, text: CaseText, field: str, value: float, places: Sequence[tuple[int, int]], confidence: float
    ) -> Code | None:
        digits = f"{round(value, 1):.1f}".removesuffix(".0")
        evidence = tuple(one for one in (text.evidence(*place) for place in places[:MOST_EVIDENCE]) if one.quote)
        if not evidence or not self._codebook.fields[field].accepts(digits):
            return None
        return Code(field, digits, confidence, self.id, evidence)


def is_whole(text: CaseText) -> bool:
    """Whether a case is all of its document, and not one entry of many."""
    return text.case.end - text.case.start >= WHOLE * len(text.text.strip()) > 0


@dataclass(frozen=True)
class Reading:
    """A whole document, measured."""

    case: CaseText
    jargon: Any

    @cached_property
    def prose(self) -> tuple[Passage, ...]:
        """The sentences of the report, without contents, references, appendices, tables and headings."""
        kept = (one for one in self.case.passages if one.kind == "sentence" and one.section not in NOT_PROSE)
        return tuple(one for one in kept if one.end - one.start > 12)

    @cached_property
    def told(self) -> str:
        """The prose in small letters, a sentence a line."""
        folded = self.case.folded
        return "\n".join(folded[one.start : one.end] for one in self.prose)

    @cached_property
    def words(self) -> Counter[str]:
        """The words of the prose."""
        return Counter(_WORD.findall(self.told))

    @cached_property
    def parts(self) -> Sequence[Section]:
        """The document's sections."""
        document = self.case.document
        return document.sections or sections(document.text, document.pages)

    @cached_property
    def opening(self) -> tuple[int, int]:
        """The first words of the prose: where a measure of all of it is shown."""
        return _first_words(self.prose[0].start, self.prose[0].end)

    def measures(self) -> Iterator[Measured]:
        """Every measure that the document allows."""
        if not self.prose:
            return
        yield from self._pages()
        total = self.words.total()
        if total < FEWEST_WORDS:
            return
        yield "report_words", total, [self.opening], 0.9
        yield from self._divided()
        if self._is_english(total):
            spoken = sum(syllables(word) * n for word, n in self.words.items())
            yield "reading_grade", reading_grade(total, len(self.prose), spoken), [self.opening], 0.8
            yield "words_per_sentence", total / len(self.prose), [self.opening], 0.8
            yield from self._terms(total)
        yield from self._abbreviations()

    def _is_english(self, total: int) -> bool:
        known = _lists()["english"]
        held = sum(self.words[word] for word in known["words"])
        return bool(100 * held >= known["least"] * total)

    def _pages(self) -> Iterator[Measured]:
        pages = [page for page in self.case.document.pages if page.kind != "empty"]
        if not pages:
            return
        outside = [page for page in pages if self._in_appendix(page)]
        body = [page for page in pages if page not in outside]
        if body:
            yield "report_pages", len(body), [self._words_of(body[-1])], 0.9
        yield "appendix_pages", len(outside), [self._words_of(outside[0] if outside else pages[-1])], 0.8

    def _in_appendix(self, page: Page) -> bool:
        held = sum(
            min(part.end, page.end) - max(part.start, page.start)
            for part in self.parts
            if part.kind == "appendix" and part.start < page.end and part.end > page.start
        )
        return 2 * held > page.end - page.start

    def _words_of(self, page: Page) -> tuple[int, int]:
        start = (
            page.start
            + len(self.case.text[page.start : page.end])
            - len(self.case.text[page.start : page.end].lstrip())
        )
        return _first_words(start, page.end)

    def _divided(self) -> Iterator[Measured]:
        """The shares of appendices and of analysis, by length of text."""
        length: Counter[str] = Counter()
        for part in self.parts:
            length[part.kind] += part.end - part.body
        whole = length.total() - length["contents"]
        appendix = next((part for part in self.parts if part.kind == "appendix"), None)
        place = _first_words(appendix.start, appendix.end) if appendix else self.opening
        yield "appendix_share", 100 * length["appendix"] / whole if whole else 0, [place], 0.8
        analysis, told = (sum(length[kind] for kind in kinds) for kinds in (ANALYSIS, DESCRIPTION))
        if analysis and told and analysis + told >= DIVIDED * whole:
            first = next(part for part in self.parts if part.kind in ANALYSIS)
            yield "analysis_share", 100 * analysis / (analysis + told), [_first_words(first.start, first.end)], 0.6

    def _terms(self, total: int) -> Iterator[Measured]:
        """Terms of the profession, a thousand words."""
        found = list(_terms(self.told, self.jargon))
        places = [self._place(at) for at in dict.fromkeys(found[:MOST_EVIDENCE])]
        yield "jargon_per_1000", 1000 * len(found) / total, places or [self.opening], 0.6

    def _place(self, term: tuple[int, int]) -> tuple[int, int]:
        """Where a stretch of the prose stands in the document."""
        at, (start, end) = 0, term
        for one in self.prose:
            if start <= at + one.end - one.start:
                return one.start + start - at, one.start + end - at
            at += one.end - one.start + 1
        return self.opening

    def _abbreviations(self) -> Iterator[Measured]:
        """Abbreviations of three letters and more that the text nowhere writes out."""
        found: dict[str, tuple[int, int]] = {}
        for one in self.prose:
            words = self.case.text[one.start : one.end]
            if not words.isupper():
                for short in _SHORT.finditer(words):
                    found.setdefault(short[0], (one.start + short.start(), one.start + short.end()))
        text = self.case.text[self.case.case.start : self.case.case.end]
        known = {*_lists()["known"], *(explained(text) if found else ())}
        places = [
            place
            for short, place in found.items()
            if not {short, short.removesuffix("S")} & known and not _ROMAN.fullmatch(short)
        ]
        yield "unexplained_abbreviations", len(places), places or [self.opening], 0.6


def explained(text: str) -> Iterator[str]:
    """Abbreviations in brackets after words, before words in brackets, or at the head of a line that says them."""
    for found in _BRACKET.finditer(text):
        before = text[max(found.start() - 9, 0) : found.start()].rstrip("\n'’”\"")
        if found[1] and before[-1:].isalnum():
            yield found[1]
            continue
        word = before.split(" ")[-1].strip("‘“\"'(").removesuffix("s")
        if len(word) > 2 and word.isupper() and _WORDS_FOLLOW.match(text, found.end()):
            yield word.strip("(.,;:\n")
    for line in text.split("\n"):
        line = line.lstrip(" \t•*|-")
        if line[:2].isupper() and (head := _LISTED.match(line)):
            yield head[1]


def with_count(proposal: Proposal) -> Proposal:
    """A measured proposal with the number of recommendations that were found in the whole report."""
    whole = any(code.coder == CODER for code in proposal.codes)
    if not whole or any(code.field == "recommendation_count" for code in proposal.codes):
        return proposal
    items = proposal.recommendations
    if not items:
        return proposal  # none found is not none made
    evidence: tuple[Evidence, ...] = tuple(dict.fromkeys((items[0].evidence, items[-1].evidence)))
    code = Code("recommendation_count", str(len(items)), min(one.confidence for one in items), CODER, evidence)
    return replace(proposal, codes=(*proposal.codes, code))


def _first_words(start: int, end: int) -> tuple[int, int]:
    return start, min(end, start + LONGEST_QUOTE)


def _terms(told: str, automaton: Any) -> Iterator[tuple[int, int]]:
    """Terms as whole words, the longest where several end together."""
    last = -1
    for end, length in automaton.iter_long(told):
        start = end - length + 1
        after = end + 2 if told[end + 1 : end + 2] == "s" else end + 1
        if start > last and not told[start - 1 : start].isalnum() and not told[after : after + 1].isalnum():
            last = end
            yield start, after


@cache
def _automaton() -> Any:
    found = ahocorasick.Automaton()
    for term in _lists()["jargon"]:
        found.add_word(term, len(term))
    found.make_automaton()
    return found


@cache
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = yaml.safe_load(files("caselore.proposers").joinpath("measures.yaml").read_text("utf-8"))
    return lists
