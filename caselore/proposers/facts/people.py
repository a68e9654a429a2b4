"""In: a document's text and one sentence of it. Out: the people whom the sentence mentions, and how each stands in it.

The grammar knows the nouns for children, kin and carers, the labels of anonymised reports ("Child B2", "Baby T"), and
the word that governs each mention: "by her brother" is not "and her brother".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from caselore.proposers.ages import NUMBER, number, words

Role = Literal["child", "sibling", "parent", "adult", "named"]


@dataclass(frozen=True, slots=True)
class Person:
    """One mention at ``[start, end)``; ``[left, start)`` are the words of its phrase that stand before the noun.

    `number` is how many people it names, 0 for a plural without a number. `governor` is the preposition or
    conjunction that the phrase depends on, "" at the start of a clause. `owner` is his, her, their or "".
    """

    start: int
    end: int
    left: int
    noun: str
    role: Role
    gender: str
    number: int
    governor: str
    owner: str


_CHILD = {
    "": "child baby infant toddler newborn neonate teenager adolescent youth youngster minor pupil "
    "schoolchild victim year-old month-old week-old day-old",
    "male": "boy schoolboy son lad",
    "female": "girl schoolgirl daughter lass",
}
_CHILDREN = {
    "": "children babies infants toddlers newborns neonates teenagers adolescents youths youngsters minors "
    "pupils victims year-olds month-olds",
    "male": "boys sons schoolboys",
    "female": "girls daughters schoolgirls",
}
_SIBLING = {
    "": "sibling half-sibling step-sibling twin half-siblings step-siblings siblings twins triplets",
    "male": "brother half-brother step-brother stepbrother brothers half-brothers",
    "female": "sister half-sister step-sister stepsister sisters half-sisters",
}
_PARENT = {
    "male": "father dad stepfather step-father stepdad father-figure boyfriend husband",
    "female": "mother mum mam mom stepmother step-mother girlfriend wife",
    "": "parent parents partner ex-partner couple",
}
_ADULT = {
    "male": "man men gentleman uncle grandfather granddad nephew",
    "female": "woman women lady aunt auntie grandmother grandma nan niece",
    "": "adult adults grandparent grandparents cousin cousins relative relatives carer carers guardian "
    "guardians "
    "childminder nanny babysitter neighbour friend friends peer peers lodger stranger worker teacher "
    "professional",
}
_PLURAL = frozenset(
    words(
        "half-siblings step-siblings siblings twins triplets brothers half-brothers sisters half-sisters parents "
        "couple men women adults grandparents cousins relatives carers guardians friends peers"
    )
) | frozenset(words(" ".join(_CHILDREN.values())))


def _lexicon() -> dict[str, tuple[Role, str]]:
    words: dict[str, tuple[Role, str]] = {}
    tables: tuple[tuple[Role, dict[str, str]], ...] = (
        ("child", _CHILD),
        ("child", _CHILDREN),
        ("sibling", _SIBLING),
        ("parent", _PARENT),
        ("adult", _ADULT),
    )
    for role, table in tables:
        for gender, nouns in table.items():
            words |= dict.fromkeys(nouns.split(), (role, gender))
    words |= {"male": ("adult", "male"), "female": ("adult", "female"), "deceased": ("child", "")}
    words |= {"males": ("adult", "male"), "females": ("adult", "female")}
    words |= {"young person": ("child", ""), "young people": ("child", ""), "teen": ("child", "")}
    words |= {"young man": ("child", "male"), "young woman": ("child", "female")}
    words |= {"young men": ("child", "male"), "young women": ("child", "female")}
    return words


LEXICON = _lexicon()
_COUNTS = {"twins": 2, "triplets": 3, "couple": 2, "parents": 2}
_PLURAL_PHRASES = frozenset({"young people", "young men", "young women", "males", "females"})

_NO_PERSON = (
    r"(?:-(?:minder|centred|focused|care|in-need)|'?s?'? (?:home|services?|social|cent(?:re|er)|hospital|"
    r"ward|trust|board|act)\b|"
    r" (?:sexual|protection|in need|abuse|death|neglect|cruelty|criminal|practice|safeguarding|health|"
    r"welfare|benefit|"
    r"exploitation|looked after review|and adolescent|safety|clinic|development cent|relationship|mental|"
    r"minder|psychiatric|unit|ward|inpatient|in-patient|offender)\w*)"
)
_NOUN = re.compile(
    r"(?<![\w'])(?<!\[ \] )(?<!shaken )(?<!mother and )(?:"
    + "|".join(
        re.escape(noun).replace(r"\ ", "[ -]").replace(r"\-", "[ -]") for noun in sorted(LEXICON, key=len, reverse=True)
    )
    + rf")(?![\w])(?!{_NO_PERSON})"
)
LABEL = re.compile(
    r"\b(?:[Cc]hild|CHILD|[Bb]aby|BABY|[Ii]nfant|[Yy]oung [Pp]erson|[Ss]ubject|[Tt]win|[Bb]oy|[Gg]irl|"
    r"[Ss]ibling|SIBLING)\s+"
    r"(?:(?!A\s+[a-z]|I\s+[a-z])(?:[A-Z]{1,3}\d{0,3}|\d{1,2}|[A-Z]\d{1,2}[A-Z]?)\b(?![.']\w)|"
    r"[A-Z][a-z]+(?!\w)|['‘\"“][A-Z]\w*['’\"”])"
)
"""Labels of anonymised reports, in the text as printed; case tells "Child A" from "child a"."""
_NAME = r"[A-Z][\w'’-]*(?:[ ]+['‘“(]?[A-Z][\w'’-]*['’”)]?){0,4}"
NAMED = re.compile(
    r"\b(?=[DMKSHIdmkshiacr])(?:(?:[Dd]eaths?|[Mm]urder|[Kk]illing|[Ss]uicide|[Hh]omicide|[Ii]njur(?:y|ies)|"
    r"[Ii]nquest (?:in)?to(?: the death)?)"
    r"\s+(?:of|to)\s+(?!(?:Child|Baby|Infant|Young|A|An|The|Two|Three|Twin)\b)(?:(?:Mr|Mrs|Ms|Miss|Dr|"
    r"Master)\.?\s+(?=[A-Z]))?|(?:Mr|Mrs|Ms|Miss|Master)\.?\s+"
    r"|(?:about|concerns|concerning|story of|referred to as|known as|called)\s+(?=[A-Z][a-z]+['’]?,? (?:who|"
    r"aged|a|an|was|and|died|is)\b)(?!(?:Child|Children|Baby|Young|The|Family|Mother|Father|Adult)\b))"
    rf"({_NAME})"
)
"""Names in the text as printed: after "death of", or with a title."""
_LABEL_WORDS = frozenset(
    words(
        "Protection Death Abuse Sexual Safeguarding In Care Practice Review Health Development And Services "
        "Service Mental "
        "Exploitation Welfare Act Poverty Neglect Criminal Care Looked Was Had Is "
        "Were Has Social Psychiatry Trafficking Sex"
    )
)

_GOVERNORS = re.compile(
    r"(?<![\w'-])(of|to|by|from|with|on|in|against|towards|and|or|between|for|(?<!looked )(?<!look )after|"
    r"before|about|around|concerning|regarding|"
    r"involving|concerns|involves|including|amongst|among|when|while|whilst|where|who|whom|whose|which|that|"
    r"as|at|into|"
    r"was|were|is|are|had|has|have|been|becoming|became|because|during|until|since|than|if|but|upon|toward|"
    r"relating)(?![\w'-])|[,;:()]"
)
_PARTITIVE = re.compile(
    r"\b(?:group|number|gang|pair|couple|one|two|both|all|some|many|family|set|series|dozens|most)\s+$"
)
_OWNER = re.compile(r"(?<![\w'-])(his|her|their|its|our|\w+'s|\w+s')(?![\w'-])")
_COUNT = re.compile(
    rf"(?<![\w'-])(?P<n>{NUMBER})(?![ -]*(?:years?|months?|weeks?|days?|old)\b)|(?<![\w'-])(?P<both>both|"
    rf"pair of|couple of)\b"
)
_FARTHEST = 90
"""Characters before a noun in which its modifiers may stand."""


def people(text: str, start: int, end: int, *, printed: str, names: re.Pattern[str] | None = None) -> list[Person]:
    """The people mentioned in folded `text[start:end]`.

    `printed` is the same text unfolded, for labels and names; `names` finds the names that the case's title gives.
    """
    spans = [(m.start(), m.end(), m.group()) for m in _NOUN.finditer(text, start, end)]
    spans = _with_labels(spans, printed, start, end, names)
    found: list[Person] = []
    for first, last, noun in spans:
        floor = max(found[-1].end if found else start, first - _FARTHEST, start)
        person = _person(text, floor, first, last, noun)
        if found and not person.governor and _modifies(found[-1], text[found[-1].end : first]):
            person = _joined(found.pop(), person)
        elif found and _POSSESSED.fullmatch(text, found[-1].end, first):
            person = replace(person, owner=found[-1].noun)
        found.append(person)
    return found


_POSSESSED = re.compile(r"'s?\s+(?:[\w-]+\s+){0,3}(?:[\w]+-)?")


_MODIFIERS = frozenset(
    words("year-old month-old week-old day-old baby infant toddler twin newborn teenager deceased adult")
)
_NAME_LIKE = re.compile(r"[ ,-]*(?:[\w'/-]+[ ]+){0,5}")


def _modifies(before: Person, between: str) -> bool:
    """Whether a mention is only the beginning of the next: "a 4-year-old" before "boy", "twin" before "
    ""babies"."""
    word = before.noun if before.noun in _MODIFIERS else before.noun.replace(" ", "-")
    return word in _MODIFIERS and _NAME_LIKE.fullmatch(between) is not None


