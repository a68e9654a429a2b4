"""In: a reading. Out: the index children's number, ages, age bands and gender."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from caselore.proposers.ages import BANDS, NUMBER, AgeMention
from caselore.proposers.facts.dates import Date, dates
from caselore.proposers.facts.finding import Finding
from caselore.proposers.facts.inquest import age_beside_name
from caselore.proposers.facts.outcome import is_index
from caselore.proposers.facts.people import Person
from caselore.proposers.facts.reading import IndexAge, Reading, Told

LEAST_SURE = 0.3
"""Ages that are less surely those at the incident are left out."""

_FORMS = {"old": 1.0, "aged": 1.0, "bare": 0.9, "was": 0.9, "word": 0.7, "beside": 0.9, "through": 0.85}


@lru_cache(maxsize=2)
def index_ages(reading: Reading) -> list[tuple[AgeMention, float]]:
    """The ages of the index children at the incident, each with a confidence: those of the first sentence "
    "with any."""
    best: tuple[float, Told] | None = None
    for told in reading.told:
        for each in told.ages:
            score = each.sure * told.sentence.weight * (0.5 if each.age.unit == "word" else 1.0)
            if each.sure >= LEAST_SURE and (best is None or score > best[0] * 1.15):
                best = (score, told)
    if best is not None and reading.coroner and all(_long_before(age, best[1], reading) for age in best[1].ages):
        best = None
    if best is not None and reading.coroner and best[1].sentence.order > 0 and (born := _by_birth(reading)):
        return born
    if best is None:
        return _by_birth(reading) or list(age_beside_name(reading)) * reading.coroner or _by_setting(reading)
    return [
        (each.age, min(0.98, (0.5 + 0.5 * best[0]) * _FORMS[each.age.form]))
        for each in best[1].ages
        if each.sure >= LEAST_SURE
    ]


_EARLIER = re.compile(
    r"\b(?:at (?:the|an|just)? ?(?:young )?age of|(?<=\w )aged|when|after|from|since|until)\b[^.;]{0,12}$"
)
_THE_END = re.compile(r"\b(?:died|death|dead|passed away|killed|collapsed|investigation|inquest)\b")


def _long_before(each: IndexAge, told: Told, reading: Reading) -> bool:
    """Whether a coroner's later sentence dates something else by an age: "at the age of 16 he was assaulted"."""
    text, sentence = reading.text.folded, told.sentence
    if sentence.order < 2 or _THE_END.search(text, sentence.start, sentence.end):
        return False
    return _EARLIER.search(text, max(sentence.start, each.age.group[0] - 25), each.age.group[0] + 8) is not None


CENTURY = 1200.0
"""Months in a century."""

OLDEST = 1320.0
"""Months of the oldest age that is believed."""

_BORN = re.compile(r"\b(?:d\.?o\.?b\.?|date of birth|born)\b(?:\s+(?:is|was|on|in))?[\s:,-]*")
_DIED = re.compile(
    r"\b(?:d\.?o\.?d\.?|date of death|died|death)\b[^.;]{0,40}?(?=\d|january|february|march|april|may|june|"
    r"july|august|september|october|november|december)"
)


def _by_birth(reading: Reading) -> list[tuple[AgeMention, float]]:
    """The age from a date of birth and a date of death, as coroners give them."""
    text, case = reading.text.folded, reading.text.case
    stop = min(case.end, case.start + 6000)
    born = next(_dates_after(_BORN, text, case.start, stop), None)
    if born is None:
        return []
    later = [date for date in _dates_after(_DIED, text, case.start, stop) if date.start != born.start]
    later += [date for date in dates(text, case.start, stop) if date.start != born.start]
    months = next((m for date in later for m in (date.months - born.months,) if m >= 0 or m + CENTURY < OLDEST), None)
    if months is None:
        return []
    months += CENTURY if months < 0 else 0.0  # a year of birth in two digits
    mention = AgeMention(born.start, born.end, months, months, "month", "word", (born.start, born.end))
    return [(mention, 0.85)]


