"""In: a reading and the words on child protection plans. Out: whether the index child was on a plan, and when.

Whose plan it was is read from the people before the words; when, from the tense, the dates and the words around.
"""

from __future__ import annotations

import re

from caselore.proposers.ages import YEAR
from caselore.proposers.facts.dates import dates
from caselore.proposers.facts.finding import Finding, Sign, Signs, best
from caselore.proposers.facts.outcome import carried_is_index
from caselore.proposers.facts.people import Person
from caselore.proposers.facts.reading import Reading
from caselore.proposers.facts.subjects import index_ages

_AT_INCIDENT = re.compile(
    r"\bat the time\b|\bsince (?:his |her |their |the )?birth\b|\bsince (?:he|she|they) (?:was|were) born|"
    r"\bcurrent(?:ly)?\b|\bstill\b|"
    r"\bremained\b|\bwhen (?:he|she|they|the (?:child|baby|injur\w+|incident))\b[^.;]{0,20}\b(?:died|injured|"
    r"harmed|found|killed|occurred|removed|taken|admitted|placed)|"
    r"\bhad been (?!previously)[^.;]{0,60}\bfor (?:\w+ ){0,3}(?:weeks?|months?|years?)\b|"
    r"\bat (?:his|her|their) death|\buntil (?:his|her|their|the) (?:death|injur)"
)
_BEFORE = re.compile(
    r"\bpreviously\b|\bpast\b|\bprior\b|\bearlier\b|\bhistory of\b|\boccasions?\b|"
    r"\b(?:periods?|spells?|times) (?:of|on)\b|"
    r"\bformer\w*\b|\bremoved from\b|\buntil\b|"
    r"\bended\b|\bceased\b|\bstepp\w+ down|\bdiscontinued\b|\btaken off\b|\bbeen the subject\b|\bhad been\b|"
    r"\bonce\b|\btwice\b|\bde-?registered|"
    r"\bno longer\b|\bin the \d{4}s\b|\byears? (?:before|earlier|ago)|\bmonths? (?:before|earlier)|\bclos\w+\b"
)
_AFTERWARDS = re.compile(
    r"\b(?:following|after) (?:the|his|her|their|this)(?: \w+)? (?:injur\w+|incident|death|assault|"
    r"disclosure)|\bafterwards\b|\bas a result of the (?:injur|incident)|"
    r"\b(?:should|must|ought|recommend|would) "
)
_AROUND_BIRTH = re.compile(
    r"\b(?:before|at|prior to|since) (?:his |her |their |the )?birth\b|\bpre-?birth\b|\bunborn\b"
)
_LATER_CARE = re.compile(
    r"\b(?:special guardianship|supervision order|care order|foster care|adopt\w+|returned to (?:his|her|"
    r"their|the)|became (?:a )?looked after|placed with)\b"
)
_OWN_CHILDHOOD = re.compile(
    r"\bas (?:a child|children)\b|\b(?:own|in (?:his|her|their)) childhood\b|\bwhen (?:she|"
    r"he) was (?:a child|young)|\b(?:mother|father|parents?|partner)\b[^.;]*\b(?:herself|himself|"
    r"themselves)\b[^.;]*"
    r"\b(?:plan|register)"
)
_ENDED = re.compile(
    r"s?\b(?:(?!\b(?:they|he|she|who)\b)[^.;,]){0,20}?\b(?:(?:had|was|were|have|has)(?: been)? )(?:recently )?"
    r"(?:ended|ceased|closed|discontinued|removed|stepped down)\b"
)
_FAMILY = re.compile(r"\b(?:parents|family|families|the couple)\b(?!')")
_AS_WAS_THE_CHILD = re.compile(r"\bas (?:was|were|had) (?:he|she|they|the (?:child|baby|infant|boy|girl))\b")
_STILL_TO_END = re.compile(
    r"\b(?:to be|due to be|about to be|being|planned to|should be|considered for|recommended (?:for|that))\b"
)
_OF_OTHERS = re.compile(
    r"(?:plans?|register)\s+(?:for|of|in respect of|regarding)\s+(?:(?:the|his|her|their|an?|two|three|"
    r"four|both|\w+'s)\s+)?"
    r"(?:\w+\s+){0,2}?(?:siblings?|brothers?|sisters?|half-\w+|mother|cousins?|(?:older|other|"
    r"previous) child(?:ren)?)\b"
)
_BEGAN = re.compile(
    r"\b(?:became|made|placed|put|started|began)\b(?:(?!\bended|\bremoved|\bceased|\bclosed|"
    r"\bdiscontinued)[^.;])*"
    r"\b(?:days?|weeks?|months?) (?:before|prior to|earlier)|"
    r"\bin force\b|\bin place (?:at|when)\b"
)
_ONCE_WAS = re.compile(
    r"\bbefore (?:he|she|they|the child\w*) (?:became|was|were|entered|came|moved)\b|"
    r"\bwhen (?:he|she|they) (?:was|were) (?:aged|about|around|an? (?:baby|infant|toddler)|young|\d|one|"
    r"two|three|four|"
    r"five|six|seven|eight|nine|ten)\b|"
    r"\bas an? (?:baby|infant|toddler|young child)\b|\bfor [^.;,]{2,25} (?:after|following|from) (?:his |"
    r"her |their |the )?birth\b"
)
_CLOSED_LATER = re.compile(
    r"\bcases? (?:was |were |had been )?closed\b|\bclosed (?:the|his|her|their|its) (?:case|file|involvement)|"
    r"\bclosed to (?:children's |childrens )?(?:social|services)|\bstepp\w+ down\b|\bno longer (?:open|"
    r"subject|on a)"
)
_REMOVED = re.compile(r"\b(?:removed|ended|stopped|lifted|discontinued)\b")
_NO_PLAN_EVER = re.compile(
    r"\bno child protection plans?\b|\bno (?:previous|prior|history of) [^.;,]{0,15}child protection plan"
)
_NOT_ON = re.compile(r"\b(?:not|never)\s+(?:\w+\s+){0,3}?(?:subjects?|on|placed|made)\b[^,;]{0,25}$")
_BUT_ONCE = re.compile(
    r"s?\b[^.;]{0,30}\b(?:but|although|though) (?:\w+ ){0,2}?(?:had|has|have) (?:previously )?been\b"
)
_OWN_TRAIT = re.compile(
    r"\b(?:mother|father|partner|parent|carer)s?'s? (?:[\w-]+ ){1,4}(?:was|were|had|is)\b[^.;,]{0,14}$"
)
"""A trait of a parent stands before: it is the trait that was not known."""
_NEVER = re.compile(r"\b(?:never|neither|nor|not (?:been|ever|previously|the subject|subject|on))\b")


