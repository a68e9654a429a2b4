"""In: folded text (lower case, straight quotes and hyphens). Out: every age of a person that it states, in months.

Whose age it is, is decided elsewhere. Lengths of time ("for 8 years", "18 months later"), weeks of pregnancy and
the age of an injury or of a case are no ages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

YEAR = 12.0
"""Months in a year: every age is counted in months."""

MONTHS_PER = {"h": 0.0, "d": 12 / 365.25, "w": 84 / 365.25, "m": 1.0, "y": YEAR}
"""Months in an hour, day, week, month and year, by the first letter of the unit."""

BANDS: tuple[tuple[str, float, float], ...] = (
    ("under_1", 0, 12),
    ("1_to_5", 12, 72),
    ("6_to_10", 72, 132),
    ("11_to_15", 132, 192),
    ("16_to_17", 192, 216),
    ("18_and_over", 216, 1500),
)
"""Age bands of the national analyses in months, half-open (triennial analysis 2011-14, table 4)."""


@dataclass(frozen=True, slots=True)
class AgeMention:
    """An age at ``[start, end)``, between `months_low` and `months_high` (both included).

    `unit` is day, week, month, year or word; `form` says how it is put: "old" (2-year-old), "aged" (aged 2), "bare"
    (a boy, 2), "beside" (Ann, 2), "through" (from 5 to 12), "was" (when he was 2), "word" (newborn).
    The mentions of one list ("aged 2, 4 and 7") share `group`.
    """

    start: int
    end: int
    months_low: float
    months_high: float
    unit: str
    form: str
    group: tuple[int, int]

    @property
    def bands(self) -> tuple[str, ...]:
        """The bands that the age touches, youngest first."""
        low, high = self.months_low, max(self.months_low, self.months_high)
        return tuple(band for band, first, after in BANDS if low < after and high >= first)


def words(listed: str) -> tuple[str, ...]:
    """The words of a list that is written as a sentence is."""
    return tuple(listed.split())


_UNITS = {"h": "day", "d": "day", "w": "week", "m": "month", "y": "year"}
_SMALL = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_FRACTIONS = {"¼": 0.25, "½": 0.5, "¾": 0.75, "1/4": 0.25, "1/2": 0.5, "3/4": 0.75}
_ORDINALS = words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth"
)

_WORD_NUMBER = (
    rf"(?>(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_SMALL[1:10])}))?"
    rf"|{'|'.join(sorted(_SMALL, key=len, reverse=True))})"
)
_NUMBER = rf"(?<![\w.£$])(?:\d{{1,3}}(?:\.\d+)?(?:[ -]?[¼½¾]|[ -][13]/[24])?|[13]/[24]|[¼½¾]|{_WORD_NUMBER})"
NUMBER = rf"{_NUMBER}(?![\d%]|/\d)(?:[ -]and[ -]a[ -]half)?"
"""A number of an age, in digits or words, with a fraction."""

_COUNTED = rf"(?:{NUMBER}|\ban?)[ -]*"
_LESS = rf"(?:[ ,-]{{1,2}}(?:and[ -])?{NUMBER}[ -]*"
_COMPOUND = (
    rf"{_COUNTED}(?:(?:years?|yrs?)\b{_LESS}(?:months?|mths?|weeks?|wks?|days?)\b)?|(?:months?|"
    rf"mths?)\b{_LESS}(?:weeks?|wks?|days?)\b)?|(?:weeks?|wks?)\b{_LESS}days?\b)?|(?:days?|hours?)\b)"
)
"""Years and months, weeks and days: each unit smaller than the one before, or else it is a list or a "
"range."""
_ITEM = rf"(?:{_COMPOUND}(?:[ -]and[ -]a[ -]half)?|{NUMBER})"
_RANGE = rf"{_ITEM}\s*(?:-|\bto\b|\band\b)\s*{_ITEM}"
_JOIN = r"(?:\s*-?\s*,\s*(?:and\s+|or\s+)?|\s*-?\s+(?:and|or|&)\s+|\s+to\s+|\s?-\s?)(?:an?\s+)?"
_HEDGE = (
    r"(?:(?:just|only|about|around|approximately|roughly|almost|nearly|barely|some|currently|now|then|"
    r"respectively)"
    r"[ ,]+)*"
)
_BOUND = r"(?:(?P<bound>under|below|less than|not yet|up to|over|more than|at least|between|from)\s+)?"