_AT_SCHOOL = re.compile(
    r"\bschool(?:girl|boy)\b|\b(?:pupil|student) (?:at|in) (?:\w+ ){0,4}(?:school|year \d)|\byear (?:[7-9]|"
    r"1[01])\b (?:pupil|student|at)|\bsecondary school\b|"
    r"\bwas at school\b|\bhis school\b|\bher school\b|\bschool (?:nurse|counsellor|staff)\b"
)
_PUPIL = re.compile(r"\bwas a (?:\w+ )?pupil\b|\bschool(?:girl|boy)\b")
_OF_SCHOOL = ("school", "pupil", "gcse", "sixth form", "looked", "level", "year ")
_LOOKED_AFTER = re.compile(
    r"\b(?<!had been )(?<!previously )(?:was|being|is|as) an? (?:vulnerable )?looked[- ]after child\b"
)
_NEARLY_GROWN = re.compile(
    r"\b(?:study\w+|sit\w*|taking|preparing|revis\w+|attend\w+|doing|mock)\b[^.;]{0,25}\bgcses?\b|"
    r"\bsixth form\b|\ba[ -]levels?\b|\byear 1[23]\b"
)
_OF_CHILDREN = re.compile(
    r"\bcamhs\b|\bchild(?:ren)? and (?:adolescent|young)|\bchildren's (?:home|services|social care)\b|"
    r"\badolescent\b|\bteenage"
)


def _by_setting(reading: Reading) -> list[tuple[AgeMention, float]]:
    """Where a coroner gives no age at all: a pupil in the care of services for children is a child, of what "
    "age is a guess."""
    if not reading.adults:
        return []
    text, case = reading.text.folded, reading.text.case
    if not any(text.find(word, case.start, case.end) >= 0 for word in _OF_SCHOOL):
        return []
    cared = _LOOKED_AFTER.search(text, case.start, case.end)
    if cared:
        return [(AgeMention(cared.start(), cared.end(), 132.0, 215.0, "word", "word", cared.span()), 0.4)]
    pupil = _PUPIL.search(text, case.start, case.end)
    if pupil:
        return [(AgeMention(pupil.start(), pupil.end(), 132.0, 191.0, "word", "word", pupil.span()), 0.4)]
    services = _OF_CHILDREN.search(text, case.start, case.end)
    for pattern, low, high in ((_NEARLY_GROWN, 192.0, 215.0), (_AT_SCHOOL, 132.0, 191.0)):
        found = pattern.search(text, case.start, case.end)
        if found and services:
            return [(AgeMention(found.start(), found.end(), low, high, "word", "word", found.span()), 0.4)]
    return []


def _dates_after(pattern: re.Pattern[str], text: str, start: int, stop: int) -> Iterator[Date]:
    for match in pattern.finditer(text, start, stop):
        found = dates(text, match.end(), min(stop, match.end() + 40))
        if found and found[0].start - match.end() <= 3:
            yield found[0]


def ages_in_months(reading: Reading) -> list[Finding]:
    """Each index child's age in whole months, where it is one number."""
    kept: dict[str, Finding] = {}
    for age, sure in index_ages(reading):
        if age.unit != "word" and age.months_high - age.months_low < 1:
            months = str(int(age.months_low + 1e-6))
            kept.setdefault(months, Finding(months, sure, ((age.start, age.end),)))
    return list(kept.values())


def age_bands(reading: Reading) -> list[Finding]:
    """The bands of the index children's ages, youngest first."""
    kept: dict[str, Finding] = {}
    for age, sure in index_ages(reading):
        for band in age.bands:
            kept.setdefault(band, Finding(band, sure, ((age.start, age.end),)))
    return [kept[band] for band, _, _ in BANDS if band in kept]