def child_protection_plan(reading: Reading, signs: Signs, year: int | None) -> Finding | None:
    """Current, past or never; None where the text does not say."""
    found = [
        finding for sign in signs.of("child_protection_plan") for finding in (_read(sign, reading, year),) if finding
    ]
    return best(found)


def _read(sign: Sign, reading: Reading, year: int | None) -> Finding | None:
    text, sentence = reading.text.folded, sign.sentence
    if (
        sentence.weight < (0.25 if sign.code == "current" else 0.1)
        or not _of_index(sign, reading)
        or _own_childhood(sign, reading)
    ):
        return None
    words = text[sentence.start : sentence.end]
    span = (sign.span,)
    if sign.code == "never":
        if _OWN_TRAIT.search(text, sentence.start, sign.match.start + 12):
            return None
        return Finding("never", 0.85 * (0.6 + 0.4 * sentence.weight), span)
    if _NO_PLAN_EVER.search(words):
        return Finding("never", 0.8, span)
    near = text[max(sentence.start, sign.match.start - 70) : sign.match.start]
    if "negated" in sign.match.stances or _NOT_ON.search(near):
        if _BUT_ONCE.match(text, sign.match.end, sentence.end):
            return Finding("past", 0.85, span)
        return Finding("never", 0.75, span) if _NEVER.search(near) else None
    if _AFTERWARDS.search(words) or _OF_OTHERS.search(text, sign.match.start, sentence.end):
        return None
    to_end = _STILL_TO_END.search(text, max(sentence.start, sign.match.start - 25), sign.match.end + 25)
    if sign.code == "past" and not to_end:
        return Finding("past", 0.88, span)
    return _when(sign, reading, year)


def _own_childhood(sign: Sign, reading: Reading) -> bool:
    """Whether the plan was of a parent when a child; the child of the review may have seen things "as a child"."""
    found = _OWN_CHILDHOOD.search(reading.text.folded, sign.sentence.start, sign.sentence.end)
    if found is None or not found.group().startswith("as "):
        return found is not None
    told = sign.told
    before = [person for person in told.people if person.end <= sign.match.start] if told else []
    return (
        not told
        or not any(p in told.index.people for p in before)
        or any(p.role in ("parent", "adult") for p in before)
    )