def _joined(first: Person, second: Person) -> Person:
    count = 2 if first.noun == "twin" and second.number != 1 else second.number
    return replace(
        second,
        left=first.left,
        governor=first.governor,
        owner=first.owner,
        number=count,
        gender=second.gender or first.gender,
    )


def _with_labels(
    spans: list[tuple[int, int, str]], printed: str, start: int, end: int, names: re.Pattern[str] | None
) -> list[tuple[int, int, str]]:
    labels = [
        (m.start(), m.end(), m.group().lower())
        for m in LABEL.finditer(printed, start, end)
        if m.group().split()[-1] not in _LABEL_WORDS
    ]
    named = [_named(match, printed) for match in NAMED.finditer(printed, start, end)]
    if names is not None:
        named += [(m.start(), m.end(), "named " + m.group().lower()) for m in names.finditer(printed, start, end)]
    for group in (named, labels):
        spans = [s for s in spans if not any(s[0] < last and first < s[1] for first, last, _ in group)] + [
            one for one in group if not any(one[0] < s[1] and s[0] < one[1] for s in spans if s[2].startswith("named"))
        ]
    return sorted(set(spans))


_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Master)\.?\s+$")


def _named(match: re.Match[str], printed: str) -> tuple[int, int, str]:
    """A name with its title, which tells the gender."""
    title = _TITLE.search(printed, match.start(), match.start(1))
    start = title.start() if title else match.start(1)
    return start, match.end(1), "named " + printed[start : match.end(1)].lower()