def children(reading: Reading) -> Finding | None:
    """The number of index children, if the text gives it; one child, if it speaks of one."""
    lead = reading.lead
    if lead is None:
        return None
    first = lead.index.people[0]
    span = ((first.left, lead.index.people[-1].end),) if len(lead.index.people) < 4 else ((first.left, first.end),)
    if lead.index.count is not None:
        return Finding(str(lead.index.count), 0.9 * (0.5 + 0.5 * lead.sentence.weight), span)
    listed = [age for age, _ in index_ages(reading)]
    groups = {age.group for age in listed}
    if len(listed) > 1 and len(groups) == 1 and all(age.months_low == age.months_high for age in listed):
        return Finding(str(len(listed)), 0.75, ((listed[0].group[0], listed[0].group[1]),))
    if len(reading.names) > 1:
        return Finding(str(len(reading.names)), 0.6, span)
    return None


_OWNED = re.compile(
    r"\b(?P<word>his|her)\s+(?:\w+\s+){0,2}?(?:mother|father|parents?|mum|dad|siblings?|brothers?|sisters?|"
    r"birth|home|school|death|"
    r"injuries|family|stepfather|step-father|grandmother|grandparents|half-\w+|older|carers?|foster|body|"
    r"bedroom|life|age)\b"
    r"|\b(?P<alone>he|she|him|himself|herself|her(?=\s+(?:as|to|in|on|at|for|with|and|was|when|from|by|into|"
    r"up|out|back)\b|[.,;)]))\b"
)
_WANTED = {
    "his": "male",
    "he": "male",
    "him": "male",
    "himself": "male",
    "her": "female",
    "she": "female",
    "herself": "female",
}
_ENOUGH = 0.75
"""Of the votes of nouns and pronouns, what one gender must have."""


def gender(reading: Reading) -> list[Finding]:
    """Genders of the index children: from the nouns of the opening, else from nouns and pronouns that mean "
    "the child."""
    lead = reading.lead
    if lead is None:
        return []
    stated = _stated(lead)
    if stated:
        return list(stated.values())
    several = (lead.index.count or 1) > 1 or all(person.number == 0 for person in lead.index.people)
    later = [told for told in reading.told if told is not lead and told.sentence.weight > 0.55]
    named = next((found for found in map(_stated, later) if found), {})
    if several or len(named) > 1:
        return list(named.values()) or _counted(reading)
    return _identified(reading) or _by_votes(reading) or list(named.values()) or _in_passing(reading)


_IDENTIFIED = re.compile(
    r"\bidentif(?:ied|ies|ying) as (?:an? )?(?P<word>male|female|boy|girl|young man|young woman)\b"
)
_PART = re.compile(
    rf"\b(?:one|both|all|most|\d+|{NUMBER})(?: of (?:them|the(?:se)? \w+))? (?:was|were) (?:a )?"
    r"(?P<word>male|female|boy|girl|young m[ae]n|young wom[ae]n)s?\b"
)


def _female(word: str) -> str:
    return "female" if word.endswith(("female", "girl", "woman", "women")) else "male"


def _identified(reading: Reading) -> list[Finding]:
    """The gender that the text says a young person identified with."""
    case = reading.text.case
    if reading.text.folded.find("identif", case.start, case.end) < 0:
        return []
    match = _IDENTIFIED.search(reading.text.folded, case.start, case.end)
    return [Finding(_female(match["word"]), 0.7, (match.span(),))] if match else []


def _counted(reading: Reading) -> list[Finding]:
    """ "Two were girls and one was a boy": the genders of several children, counted out."""
    kept: dict[str, Finding] = {}
    for told in reading.told[:6]:
        for match in _PART.finditer(reading.text.folded, told.sentence.start, told.sentence.end):
            kept.setdefault(_female(match["word"]), Finding(_female(match["word"]), 0.7, (match.span(),)))
    return [kept[gender] for gender in sorted(kept)]