def _when(sign: Sign, reading: Reading, year: int | None) -> Finding:
    text, sentence, span = reading.text.folded, sign.sentence, (sign.span,)
    words = text[sentence.start : sentence.end]
    if _ENDED.match(text, sign.match.end) or _CLOSED_LATER.search(text, sign.match.end, _soon(sign, reading)):
        return Finding("past", 0.94, span)
    if _ONCE_WAS.search(words) or _younger_then(sign, reading):
        return Finding("past", 0.9, span)
    if _AROUND_BIRTH.search(words) and _REMOVED.search(words):
        return Finding("past", 0.8, span)
    if _BEGAN.search(words) or sign.code == "past":
        return Finding("current", 0.9, span)
    if _AT_INCIDENT.search(words):
        later = _AROUND_BIRTH.search(words) and _later_care(sign, reading)
        return Finding("past", 0.6, span) if later and "since" not in words else Finding("current", 0.93, span)
    at_birth = _AROUND_BIRTH.search(words) is not None
    if at_birth and _later_care(sign, reading):
        return Finding("past", 0.78, span)
    if _BEFORE.search(words):
        return Finding("current", 0.75, span) if at_birth and _infant(reading) else Finding("past", 0.82, span)
    return _by_dates(sign, reading, year)


def _by_dates(sign: Sign, reading: Reading, year: int | None) -> Finding:
    """Where no word tells, by the years that stand in the sentence; with none, current."""
    text, sentence, span = reading.text.folded, sign.sentence, (sign.span,)
    within = dates(text, sentence.start, sentence.end)
    said = [date.year for date in within]
    if year is None and any(date.span for date in within):
        return Finding("past", 0.7, span)
    if year is not None and said:
        return Finding("current", 0.78, span) if max(said) >= year - 1 else Finding("past", 0.7, span)
    return Finding("current", 0.7, span)


_AT_AGE = re.compile(
    r"[^.;,]{0,40}?\b(?:at|aged|when (?:he|she|they) (?:was|were))(?: the)?(?: age of)? "
    r"(?P<n>\d{1,2})\b(?! ?(?:weeks|months|days))"
)


def _younger_then(sign: Sign, reading: Reading) -> bool:
    """Whether the plan is dated by an age well below that at the incident."""
    match = _AT_AGE.match(reading.text.folded, sign.match.end, sign.sentence.end)
    ages = [age.months_low for age, _ in index_ages(reading)]
    return bool(match and ages and int(match["n"]) * YEAR + YEAR < min(ages))


def _infant(reading: Reading) -> bool:
    ages = [age.months_low for age, _ in index_ages(reading)]
    return bool(ages) and max(ages) < YEAR


def _soon(sign: Sign, reading: Reading) -> int:
    """The end of the sentence after the sign's."""
    following = [s for s in reading.sentences if s.start >= sign.sentence.end and s.section == sign.sentence.section]
    return following[0].end if following else sign.sentence.end


def _later_care(sign: Sign, reading: Reading) -> bool:
    return (
        _LATER_CARE.search(reading.text.folded, sign.match.end, min(reading.text.case.end, sign.match.end + 900))
        is not None
    )


def _another(person: Person, sign: Sign, reading: Reading) -> bool:
    """Whether a mention is of brothers, sisters or earlier children who are not those of the review."""
    lead = reading.lead
    alone = lead is not None and lead is not sign.told and lead.index.count == 1
    if person.role == "sibling" and alone and person.number != 1:
        return True
    own = sign.told is not None and person in sign.told.index.people
    return not own and (person.role == "sibling" or (person.role == "child" and person.number != 1))


def _of_index(sign: Sign, reading: Reading) -> bool:
    """Whether the plan is the index child's: nobody else is named before the words in their clause."""
    if sign.told is None:
        return False
    if sign.code == "never" and _FAMILY.search(reading.text.folded, sign.sentence.start, sign.match.start):
        return True
    if _AS_WAS_THE_CHILD.search(reading.text.folded, sign.match.end, sign.sentence.end):
        return True
    floor = max(reading.text.folded.rfind(";", sign.sentence.start, sign.match.start), sign.sentence.start)
    labelled = [p for p in sign.told.people if floor <= p.start and p.end <= sign.match.start]
    owners = [p for p in labelled if reading.text.folded.startswith("'s ", p.end)]
    labelled = [p for p in labelled if p not in owners or p is labelled[-1]]
    if any(p in sign.told.index.people for p in labelled):
        others = [p for p in labelled if _another(p, sign, reading)]
        if others and others[-1] is labelled[-1] and labelled[-1].number != 1 and labelled[-1].governor != "and":
            return False
        return not others or any(p in sign.told.index.people and p.end < others[0].start for p in labelled)
    if not labelled and not carried_is_index(sign, reading):
        return False
    return not any(p.role in ("sibling", "parent", "adult", "child") for p in labelled)
