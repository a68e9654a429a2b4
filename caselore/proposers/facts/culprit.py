"""In: a reading and the mentions of people who may have done the harm. Out: who did it, as far as the text says.

Each mention is asked for the words beside it (`deeds.yaml`): "by", "at the hands of", convicted, charged, cleared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from caselore.codebook.cues import regex
from caselore.proposers.facts.finding import Finding, Sign, Signs
from caselore.proposers.facts.people import Person
from caselore.proposers.facts.reading import Reading, Told
from caselore.proposers.facts.subjects import index_ages
from caselore.proposers.facts.telling import LONG

LEAST = 1.0
"""The strength, in the figures of `deeds.yaml`, from which a person is proposed."""

LEAST_OF_OTHERS = 0.7
"""The same for those who are no parents: a child left "in the care of" an aunt is worth saying sooner."""

PARENTS = frozenset({"mother", "father", "both_parents"})

FOUND_GUILTY = 3.0
"""The strength, after the weight of the sentence, from which both were found guilty together."""

BY_COURT = 4.2
"""The strength above which a court has spoken."""

BACKGROUND = 0.55
"""What words short of a court's finding count in a section on the background: they may tell of earlier "
"harm."""

_WINDOW = 110
_GAP = (
    r"[\s-]+(?:(?:two|three|four|some|several|both|members) of )?"
    r"(?:(?!and\b|or\b|who\b|was\b|were\b|is\b|had\b|to\b|with\b|in\b|of\b|but\b|when\b|while\b|"
    r"as\b)[\w'-]+[\s-]+){0,4}$"
)
_LINK = (
    r",?\s*(?:\([^)]{0,25}\),?\s*)?(?:aged \d+,?\s*)?"
    r"(?:(?:(?:from |with )?(?:who|whom|whose)|a|an|aged) [^,;.]{1,70},\s*)?(?:and )?"
)
_BENIGN_BY = re.compile(
    r"\b(?:support\w*|seen|assess\w*|follow\w*|known|report\w*|made|referr\w*|accompanied|visited|described|"
    r"brought|found|told|raised|"
    r"express\w*|provided|offered|informed|collected|discovered|called|attended|prescribed|cared for|"
    r"looked after|witnessed|"
    r"observed|identified|highlighted|completed|undertaken|considered|denied|joined|adopted|reviewed|written|"
    r"faced|presented)(?:\s+\w+){0,2}\s+by\s+(?:[\w'-]+\s+){0,4}$"
)
_UNCLEAR = re.compile(
    r"\bwhich (?:of|parent|adult)|\bone of (?:the|his|her|their)(?: \w+)? parents|\beither (?:parent|of)|"
    r"\b(?:un|not )(?:clear|known) who|"
    r"\bunexplained (?:\w+ )?(?:injur|fractur|bruis)|"
    r"\bperpetrator (?:is|was|has|could) (?:un|not)|\bunable to (?:say|determine) (?:who|which)"
)


@dataclass(frozen=True, slots=True)
class Culprit:
    """Who did it: `code` of the field source_of_harm, its strength, where it is said and with which words."""

    code: str
    strength: float
    span: tuple[int, int]
    words: str
    background: bool
    who: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Deed:
    pattern: re.Pattern[str]
    worth: float


@cache
def _table() -> dict[str, Any]:
    return dict(yaml.safe_load(files("caselore.proposers.facts").joinpath("deeds.yaml").read_text(encoding="utf-8")))


@cache
def _deeds(place: str) -> tuple[_Deed, ...]:
    rows: Iterable[dict[str, Any]] = _table()[place]
    if place == "before":
        return tuple(_Deed(re.compile(regex(str(row["cue"]), {}) + _GAP), float(row["worth"])) for row in rows)
    link = r"'?s?'?\s+" if place == "possessed" else _LINK
    return tuple(
        _Deed(re.compile(link + regex(str(row["cue"]), {}).removeprefix(r"(?<!\w)")), float(row["worth"]))
        for row in rows
    )


@cache
def _lesser() -> re.Pattern[str]:
    return re.compile(regex(str(_table()["lesser"]), {}))


