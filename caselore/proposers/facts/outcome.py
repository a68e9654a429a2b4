"""In: a reading and the cues that matched. Out: whether the index child died or was harmed; whose death is told.

A review of an injured child may well tell of the death of her grandmother: each word for a death is asked who died.
"""

from __future__ import annotations

import re

from caselore.proposers.facts.finding import Finding, Sign, Signs
from caselore.proposers.facts.people import Person
from caselore.proposers.facts.reading import Reading, Told

SURE_DEATH = 0.45
"""From here a word for the child's death decides, if no harm speaks more than twice as loud."""

_REFLEXIVE = re.compile(r"\s*(?:him|her|them)(?:self|selves)\b")
_OTHER_OBJECT = re.compile(
    r"\s*(?:his|her|their|the)\s+(?:own\s+)?(?:ex-)?(?:mother|wife|partner|girlfriend|father|husband|"
    r"grand\w+|friend|neighbour|dogs?)\b"
)
_TRANSITIVE = re.compile(r"(?:^|\b)(?:killed|murdered|smothered|strangled|drowned|suffocated|killing)$")
_PASSIVE = re.compile(r"\b(?:was|were|been|being|are|is)\s+(?:\w+\s+)?$")
_PRONOUN = re.compile(r"\b(he|she|they|his|her|their)\s+(?:[\w'-]+\s+){0,3}$")
_OF = re.compile(r"\s*(?:of|to)\s+")
_AWAITED_TRIAL = re.compile(
    r",?\s*(?:before|while awaiting|awaiting|prior to|shortly before|on the eve of)\s+(?:\w+ ){0,3}?"
    r"(?:trial|sentenc\w+|arrest\w*|charged?|court)\b"
)
"""Whoever died so had done the harm."""


def outcome(reading: Reading, signs: Signs) -> Finding | None:
    """Death, if a cue tells the death of an index child; else serious harm; else nothing."""
    deaths = [s for s in signs.of("outcome") if s.code == "death" and of_index(s, reading)]
    harms = [s for s in signs.of("outcome") if s.code == "serious_harm"]
    death, harm = _top(deaths), _top(harms)
    if death >= SURE_DEATH and death >= 0.5 * harm:
        return Finding("death", min(0.98, 0.55 + 0.45 * death), _spans(deaths))
    if harm >= 0.2:
        return Finding("serious_harm", min(0.97, 0.5 + 0.45 * harm - 0.3 * death), _spans(harms))
    if death:
        return Finding("death", 0.4 + 0.4 * death, _spans(deaths))
    return None


def _top(signs: list[Sign]) -> float:
    return max((sign.worth for sign in signs), default=0.0)


def _spans(signs: list[Sign]) -> tuple[tuple[int, int], ...]:
    return tuple(sign.span for sign in sorted(signs, key=lambda s: -s.worth)[:2])


def of_index(sign: Sign, reading: Reading) -> bool:
    """Whether a word for a death or a suicide speaks of an index person."""
    if sign.told is None:
        return True
    text = reading.text.folded
    start, end = sign.span
    words = text[start:end]
    if _AWAITED_TRIAL.match(text, end):
        return False
    if words.endswith(" of"):
        return _next_is_index(sign.told, end, reading)
    if _TRANSITIVE.search(words) and not _PASSIVE.search(text, sign.sentence.start, start):
        return _object_is_index(sign, reading)
    if _OF.match(text, end) and words.split()[-1] in ("death", "deaths", "suicide", "murder"):
        return _next_is_index(sign.told, end, reading)
    return _subject_is_index(sign, reading)


def _next_is_index(told: Told, at: int, reading: Reading) -> bool:
    following = [p for p in told.people if p.start >= at]
    if not following or following[0].left - at > 30:
        return True
    chain = [following[0]]
    for person in following[1:]:
        if person.governor not in ("and", ","):
            break
        chain.append(person)
    return any(is_index(person, told, reading) for person in chain)


def _object_is_index(sign: Sign, reading: Reading) -> bool:
    text, end = reading.text.folded, sign.span[1]
    if _REFLEXIVE.match(text, end) or text[sign.span[0] : end].endswith("self"):
        return _subject_is_index(sign, reading)
    return _OTHER_OBJECT.match(text, end) is None


def _subject_is_index(sign: Sign, reading: Reading) -> bool:
    """The last person before the words is the one they speak of; a pronoun may mean the child before that "
    "person."""
    assert sign.told is not None
    text, told = reading.text.folded, sign.told
    before = [p for p in told.people if p.end <= sign.span[0]]
    if not before:
        return carried_is_index(sign, reading)
    before = [p for p in before if not _owns_a_thing(p, sign, text)] or before[:1]
    last = before[-1]
    gap = text[last.end : sign.span[0]]
    if gap.endswith((", and ", ", but ")) and before[0] in told.index.people:
        return True
    pronoun = _PRONOUN.search(gap)
    if pronoun and any(is_index(p, told, reading) for p in before):
        wanted = {"he": "male", "his": "male", "she": "female", "her": "female"}.get(pronoun[1])
        return not (wanted and last.gender == wanted and not is_index(last, told, reading) and last.governor == "")
    if pronoun and last.role in ("parent", "adult"):
        return bool(
            last.gender
            and {"he": "male", "his": "male", "she": "female", "her": "female"}.get(pronoun[1], last.gender)
            != last.gender
        )
    if last.governor in ("by", "with", "from") or (last.governor == "of" and not gap.startswith("'s")):
        earlier = [p for p in before if p.governor not in ("by", "with", "from") and is_index(p, told, reading)]
        return bool(earlier) or last is before[0]
    return is_index(last, told, reading)


def _owns_a_thing(person: Person, sign: Sign, text: str) -> bool:
    """Whether a mention only owns what stands between: "in his parents' house he ...", but not "his "
    "mother's death"."""
    gap = text[person.end : sign.span[0]]
    return gap.startswith(("'s ", "' ")) and len(gap) > 5


def carried_is_index(sign: Sign, reading: Reading) -> bool:
    """A pronoun with nobody before it in its sentence means somebody of the sentence before."""
    text = reading.text.folded
    pronoun = _PRONOUN.search(text[sign.sentence.start : sign.span[0]])
    wanted = {"he": "male", "his": "male", "she": "female", "her": "female"}.get(pronoun[1]) if pronoun else None
    earlier = [told for told in reading.told if told.sentence.end <= sign.sentence.start]
    if wanted is None or not earlier:
        return True
    mentioned = next((told.people for told in reversed(earlier) if told.people), ())
    others = [p for p in mentioned if p.gender == wanted and p.role in ("parent", "adult")]
    own = [p for p in mentioned if p.gender in ("", wanted) and p.role in ("child", "named") and not p.owner]
    return not others or bool(own and (own[-1].gender == wanted or own[0] is mentioned[0]))


def is_index(person: Person, told: Told, reading: Reading) -> bool:
    """Whether a mention is, or by its noun may well be, an index person."""
    if person in told.index.people or person.role == "named":
        return True
    if person.role == "child":
        return True
    if person.role == "sibling":
        return (
            not person.owner
            and person.governor != "by"
            and "older" not in reading.text.folded[person.left : person.start]
        )
    return reading.adults and person.role == "adult" and person.noun in ("man", "woman", "male", "female", "adult")
