"""In: a sentence. Out: its numbers, each with what it is (count, percentage, fraction, year, measure), and the sentence
with a tag in place of each, so that patterns can be read: "<C0> of the <C1> cases (<P2>)".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from caselore.audit.cells import NUMBER, decimals, value

UNITS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
FRACTIONS = {"half": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "tenth": 10}

_UNIT = "|".join(sorted((word for word in UNITS if word != "zero"), key=len, reverse=True))
_TEN = "|".join(TENS)
_BELOW_100 = rf"(?:(?:{_TEN})(?:[- ](?:{_UNIT}))?|(?:{_UNIT}))"
_WORDS = rf"(?:(?:one|two|three|four|five|six|seven|eight|nine|a)\shundred(?:\sand\s{_BELOW_100})?|{_BELOW_100})"
_ANY = rf"(?:{NUMBER}|{_WORDS})"
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_TIME = "years?|yrs?|months?|weeks?|days?|hours?|minutes?|miles?|pages?|kg|km|am|pm|points?"
_PATTERN = re.compile(
    rf"""(?P<X>\b(?:Tables?|Figures?|Fig\.?|Chapters?|Sections?|Appendix|Annex|Box|para(?:graph)?s?\.?|pp?\.|pages?|Article
        |Part|s\.|footnote|Nos?\.|volume|question|tier|level|stage|(?-i:Year)|phase)\s?\d+(?:\.\d+)*(?:\s?(?:,|and|to|&|[-–])\s?\d+(?:\.\d+)*)*
        |^\(?\d+(?:\.\d+)*[.)](?=\s)|^\d+(?:\.\d+)*(?=\s+(?-i:[A-Z“"‘]))|\[[^\]=]*\d[^\]=]*\]|https?://\S+|\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}
        |\d+\.\d+\.\d+|\d+(?:\.\d+)?\s?:\s?\d+(?:\.\d+)?|[£$€]\s?\d[\d,.]*(?:m|bn|k)?|\b\d+(?:st|nd|rd|th)\b)
    |(?P<Y>\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?(?:{_MONTH})(?:\s\d{{4}})?|(?:{_MONTH})\s(?:\d{{1,2}},?\s)?\d{{4}}
        |\b(?:19|20)\d\d(?:\s?[-–/]\s?(?:\d\d|\d{{4}}))?(?![\d,.]*\d)(?!\s?%))
    |(?P<R>\b{NUMBER}\s?%?\s?[-–]\s?{NUMBER}(?:\s?%)?(?:[- ](?:{_TIME})\b)?)
    |(?P<P>(?<![\w.,]){_ANY}(?:\s?%|[\s-]per\s?cent\b))
    |(?P<M>\baged?\s(?:between\s|under\s|over\s|about\s|just\s|up\sto\s)*{_ANY}(?:\s(?:and|or|to)\s{_ANY})?(?![\w%])
        |(?<![\w.,]){_ANY}\s(?:to|and|or)\s{_ANY}[-\s](?:years?[-\s]olds?|(?:years|months)\sof\sage)\b
        |\bage\sof\s{_ANY}(?!\w)|(?<![\w.,]){_ANY}[-\s](?:and\sa\shalf\s)?(?:{_TIME})(?:[-\s](?:olds?|old))?\b)
    |(?P<F>\b(?:(?:a|one|two|three|four)[\s-])?(?:third|quarter|fifth|tenth)s?(?!\s+(?:of\s)?(?:party|parties|person|sector|case\b|time|child|report))\b
        |\bhalf\b(?![-\s](?:sib|brother|sister|way|term|year|hour|day|an?\b))|(?<!the\s)(?<!all\s)(?<!these\s)(?<!which\s)\b(?:one|two|three|four)\s(?:in|out\sof)\s(?:every\s)?(?:{_BELOW_100}|\d{{1,2}})\b)
    |(?P<C>(?<![\w.,/-]){_ANY}(?![\w%]|\.\d|,\d|-\w))""",
    re.VERBOSE | re.IGNORECASE,
)

_QUOTATION = re.compile(r"“[^”]{25,}”|\"[^\"]{25,}\"")


@dataclass(frozen=True, slots=True)
class Mention:
    """One number in a sentence: its kind (C, P, F, Y, M, R or X), value and decimals, and its offsets there."""

    kind: str
    value: float
    decimals: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """A sentence with a tag for each of its numbers."""

    text: str
    mentions: tuple[Mention, ...]

    def get(self, tag: str) -> Mention:
        """The number of a tag such as "C3"."""
        return self.mentions[int(tag[1:])]


def tagged(text: str) -> Tagged:
    """The sentence with its numbers found and tagged. A decimal without unit is a D."""
    found: list[Mention] = []
    out, at = [], 0
    quoted = [match.span() for match in _QUOTATION.finditer(text)]
    for match in _PATTERN.finditer(text):
        mention = _mention(match)
        if mention and any(start < mention.start < end for start, end in quoted):
            mention = replace(mention, kind="X")  # a figure of whoever is quoted
        if mention:
            out += [text[at : match.start()], f"<{mention.kind}{len(found)}>"]
            found.append(mention)
            at = match.end()
    return Tagged("".join([*out, text[at:]]), tuple(found))


def _mention(match: re.Match[str]) -> Mention | None:
    kind, words = match.lastgroup or "X", match[0]
    number, digits = 0.0, 0
    if kind in "PC":
        figure = re.match(rf"{NUMBER}|{_WORDS}", words, re.IGNORECASE)
        digits = decimals(figure[0]) if figure and figure[0][0].isdigit() else 0
        number = number_of(figure[0]) if figure else 0.0
        kind = "D" if kind == "C" and digits else kind
    elif kind == "F":
        number = fraction_of(words)
        if number == 0:
            return None
    return Mention(kind, number, digits, match.start(), match.end(), words)


def number_of(words: str) -> float:
    """The value of a number in digits or in words below a thousand."""
    if words[0].isdigit():
        return value(words)
    total = 0
    for word in re.split(r"[\s-]+", words.lower()):
        total = (total or 1) * 100 if word == "hundred" else total + UNITS.get(word, TENS.get(word, 0))
    return float(total)


def value_of(words: str) -> float:
    """The value of a number in digits or words; "birth" is nought."""
    return 0.0 if words.lower() == "birth" else number_of(words)


def fraction_of(words: str) -> float:
    """The percentage that a fraction in words stands for; 0 where it is none (a bare ordinal)."""
    parts = re.split(r"[\s-]+", words.lower())
    if "in" in parts or "of" in parts:
        return 100 * number_of(parts[0]) / number_of(parts[-1])
    if parts[-1] == "half":
        return 50.0
    if len(parts) == 1:
        return 0.0
    top = 1 if parts[0] == "a" else UNITS[parts[0]]
    return 100 * top / FRACTIONS[parts[-1]] if parts[-1] in FRACTIONS else 0.0
