"""In: a reading and the words on child protection plans. Out: whether the index child was on a plan, and when.

Whose plan it was is read from the people before the words; when, from the tense, the dates and the words around.
"""

from __future__ import annotations

import re

from caselore.proposers.facts.dates import dates
from caselore.proposers.facts.finding import Finding, Sign, Signs, best
from caselore.proposers.facts.reading import Reading

_AT_INCIDENT = re.compile(
    r"\bat the time\b|\bsince (?:his |her |their |the )?birth\b|\bsince (?:he|she|they) (?:was|were) born|\bcurrent(?:ly)?\b|\bstill\b|"
    r"\bremained\b|\bwhen (?:he|she|they|the (?:child|baby|injur\w+|incident))\b[^.;]{0,20}\b(?:died|injured|harmed|found|killed|occurred)|"
    r"\bhad been (?!previously)[^.;]{0,60}\bfor (?:the (?:past|last) )?(?:\w+ )?(?:weeks?|months?|years?)\b|\bat (?:his|her|their) death|\buntil (?:his|her|their|the) (?:death|injur)"
)
_BEFORE = re.compile(
    r"\bpreviously\b|\bpast\b|\bprior\b|\bearlier\b|\bhistory of\b|\boccasions?\b|\bperiods? of\b|\bformer\w*\b|\bremoved from\b|\buntil\b|"
    r"\bended\b|\bceased\b|\bstepp\w+ down|\bdiscontinued\b|\btaken off\b|\bbeen the subject\b|\bhad been\b|\bonce\b|\btwice\b|\bde-?registered|"
    r"\bno longer\b|\bin the \d{4}s\b|\byears? (?:before|earlier|ago)|\bmonths? (?:before|earlier)|\bclos\w+\b"
)
_AFTERWARDS = re.compile(
    r"\b(?:following|after) (?:the|his|her|their|this)(?: \w+)? (?:injur\w+|incident|death|assault|disclosure)|\bafterwards\b|\bas a result of the (?:injur|incident)|"
    r"\b(?:should|must|ought|recommend|would) "
)
_AROUND_BIRTH = re.compile(r"\b(?:before|at|prior to|since) (?:his |her |their |the )?birth\b|\bpre-?birth\b|\bunborn\b")
_LATER_CARE = re.compile(
    r"\b(?:special guardianship|supervision order|care order|foster care|adopt\w+|returned to (?:his|her|their|the)|became (?:a )?looked after|placed with)\b"
)
_NEVER = re.compile(r"\b(?:never|neither|nor|not (?:been|ever|previously|the subject|subject|on))\b")


def child_protection_plan(reading: Reading, signs: Signs, year: int | None) -> Finding | None:
    """Current, past or never; None where the text does not say."""
    found = [finding for sign in signs.of("child_protection_plan") for finding in (_read(sign, reading, year),) if finding]
    return best(found)


def _read(sign: Sign, reading: Reading, year: int | None) -> Finding | None:
    text, sentence = reading.text.folded, sign.sentence
    if sentence.weight < 0.25 or not _of_index(sign, reading):
        return None
    words = text[sentence.start : sentence.end]
    span = (sign.span,)
    if sign.code == "never":
        return Finding("never", 0.85 * (0.6 + 0.4 * sentence.weight), span)
    if "negated" in sign.match.stances:
        near = text[max(sentence.start, sign.match.start - 70) : sign.match.start]
        return Finding("never", 0.75, span) if _NEVER.search(near) else None
    if _AFTERWARDS.search(words):
        return None
    if sign.code == "past":
        return Finding("past", 0.88, span)
    return _when(sign, reading, year)


def _when(sign: Sign, reading: Reading, year: int | None) -> Finding:
    text, sentence, span = reading.text.folded, sign.sentence, (sign.span,)
    words = text[sentence.start : sentence.end]
    if _AT_INCIDENT.search(words):
        later = _AROUND_BIRTH.search(words) and _later_care(sign, reading)
        return Finding("past", 0.6, span) if later and "since" not in words else Finding("current", 0.93, span)
    if _BEFORE.search(words):
        return Finding("past", 0.82, span)
    if _AROUND_BIRTH.search(words) and _later_care(sign, reading):
        return Finding("past", 0.75, span)
    said = [date.year for date in dates(text, sentence.start, sentence.end)]
    if year is not None and said:
        return Finding("current", 0.78, span) if max(said) >= year - 1 else Finding("past", 0.7, span)
    return Finding("current", 0.7, span)


def _later_care(sign: Sign, reading: Reading) -> bool:
    return _LATER_CARE.search(reading.text.folded, sign.match.end, min(reading.text.case.end, sign.match.end + 900)) is not None


def _of_index(sign: Sign, reading: Reading) -> bool:
    """Whether the plan is the index child's: nobody else is named before the words in their clause."""
    if sign.told is None:
        return True
    floor = max(reading.text.folded.rfind(";", sign.sentence.start, sign.match.start), sign.sentence.start)
    before = [p for p in sign.told.people if floor <= p.start and p.end <= sign.match.start and p.noun != "child"]
    labelled = [p for p in sign.told.people if floor <= p.start and p.end <= sign.match.start]
    if any(p in sign.told.index.people for p in labelled):
        others = [p for p in before if p.role == "sibling" and p not in sign.told.index.people]
        return not others or any(p in sign.told.index.people and p.end < others[0].start for p in labelled)
    return not any(p.role in ("sibling", "parent", "adult", "child") for p in labelled)
