"""In: the text of a case. Out: what its telling sentences say of people: the index children, their ages, the rest.

This is read once a case; the fields of the front sheet are then answered from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from caselore.proposers.ages import AgeMention, ages, words
from caselore.proposers.casetext import CaseText
from caselore.proposers.facts.people import Person, people
from caselore.proposers.facts.telling import SIGNAL, Sentence, telling
from caselore.proposers.facts.victims import Index, index_people

READ_FROM = 0.3
"""Sentences that weigh less are not read for people."""

OPENING = 10
"""Sentences that are read whatever they say; those after them only if they speak of ages, harm or courts."""

ADULT_REVIEWS = frozenset({"DHR", "SAR", "PFD"})
"""Reviews whose subject may be an adult."""

_LINK = re.compile(
    r"(?:[\s,('\"’”)-]|\b(?:who|which|is|was|were|are|both|then|now|just|each|all|only|at|in|the|time|of|and|"
    r"a|an|respectively|"
    r"white|black|british|mixed|asian|ethnicity|heritage|origin|background|female|male|child|named|known|as|"
    r"aka|(?:his|her|their) (?:death|injur(?:y|ies)))\b|\([^)]{0,30}\)|'[^']{0,20}')*"
)
_PRONOUN = re.compile(r"\b(he|she|they|who|both|eldest|oldest|youngest)\b[^.;]{0,25}$")
_PRONOUN_AFTER = re.compile(r"[\s,]+(he|she|they)\b")
_ANYONE = re.compile(r"\b(?:under|over|those|all|for|any) (?:\w+ )?[\w-]+[ -]year[ -]olds$")
_WHEN_IT_HAPPENED = re.compile(
    r"(?:,| of age)?\s*(?:when|at the time|on the date|at the date) [^.;]{0,30}\b(?:died?|deaths?|dead|"
    r"passed|took|killed|hang\w+|found)\b"
)
_ONCE = re.compile(
    r"\b(?:before|until|since|after|from when|by the time|when) (?!he|she|they|the|baby|"
    r"child)\w+(?: \w+)? was\s+$|"
    r"\b(?:before|until|since|after|by the time|from when) (?:he|she|they) (?:was|were)\s+$"
)
_TIMING = re.compile(
    r"\b(?:from|since|until|till|by|before|after|over|under|"
    r"back to)(?: the)?(?: age of)?[ ]*$"
)
_AT = re.compile(r"\b(?:at|when (?:he|she|they|the child|baby)[^,.;]{0,12})(?: the)?(?: age of)?[ ]*$")
_EVENT = re.compile(
    r"\b(?:died|dies|death|deaths|dead|killed|murder\w*|homicide|suicide|hanging|found|injur\w+|abus\w+|"
    r"assault\w*|harm\w*|incident|"
    r"drown\w*|stabb\w+|collaps\w+|fractur\w*|admitted|taken to hospital|neglect\w*|becoming|removed|rape\w*|"
    r"exploit\w+|overdose|head injury|review|disclos\w+|subject of|time of)\b"
)


_LASTING = re.compile(r"\b(?:abus\w+|exploit\w+|neglect\w*|rape\w*|assault\w*|groom\w+|cruelty|harm\w*)\b")


@dataclass(frozen=True, slots=True)
class IndexAge:
    """An age of an index person, and how surely it is the age at the incident."""

    age: AgeMention
    sure: float


@dataclass(frozen=True, slots=True)
class Told:
    """What one sentence says of people."""

    sentence: Sentence
    people: tuple[Person, ...]
    index: Index
    ages: tuple[IndexAge, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A case as read for its facts; `told` are the sentences on what happened, `sentences` all that tell."""

    text: CaseText
    sentences: tuple[Sentence, ...]
    told: tuple[Told, ...]
    names: tuple[str, ...]
    adults: bool

    @property
    def coroner(self) -> bool:
        """Whether it is a coroner's report."""
        return self.text.case.source_type == "PFD"

    @property
    def lead(self) -> Told | None:
        """The first sentence that names an index person."""
        return next((told for told in self.told if told.index.people), None)


def read(text: CaseText) -> Reading:
    """Read the telling sentences of a case for people and ages."""
    sentences = telling(text)
    close = [
        s for s in sentences if s.weight >= READ_FROM and s.section != "keywords" and _worth_reading(s, text.folded)
    ]
    names = title_names(text.case.title, text.text[text.case.start : text.case.end])
    called = (*names, *(_deceased(text) if text.case.source_type == "PFD" else ()))
    pattern = _naming(called, title_labels(text.case.title))
    adults = text.case.source_type in ADULT_REVIEWS or _of_adult(text.folded, close)
    told = _told_all(text, close, pattern, adults)
    if not adults and not any(each.index.people for each in told[:4]):
        adults = True
        told = _told_all(text, close, pattern, adults)
    return Reading(text, sentences, told, names, adults)


