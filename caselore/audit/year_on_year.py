"""In: a paragraph. Out: changes on the year before, and rates of a population, that the figures beside do not give.

"1,320 visits, up 10% on 2020 (1,200)"; "22%, one percentage point lower than in 2020 (23%)"; "a rate of 19 per 1,000;
the population was 110,900".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from caselore.audit.finding import Finding
from caselore.audit.mentions import UNITS, Mention
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence
from caselore.audit.rounding import shown, within
from caselore.audit.table_rates import per

_UP = re.compile(
    r"<(?P<new>C\d+)>[^<>.;]{0,80}(?:<Y\d+>[^<>.;]{0,20})?[,(]? ?\b"
    r"(?:up|down|(?:an? )?(?:increase|rise|fall|decrease|reduction|drop|growth) of|(?:up|down) by)"
    r"(?P<how> about| around| nearly| almost| just over| over| some)? "
    r"<(?P<p>P\d+)>[^<>.;]{0,40}(?:<Y\d+>)?[^<>.;(]{0,20}\(<(?P<old>C\d+)>\)"
)
_POINTS = re.compile(
    r"<(?P<new>P\d+)>[^<>.;]{0,80}, (?:<C\d+>|(?P<n>[a-z]+)) percentage points? "
    r"(?:lower|higher|less|more|fewer|up|down|below|above)"
    r"[^<>.;]{0,30}(?:<Y\d+>)?[^<>.;(]{0,20}\(<(?P<old>P\d+)>\)"
)
_COUNT_OF_POINTS = re.compile(r"<(C\d+)> percentage point")
_RATE = re.compile(r"\brate\b[^<>.;]{0,40} <(?P<r>[CD]\d+)> per <C\d+>")
_POPULATION = re.compile(
    r"\bpopulation\b[^<>.;]{0,40}(?:<[MR]\d+>[^<>.;]{0,20})? <(?P<a>C\d+)>"
    r"|(?<!per )<(?P<b>C\d+)>[^<>.;]{0,30}\bpopulation\b"
)
CONFIDENCE = 0.7
RATE = 0.6
NEAR = 1.7


def check_year_on_year(paragraph: Sequence[Sentence], locator: Locator) -> Iterator[Finding]:
    """Findings on one paragraph."""
    for i, sentence in enumerate(paragraph):
        if sentence.quoted or sentence.elsewhere:
            continue
        yield from _changes(sentence, locator)
        yield from _points(sentence, locator)
        yield from _rates(sentence, paragraph[max(0, i - 1) : i + 1], locator)


def _changes(sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    for match in _UP.finditer(sentence.tagged.text):
        new, old, said = (sentence.tagged.get(match[name]) for name in ("new", "old", "p"))
        change = 100 * abs(new.value - old.value) / (old.value or 1)
        if not match["how"] and not within(change, said.value, said.decimals):
            words = f"from {old.text} to {new.text}"
            yield _finding(sentence, locator, said.text, f"{shown(change)}%", words, CONFIDENCE)


def _points(sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    text = sentence.tagged.text
    for match in _POINTS.finditer(text):
        new, old = sentence.tagged.get(match["new"]), sentence.tagged.get(match["old"])
        count = _COUNT_OF_POINTS.search(match[0])
        said = sentence.tagged.get(count[1]).value if count else UNITS.get(match["n"] or "")
        if said is not None and abs(abs(new.value - old.value) - said) > 1.01:  # both may be rounded
            apart = f"{shown(abs(new.value - old.value))} points"
            yield _finding(sentence, locator, f"{said:g} points", apart, f"{new.text} against {old.text}", CONFIDENCE)


def _rates(sentence: Sentence, near: Sequence[Sentence], locator: Locator) -> Iterator[Finding]:
    """A rate whose population stands in the same sentence: one of the counts near must give it."""
    text, unit = sentence.tagged.text, per(sentence.text)
    rate, people = _RATE.search(text), _POPULATION.search(text)
    if not unit or not rate or not people:
        return
    said, population = sentence.tagged.get(rate["r"]), sentence.tagged.get(people["a"] or people["b"])
    if population.value == unit:
        return
    counts = [
        m
        for each in near
        for m in each.tagged.mentions
        if m.kind == "C" and m.value not in (unit, population.value, said.value) and m.value * 5 < population.value
    ]
    rates = [(m, m.value / population.value * unit) for m in counts] if population.value else []
    if any(within(value, said.value, said.decimals) for _, value in rates):
        return
    close: list[tuple[Mention, float]] = [each for each in rates if 1 / NEAR < each[1] / (said.value or 1) < NEAR]
    for count, value in close[:1]:
        words = f"{count.text} / {population.text} x {unit:,.0f}"
        yield _finding(sentence, locator, said.text, shown(value, said.decimals + 1), words, RATE)


def _finding(
    sentence: Sentence, locator: Locator, printed: str, recomputed: str, words: str, confidence: float
) -> Finding:
    return Finding(
        kind="rate",
        printed=printed,
        recomputed=recomputed,
        sum=f"{words}: {recomputed}, printed {printed}",
        sentence=f"{printed} does not follow: {words}.",
        confidence=confidence,
        where=locator.words(sentence.start, sentence.end),
        tolerance="rounding to the printed digits",
    )