def culprit(reading: Reading, signs: Signs) -> Culprit | None:
    """The kind of person who did it with the most behind it; mother and father (or partner) alike: both "
    "parents."""
    said: dict[str, list[Culprit]] = defaultdict(list)
    short = reading.text.case.end - reading.text.case.start < LONG
    for sign in _mentions(reading, signs):
        for strength, span in _strengths(sign, reading):
            if strength > 0 and "negated" in sign.match.stances:
                continue
            words = reading.text.folded[sign.match.start : sign.match.end]
            earlier = short and sign.sentence.section == "background" and 0 < strength < BY_COURT
            weight = sign.sentence.weight * (BACKGROUND if earlier else 1)
            said[sign.code].append(Culprit(sign.code, strength * weight, span, words, earlier))
    for one in (*_young_agents(reading), *_by_pronoun(reading, signs)):
        said[one.code].append(one)
    scores = {code: _total(found) for code, found in said.items()}
    _move_cleared(said, scores)
    _join_parents(said, scores)
    code = max(scores, key=lambda each: scores[each], default="")
    if code in ("mother", "father") and _together(said["both_parents"], scores, reading):
        code = "both_parents"
        scores[code] = max(scores.values())
    if not code or scores[code] < (LEAST if code in PARENTS else LEAST_OF_OTHERS):
        return None
    strongest = max(said[code], key=lambda each: each.strength)
    if strongest.background and strongest.strength < BY_COURT and _placed_elsewhere(reading, signs):
        return None
    unclear = _UNCLEAR.search(reading.text.folded, reading.text.case.start, _end(reading))
    if unclear and strongest.strength < 2.5:
        return None
    return replace(strongest, code=code, strength=scores[code])


def _together(both: list[Culprit], scores: dict[str, float], reading: Reading) -> bool:
    """Whether the opening says in plain words that both did it, and neither was cleared."""
    lead = reading.lead
    plain = [one for one in both if lead and one.strength >= FOUND_GUILTY and one.span[0] < lead.sentence.end]
    return bool(plain) and min(scores.get(each, 0.0) for each in ("mother", "father")) >= 0


def _placed_elsewhere(reading: Reading, signs: Signs) -> bool:
    """Whether the opening sentence puts the harm in a setting outside the family."""
    return any(
        s.code == "community" and s.told is not None and s.told is reading.lead for s in signs.of("incident_context")
    )


def _end(reading: Reading) -> int:
    return max((told.sentence.end for told in reading.told[:20]), default=reading.text.case.start)


def _total(found: list[Culprit]) -> float:
    strengths = sorted((each.strength for each in found), reverse=True)
    positive = [each for each in strengths if each > 0]
    return (positive[0] if positive else 0.0) + 0.2 * sum(positive[1:]) + sum(each for each in strengths if each < 0)


def _move_cleared(said: dict[str, list[Culprit]], scores: dict[str, float]) -> None:
    """Where one of two was cleared and no court found both guilty, what is said of both falls on the "
    "other."""
    both = max((each.strength for each in said.get("both_parents", ())), default=0.0)
    if not 0 < both < FOUND_GUILTY:
        return
    for cleared in ("mother", "father", "mothers_partner_or_father_figure"):
        if scores.get(cleared, 0.0) < -2:
            other = _other_of(cleared, said["both_parents"][0].words)
            said[other] += said["both_parents"]
            scores[other] = max(scores.get(other, 0.0), 0.0) + scores.pop("both_parents")
            return


def _other_of(cleared: str, words: str) -> str:
    if cleared != "mother":
        return "mother"
    return (
        "mothers_partner_or_father_figure"
        if "partner" in words or "boyfriend" in words or "step" in words
        else "father"
    )


def _join_parents(said: dict[str, list[Culprit]], scores: dict[str, float]) -> None:
    mother = scores.get("mother", 0.0)
    for other in ("father", "mothers_partner_or_father_figure"):
        second = scores.get(other, 0.0)
        if min(mother, second) >= 2.0 and min(mother, second) >= 0.75 * max(mother, second):
            scores["both_parents"] = max(scores.get("both_parents", 0.0), max(mother, second) + 0.1)
            said["both_parents"] += said["mother"] + said[other]


