"""In: paragraphs. Out: tests whose statistic or p does not follow from the two shares, or the interval, in the words.

Chi-square of "12 of the 40 ... and 30 of the 50", with Yates's correction and without, and Fisher's exact p; odds
ratios and relative risks of the same; point estimates outside their own confidence interval, and intervals that do not
go with the printed p.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scipy import stats

from caselore.audit.check_statistics import Printed, printed_tests
from caselore.audit.finding import Finding
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence
from caselore.audit.rounding import within

_SHARE = re.compile(r"<(?P<a>C\d+)>(?: [^\s<>().;]+){0,4}? (?:of|out of) (?:the |these |all )*<(?P<b>C\d+)>")
_SHARE_OF = re.compile(
    r"\b(?:[Oo]f|[Aa]mong) (?:the |these |all )*<(?P<b>C\d+)>(?: [^\s<>().;]+){0,4}?,? "
    r"<(?P<a>C\d+)>(?! (?:of|out of)\b)"
)
_FISHER = re.compile(r"\bFisher[^.;]{0,60}?\bp\s?(?P<sign>[=<>])\s?(?P<p>0?\.\d+)", re.IGNORECASE)
_RATIO = re.compile(
    r"\b(?P<what>odds ratio|OR|aOR|relative risk|RR|risk ratio|hazard ratio|HR)\b"
    r"(?: of| was|:|,)? ?(?:= ?)?\(?(?P<x>\d+\.\d+)"
)
_INTERVAL = re.compile(
    r"(?:95|99|90) ?(?:%|per cent) ?(?:CI|confidence interval)s?[:,=]?(?: of| from)? ?[(\[]?"
    r"(?P<a>-?\d+\.\d+)(?: ?[-–,] ?| to )(?P<b>-?\d+\.\d+)"
)
_P = re.compile(r"\bp ?(?P<sign>[=<>]) ?(?P<p>0?\.\d+)", re.IGNORECASE)
FROM_WORDS = 0.7
FROM_TWO_SENTENCES = 0.6
INTERVAL = 0.75
Pair = tuple[float, float]


def check_tests_in_words(paragraph: Sequence[Sentence], locator: Locator) -> Iterator[Finding]:
    """Findings on the tests of one paragraph."""
    for i, sentence in enumerate(paragraph):
        if sentence.quoted or sentence.elsewhere:
            continue
        yield from _intervals(sentence, locator)
        pairs, level = shares(sentence), FROM_WORDS
        if not pairs and i:
            pairs, level = shares(paragraph[i - 1]), FROM_TWO_SENTENCES
        if len(pairs) == 2:
            yield from _from_pairs(pairs, sentence, level, locator)


def shares(sentence: Sentence) -> list[Pair]:
    """The counts with their bases, "12 of the 40", of one sentence in order; no two overlap."""
    found: dict[int, tuple[int, Pair]] = {}
    text, get = sentence.tagged.text, sentence.tagged.get
    for pattern in (_SHARE, _SHARE_OF):
        at = 0
        while match := pattern.search(text, at):
            part, whole = get(match["a"]).value, get(match["b"]).value
            free = all(match.end() <= start or match.start() >= end for start, (end, _) in found.items())
            if 0 <= part <= whole and whole > 1 and free:
                found[match.start()] = (match.end(), (part, whole))
                at = match.end()
            else:
                at = match.start() + 1
    return [pair for _, (_, pair) in sorted(found.items())]


def _from_pairs(pairs: Sequence[Pair], sentence: Sentence, level: float, locator: Locator) -> Iterator[Finding]:
    grid = [[part, whole - part] for part, whole in pairs]
    if any(sum(row[c] for row in grid) == 0 for c in (0, 1)) or any(sum(row) == 0 for row in grid):
        return
    words = " and ".join(f"{part:g} of {whole:g}" for part, whole in pairs)
    for test in printed_tests(sentence.text):
        if test.name == "chi-square" and (test.df or 1) == 1:
            yield from _chi_square(test, grid, words, sentence, level, locator)
    p = float(stats.fisher_exact(grid)[1])
    for match in _FISHER.finditer(sentence.text):
        if not _p_is(p, match["sign"], match["p"]):
            yield _finding(
                sentence,
                locator,
                f"p {match['sign']} {match['p']}",
                f"p = {p:.4f}",
                f"Fisher's exact test of {words}",
                level,
            )
    yield from _ratios(grid, words, sentence, level, locator)


def _chi_square(
    test: Printed, grid: list[list[float]], words: str, sentence: Sentence, level: float, locator: Locator
) -> Iterator[Finding]:
    values = [float(stats.chi2_contingency(grid, correction=yates).statistic) for yates in (False, True)]
    if not any(within(value, test.value, test.decimals) for value in values):
        said = f"{values[0]:.{max(2, test.decimals)}f} ({values[1]:.{max(2, test.decimals)}f} with Yates)"
        yield _finding(sentence, locator, f"chi-square {test.value:g}", said, f"chi-square of {words}", level)


def _ratios(
    grid: list[list[float]], words: str, sentence: Sentence, level: float, locator: Locator
) -> Iterator[Finding]:
    (a, b), (c, d) = grid
    if not min(a, b, c, d):
        return
    odds, risk = a * d / (b * c), (a / (a + b)) / (c / (c + d))
    for match in _RATIO.finditer(sentence.text):
        printed, digits = float(match["x"]), len(match["x"].partition(".")[2])
        value = odds if match["what"].lower() in ("odds ratio", "or") else risk
        plain = match["what"].lower() in ("odds ratio", "or", "relative risk", "rr", "risk ratio")
        if plain and not any(within(each, printed, digits) for each in (value, 1 / value)):
            yield _finding(
                sentence, locator, f"{match['what']} {match['x']}", f"{value:.2f}", f"{match['what']} of {words}", level
            )


def _intervals(sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    """A ratio outside its interval; an interval on one side of 1 with a p above 0.05, or the other way."""
    for ratio in _RATIO.finditer(sentence.text):
        interval = _INTERVAL.search(sentence.text, ratio.end(), ratio.end() + 60)
        if not interval:
            continue
        low, high, value = float(interval["a"]), float(interval["b"]), float(ratio["x"])
        said = f"{low:g} to {high:g}"
        if not low <= value <= high:
            yield _finding(
                sentence, locator, ratio["x"], f"within {said}", f"{ratio['what']} and its interval", INTERVAL
            )
        p = _P.search(sentence.text, interval.end(), interval.end() + 40)
        if p and "95" in interval[0]:
            clear = low > 1 or high < 1
            small = float(p["p"]) <= 0.05 and p["sign"] in "<="
            large = float(p["p"]) >= 0.05 and p["sign"] in ">=" and float(p["p"]) != 0.05
            if (clear and large) or (not clear and small and low < 0.99 and high > 1.01):
                yield _finding(sentence, locator, p[0], "another p", f"interval {said} against {p[0]}", INTERVAL)


def _p_is(p: float, sign: str, printed: str) -> bool:
    digits = len(printed.partition(".")[2])
    if sign == "<":
        return p < float(printed) + 1e-9
    return p > float(printed) - 1e-9 if sign == ">" else within(p, float(printed), digits)


def _finding(
    sentence: Sentence, locator: Locator, printed: str, recomputed: str, words: str, confidence: float
) -> Finding:
    return Finding(
        kind="test",
        printed=printed,
        recomputed=recomputed,
        sum=f"{words}: {recomputed}, printed {printed}",
        sentence=f"{printed} does not follow from the figures in the words.",
        confidence=confidence,
        where=locator.words(sentence.start, sentence.end),
        tolerance="rounding; Yates's correction or not",
    )
