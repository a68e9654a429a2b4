"""In: the prose of a report. Out: places that state one fact with different figures, in a summary and a chapter say.

Two statements are of one fact when the words around the figure are nearly the same, no period or base tells them apart,
and the figures are close but not equal: far apart they are different facts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from caselore.audit.claims import claims
from caselore.audit.finding import Finding
from caselore.audit.mentions import Mention
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence
from caselore.audit.wording import stems

WINDOW = 90
"""Characters to each side of a figure whose words say what it is of."""

SHARED = 4
ALIKE = 0.55
ALIKE_COUNT = 0.75
"""Counts are of many things, and need more of the same words than percentages."""

NEAR_POINTS = 8.0
NEAR_RATIO = 0.25
COMMON = 40
"""A word that stands beside more figures than this does not lead from one to another."""

_REFERENCE = re.compile(r"(?:Table|Figure|Chapter)", re.IGNORECASE)
MANNER = re.compile(
    r"\b(?:average|over time|at least|more than|less than|fewer than|up to|previous|earlier|past|former|"
    r"other|another|further|remaining)\b"
)
"""Words that make another fact of one, where only one of two sentences has them."""

CONTAINED = 0.7
RARE = 4
FEWEST_RARE = 2
"""Words that stand beside at most so many figures, and how many of them two statements in other words must share."""

OTHER_WORDS = 0.5
CONFIDENCE = {"P": 0.65, "C": 0.55, "D": 0.6}


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure with the telling words around it."""

    sentence: Sentence
    figure: Mention
    words: frozenset[str]
    periods: frozenset[str]
    others: frozenset[float]
    base: float | None = None
    manner: frozenset[str] = frozenset()


def check_repeats(prose: Sequence[Sequence[Sentence]], locator: Locator) -> Iterator[Finding]:
    """Findings on pairs of statements, each at its later place."""
    statements = [s for paragraph in prose for s in _statements(paragraph)]
    by_word: dict[str, list[int]] = defaultdict(list)
    told: set[tuple[int, int]] = set()
    for i, statement in enumerate(statements):
        seen: dict[int, int] = defaultdict(int)
        for word in statement.words:
            if len(by_word[word]) < COMMON:
                for k in by_word[word]:
                    seen[k] += 1
            by_word[word].append(i)
        for k, shared in seen.items():
            pair = (statements[k].sentence.start, statement.sentence.start)
            alike = shared >= SHARED - 1 and pair not in told
            if alike and _one_fact(statements[k], statement):
                told.add(pair)
                yield _finding(statements[k], statement, CONFIDENCE[statement.figure.kind], locator)
            elif alike and _in_other_words(statements[k], statement, by_word):
                told.add(pair)
                yield _finding(statements[k], statement, OTHER_WORDS, locator)


def _statements(paragraph: Sequence[Sentence]) -> Iterator[Statement]:
    bases = {(id(c.sentence), c.percent.start): c.base.value for c in claims(paragraph) if c.base}
    for sentence in paragraph:
        if not sentence.quoted and not sentence.elsewhere:
            yield from _in_sentence(sentence, bases)


def _in_sentence(sentence: Sentence, bases: dict[tuple[int, int], float]) -> Iterator[Statement]:
    mentions = sentence.tagged.mentions
    manner = frozenset(MANNER.findall(sentence.text.lower()))
    periods = frozenset(
        re.sub(r"\s", "", m.text).lower() for m in mentions if m.kind == "Y" or _REFERENCE.match(m.text)
    )
    for mention in mentions:
        if mention.kind in ("P", "D") or (mention.kind == "C" and mention.value >= 10 and mention.text[0].isdigit()):
            first = max(
                [0, mention.start - WINDOW, *(m.end for m in mentions if m.kind in "CPD" and m.end <= mention.start)]
            )
            last = min(
                [mention.end + WINDOW, *(m.start for m in mentions if m.kind in "CPD" and m.start >= mention.end)]
            )
            around = sentence.text[first:last]  # what stands beyond another figure is of that one
            others = frozenset(m.value for m in mentions if m is not mention and m.kind in "CPD")
            base = bases.get((id(sentence), mention.start))
            yield Statement(sentence, mention, stems(around), periods, others, base, manner)


def _one_fact(one: Statement, other: Statement) -> bool:
    a, b = one.figure, other.figure
    if a.kind != b.kind or a.value == b.value or one.sentence.paragraph == other.sentence.paragraph:
        return False
    if one.manner != other.manner or (one.base and other.base and one.base != other.base):
        return False
    shared, every = len(one.words & other.words), len(one.words | other.words)
    if shared < SHARED or shared < ALIKE * every or one.periods != other.periods:
        return False
    if a.value in other.others or b.value in one.others:
        return False  # the sentence of one gives the figure of the other as well: two facts side by side
    if a.kind == "P":
        complement = abs(a.value + b.value - 100) < 1.1
        return 0.51 < abs(a.value - b.value) <= NEAR_POINTS and not complement
    if shared < SHARED + 2 or shared < ALIKE_COUNT * every:
        return False
    return abs(a.value - b.value) <= NEAR_RATIO * max(a.value, b.value) and not _rounded(a.value, b.value)


def _in_other_words(one: Statement, other: Statement, by_word: dict[str, list[int]]) -> bool:
    """Whether nearly all words of the shorter statement are in the other, some of them words that are rare here."""
    a, b = one.figure, other.figure
    shared = one.words & other.words
    least = min(len(one.words), len(other.words))
    if a.kind != b.kind or a.value == b.value or one.sentence.paragraph == other.sentence.paragraph:
        return False
    if len(shared) < SHARED or len(shared) < CONTAINED * least or one.manner != other.manner:
        return False
    if (one.periods and other.periods and one.periods != other.periods) or (
        one.base and other.base and one.base != other.base
    ):
        return False
    if a.value in other.others or b.value in one.others or _rounded(a.value, b.value):
        return False
    if sum(len(by_word[word]) <= RARE for word in shared) < FEWEST_RARE:
        return False
    if a.kind == "P":
        return 0.51 < abs(a.value - b.value) <= NEAR_POINTS and abs(a.value + b.value - 100) > 1.1
    return abs(a.value - b.value) <= NEAR_RATIO * max(a.value, b.value)


def _rounded(one: float, other: float) -> bool:
    """Whether one figure is the other rounded."""
    return any(round(one, d) == other or round(other, d) == one for d in (1, 0, -1, -2, -3))


def _finding(one: Statement, other: Statement, confidence: float, locator: Locator) -> Finding:
    return Finding(
        kind="contradiction",
        printed=other.figure.text,
        recomputed=one.figure.text,
        sum=f"{one.figure.text} in one place, {other.figure.text} in another",
        sentence=(
            f"Nearly the same words give {one.figure.text} in "
            f"“{locator.section(one.sentence.start)}” and {other.figure.text} here."
        ),
        confidence=confidence,
        where=locator.words(other.sentence.start, other.sentence.end),
        tolerance="rounding of one to the other",
        also=locator.words(one.sentence.start, one.sentence.end),
    )