_HE = re.compile(r"(?<![\w'])(?P<word>he|she|they|both|each)(?![\w'])")
_MEANT = {
    "he": frozenset(
        {"father", "mothers_partner_or_father_figure", "other_relative_or_carer", "known_unrelated", "stranger"}
    ),
    "she": frozenset({"mother", "other_relative_or_carer", "known_unrelated"}),
    "they": frozenset({"both_parents", "other_relative_or_carer", "known_unrelated"}),
    "both": frozenset({"both_parents"}),
    "each": frozenset({"both_parents"}),
}
_SEVERAL = re.compile(
    r"(?:siblings|brothers|sisters|parents|grandparents|carers|relatives|members|friends|men|adults)$"
)


def _by_pronoun(reading: Reading, signs: Signs) -> Iterator[Culprit]:
    """ "He was convicted" speaks of the last person before whom "he" can mean, in the sentence before."""
    text, mentions = reading.text.folded, list(_mentions(reading, signs))
    for told in reading.told:
        for match in _HE.finditer(text, told.sentence.start, told.sentence.end):
            deed = next(
                (
                    d
                    for d in _deeds("after")
                    if d.worth >= 2.5 and d.pattern.match(text, match.end(), told.sentence.end)
                ),
                None,
            )
            near = [
                m for m in mentions if NEAR > match.start() - m.match.end >= 0 and _can_mean(m, match["word"], text)
            ]
            if deed and near:
                found = deed.pattern.match(text, match.end(), told.sentence.end)
                span = (match.start(), found.end() if found else match.end())
                words = text[near[-1].match.start : near[-1].match.end]
                yield Culprit(near[-1].code, deed.worth * told.sentence.weight, span, words, False, near[-1].span)


def _can_mean(mention: Sign, pronoun: str, text: str) -> bool:
    """Whether a pronoun agrees with a mention in kind and number."""
    several = _SEVERAL.search(text, mention.match.start, mention.match.end) is not None
    return mention.code in _MEANT[pronoun] and not (several and pronoun in ("he", "she"))


NEAR = 250
"""Characters back to whom a pronoun may point."""

YOUNG_AGENT = 3.0
"""The strength of "by two boys" in the opening sentence."""


def _young_agents(reading: Reading) -> Iterator[Culprit]:
    """Children and young people who did it and are not those the review is about."""
    lead, text = reading.lead, reading.text.folded
    for told in reading.told if lead else ():
        for person in told.people:
            if person.role != "child" or not (_by_other(person, told, lead) or _judged(person, told, lead, text)):
                continue
            words = text[person.left : person.end]
            worth = YOUNG_AGENT * told.sentence.weight
            yield Culprit("known_unrelated", worth, (person.left, person.end), words, False)


_ANOTHER = re.compile(r"\b(?:an?|another|two|three|four|five|six|older|other)\b")
_TRIED = re.compile(
    r"(?:,? (?:aged? )?\d+(?: and \d+)?,?)?\s+(?:(?:was|were|has been|have been) (?:(?:later|both|all|"
    r"subsequently) )?"
    r"(?:convicted|found guilty|charged|sentenced|jailed)|pleaded guilty)"
)


def _by_other(person: Person, told: Told, lead: Told | None) -> bool:
    return told is lead and person.governor == "by" and person not in told.index.people


def _judged(person: Person, told: Told, lead: Told | None, text: str) -> bool:
    """Whether a later sentence has "a boy of 16 was convicted", who cannot be the child of the review."""
    if told is lead or person.governor or not _ANOTHER.search(text, person.left, person.start):
        return False
    return _TRIED.match(text, person.end, told.sentence.end) is not None


def _mentions(reading: Reading, signs: Signs) -> Iterator[Sign]:
    """The longest mention of each person who is not an index child."""
    found = [sign for sign in signs.of("source_of_harm") if sign.told is not None]
    last_end = -1
    for sign in sorted(found, key=lambda s: (s.match.start, -s.match.end)):
        if sign.match.start < last_end:
            continue
        last_end = sign.match.end
        if not any(_same(person, sign) for person in _index_of(sign, reading)):
            yield _of_herself(sign, reading)


_HER_OWN = re.compile(r"(?:her|his) (?:[\w-]+ )?(?:ex[- ])?(?:boyfriend|partner|husband)$")
_MOTHERS = re.compile(r"\b(?:mother|mum|woman)\b")
ADOLESCENT = 156.0
"""Months from which a boyfriend may be the girl's own."""