_ADULT_HARMED = re.compile(
    r"\b(?:deaths?|murder|killing|homicide|suicide|injur\w+|abuse|stabbing|assault|exploitation) (?:of|"
    r"to) (?:an? |the )?"
    r"(?:[\w-]+ ){0,4}?(?:wo)?man\b(?! (?:and|or) )"
)
_BY_YOUNG = re.compile(r"\bby (?:an?|two|three) [^.;,]{0,20}(?:boy|girl|young person|teenager|youth)")


def _of_adult(folded: str, sentences: list[Sentence]) -> bool:
    """Whether the opening tells of the harm of a man or woman: a young adult of whom the review is."""
    if not sentences:
        return False
    first = sentences[0]
    found = _ADULT_HARMED.search(folded, first.start, first.end)
    return found is not None and _BY_YOUNG.search(folded, found.end(), first.end) is None


_DECEASED = re.compile(
    r"\b(?:deaths? of|inquest (?:in)?to|touching) (?:the (?:late|deceased) )?(?:M(?:r|rs|s|iss|aster)\.? )?"
    r"(?P<name>[A-Z][\w'’-]+(?: \(?[A-Z][\w'’-]+\)?){1,5})"
)


def _deceased(text: CaseText) -> tuple[str, ...]:
    """The names of the person whom a coroner's report is about, each as it may stand alone later."""
    stop = min(text.case.end, text.case.start + 1500)
    found = _DECEASED.search(text.text, text.case.start, stop)
    parts = re.findall(r"[A-Z][\w'’-]{2,}", found["name"]) if found else []
    return tuple(dict.fromkeys(way for part in parts if part not in _NO_NAME for way in (part, part.title())))


def _naming(names: tuple[str, ...], labels: tuple[str, ...]) -> re.Pattern[str] | None:
    """An expression for the names and for the bare labels ("KM was seen") that a title gives."""
    ways = []
    if names:
        listed = "|".join(map(re.escape, names))
        ways.append(rf"\b(?:{listed})(?: (?:{listed}))*\b(?!\s+(?:Council|Safeguarding|County|Board|Hospital))")
    if labels:
        listed = "|".join(map(re.escape, labels))
        ways.append(
            r"(?<!Child )(?<!Baby )(?<!Person )(?<!Adult )(?<!Infant )(?<!Sibling )(?<!Twin )"
            rf"(?<![\w.'])(?:{listed})(?![\w.-])(?=(?: (?:and|was|were|had|has|is|lived|became|died|"
            rf"suffered|experienced|took|told|made|spent|came|went|said|did|could|would|left|hurt|needed|made|began|"
            rf"attended|presented|disclosed|moved|grew|never|then|who|aged|first|also|then)\b|'s|’s|,| \())"
        )
    return re.compile("|".join(ways)) if ways else None


def _worth_reading(sentence: Sentence, folded: str) -> bool:
    return sentence.order < OPENING or SIGNAL.search(folded, sentence.start, sentence.end) is not None


def _told_all(
    text: CaseText, sentences: list[Sentence], names: re.Pattern[str] | None, adults: bool
) -> tuple[Told, ...]:
    told: list[Told] = []
    carried: tuple[Person, ...] = ()
    for sentence in sentences:
        found = people(text.folded, sentence.start, sentence.end, printed=text.text, names=names)
        index = index_people(found, text.folded, sentence.start, adults=adults)
        told.append(
            Told(sentence, tuple(found), index, tuple(_index_ages(text.folded, sentence, found, index, carried)))
        )
        carried = index.people or carried
    return tuple(told)


def _index_ages(
    text: str, sentence: Sentence, found: list[Person], index: Index, carried: tuple[Person, ...]
) -> list[IndexAge]:
    """The ages of index people; `carried` are those of the sentences before, whom a pronoun may mean."""
    words = text[sentence.start : sentence.end]
    shifted = [_shift(age, sentence.start) for age in ages(words)]
    whose = [
        (age, owner, sure) for age in shifted for owner, sure in (_owner(age, text, sentence, found, index, carried),)
    ]
    own = (*index.people, *carried)
    said = [IndexAge(age, sure) for age, owner, sure in whose if owner in own and sure > 0]
    numbered = [each for each in said if each.age.unit != "word"]
    return numbered or said


def _shift(age: AgeMention, by: int) -> AgeMention:
    return AgeMention(
        age.start + by,
        age.end + by,
        age.months_low,
        age.months_high,
        age.unit,
        age.form,
        (age.group[0] + by, age.group[1] + by),
    )