def _person(text: str, floor: int, first: int, last: int, noun: str) -> Person:
    governor, left = "", floor
    for match in _GOVERNORS.finditer(text, floor, first):
        if governor and match.group() == "of" and _PARTITIVE.search(text, left, match.start()):
            continue
        governor, left = match.group(), match.end()
    before = text[left:first]
    owners = _OWNER.findall(before)
    role, gender = _kind(noun)
    if not gender:
        gender = "female" if re.search(r"\bfemale\b", before) else "male" if re.search(r"\bmale\b", before) else ""
    return Person(
        first,
        last,
        left,
        noun,
        role,
        gender,
        _group(text, last) or _how_many(before, noun),
        governor,
        owners[-1] if owners else "",
    )


_GROUP = re.compile(rf"[ -]groups? of (?P<n>{NUMBER})(?![ -]*(?:years?|months?|weeks?|days?)\b)")


def _group(text: str, end: int) -> int:
    """The number in "a sibling group of six", 0 if there is none."""
    match = _GROUP.match(text, end)
    return int(number(match["n"])) if match else 0


def _kind(noun: str) -> tuple[Role, str]:
    if noun.startswith("named "):
        title = noun.split()[1].rstrip(".")
        return "named", {"mr": "male", "master": "male", "mrs": "female", "ms": "female", "miss": "female"}.get(
            title, ""
        )
    key = (
        noun
        if noun in LEXICON
        else noun.replace("-", " ")
        if noun.replace("-", " ") in LEXICON
        else noun.replace(" ", "-")
    )
    if key in LEXICON:
        return LEXICON[key]
    if noun.startswith("sibling"):
        return "sibling", ""
    return ("child", {"boy": "male", "girl": "female"}.get(noun.split()[0], ""))


def _how_many(before: str, noun: str) -> int:
    plural = noun in _PLURAL or noun in _PLURAL_PHRASES or noun.replace(" ", "-") in _PLURAL
    if not plural:
        return 1
    counts = [2 if m["both"] else int(number(m["n"])) for m in _COUNT.finditer(before)]
    return counts[-1] if counts and counts[-1] < 100 else _COUNTS.get(noun, 0)