def _of_herself(sign: Sign, reading: Reading) -> Sign:
    """ "Her former boyfriend" is the girl's own where she is grown enough and no mother stands before."""
    text = reading.text.folded
    if sign.code != "mothers_partner_or_father_figure" or sign.told is not reading.lead:
        return sign
    ages = [age.months_low for age, _ in index_ages(reading)]
    own = _HER_OWN.search(text, max(sign.sentence.start, sign.match.start - 25), sign.match.end)
    if not own or not ages or min(ages) < ADOLESCENT or _MOTHERS.search(text, sign.sentence.start, sign.match.start):
        return sign
    return replace(sign, match=replace(sign.match, code="known_unrelated"))


def _index_of(sign: Sign, reading: Reading) -> tuple[Person, ...]:
    """The index people of a sign's sentence; where the review is about one child, later plurals are others."""
    if sign.told is None:
        return ()
    lead, people = reading.lead, sign.told.index.people
    if lead is None or lead is sign.told or lead.index.count != 1:
        return people
    return tuple(person for person in people if person.number == 1)


def _same(person: Person, sign: Sign) -> bool:
    return person.start < sign.match.end and sign.match.start < person.end


def _strengths(sign: Sign, reading: Reading) -> Iterator[tuple[float, tuple[int, int]]]:
    """How strongly each kind of words beside a mention speaks, with the span of words and mention."""
    text, sentence, start, end = reading.text.folded, sign.sentence, sign.match.start, sign.match.end
    if _ONE_OF_TWO.search(text, max(sentence.start, start - 25), start):
        return
    owns = text.startswith(("'s ", "s' ", "' "), end)
    if not owns:
        opening = sign.told is not None and sign.told is reading.lead
        yield from _spoken_before(text, sentence.start, start, end, opening=opening)
    for place in ("possessed",) if owns else ("cleared", "after"):
        for deed in _deeds(place):
            match = deed.pattern.match(text, end, sentence.end)
            if match:
                worth = deed.worth * (_offence(text, match.end(), sentence.end) if deed.worth > 2 else 1.0)
                yield worth, (start, match.end())
                break
        else:
            continue
        break


_ONE_OF_TWO = re.compile(
    r"\b(?:either|(?<!more than )one of)(?: of)?(?: the| his| her| their)? $|"
    r"\beither [^.;,]{0,16} or (?:the |his |her |their )?$"
)


def _offence(text: str, start: int, end: int) -> float:
    """What the offence says: failing to prevent is for another's deed, cruelty counts less than a killing."""
    stop = min(end, start + 40)
    if _lesser().search(text, start, min(end, start + 30)):
        return 0.25
    return 1.1 if _GRAVE.search(text, start, stop) else 0.8 if _CRUELTY.search(text, start, stop) else 1.0


_GRAVE = re.compile(
    r"\b(?:murder|manslaughter|killing|causing (?:the|his|her|their) death|infanticide|grievous|rape)\b"
)
_OF_ADULTS = re.compile(r"\b(?:domestic|coercive|controlling)\b[^.;]{0,60}$")
"""Violence between adults, which away from the opening is not the harm of the child."""
_CRUELTY = re.compile(r"\b(?:child cruelty|cruelty|wilful neglect|child neglect|neglect)\b")


def _spoken_before(
    text: str, floor: int, start: int, end: int, *, opening: bool
) -> Iterator[tuple[float, tuple[int, int]]]:
    lead = text[max(floor, start - _WINDOW) : start]
    offset = start - len(lead)
    for deed in _deeds("before"):
        match = deed.pattern.search(lead)
        if match and not opening and _OF_ADULTS.search(lead) and "parents" not in text[start:end]:
            return
        if match and not _BENIGN_BY.search(lead) and (opening or not match.group().startswith("by")):
            yield deed.worth, (offset + match.start(), end)
            return


def finding(found: Culprit) -> Finding:
    """The culprit as a finding: a court's words are the surest."""
    spans = (found.span, found.who) if found.who else (found.span,)
    return Finding(found.code, min(0.96, 0.5 + 0.115 * found.strength), spans)