def _owner(
    age: AgeMention, text: str, sentence: Sentence, found: list[Person], index: Index, carried: tuple[Person, ...]
) -> tuple[Person | None, float]:
    """The person whose age it is, and how surely it is the age at the incident."""
    inside = next((p for p in found if p.left <= age.start and age.start < p.end and age.group[0] >= p.left), None)
    if inside is not None:
        return inside, 1.0
    if _ANYONE.search(text, max(sentence.start, age.group[0] - 12), age.end):
        return None, 0.0
    sure = _timing(age, text, sentence)
    earlier = [p for p in found if p.end <= age.start]
    follows = _PRONOUN_AFTER.match(text, age.end)
    if follows:
        return _antecedent(follows[1], [*carried, *earlier], index), sure
    if not earlier:
        if _PRONOUN.search(text[sentence.start : age.group[0]]):
            return (carried[-1] if carried else None), sure
        return next((p for p in found if p.start >= age.end), None), sure
    before = earlier[-1]
    gap = text[before.end : age.group[0]]
    if age.form == "beside":
        return (before, sure) if len(gap) <= 12 and _LINK.fullmatch(gap) else (None, 0.0)
    return _owner_before(age, sure, gap, earlier, index, carried)


def _owner_before(
    age: AgeMention, sure: float, gap: str, earlier: list[Person], index: Index, carried: tuple[Person, ...]
) -> tuple[Person | None, float]:
    """Of the people named before an age in its sentence the one whose it is; `gap` are the words between."""
    before = earlier[-1]
    if age.form == "through":
        return next((p for p in (*index.people[:1], *carried[-1:])), None), sure
    if len(gap) <= 60 and _LINK.fullmatch(gap):
        return before, sure
    pronoun = _PRONOUN.search(gap)
    if pronoun and pronoun[1] in ("he", "she", "they", "both"):
        return _antecedent(pronoun[1], [*carried, *earlier], index), sure
    if pronoun and pronoun[1] == "who":
        return before, sure * 0.8
    if index.people and before in index.people:
        return before, sure * 0.7
    return (index.people[0], sure * 0.5) if index.people and age.form == "aged" else (None, 0.0)


def _timing(age: AgeMention, text: str, sentence: Sentence) -> float:
    lead = text[max(sentence.start, age.group[0] - 30) : age.group[0]]
    if _WHEN_IT_HAPPENED.match(text, age.end, sentence.end):
        return 1.0
    if age.form == "through":
        return 0.95 if _LASTING.search(text, sentence.start, sentence.end) else 0.2
    if _ONCE.search(lead):
        return 0.2
    if age.form == "aged" and _TIMING.search(lead + " " * bool(lead)):
        return 0.15
    if _AT.search(lead) or age.form == "was":
        return 0.9 if _EVENT.search(text, sentence.start, sentence.end) else 0.4
    return 0.95


def _antecedent(pronoun: str, before: list[Person], index: Index) -> Person | None:
    """Whom he, she or they means: the last mention that agrees, a child without a stated gender agreeing "
    "with both."""
    wanted = {"he": "male", "she": "female"}.get(pronoun)
    agreeing = [p for p in before if wanted is None or p.gender in ("", wanted)]
    if wanted is None:
        agreeing = [p for p in agreeing if p.number != 1 or p in index.people]
    preferred = [p for p in agreeing if p in index.people]
    return preferred[-1] if preferred else agreeing[-1] if agreeing else None


_TITLE_PARTS = re.compile(r"\s+[–—-]\s*|\s*[–—-]\s+|:|\(|\[")
_NAME = re.compile(r"[A-Z][a-z]+(?:-[A-Z][a-z]+)?(?=\b)")
_TITLE_LABEL = re.compile(r"(?:Child|Baby|Young Person|Adult|Infant)\s+([A-Z]{1,3}\d{0,3})(?!\w)")
_NO_NAME = frozenset(
    words(
        "Child Children Baby Young Person People Family Anonymous Safeguarding Board Board's Review Serious Case "
        "Practice Local Report "
        "Overview Executive Summary City County Council Borough Of And The Adult Siblings Sibling Twins North "
        "South East West "
        "Sexual Exploitation Abuse Thematic Learning Considering Infant Injury Death Mother Father Partnership "
        "Concise Extended "
        "Joint Significant Historic Rapid Multi Agency "
        "Independent Homicide Domestic Adults Adult Prevention Future Deaths Into January February March "
        "April May June July August September October November December Case Suicide Neglect AKA"
    )
)


def title_labels(title: str) -> tuple[str, ...]:
    """The labels of index children in a title ("Child KM", "Baby T2"), which a text may use alone."""
    found = [label for label in _TITLE_LABEL.findall(title) if label not in ("A", "I")]
    return tuple(dict.fromkeys(found))


def title_names(title: str, body: str) -> tuple[str, ...]:
    """Names of the index children in a title ("2017 - Town - Baby Ann", "Ann and Ben"), where the body uses "
    "them too."""
    parts = [part for part in _TITLE_PARTS.split(title) if part.strip() and not part.strip().isdigit()]
    own = parts[1:] if len(parts) > 1 else parts
    if len(parts) == 1 and len(title.split()) > 5:
        return ()
    found = [name for part in own for name in _NAME.findall(part) if name not in _NO_NAME]
    rest = body.replace(title, "", 1)
    return tuple(dict.fromkeys(name for name in found if re.search(rf"\b{re.escape(name)}\b", rest)))
