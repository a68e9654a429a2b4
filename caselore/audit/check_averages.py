"""In: paragraphs and tables. Out: averages, changes and multiples in prose that do not follow from the figures near."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import ceil, floor

from caselore.audit.finding import Finding, Kind
from caselore.audit.mentions import Mention, number_of
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence
from caselore.audit.rounding import shown, within
from caselore.audit.tables import Table
from caselore.audit.wording import stems

_AVERAGE = re.compile(
    r"\b(?:average[sd]?|mean)\b(?: (?:number|total|annual|figure))?(?: of| was| is| at|:)?(?: about| "
    r"around| approximately| just over| some| nearly)? <((?:C|D)\d+)>(?P<noun>(?: [a-z-]+){0,4})"
)
_ANNUAL = re.compile(r"\b(?:per|a|each|every) (?:year|annum)\b|\bannual(?:ly)?\b|\byearly\b", re.IGNORECASE)
_TOTAL = re.compile(r"\btotal(?:l?ing|s|led)?(?: of)? <(C\d+)>|<(C\d+)> [^<>.;]{0,50}\bin total\b")
_YEARS = re.compile(
    (
        r"\b(?:over|across|in|during|for) (?:the |a |these |those |this )?(?:period of |last |past "
        r")?(?:<M(\d+)>|(\w+)[- ]years?\b)"
    ),
    re.IGNORECASE,
)
_PERIOD = re.compile(r"((?:19|20)\d\d)\s?[-–/]\s?((?:19|20)?\d\d)")
_BETWEEN = re.compile(r"\b(?:between|from) ((?:19|20)\d\d)(?: and| to|[-–]) ((?:19|20)\d\d)")
_FROM_TO = re.compile(r"\bfrom <((?:C|D|P)\d+)>(?P<a>[^<>.;]{0,60}(?:<Y\d+>)?[^<>.;]{0,30}?) to <((?:C|D|P)\d+)>")
_CHANGE = re.compile(
    r"\b(?:increase|rise|growth|reduction|decrease|fall|drop|decline|up|down)(?: of| by)?(?: about| "
    r"around| nearly| almost| just over| over| some)? <(P\d+)>"
    r"|\b(?:increased|rose|grew|fell|dropped|decreased|declined|reduced|risen|fallen|grown) by(?: about| "
    r"around| nearly| almost| just over| over| some)? <(P\d+)>"
    r"|\bby <(P\d+)> from\b"
    r"|\b(?:a|an) <(P\d+)> (?:increase|rise|growth|reduction|decrease|fall|drop|decline)"
)
_CLAUSE = re.compile(r"; |, (?:whereas|while|but|and) (?=[^.;]*\bfrom <)")
_COUNTED = re.compile(r"<(C\d+)> (?:[^\s<>();:.,]+ ){0,2}?([A-Za-z-]+)")
NEAR = 1.3
"""An average further from every mean of a row than this factor speaks of something else."""

FAR = 0.3
POINTS = 0.5
"""Percentage points that are printed as a change in per cent."""

FEWEST_POINTS = 3


def period_years(words: str) -> int | None:
    """How many years a period names: 3 in "2011-14", 1 in "2009-10"; from April to March: the last is not counted."""
    found = _PERIOD.search(words)
    if not found:
        return None
    first, last = int(found[1]), int(found[2])
    span = (last if last > 100 else first // 100 * 100 + last) - first
    return span if 0 < span <= 30 else None


def check_averages(paragraph: Sequence[Sentence], tables: Sequence[Table], locator: Locator) -> Iterator[Finding]:
    """Findings on averages and changes in one paragraph."""
    for sentence in paragraph:
        if sentence.quoted:
            continue
        yield from _averages(sentence, paragraph, tables, locator)
        yield from _changes(sentence, locator)


def _averages(
    sentence: Sentence, paragraph: Sequence[Sentence], tables: Sequence[Table], locator: Locator
) -> Iterator[Finding]:
    text, get = sentence.tagged.text, sentence.tagged.get
    for match in _AVERAGE.finditer(text):
        average = get(match[1])
        total = next((get(t[1] or t[2]) for t in _TOTAL.finditer(text)), None)
        near = _ANNUAL.search(text, match.end(1), match.end(1) + 60) or "annual" in match[0]
        annual = near or (len(_AVERAGE.findall(text)) > 1 and _ANNUAL.search(text))
        if annual and total:
            yield from _of_years(average, total, sentence, locator)
        elif annual:
            yield from _of_table(average, _clause(text, match), sentence, tables, locator)
        elif (found := re.match(r" ([a-z-]+(?: [a-z-]+){0,2}) per ([A-Za-z]+)", text[match.end(1) + 1 :])) is not None:
            yield from _of_group(average, (found[1], found[2]), sentence, paragraph, locator)


def _years(sentence: Sentence) -> set[int]:
    """The numbers of years that a sentence may speak of, with and without its last year."""
    out: set[int] = set()
    for match in _PERIOD.finditer(sentence.text):
        span = period_years(match[0])
        out |= {span, span + 1} if span else set()
    for match in _BETWEEN.finditer(sentence.text):
        span = int(match[2]) - int(match[1])
        out |= {span, span + 1}
    for match in re.finditer(r"\b(\w+)[- ]years?\b", sentence.text):
        try:
            out.add(int(number_of(match[1].lower())))
        except (ValueError, IndexError):
            continue
    return {years for years in out if 1 < years <= 40}


def _of_years(average: Mention, total: Mention, sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    years = sorted(_years(sentence))
    if not years or any(_is_average(total.value / n, average) for n in years):
        return
    n = years[0]
    yield _finding(
        "average", sentence, locator, (average.text, total.value / n), f"{shown(total.value)} / {n} years", 0.8
    )


def _is_average(value: float, printed: Mention) -> bool:
    """Whether a value can be printed like this; a number that ends in zeros may be rounded to them."""
    whole = int(printed.value)
    zeros = len(str(whole)) - len(str(whole).rstrip("0")) if printed.decimals == 0 and whole else 0
    zeros = min(zeros, max(0, len(str(whole)) - 3))  # 71,000 may be rounded to thousands, 400 is not to hundreds
    scale = 10.0**zeros
    return within(value / scale, printed.value / scale, printed.decimals)


def _clause(text: str, match: re.Match[str]) -> str:
    """The words between two semicolons in which an average stands."""
    stop = text.find(";", match.end())
    return text[text.rfind(";", 0, match.start()) + 1 : stop if stop >= 0 else len(text)]


def _of_table(
    average: Mention, clause: str, sentence: Sentence, tables: Sequence[Table], locator: Locator
) -> Iterator[Finding]:
    """An average a year against the row whose words it shares, over runs of its periods; the table above leads."""
    before = [table for table in tables if table.end < sentence.start][-1:]
    wanted = stems(re.sub(r"<\w+>", "", clause))
    for table in tables:
        fewest = 1 if table in before else 2  # a table elsewhere must share more than one word
        years = [period_years(column) for column in table.columns]
        rows = [row for row in table.rows if len(stems(row.label)) >= fewest and stems(row.label) <= wanted]
        if len(years) < 2 or None in years or len(rows) != 1:
            continue
        counts = [cell.count for cell in rows[0].cells]
        if None in counts:
            continue
        means = [
            sum(c or 0 for c in counts[a:b]) / sum(y or 0 for y in years[a:b])
            for a in range(len(counts))
            for b in range(a + 1, len(counts) + 1)
        ]
        if (
            any(_is_average(mean, average) for mean in means)
            or not min(means) / NEAR < average.value < max(means) * NEAR
        ):
            continue
        whole = sum(c or 0 for c in counts) / sum(y or 0 for y in years)
        words = (
            f"{table.name}, {rows[0].label!r}: ({' + '.join(shown(c or 0) for c in counts)}) / "
            f"{sum(y or 0 for y in years)} years"
        )
        yield _finding("average", sentence, locator, (average.text, whole), words, 0.6)


def _of_group(
    average: Mention, nouns: tuple[str, str], sentence: Sentence, paragraph: Sequence[Sentence], locator: Locator
) -> Iterator[Finding]:
    """ "90 actions in 20 plans, a mean of 4.5 per plan": counts of both nouns stand in the paragraph."""
    things, groups = _counts_of(nouns[0].split()[-1], paragraph), _counts_of(nouns[1], paragraph)
    pairs = [(a, b) for a in things for b in groups if a != b and b > 1]
    if pairs and not any(_is_average(a / b, average) for a, b in pairs):
        near = [(a, b) for a, b in pairs if abs(a / b - average.value) <= FAR * average.value]
        for a, b in near[:1]:
            yield _finding("average", sentence, locator, (average.text, a / b), f"{shown(a)} / {shown(b)}", 0.65)
    elif not pairs and average.decimals:
        sizes = [n for n in groups if 4 <= n < 10**average.decimals * 5]
        for n in sizes[:1]:
            if not any(_is_average(k / n, average) for k in (floor(average.value * n), ceil(average.value * n))):
                yield _finding(
                    "average",
                    sentence,
                    locator,
                    (average.text, floor(average.value * n) / n),
                    f"no total of whole {nouns[0]} over {n:g} gives it",
                    0.55,
                )


def _counts_of(noun: str, paragraph: Sequence[Sentence]) -> list[float]:
    wanted = stems(noun)
    return [
        sentence.tagged.get(match[1]).value
        for sentence in paragraph
        for match in _COUNTED.finditer(sentence.tagged.text)
        if stems(match[2]) & wanted
    ]


def _changes(sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    for clause in _CLAUSE.split(sentence.tagged.text):
        yield from _change(clause, sentence, locator)


def _change(text: str, sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    get = sentence.tagged.get
    span = _FROM_TO.search(text)
    if not span or len(_FROM_TO.findall(text)) > 1:
        return
    old, new = get(span[1]), get(span[3])
    if not old.value or old.kind != new.kind:
        return
    change = 100 * abs(new.value - old.value) / old.value
    for match in _CHANGE.finditer(text):
        said = get(next(tag for tag in match.groups() if tag))
        points = old.kind == "P" and within(abs(new.value - old.value), said.value, said.decimals)
        if points and said.value >= FEWEST_POINTS and not within(change, said.value, said.decimals):
            words = f"{old.text} to {new.text} is {said.value:g} percentage points; as a share of {old.text} it is"
            yield _finding("rate", sentence, locator, (said.text, change), words, POINTS, "%")
        loose = re.search(r"about|around|nearly|almost|over|some", match[0])
        if (
            not points
            and not within(change, said.value, said.decimals)
            and not (loose and abs(change - said.value) < 5)
        ):
            words = f"from {old.text} to {new.text}: {shown(new.value - old.value)} / {shown(old.value)}"
            yield _finding("rate", sentence, locator, (said.text, change), words, 0.8 if old.kind != "P" else 0.5, "%")


def _finding(
    kind: Kind,
    sentence: Sentence,
    locator: Locator,
    figures: tuple[str, float],
    words: str,
    confidence: float,
    unit: str = "",
) -> Finding:
    printed, value = figures
    return Finding(
        kind=kind,
        printed=printed,
        recomputed=f"{shown(value)}{unit}",
        sum=f"{words} = {shown(value)}{unit}, printed {printed}",
        sentence=f"{printed} does not follow: {words}.",
        confidence=confidence,
        where=locator.words(sentence.start, sentence.end),
        tolerance="rounding to the printed digits, trailing zeros included",
    )