_OLD = re.compile(
    rf"(?:\b(?P<bound>under|less than|up to|over|more than|between|from)\s+)?"
    rf"(?P<list>(?:{_ITEM}{_JOIN})*{_COMPOUND})(?:[ -]and[ -]a[ -]half)?[ -]*(?:olds?\b|of[ -]age\b)"
    rf"(?![ -](?:fracture|injur|bruis|case|review|report|referral|wound|scar|burn|offence))"
)
_AGED = re.compile(
    rf"\b(?:aged?|ages)\b(?:\s*:)?\s+(?:of\s+|"
    rf"at\s+)?{_HEDGE}{_BOUND}{_HEDGE}(?P<list>{_ITEM}(?:{_JOIN}{_ITEM})*)"
)
_WAS = re.compile(
    rf"\b(?:was|were|is|are|turned|being|became|be)\s+(?:still\s+|then\s+|both\s+)?{_HEDGE}{_BOUND}"
    rf"(?P<list>{_ITEM}(?:{_JOIN}{_ITEM})*)"
    r"(?=\s*(?:[,.;:)]|$|\n|and (?!a half)|when |at (?:the|that|his|her) |but |who |while |whilst |or |"
    r"in (?:19|20)))"
)
_PERSON = (
    r"(?:boys?|girls?|child(?:ren)?|bab(?:y|ies)|infants?|brothers?|sisters?|siblings?|sons?|daughters?|"
    r"twins|mother|father|males?|females?|m[ae]n|wom[ae]n|person|people|partner|(?:child|baby|person|adult|"
    r"sibling) [a-z]{0,2}\d{0,2})"
)
_BARE = re.compile(
    rf"\b{_PERSON}(?:\s*\((?:aged? )?(?P<a>{_ITEM}(?:{_JOIN}{_ITEM})*)\)"
    rf"|,\s+(?P<b>{NUMBER}(?:{_JOIN}{NUMBER})*)(?:,|\s+(?=who\b))"
    rf"|\s+of\s+(?:nearly |almost |just |about |around |only |barely )?(?P<c>{_ITEM})"
    rf"(?=[ ,.;)]*(?:$|[,.;)]|(?:and|who|was|in|with|from|were|had|by|at|"
    r"when|after|while|living|whose|on)\b)))"
)
_NAME_BARE = re.compile(
    rf"(?<=[\w'])(?:\s\((?:aged? )?(?P<a>{_ITEM}(?:{_JOIN}{_ITEM})*)\)"
    rf"|,\s+(?:then |now |still |just |aged? )?(?P<b>{_COMPOUND}|{NUMBER}(?![ -]*(?:years?|months?|weeks?|days?)\b))"
    r"(?=,|\s+(?:and|who|when|at the time)\b))"
)
"""An age behind a name or a label of which no noun tells that it is a person: "Ann (7)", "B, 14, was"."""
_DIED_AT = re.compile(
    rf"\b(?:died|dies|killed|injured|death of (?!an unborn)[\w' ]{{1,20}}?) at (?P<list>{_COMPOUND})"
    r"(?=[.,;]| (?:in|from|when|while|of)\b)"
)
_UNDER = re.compile(
    rf"\b{_PERSON}\s+(?P<bound>under|below)\s+(?P<list>{NUMBER})(?=[,.;]|\s+(?!years|months|weeks|per))"
)
_THROUGH = re.compile(
    r"(?<!aged )(?<!ages )"
    rf"\b(?:from|between)(?: the)?(?: ages?)?(?: of)? (?P<a>{NUMBER})(?: years?)? (?:to|and|until|till)\b"
    rf"(?:[^.;\d]{{0,45}}?\b(?:at|aged|was|were|age))?(?: the)?(?: age)?(?: of)? (?P<b>{NUMBER})"
    r"(?=[,.;)]|$|\s+(?:by|in|when|and|years|she|he|they|at|while|with|of|for)\b)"
)
"""A time of life, "from the age of 5 until she told a teacher at 12"; years only."""
_NO_AGE_AFTER = re.compile(r"\s*(?:per cent|%|weeks? (?:pregnant|gestation)|/\d|:\d|(?:st|nd|rd|th)\b)")
_BIRTHDAY = re.compile(
    rf"\b(?P<side>before|after|on|of|day of|approaching|until|to|since|passed|celebrated)\s+(?:his|her|their|"
    rf"the child's|\w+'s)\s+(?P<n>\d{{1,2}}(?=st|nd|rd|th)|{'|'.join(_ORDINALS)})(?:st|nd|rd|th)?\s+birthday"
)
_DECADE = re.compile(
    r"\bin (?:his|her|their|the) (?P<part>early|mid|late|mid to late|early to mid)?[ -]*"
    r"(?P<n>[2-9]0s|[2-9]0's|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b"
)

