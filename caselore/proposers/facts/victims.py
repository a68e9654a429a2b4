"""In: the people of a sentence. Out: which of them are the index children (or the adult a review is about), how many.

A review is about those who died or were harmed. A brother who only stands in the background is not an index child;
a brother named with the child ("deaths of a girl and her brother") is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from caselore.proposers.ages import words
from caselore.proposers.facts.people import Person

_AGENT = re.compile(r"\b(?:by|hands? of|actions of|perpetrated by|disclosed against|allegations? against)\s*$")
_BY_VICTIM = re.compile(
    r"\b(?:suffered|sustained|experienced|received|taken|ingest\w+|swallow\w+|disclos\w+|made|behaviours?|"
    r"overdose|contracted|suicide|attempts?|"
    r"drunk|consumed|self-harm|violence|offen[cs]\w+|crimes?|poisoning|of [\w ,]{3,30}|"
    r"(?:on|against|of) (?:[\w-]+ ){0,3}(?:younger|other|another|elderly|vulnerable)(?: [\w-]+){1,3}) (?:by|of)\s*$"
)
_OF_A_CHILD = re.compile(
    r"\b(?:of|to|on|against) (?:an?|the|two|three|her|his) [^.;]{0,30}?\b(?:boy|girl|baby|child|infant|toddler|old|"
    r"teenager|pupil)s?\b[^.;]{0,14} by\b"
)
_NOT_VICTIM = re.compile(
    r"\b(?:care of|cared for by|with|from|arrest of|conviction of|charg\w+ of|birth (?:of|to)|"
    r"pregnan\w+ (?:of|with)|"
    r"(?:mother|father|parents?|friend|partner|son|daughter|cousin|aunt|uncle|brother|sister|guardian|"
    r"carer)s? (?:of|to)|"
    r"(?:risks?|danger\w*|threats?) (?:of harm )?to|presence of|removal of|adoption of|number of|"
    r"(?:much|heavy|tall|big|small|little|typical) as|(?:weight|size|height) of|like|"
    r"for wh(?:ich|om)|towards?|between|such as|other than|views of|voices? of|needs of|views? of|for)\s*$"
)
_DONE_BY = re.compile(
    r"\b(?:abuse|assault|rape|murder|killing|exploitation|grooming|neglect|cruelty|harm) by (?:[\w'-]+ ){1,5}of\s*$"
)
""" "Abuse by a carer of a girl": the girl is not the carer's."""

_WORK_WITH = re.compile(r"\b(?:involvement|work|working|contact|engagement|practice) with\s*$")
_DONE_TO_OTHERS = re.compile(r"\b(?:causing|caused|inflict\w+) [^.;,]{0,40}\b(?:to|on|of|upon)\s*$")
_FAMILY_OF = re.compile(r"\b(?:family|families|sibling group|household) (?:with|of)\s*$")
_SUBJECT = frozenset(
    {"", "when", "where", "while", "whilst", "that", "as", "which", "who", "whose", "if", "but", ";", ":", ")"}
)
_IS = frozenset({"is", "was", "were", "are", "becoming", "became"})
_OBJECT = frozenset(
    {
        "of",
        "around",
        "to",
        "on",
        "in",
        "against",
        "involving",
        "concerning",
        "concerns",
        "involves",
        "about",
        "regarding",
    }
) | frozenset({"upon", "from", "relating", "between", "including", "after", "at", "into", "because"})
_OTHERS = re.compile(
    r"\b(?:other|another|older|elder|eldest|younger|youngest|previous|first|second|no|any|all|many|her|his|"
    r"their|vulnerable|some|rival|unrelated|these|for|own|mother's|father's|step)\b"
)
_NO_VERB = re.compile(
    r"(?:[\s,('\")-]|\b(?:and|aged?|ages|years?|months?|weeks?|days?|old|a|an|the|then|both|half|between|to|"
    r"\d+|of|black|white|mixed|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|british|heritage|serious|injury|injuries|death|abuse)\b)*"
)


@dataclass(frozen=True, slots=True)
class Index:
    """The index people of one sentence; `count` is None where the sentence gives no number of them."""

    people: tuple[Person, ...]
    count: int | None


