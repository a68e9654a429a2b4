"""In: a sentence. Out: multiples in words ("three times", "doubled") that the two figures beside them do not give."""

from __future__ import annotations

import re
from collections.abc import Iterator

from caselore.audit.finding import Finding
from caselore.audit.mentions import UNITS, Mention
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence
from caselore.audit.rounding import shown

_HOW = (
    r"(?P<how>(?:well |just |slightly )?"
    r"(?:over|more than|nearly|almost|under|less than|about|around|some|approximately|at least) )?"
)
_TIMES = re.compile(
    rf"\b{_HOW}(?:(?P<word>twice|double|treble|triple)|(?P<n>two|three|four|five|six|seven|eight|nine|ten|\d+(?:\.\d+)?)"
    rf"(?: and a half)?(?:[- ]times|[- ]?fold))(?: (?:as|that|those|higher|more|the|greater|larger|likely)\b)",
    re.IGNORECASE,
)
_BECAME = re.compile(rf"\b{_HOW}(?P<word>doubled|doubling|trebled|tripled|quadrupled|halved|halving)\b", re.IGNORECASE)
_WORTH = {"twi": 2.0, "dou": 2.0, "tre": 3.0, "tri": 3.0, "qua": 4.0, "hal": 0.5}
_PAIR = re.compile(
    r"[(,] ?<(?P<a>[CDP]\d+)>(?: (?!and\b)[\w%]+){0,4},? (?:against|compared (?:with|to)|as against|versus|vs\.?|and) "
    r"<(?P<b>[CDP]\d+)>"
)
_FROM_TO = re.compile(r"\bfrom <(?P<a>[CDP]\d+)>[^.;]{0,80}? to <(?P<b>[CDP]\d+)>")
_PER = re.compile(r"\bper (?:head of )?$")
PLAIN = 0.15
"""A multiple said without "nearly" or "over" may be off by this share."""

NEARLY = 0.22
CONFIDENCE = 0.65


def check_ratios(sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    """Findings on the multiples of one sentence."""
    text = sentence.tagged.text
    if sentence.quoted or sentence.elsewhere:
        return
    for match in (*_TIMES.finditer(sentence.text), *_BECAME.finditer(sentence.text)):
        became = match.re is _BECAME
        pair = _from_to(sentence) if became else _compared(sentence, match.start(), match.end())
        if pair is None or (became and len(_FROM_TO.findall(text)) != 1):
            continue
        said, old, new = _worth(match), *((pair[0], pair[1]) if became else (pair[1], pair[0]))
        if not old.value or not new.value or old.kind != new.kind:
            continue
        ratio = new.value / old.value
        if ratio < 1 and said > 1 and not became:
            ratio = 1 / ratio
        if _wrong(ratio, said, (match["how"] or "").strip().lower()) and 0.25 < ratio / said < 4:
            yield _finding(sentence, locator, match[0].strip(), (new, old, ratio))


def _worth(match: re.Match[str]) -> float:
    if match["word"]:
        return _WORTH[match["word"].lower()[:3]]
    words = match["n"].lower()
    half = 0.5 if "and a half" in match[0] else 0.0
    return (float(UNITS[words]) if words in UNITS else float(words)) + half


def _wrong(ratio: float, said: float, how: str) -> bool:
    if re.search(r"over|more than|at least", how):
        return ratio < said * 0.99
    if re.search(r"nearly|almost|under|less", how):
        return not (1 - NEARLY) * said <= ratio <= 1.02 * said
    return abs(ratio - said) > PLAIN * said + 0.01


def _from_to(sentence: Sentence) -> tuple[Mention, Mention] | None:
    found = _FROM_TO.search(sentence.tagged.text)
    return (sentence.tagged.get(found["a"]), sentence.tagged.get(found["b"])) if found else None


def _compared(sentence: Sentence, start: int, end: int) -> tuple[Mention, Mention] | None:
    """The figures that a multiple compares: two in brackets after it, or one in brackets on each side."""
    text, get = sentence.tagged.text, sentence.tagged.get
    for match in _PAIR.finditer(text):
        a, b = get(match["a"]), get(match["b"])
        if 0 <= a.start - end < 120 and a.kind == b.kind:
            return a, b
    usable = [m for m in sentence.tagged.mentions if m.kind in "DP" and _bracketed(sentence, m)]
    only = _one_and_bracket(sentence, start, end)
    if only:
        return only
    left, right = [m for m in usable if m.end <= start], [m for m in usable if m.start >= end]
    return (left[0], right[0]) if len(left) == len(right) == 1 and left[0].kind == right[0].kind else None


def _one_and_bracket(sentence: Sentence, start: int, end: int) -> tuple[Mention, Mention] | None:
    """ "There were 22, twice the number of 2018 (11)": the only count before, and the only one after, in brackets."""
    counts = [m for m in sentence.tagged.mentions if m.kind == "C" and not start <= m.start < end]
    before, after = [m for m in counts if m.end <= start], [m for m in counts if m.start >= end]
    if (
        len(before) == len(after) == 1
        and _bracketed(sentence, after[0])
        and "number" in sentence.text[end : after[0].start]
    ):
        return before[0], after[0]
    return None


def _bracketed(sentence: Sentence, mention: Mention) -> bool:
    before = sentence.text[: mention.start].rstrip()
    return before.endswith("(") and not _PER.search(sentence.text[: mention.start])


def _finding(sentence: Sentence, locator: Locator, said: str, figures: tuple[Mention, Mention, float]) -> Finding:
    new, old, ratio = figures
    return Finding(
        kind="rate",
        printed=said,
        recomputed=f"{shown(ratio, 2)} times",
        sum=f"{new.text} / {old.text} = {shown(ratio, 2)}, the words say “{said}”",
        sentence=f"{new.text} is {shown(ratio, 2)} times {old.text}.",
        confidence=CONFIDENCE,
        where=locator.words(sentence.start, sentence.end),
        tolerance=f"{PLAIN:.0%}; “nearly” down to {NEARLY:.0%} less; “more than” at least",
    )