WORDS: tuple[tuple[str, float, float], ...] = (
    (
        r"new-?born(?: bab(?:y|ies))?|neonate|neonatal death|(?:hours|days|shortly|soon) after (?:his |her |"
        r"their )?birth",
        0,
        1,
    ),
    (
        r"first (?:few )?(?:days?|weeks?|month) of (?:his |her |their )?life",
        0,
        1,
    ),
    (r"stillbirths?|stillborn|unborn (?:baby|child)", 0, 0),
    (r"early teens|young teen(?:ager)?", 13 * YEAR, 15 * YEAR),
    (r"(?:few|several|only|just|mere) (?:hours|days)[ -]old", 0, 0.5),
    (r"(?:few|several|only|just|mere) weeks[ -]old", 0.25, 2.5),
    (r"(?:few|several|only|just|mere) months[ -]old", 2, 11),
    (r"toddlers?", 13, 35),
    (r"infants?|bab(?:y|ies)", 0, 11),
    (r"pre-?school(?: aged?)?(?= child)", 24, 59),
    (r"elderly (?:man|woman|lady|gentleman|male|female)|older adults?", 65 * YEAR, 90 * YEAR),
)
"""Words that imply an age without a number. A teenager may be of two bands and implies none."""

_WORDS = re.compile(r"\b(?:" + "|".join(f"({pattern})" for pattern, _, _ in WORDS) + r")\b")
_HINT = re.compile(
    r"\d|\bage|old\b|birth|baby|babies|infant|toddler|neonat|teen|newborn|new-born|elderly|adult|pre-?school|still|unborn|life|"
    rf"under|below|, (?:then|now|{_WORD_NUMBER})|\({_WORD_NUMBER}|(?:from|between|was|is|were|turned) {_WORD_NUMBER}|"
    r"ties\b"
)
"""What a text without any age has not: looked for first, since most sentences tell no age."""


def number(words: str) -> float:
    """The value of a number as `NUMBER` reads it: ``2 1/2`` and ``two-and-a-half`` are 2.5."""
    text, half = re.subn(r"[ -]and[ -]a[ -]half$", "", words.strip())
    total = 0.5 * half
    for part in re.split(r"[ -]|(?=[¼½¾])", text):
        total += _value(part)
    return total


def _value(part: str) -> float:
    if part in _FRACTIONS:
        return _FRACTIONS[part]
    if part in _TENS:
        return float(_TENS[part])
    if part in _SMALL:
        return float(_SMALL.index(part))
    return float(part) if part and part[0].isdigit() else 0.0


