"""In: a sentence. Out: means and medians outside the range beside them, and means of all outside those of groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

from caselore.audit.finding import Finding
from caselore.audit.mentions import value_of
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence
from caselore.audit.rounding import shown

_N = r"(?:\d[\d,]*(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|birth)"
_UNIT = r"(?P<u{0}>\s?(?:years?|months?|weeks?|days?|hours?|pages?|%|per cent))?"
_RANGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\brang(?:e|es|ed|ing)\b(?: was| is|:|,)?(?: from| of| between)?\s*\(?(?P<a>{_N}){_UNIT.format(1)}"
        rf"(?:\s?[-–]\s?| to | and )(?P<b>{_N}){_UNIT.format(2)}",
        rf"\b(?:aged|ages) (?:from |between )?(?P<a>{_N}){_UNIT.format(1)}(?:\s?[-–]\s?| to | and )"
        rf"(?P<b>{_N}){_UNIT.format(2)}",
        rf"\bshortest (?:was |being |took |of )?(?P<a>{_N}){_UNIT.format(1)}[^.;\d]{{0,30}}longest "
        rf"(?:was |being |took |of )?(?P<b>{_N}){_UNIT.format(2)}",
        rf"\byoungest (?:was |being |aged |of )?(?P<a>{_N}){_UNIT.format(1)}[^.;\d]{{0,30}}oldest "
        rf"(?:was |being |aged |of )?(?P<b>{_N}){_UNIT.format(2)}",
        rf"\b(?:they|it|these|ages|sentences|totals|ratings|scores) ranged from (?P<a>{_N}){_UNIT.format(1)} to "
        rf"(?P<b>{_N}){_UNIT.format(2)}",
    )
)
_MIDDLE = re.compile(
    rf"\b(?P<what>mean|median|average)\b[^.;()\d]{{0,40}}?(?P<x>{_N})(?![\d,.]*\d)(?!\s?(?:of|out of)\b)"
    rf"{_UNIT.format('')}"
    rf"|(?P<y>{_N}){_UNIT.format('y')} (?:on average)\b",
    re.IGNORECASE,
)
_OF_ALL = re.compile(
    r"\b(?:mean|average)\b[^.;\d]{0,40}?(?P<a>\d+(?:\.\d+)?)[^.;\d]{2,60}?(?P<b>\d+(?:\.\d+)?)[^.;\d]{2,60}?"
    r"\b(?:mean|average)\b[^.;\d]{0,20}(?P<c>\d+(?:\.\d+)?)[^.;\d]{0,20}\b(?:all|both|overall|together)\b",
    re.IGNORECASE,
)
_ALL_LAST = re.compile(
    r"\b(?:mean|average)\b[^.;\d]{0,40}?(?P<a>\d+\.\d+)[^.;\d]{2,60}?(?P<b>\d+\.\d+)[^.;\d]{2,30}\b(?:all|both|overall)\b"
    r"(?: (?:the )?\d+(?!\.))?[^.;\d]{0,40}?(?P<c>\d+\.\d+)",
    re.IGNORECASE,
)
CONFIDENCE = 0.75
GROUPS = 0.6
APART = 90
"""Characters between a range and the mean that it goes with."""


def check_spread(sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    """Findings on the means and medians of one sentence."""
    if sentence.quoted:
        return
    yield from _outside(sentence, locator)
    for match in (*_OF_ALL.finditer(sentence.text), *_ALL_LAST.finditer(sentence.text)):
        low, high = sorted((float(match["a"]), float(match["b"])))
        if not low <= float(match["c"]) <= high:
            words = f"means of the groups {match['a']} and {match['b']}, of all {match['c']}"
            said = "The mean of all lies outside the means of its groups."
            yield _finding(sentence, locator, match["c"], f"{low:g} to {high:g}", (words, said), GROUPS)


def _outside(sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    text = sentence.text
    spans = {match.span("a"): match for pattern in _RANGES for match in pattern.finditer(text)}
    if len(spans) != 1:
        return  # with two ranges one cannot say which is whose
    found = next(iter(spans.values()))
    low, high = value_of(found["a"]), value_of(found["b"])
    for match in _MIDDLE.finditer(text):
        said, unit = match["x"] or match["y"], _unit(match["u"] or match["uy"])
        at = match.start("x") if match["x"] else match.start("y")
        near = min(abs(at - found.end()), abs(found.start() - match.end())) <= APART
        inside = found.start("a") <= at < found.end("b")
        units = {each for each in (unit, _unit(found["u1"]), _unit(found["u2"])) if each}
        if low >= high or inside or not near or len(units) > 1 or low <= value_of(said) <= high:
            continue
        if re.search(r"\bper\b|\ba year\b|\beach\b", text[at : at + 40]):
            continue
        words = f"{said} does not lie between {shown(low)} and {shown(high)}"
        yield _finding(
            sentence,
            locator,
            said,
            f"{shown(low)} to {shown(high)}",
            (words, "A mean or median lies outside its own range."),
            CONFIDENCE,
        )


def _unit(words: str | None) -> str:
    return (words or "").strip().rstrip("s")


def _finding(
    sentence: Sentence, locator: Locator, printed: str, recomputed: str, words: tuple[str, str], confidence: float
) -> Finding:
    return Finding(
        kind="average",
        printed=printed,
        recomputed=f"between {recomputed}" if " to " in recomputed else recomputed,
        sum=words[0],
        sentence=words[1],
        confidence=confidence,
        where=locator.words(sentence.start, sentence.end),
        tolerance="none",
    )
