"""In: a reading of a coroner's report. Out: whether the coroner found a suicide, and ages put as coroners put them.

A conclusion of accident or misadventure, an open one, or an intention that stayed unclear is no suicide; and a risk of
suicide, an attempt or a thought of it is none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from caselore.proposers.ages import YEAR, AgeMention
from caselore.proposers.facts.finding import Finding
from caselore.proposers.facts.reading import Reading

_FOUND = re.compile(
    r"\b(?:conclusions?|verdict|determin\w+|recorded|concluded|returned|short[- ]form|"
    r"finding)\b[^.;]{0,140}?\bsuicide\b"
    r"|\b(?:died|death|die) (?:\w+ ){0,3}?(?:by|because of|from|to|of|as) (?:an act of |a result of |"
    r"a )?suicide\b"
    r"|\bcommitted suicide\b|(?:^|\n)\W*suicide\W*(?:\n|$)"
    r"|\b(?:conclusions?|verdict)\b[^.;\n]{0,60}:\s*suicide\b"
    r"|\b(?:took|taken|taking|end|ended|ending) (?:his|her|their) (?:own )?li(?:fe|ves)\b|\btook own life\b"
    r"|\b(?:killed|hanged|hung) (?:him|her|them)sel(?:f|ves)\b"
    r"|\bintend(?:ed|ing) to (?:take|end|kill|die)\b"
)
_OWN_ACT = ("suicid", " own li", "sel", "intend", " li")
"""Words without which a sentence tells of no such act."""

_FEARED = re.compile(
    r"\b(?:risks?|attempt\w*|tried|thoughts?|ideation|previous\w*|histor\w+|threat\w*|may|might|if|whether|"
    r"likely|prevent\w*|"
    r"wish\w*|want\w*|plan\w*|urge\w*|express\w*|told|said|thinking|ideas?|consider\w*|unlikely|talk\w*|"
    r"not|no)\b[^.;\n]{0,60}$"
)
_UNCLEAR = re.compile(
    r"\bintentions?\b[^.;]{0,30}\b(?:unclear|unknown|not (?:clear|known|established))|"
    r"\bno evidence of (?:his|her|their) intention"
    r"|\b(?:can|could) ?not be (?:\w+ )?(?:determined|established|ascertained|sure|"
    r"satisfied)\b[^.;]{0,80}\binten"
    r"|\b(?:not|never) (?:have )?(?:intend|meant to (?:die|end|kill|take))|"
    r"\binsufficient evidence\b[^.;]{0,80}\b(?:inten|suicide)"
    r"|\bnot (?:clear|possible|known)\b[^.;]{0,60}\binten"
)
_OTHERWISE = re.compile(
    r"\b(?:conclusion|verdict)s?\b[^.;]{0,60}\b(?:accident\w*|misadventure|open|natural causes|road traffic|"
    r"drug[- ]related|alcohol[- ]related)\b"
)
_COURT_SAYS = re.compile(r"\b(?:conclu|verdict|determin|recorded|short)")


def suicide(reading: Reading) -> Finding | None:
    """The coroner's finding of a suicide, or of an own act meant to end life; None where there is none."""
    text, case = reading.text.folded, reading.text.case
    found = [
        m
        for passage in reading.text.passages
        if any(word in text[passage.start : passage.end] for word in _OWN_ACT)
        for m in _FOUND.finditer(text, max(case.start, passage.start - 60), min(case.end, passage.end + 2))
        if not _only_feared(m, text)
    ]
    if not found:
        return None
    stated = next((m for m in found if "suicide" in m.group() and _COURT_SAYS.match(m.group().strip())), None)
    against = _UNCLEAR.search(text, case.start, case.end) or _OTHERWISE.search(text, case.start, case.end)
    if stated is None and against:
        return None
    chosen = stated or found[0]
    start = chosen.end() - len(chosen.group().lstrip())
    return Finding("suicide", 0.93 if stated else 0.8, ((max(start, chosen.end() - 90), chosen.end()),))


def _only_feared(match: re.Match[str], text: str) -> bool:
    inside = match.group()
    if _FEARED.search(text, max(0, match.start() - 70), match.start()):
        return True
    return "suicide" in inside and _FEARED.search(inside, 0, inside.rindex("suicide")) is not None


_BESIDE = re.compile(
    r"\b(?:death|inquest) (?:of|into|touching) [^.;,()\d]{3,70}(?:,|"
    r"\()\s*(?:then )?(?P<age>(?:aged? )?(?P<n>1[01]\d|\d{1,2})"
    r"(?: years?)?)\s*(?=[.,;)\n]|who\b|$)"
)


_WAS_SO_OLD = re.compile(
    r"(?:^|[.\n]\s*)[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,3} was (?:then |only |just |aged |still )*"
    r"(?P<age>(?:aged )?(?P<n>\d{1,2})(?: years?(?: old| of age)?)?)(?=\s*(?:[,.;]|at\b|when\b|and\b))"
)


def age_beside_name(reading: Reading) -> Iterator[tuple[AgeMention, float]]:
    """ "the death of Ann Example, 63." """
    case = reading.text.case
    match = _BESIDE.search(reading.text.folded, case.start, min(case.end, case.start + 1500))
    match = match or _WAS_SO_OLD.search(reading.text.text, case.start, min(case.end, case.start + 3000))
    if match:
        months, span = int(match["n"]) * YEAR, match.span("age")
        yield AgeMention(*span, months, months, "year", "bare", span), 0.8


_OF_SERVICES = ("child protection", "safeguarding", "social ", "maltreat", "child abuse", "cruelty")
_MALTREATED = re.compile(
    r"\b(?:child protection|safeguarding children|social (?:care|services|worker)|maltreat\w+|child abuse|"
    r"cruelty)\b"
)
_OF_KILLING = ("unlawful", "murder", "manslaughter", "homicide", "stabb", "shot ")
_KILLED = re.compile(r"\b(?:unlawful\w*|murder\w*|manslaughter|homicide|stabb\w+|shot (?:dead|by))\b")


def maltreated(reading: Reading) -> bool:
    """Whether a coroner's report tells of services that protect children, without which an illness is just that."""
    case = reading.text.case
    if not any(reading.text.folded.find(word, case.start, case.end) >= 0 for word in _OF_SERVICES):
        return False
    return _MALTREATED.search(reading.text.folded, case.start, case.end) is not None


def killed(reading: Reading) -> bool:
    """Whether a coroner's report has words for a killing by another."""
    case = reading.text.case
    if not any(reading.text.folded.find(word, case.start, case.end) >= 0 for word in _OF_KILLING):
        return False
    return _KILLED.search(reading.text.folded, case.start, case.end) is not None