_TOKEN = re.compile(
    rf"(?P<low>{_ITEM}\s*\bto\b|{NUMBER}\s*-)\s*(?P<high>{_ITEM})(?![\w/])|"
    rf"(?P<one>{_ITEM})(?:[ -]and[ -]a[ -]half)?"
)
_PART = re.compile(rf"(?:(?P<n>{NUMBER})[ -]*|\ban?[ -]+)(?P<unit>[hdwmy])\w*(?P<half>[ -]and[ -]a[ -]half)?")
_OLD_END = re.compile(r"olds?\b|of[ -]age\b")
_BEFORE_OLD = 90
"""Characters before "old" in which its list of numbers must begin."""


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number or range inside a list, with its own unit ('' if it has none)."""

    start: int
    end: int
    low: float
    high: float
    unit: str


def ages(text: str) -> list[AgeMention]:
    """Every age that folded text states, in the order of the text; a list gives one mention for each "
    "number."""
    found: list[AgeMention] = []
    if not _HINT.search(text):
        return found
    for form in (_through, _old, _aged, _bare, _under, _died_at, _was, _birthdays, _decades, _words, _name_bare):
        for mention in form(text):
            rivals = [each for each in found if mention.start < each.group[1] and each.group[0] < mention.end]
            told = any(each.start == mention.start for each in rivals)
            if not rivals or (not told and any(each.group == mention.group for each in rivals)):
                found.append(mention)
    return sorted(found, key=lambda mention: mention.start)


def _old(text: str) -> Iterator[AgeMention]:
    floor = 0
    for old in _OLD_END.finditer(text):
        for match in _OLD.finditer(text, max(floor, old.start() - _BEFORE_OLD), min(len(text), old.end() + 12)):
            if match.end() >= old.end():
                yield from _mentions(match, text, "old")
                floor = match.end()
                break


def _aged(text: str) -> Iterator[AgeMention]:
    for match in _AGED.finditer(text):
        if not _NO_AGE_AFTER.match(text, match.end()):
            yield from _mentions(match, text, "aged")


def _was(text: str) -> Iterator[AgeMention]:
    for match in _WAS.finditer(text):
        if not _NO_SUBJECT.search(text, max(0, match.start() - 30), match.start()):
            yield from _mentions(match, text, "was")


_NO_SUBJECT = re.compile(
    r"(?:\b(?:there|it|this|these|that|which|what|number|total|score|cost|result|answer)s?|\d)\s+$"
)


def _bare(text: str) -> Iterator[AgeMention]:
    for match in _BARE.finditer(text):
        name = next(group for group in "abc" if match[group])
        yield from _listed(match.span(name), match.span(name), text, form="bare", bound="")


def _died_at(text: str) -> Iterator[AgeMention]:
    for match in _DIED_AT.finditer(text):
        yield from _listed(match.span("list"), match.span("list"), text, form="aged", bound="")


def _under(text: str) -> Iterator[AgeMention]:
    for match in _UNDER.finditer(text):
        yield from _listed(match.span("list"), match.span("list"), text, form="bare", bound="under")


def _name_bare(text: str) -> Iterator[AgeMention]:
    for match in _NAME_BARE.finditer(text):
        name = "a" if match["a"] else "b"
        yield from _listed(match.span(name), match.span(name), text, form="beside", bound="")


def _through(text: str) -> Iterator[AgeMention]:
    """A stretch of childhood over which something went on; years of the calendar and lengths are none."""
    for match in _THROUGH.finditer(text):
        low, high = number(match["a"]), number(match["b"])
        if 0 < low < high <= 18:
            yield AgeMention(*match.span(), low * YEAR, high * YEAR, "year", "through", match.span())


def _mentions(match: re.Match[str], text: str, form: str) -> Iterator[AgeMention]:
    start = match.start("bound") if match["bound"] else match.start("list" if form == "was" else 0)
    yield from _listed(match.span("list"), (start, match.end()), text, form=form, bound=match["bound"] or "")