_PASSING = re.compile(
    r"\b(?:child|child's|baby|baby's|infant|young person|young person's|"
    r"[a-z]{1,2}\d{1,2}|(?:service|clinic|team|school|college|doctors?|nurses?|staff|agencies|professionals) "
    r"(?:saw|told|asked|knew|offered|discharged|found|heard|believed|described|gave|made))\b(?P<between>[^.:\n]{0,110}?)\b(?P<word>he|she|his|her|him)\b"
)
_SOMEBODY = re.compile(
    r"\b(?:mother|father|partner|parent|brother|sister|boyfriend|man|woman|worker|gp|grand\w+|mum|dad|step\w+)"
)


def _in_passing(reading: Reading) -> list[Finding]:
    """Pronouns that follow "the child" anywhere in the case with nobody between, where the telling has "
    "none."""
    case = reading.text.case
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for match in _PASSING.finditer(reading.text.folded, case.start, case.end):
        if not _SOMEBODY.search(match["between"]):
            found[_WANTED[match["word"]]].append(match.span("word"))
    if len(found) != 1:
        return []
    gender, spans = next(iter(found.items()))
    return [Finding(gender, 0.55, (spans[0],))]


def _stated(told: Told) -> dict[str, Finding]:
    kept: dict[str, Finding] = {}
    sure = 0.6 + 0.36 * told.sentence.weight
    last: Person | None = None
    for person in told.index.people:
        span = (person.left, person.end)
        if person.gender:
            kept.setdefault(person.gender, Finding(person.gender, sure, (span,)))
        if last is not None and not last.gender and person.role == "sibling" and person.owner in ("his", "her"):
            owner = "male" if person.owner == "his" else "female"
            kept.setdefault(owner, Finding(owner, sure, (span,)))
        last = person
    return dict(sorted(kept.items()))


def _by_votes(reading: Reading) -> list[Finding]:
    votes: dict[str, float] = defaultdict(float)
    spans: dict[str, tuple[int, int]] = {}
    carried: tuple[Person, ...] = ()
    for told in reading.told:
        for gender, weight, span in _votes(told, reading, carried):
            votes[gender] += weight * told.sentence.weight
            spans.setdefault(gender, span)
        carried = told.people or carried
    total = sum(votes.values())
    winner = max(votes, key=lambda each: votes[each], default="")
    if not winner or votes[winner] < 0.5 or votes[winner] / total < _ENOUGH:
        return []
    return [Finding(winner, min(0.93, 0.5 + 0.15 * votes[winner]), (spans[winner],))]


def _votes(told: Told, reading: Reading, carried: tuple[Person, ...]) -> Iterator[tuple[str, float, tuple[int, int]]]:
    """Pronouns of a sentence that can mean nobody but the index child, and its nouns."""
    for person in told.index.people:
        if person.gender:
            yield person.gender, 1.0, (person.left, person.end)
    text = reading.text.folded
    for match in _OWNED.finditer(text, told.sentence.start, told.sentence.end):
        gender = _WANTED[match["word"] or match["alone"]]
        before = [p for p in told.people if p.end <= match.start()]
        weight = _weight(gender, before or list(carried), told, reading, own=bool(match["word"]))
        if weight:
            yield gender, weight, match.span()


def _weight(gender: str, before: list[Person], told: Told, reading: Reading, *, own: bool) -> float:
    """1 if only the child agrees, less if another person could be meant, 0 if that person is the likelier."""
    rivals = [p for p in before if p.gender == gender and p.role in ("parent", "adult")]
    children = [p for p in before if is_index(p, told, reading)]
    if rivals and rivals[0] is before[0] and not any(p.start >= told.sentence.start for p in before):
        return 0.0  # the sentence before was about that person
    if not rivals:
        return 1.0 if children else 0.6
    if not children:
        return 0.0
    nearest = max((*rivals, *children), key=lambda p: p.end)
    if nearest in rivals and not any(p.start >= told.sentence.start for p in before):
        return 0.0
    if nearest in rivals:
        return 0.8 if before[0] in children and own else 0.0
    return 0.5
