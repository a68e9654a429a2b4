"""In: a sentence. Out: periods whose stated number of years is not that of their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from caselore.audit.finding import Finding
from caselore.audit.mentions import UNITS
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence

_MONTHS = "january february march april may june july august september october november december".split()
_NAMES = "|".join(_MONTHS)
_DATE = rf"(?:(?:\d\d?(?:st|nd|rd|th)? )?(?P<m{{0}}>{_NAMES}),? )?(?P<y{{0}}>(?:19|20)\d\d)(?![-–/\d])"
_PERIOD = re.compile(
    rf"\b(?P<n>two|three|four|five|six|seven|eight|nine|ten|\d{{1,2}})[- ]years?(?:[- ]period)?,?"
    rf"(?: \(| from| between|:)?"
    rf" ?{_DATE.format(1)} ?(?:to|and|until|[-–]) ?(?:the end of )?{_DATE.format(2)}",
    re.IGNORECASE,
)
CONFIDENCE = 0.7


def check_periods(sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    """Findings on "the three years from April 2011 to March 2014" and the like."""
    for match in _PERIOD.finditer(sentence.text):
        said = UNITS.get(match["n"].lower()) or int(match["n"]) if not match["n"].isdigit() else int(match["n"])
        lengths = _lengths(match)
        if not any(abs(said - length) < 0.2 for length in lengths):
            right = " or ".join(f"{length:g}" for length in sorted(lengths))
            yield Finding(
                kind="contradiction",
                printed=f"{match['n']} years",
                recomputed=f"{right} years",
                sum=f"{' '.join(match[0].split())}: {right} years",
                sentence="The dates of the period are not as many years apart as the words say.",
                confidence=CONFIDENCE,
                where=locator.words(sentence.start, sentence.end),
                tolerance="years without months: first and last counted, or not",
            )


def _lengths(match: re.Match[str]) -> set[float]:
    """The lengths in years that the dates allow: ends counted, or not."""
    years = int(match["y2"]) - int(match["y1"])
    if match["m1"] and match["m2"]:
        months = 12 * years + _MONTHS.index(match["m2"].lower()) - _MONTHS.index(match["m1"].lower())
        return {round(months / 12, 1), round((months + 1) / 12, 1)}
    return {float(years), float(years + 1)}