def stand(person: Person, before: Person | None, text: str, start: int) -> str:
    """How a mention stands in its sentence: agent, victim, companion or other."""
    lead = text[max(start, person.left - 45) : person.left]
    governor = person.governor
    if governor in ("by", "of") and _AGENT.search(lead):
        wider = text[max(start, person.left - 75) : person.left]
        own = person.role in ("child", "named") and _BY_VICTIM.search(wider) and not _OF_A_CHILD.search(wider)
        return "victim" if own else "agent"
    if (
        _FAMILY_OF.search(lead)
        or _WORK_WITH.search(lead)
        or _DONE_BY.search(text[max(start, person.left - 75) : person.left])
    ):
        return "victim"
    if _DONE_TO_OTHERS.search(lead) and _OTHERS.search(text[person.left : person.start]):
        return "companion"
    if _NOT_VICTIM.search(lead):
        return "companion"
    if governor in _SUBJECT or governor in _OBJECT:
        return "victim"
    if governor in _IS and before is not None:
        return "coordinated" if text[before.end : person.left].count(" ") <= 5 else "other"
    if governor in ("and", "or", ",", "(") and before is not None:
        return (
            "coordinated"
            if _NO_VERB.fullmatch(text, before.end, person.left)
            else "victim"
            if governor != "or"
            else "other"
        )
    return "victim" if governor in ("and", ",", "(") else "other"


def index_people(found: list[Person], text: str, start: int, *, adults: bool = False) -> Index:
    """The index people among those of a sentence that begins at `start`; `adults` admits men and women."""
    kept: list[Person] = []
    stands: dict[Person, str] = {}
    before: Person | None = None
    for person in found:
        how = stand(person, before, text, start)
        if how == "coordinated" and before is not None:
            how = "other" if person.governor in (",", "(") and before not in kept else stands[before]
            if how == "victim" and _is_candidate(person, text, adults, coordinated=True):
                kept.append(person)
        elif how == "victim" and _is_candidate(person, text, adults, coordinated=False):
            kept.append(person)
        stands[person] = how
        before = person
    return Index(tuple(kept), _count(kept, text))


def _is_candidate(person: Person, text: str, adults: bool, *, coordinated: bool) -> bool:
    words = text[person.left : person.start]
    if person.role == "sibling":
        owned = bool(person.owner) or person.noun.startswith("sibling ") or _OTHERS.search(words) is not None
        return not owned or coordinated or _harmed(person, text)
    if person.role == "child" and _ELSEWHERE.search(person.owner):
        return False
    if person.role == "child":
        return coordinated or not _OTHERS.search(words) or _harmed(person, text)
    if person.role == "named":
        return True
    return (adults or (coordinated and person.governor in _APPOSED)) and person.noun in _ANY_ADULT


_ELSEWHERE = re.compile(r"carer|guardian|friend|neighbour|uncle|aunt|cousin|partner|boyfriend|girlfriend|childminder")
"""Owners whose son or daughter is not the child of the review."""

_APPOSED = _IS | {",", "(", ""}
_ANY_ADULT = frozenset(words("man woman men women adult adults lady gentleman male female"))
_HARMED = re.compile(
    r"\b(?:deaths?|murders?|killing|homicide|suicide|injur\w+|abuse|neglect|assaults?|harm|rape|exploitation|"
    r"drowning|stabbing|poisoning|fractures?|cruelty|mutilation)(?: (?:of|to|on|against))\s*$"
)


def _harmed(person: Person, text: str) -> bool:
    """Whether the phrase hangs on a word for a death or a harm: then "his sister" is an index child too."""
    return _HARMED.search(text, max(0, person.left - 40), person.left) is not None


def _count(people: list[Person], text: str) -> int | None:
    """How many index people: an explicit plural, or those enumerated; a mention again of the same child "
    "adds none."""
    stated = listed = 0
    unknown = False
    last: Person | None = None
    for person in people:
        if last is not None and _same_again(last, person, text):
            listed = max(listed, person.number)
        elif person.number == 0:
            unknown = True
        elif person.number > 1 and not listed:
            stated = max(stated, person.number)
        elif person.number > 1:
            listed += person.number
        else:
            listed += 1
        last = person
    total = max(stated, listed)
    return total if total and not (unknown and total < 2) else None


def _narrower(last: Person, person: Person, text: str) -> bool:
    """Whether "a foster child, a boy of 5" says of one child first the kind and then the gender."""
    return (
        not last.gender and bool(person.gender) and text[last.end : person.start].count(",") == 1 and not person.owner
    )


_DEFINITE = re.compile(r"\b(?:the|this|these|that|who)\s")
_LABELLED = re.compile(r"(?:child|baby|infant|young person|subject|twin) \S{1,12}$")


def _same_again(last: Person, person: Person, text: str) -> bool:
    """Whether a mention repeats the one before: "Child K, an 18-month-old boy", "(Child M)", "the baby"."""
    if _DEFINITE.search(text, person.left, person.start):
        return True
    if person.governor in (",", "(") and last.number == person.number == 1 and _narrower(last, person, text):
        return True
    label, labelled = _LABELLED.match(last.noun), _LABELLED.match(person.noun)
    if (label and labelled) or last.role == person.role == "named":
        return last.noun == person.noun or (last.role == "named" and person.governor != "and")
    if person.governor in _APPOSED:
        return (
            bool(label or labelled) or last.number > 1 or "named" in (last.role, person.role) or person.governor in _IS
        )
    return bool(labelled) and person.governor not in ("and", ",")
