"""In: folded text. Out: the dates in it, with the year of each and the months where they are given.

Partial dates are as frequent as whole ones, since reports are anonymised: "summer 2016", "March 2015", "in 2014".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from caselore.proposers.ages import words

_MONTHS = words("january february march april may june july august september october november december")
_MONTH = (
    r"(?P<{}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?P<{}>(?:19|20)\d\d)"
_DATE = re.compile(
    rf"(?<![\w/.])(?:(?P<day>\d{{1,2}})(?:st|nd|rd|"
    rf"th)?\s+(?:of\s+)?{_MONTH.format('month')},?\s+{_YEAR.format('year')}"
    rf"|{_MONTH.format('month2')},?\s+(?:of\s+)?{_YEAR.format('year2')}"
    r"|(?P<d3>\d{1,2})[/. -](?P<m3>\d{1,2})[/. -](?P<y3>(?:19|20)\d\d|\d\d)(?![\d/.])"
    rf"|{_YEAR.format('year4')}(?!\s*/\s*\d))(?![\w%])"
)
_DIGITS = re.compile(r"\d\d")
_SHORT_RANGE = re.compile(r"\s?[-/]\s?\d\d\b")
_RANGE_LINK = re.compile(r"\s*(?:and|to|-|until|up to|through)\s*(?:the\s+)?(?:end of\s+)?")


@dataclass(frozen=True, slots=True)
class Date:
    """A date at ``[start, end)``; `month` and `day` are 0 where they are not given. `span`: an end of a "
    "period."""

    start: int
    end: int
    year: int
    month: int = 0
    day: int = 0
    span: bool = False

    @property
    def months(self) -> float:
        """Months since the year 0, at the middle of what is not given."""
        return self.year * 12 + (self.month - 1 if self.month else 5.5) + ((self.day or 15) - 1) / 31


def dates(text: str, start: int = 0, end: int | None = None) -> list[Date]:
    """Every date in `text[start:end]`; both ends of "between 2012 and 2014" are marked as of a period."""
    end = len(text) if end is None else end
    if not _DIGITS.search(text, start, end):
        return []
    found = list(_dates(text, start, end))
    spans = set()
    for one, other in pairwise(found):
        if _RANGE_LINK.fullmatch(text, one.end, other.start):
            spans |= {one, other}
    spans |= {one for one in found if not one.month and _SHORT_RANGE.match(text, one.end)}
    return [Date(d.start, d.end, d.year, d.month, d.day, span=True) if d in spans else d for d in found]


def _dates(text: str, start: int, end: int) -> Iterator[Date]:
    for match in _DATE.finditer(text, start, end):
        year, month, day = _parts(match)
        if 1900 <= year <= 2035 and month <= 12 and day <= 31:
            yield Date(match.start(), match.end(), year, month, day)


def _parts(match: re.Match[str]) -> tuple[int, int, int]:
    if match["m3"]:
        year = int(match["y3"])
        return (year if year > 99 else 2000 + year if year < 36 else 1900 + year, int(match["m3"]), int(match["d3"]))
    if match["month"]:
        return int(match["year"]), _month(match["month"]), int(match["day"])
    if match["month2"]:
        return int(match["year2"]), _month(match["month2"]), 0
    return int(match["year4"]), 0, 0


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, start=1) if month.startswith(name[:3]))