def _listed(span: tuple[int, int], group: tuple[int, int], text: str, *, form: str, bound: str) -> Iterator[AgeMention]:
    """One mention for each number of a list; a number without a unit is in years, save in a range."""
    amounts = [_amount(token) for token in _TOKEN.finditer(text, *span)]
    if bound in ("between", "from") and len(amounts) == 2:
        amounts = [_range(*amounts)]
    amounts = _with_units(amounts, form)
    for amount in amounts:
        low, high = _bounded(amount, bound)
        if low <= 115 * YEAR:
            whole = len(amounts) == 1
            start, end = group if whole else (amount.start, amount.end)
            yield AgeMention(start, end, low, high, _UNITS[amount.unit], form, group)


def _with_units(amounts: list[_Amount], form: str) -> list[_Amount]:
    """Give bare numbers a unit: the last one's before "-old" ("6 and 8-week-old"), else years ("8, 6 and 20 "
    "months")."""
    last = amounts[-1].unit if amounts and form == "old" else ""
    return [
        amount
        if amount.unit
        else _Amount(amount.start, amount.end, amount.low * MONTHS_PER[unit], amount.high * MONTHS_PER[unit], unit)
        for amount in amounts
        for unit in (last or "y",)
    ]


def _amount(token: re.Match[str]) -> _Amount:
    if token["one"]:
        value, unit = _months(token["one"] + (" and a half" if token.group().endswith("half") else ""))
        return _Amount(token.start(), token.end(), value, value, unit)
    (low, low_unit), (high, high_unit) = _months(token["low"].rstrip(" -to")), _months(token["high"])
    first = _Amount(token.start(), token.end("low"), low, low, low_unit)
    return _range(first, _Amount(token.start("high"), token.end(), high, high, high_unit))


def _range(low: _Amount, high: _Amount) -> _Amount:
    """A range takes the unit of its end where its beginning has none: "3 to 7 months"."""
    first = low.low * MONTHS_PER[high.unit] if high.unit and not low.unit else low.low
    return _Amount(low.start, high.end, first, high.high, high.unit or low.unit)


def _months(words: str) -> tuple[float, str]:
    """Months and the first letter of the largest unit; a number without a unit stays as it is."""
    total, unit = 0.0, ""
    for part in _PART.finditer(words):
        value = number(part["n"]) if part["n"] else 1.0
        total += (value + 0.5 * bool(part["half"])) * MONTHS_PER[part["unit"]]
        unit = unit or part["unit"]
    return (total, unit) if unit else (number(words), "")


def _bounded(amount: _Amount, bound: str) -> tuple[float, float]:
    """ "under 2 months" is an age just below; "0-1" in years speaks of the first year only."""
    just_below = max(0.0, amount.high - 0.25)
    if bound in ("under", "below", "less than", "not yet", "up to"):
        return just_below, just_below
    if amount.unit == "y" and (amount.low, amount.high) == (0.0, YEAR):
        return 0.0, just_below
    return amount.low, amount.high


def _birthdays(text: str) -> Iterator[AgeMention]:
    for match in _BIRTHDAY.finditer(text):
        n = int(match["n"]) if match["n"].isdigit() else _ORDINALS.index(match["n"]) + 1
        before = match["side"] in ("before", "approaching", "until", "to")
        low = (n - 1 if before else n) * YEAR + (11 if before else 0)
        yield AgeMention(*match.span(), low, low, "year", "word", match.span())


def _decades(text: str) -> Iterator[AgeMention]:
    for match in _DECADE.finditer(text):
        word = match["n"]
        years = int(word[0]) * 10 if word[0].isdigit() else 10 * (list(_TENS).index(_singular(word)) + 2)
        yield AgeMention(*match.span(), years * YEAR, (years + 9) * YEAR, "year", "word", match.span())


def _singular(decade: str) -> str:
    return decade.removesuffix("ies") + "y"


def _words(text: str) -> Iterator[AgeMention]:
    for match in _WORDS.finditer(text):
        _, low, high = WORDS[(match.lastindex or 1) - 1]
        yield AgeMention(*match.span(), low, high, "word", "word", match.span())
