"""In: paragraphs. Out: averages for each of a group, or a year, that no total and number beside them give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from caselore.audit.finding import Finding
from caselore.audit.mentions import UNITS, Mention
from caselore.audit.nouns import noun_after, singular
from caselore.audit.places import Locator
from caselore.audit.populations import Populations
from caselore.audit.prose import Sentence
from caselore.audit.rounding import shown, within

_SAID = re.compile(r"\b(?:averages?d?|mean)\b", re.IGNORECASE)
_PER = re.compile(
    r"<(?P<x>[CD]\d+)>(?: (?!per\b|for\b)[a-z-]+){0,3} (?:per|for each|for every|in each|in every|each|a|every) "
    r"(?P<noun>[a-z]+)"
)
_ON_AVERAGE = re.compile(
    r"\bon average\b[^<>.;]{0,20}<(?P<x>[CD]\d+)> (?:[a-z-]+ ){1,6}?(?:each|per|every|a) (?P<noun>year)"
)
_OR_EACH = re.compile(
    r"(?:,? or|, about|, around|, some|,) <[CD]\d+>(?: \w+)? "
    r"(?:per|for (?:each|every)|in (?:each|every)|an?|each|every) "
)
_BETWEEN = re.compile(
    r"(?:between <(?P<a>C\d+)> and <(?P<b>C\d+)>|<(?P<r>R\d+)>)(?: [a-z-]+){0,3}? (?:in each|each|a|per|every) year\b"
)
_YEARS = re.compile(
    r"\b(?:the|these|those|over|in|all|a) (?:last |past )?"
    r"(?P<n>two|three|four|five|six|seven|eight|nine|ten)[- ]years?\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"(?:about|around|some|approximately|nearly|almost|over|more than|roughly|at least|up to)\s+$")
SAME_SENTENCE = 0.7
TOTAL_ELSEWHERE = 0.6
FAR = 3.0
"""An average further from the quotient than this factor is of something else."""


def stated_years(text: str) -> int | None:
    """The number of years that a text names once: "over the three years"."""
    found = {UNITS[match["n"].lower()] for match in _YEARS.finditer(text)}
    return found.pop() if len(found) == 1 else None


Total = tuple[Mention, int, Sentence]


def yearly_totals(prose: Sequence[Sequence[Sentence]]) -> list[Total]:
    """Counts that stand in one sentence with the number of years they were counted in, and are no part of another."""
    found: list[Total] = []
    for sentence in (s for paragraph in prose for s in paragraph):
        years = stated_years(sentence.text)
        counts = [m for m in sentence.tagged.mentions if m.kind == "C" and m.value >= 20]
        if years and len(counts) <= 2 and not sentence.elsewhere and not sentence.quoted:
            found += [(m, years, sentence) for m in counts]
    return found


def check_per_group(
    paragraph: Sequence[Sentence], totals: Sequence[Total], known: Populations, locator: Locator
) -> Iterator[Finding]:
    """Findings on averages of one paragraph; `totals` are those of the whole report that name their years."""
    for sentence in paragraph:
        if sentence.quoted or sentence.elsewhere:
            continue
        text = sentence.tagged.text
        yield from _between(sentence, locator)
        if not _SAID.search(text) and not _OR_EACH.search(text):
            continue
        for match in (*_PER.finditer(text), *_ON_AVERAGE.finditer(text)):
            average = sentence.tagged.get(match["x"])
            if match["noun"] in ("year", "annum"):
                yield from _a_year(average, sentence, totals, locator)
            elif match["noun"] not in ("month", "week", "day"):
                yield from _each(average, match["noun"], sentence, known, locator)


def _each(average: Mention, noun: str, sentence: Sentence, known: Populations, locator: Locator) -> Iterator[Finding]:
    """ "202 visits to 39 children, 5.2 for each child": groups are counts of the noun, totals the other counts."""
    first = sentence.text.rfind(";", 0, average.start) + 1
    stop = sentence.text.find(";", average.end)
    counts = [
        m
        for m in sentence.tagged.mentions
        if m.kind == "C"
        and m.start != average.start
        and m.value > 1
        and first <= m.start < (stop if stop >= 0 else m.end)
    ]
    groups = [m.value for m in counts if singular(noun) in noun_after(sentence.text, m)]
    totals = [m for m in counts if m.value not in groups]
    if not groups and len(totals) == 1:
        groups = [size for size in known.bases if singular(noun) in known.nouns[size] and size < totals[0].value][:1]
    if len(groups) != 1 or not 1 <= len(totals) <= 2:
        return
    quotients = [(t, t.value / groups[0]) for t in totals]
    near = [(t, q) for t, q in quotients if 1 / FAR < q / (average.value or 1) < FAR]
    if near and not any(_is(q, average, sentence) for _, q in quotients):
        total, quotient = near[0]
        words = f"{shown(total.value)} / {shown(groups[0])}"
        yield _finding(sentence, locator, average, quotient, words, SAME_SENTENCE)


def _is(value: float, average: Mention, sentence: Sentence) -> bool:
    if within(value, average.value, average.decimals):
        return True
    loose = _ABOUT.search(sentence.text[: average.start])
    return bool(loose) and abs(value - average.value) <= max(1.0, 0.1 * value)


def _a_year(average: Mention, sentence: Sentence, totals: Sequence[Total], locator: Locator) -> Iterator[Finding]:
    years = stated_years(sentence.text)
    here = [
        m for m in sentence.tagged.mentions if m.kind == "C" and m.start != average.start and m.value > average.value
    ]
    if years and len(here) == 1:
        choices = [(here[0], years)]
        level = SAME_SENTENCE
    else:
        wanted = noun_after(sentence.text, average) or set()
        choices = [(m, n) for m, n, s in totals if s is not sentence and noun_after(s.text, m) & wanted]
        level = TOTAL_ELSEWHERE
    quotients = [(m, n, m.value / n) for m, n in choices]
    near = [each for each in quotients if 0.6 < average.value / each[2] < 1.7]
    if here and not years:
        return
    if near and not any(_is(q, average, sentence) for _, _, q in quotients):
        total, n, quotient = near[0]
        yield _finding(sentence, locator, average, quotient, f"{shown(total.value)} / {n} years", level)


def _between(sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    """ "85 in the three years, between 26 and 31 in each": so many years of the least and of the most."""
    years, text = stated_years(sentence.text), sentence.tagged.text
    for match in _BETWEEN.finditer(text) if years else ():
        if match["r"]:
            low, high = (float(n) for n in re.findall(r"\d+", sentence.tagged.get(match["r"]).text)[:2])
        else:
            low, high = sentence.tagged.get(match["a"]).value, sentence.tagged.get(match["b"]).value
        totals = [m for m in sentence.tagged.mentions if m.kind == "C" and m.value > high]
        if years and len(totals) == 1 and low < high and not low * years <= totals[0].value <= high * years:
            total = totals[0]
            said = f"{low:g} to {high:g} a year"
            yield Finding(
                kind="average",
                printed=said,
                recomputed=f"{shown(low * years)} to {shown(high * years)} in {years} years",
                sum=f"{years} x {low:g} = {shown(low * years)}, {years} x {high:g} = {shown(high * years)}, "
                f"printed {total.text}",
                sentence=f"{said} cannot give {total.text} in {years} years.",
                confidence=SAME_SENTENCE,
                where=locator.words(sentence.start, sentence.end),
                tolerance="none: counts",
            )


def _finding(
    sentence: Sentence, locator: Locator, average: Mention, quotient: float, words: str, level: float
) -> Finding:
    digits = average.decimals + 1
    return Finding(
        kind="average",
        printed=average.text,
        recomputed=shown(quotient, digits),
        sum=f"{words} = {shown(quotient, digits)}, printed {average.text}",
        sentence=f"{average.text} does not follow: {words}.",
        confidence=level,
        where=locator.words(sentence.start, sentence.end),
        tolerance="rounding to the printed digits",
    )
