"""In: a reading, its signs, the outcome, the culprit. Out: the nature of the death or of the harm, one of each.

The order of the tests is the frame of the national analyses (triennial analysis 2011-14, sections 3.1 and 3.2).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from caselore.proposers.facts.culprit import Culprit
from caselore.proposers.facts.finding import Finding, Sign, Signs
from caselore.proposers.facts.mishap import mishap, own_act
from caselore.proposers.facts.outcome import of_index
from caselore.proposers.facts.reading import Reading
from caselore.proposers.facts.subjects import index_ages

FAMILY = frozenset({"mother", "father", "mothers_partner_or_father_figure", "both_parents", "other_relative_or_carer"})
OF_ADULTS = ("suicide", "overt_homicide_familial", "overt_homicide_extra_familial")
OUTCOME_OF = {"nature_of_death": "death", "nature_of_harm": "serious_harm"}
INFANT = 24.0
"""Months up to which an unexplained death counts as a sudden death in infancy."""

ADULT = 216.0
"""Months from which only suicide and homicide are told apart: the other categories are of children."""

SMALL = 84.0
"""Months up to which a killing by a carer, with no word on means or intent, is taken for a fatal assault."""

OVERT = "overt_homicide_familial"
"""The code whose signs count in full where they are told of the person who did it."""

ACCUSED = 2.0
"""The strength of words about a person from which the text accuses them."""

NO_CONCERN = 1.05
"""The score from which an accident or an illness is put down to poor care though no word tells of it."""

NO_BLAME = 0.7
"""The score from which a text names an accident or an illness plainly; with no concern the category is not clear."""

YOUNG_PERSON = 96.0
"""Months from which a child may be thought to have taken its own life (the youngest of 2011-14 was nine)."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the tests look at; `scores` by code of nature_of_death, `age` in months or None."""

    scores: dict[str, float]
    spans: dict[str, tuple[tuple[int, int], ...]]
    age: float | None
    culprit: Culprit | None
    many: bool
    adult: bool
    coroner: bool
    careless: bool = False
    concern: bool = True
    care: tuple[tuple[int, int], ...] = ()
    mishap: str = ""
    own_act: bool = False
    fostered: bool = False

    def score(self, code: str) -> float:
        return self.scores.get(code, 0.0)

    @property
    def in_family(self) -> bool:
        return self.culprit is not None and self.culprit.code in FAMILY

    @property
    def accused(self) -> bool:
        return self.culprit is not None and self.culprit.strength >= ACCUSED

    def younger_than(self, months: float) -> bool:
        return self.age is not None and self.age < months


def circumstances(reading: Reading, signs: Signs, found: Culprit | None, field: str) -> Circumstances:
    """Scores of each code of `field` from its signs, with the age and the number of the index children."""
    gathered: dict[str, list[Sign]] = defaultdict(list)
    telling = {s.sentence.start for s in signs.of("outcome") if s.code == OUTCOME_OF[field]}
    deeds = set(telling)
    if found is not None and found.strength >= ACCUSED:
        deeds |= {t.sentence.start for t in reading.told if t.sentence.start <= found.span[0] < t.sentence.end}
    for sign in signs.of(field):
        if sign.sentence.section == "keywords" or (sign.code == "suicide" and not of_index(sign, reading)):
            continue
        gathered[sign.code].append(sign)
    if _cruelty_alone(gathered, reading):
        gathered.pop("fatal_physical_abuse", None)
    ages = [age.months_low for age, _ in index_ages(reading)]
    lead = reading.lead
    count = (lead.index.count or 1) if lead else 1
    return Circumstances(
        {code: _score(one, reading, deeds if code == OVERT else telling) for code, one in gathered.items()},
        {code: _spans(one) for code, one in gathered.items()},
        min(ages, default=None),
        found,
        count > 1,
        min(ages, default=ADULT if reading.adults else 0.0) >= ADULT,
        reading.text.case.source_type == "PFD",
        _careless(reading),
        "other_maltreatment_related" not in gathered or _concern(reading),
        _care(reading) if "other_maltreatment_related" in gathered else (),
        mishap(reading) if field == "nature_of_harm" else "",
        field == "nature_of_harm" and own_act(reading, YOUNG_PERSON),
        found is not None and fostered(found.words, reading),
    )


def _cruelty_alone(signs: dict[str, list[Sign]], reading: Reading) -> bool:
    """Whether nothing but a verdict of cruelty speaks of violence, and the opening tells of a mishap or a poison."""
    mishaps = [sign for sign in signs.get("other_maltreatment_related", ()) if sign.match.cue.weight >= NO_BLAME]
    told = any(sign.told is not None and sign.told is reading.lead for sign in mishaps)
    return told and all(
        "cruelty" in reading.text.folded[slice(*sign.span)] for sign in signs.get("fatal_physical_abuse", ())
    )


def _care(reading: Reading) -> tuple[tuple[int, int], ...]:
    """Where the telling first speaks of poor care; else of drugs, or whatever raises concern."""
    for pattern in (_POOR_CARE, _CONCERN):
        for told in reading.told:
            match = pattern.search(reading.text.folded, told.sentence.start, told.sentence.end)
            if match:
                return (match.span(),)
    return ()


_POOR_CARE = re.compile(
    r"\bneglect|\bmissed\b|\bnot (?:been )?(?:brought|taken|fed|sought|seek|collected)\b|\bnon-?attend|\bnon-?engag|"
    r"\bunattended|\bunsupervised|\bleft\b[^.;]{0,30}\balone\b|\bcruelty|\bnegligen|\bviolen|"
    r"\b(?:domestic|physical|sexual|emotional) abuse|\bhome conditions|\bprotection plan|\bdelay\w* in seeking"
)


def _concern(reading: Reading) -> bool:
    """Whether the text tells of poor care, of violence or of drugs."""
    case = reading.text.case
    return _CONCERN.search(reading.text.folded, case.start, case.end) is not None


_CONCERN = re.compile(
    r"\bneglect|\bmissed\b|\b(?:appointments?|clinics?|sessions?)[^.;]{0,20}\bnot\b|\bnot (?:been )?(?:kept|collected|"
    r"brought|taken|fed|given|sought|seek)\b|\bnon-?attend|\bnon-?engag|\bunattended|\bunsupervised|\bsupervis\w+|\bleft\b[^.;]{0,30}"
    r"\b(?:alone|with)\b|\balone\b|\balcohol|\bdrink\w*|\bdrunk|\bdrugs?\b|\becstasy|\bmdma|\bheroin|\bcocaine|\boverdos|\bketamine|\bcannabis|\bmethadone|\bsubstance|\bcruelty|"
    r"\bconvicted|\bguilty|\bnegligen|\brefus\w+|\brarely collected|\bmedical help|\bhome conditions|\bprotection plan|"
    r"\bself-?harm|\bviolen|\bdomestic abuse|\bphysical abuse|\bsexual abuse|\bobes|\bcompliance|\bdelay\w* in seeking|"
    r"\bcommunity order|\bcautioned|\bsmok\w+|\bsquali|\bhazard|\bexploit|\bthreshold"
)
"""Words for poor care, without which an accident or an illness is no death that maltreatment stands behind."""

_CARELESS = re.compile(
    r"\bgross negligence\b|\bunattended\b|\bunsupervised\b|\bleft (?:\w+ ){0,6}alone\b|"
    r"\bneglect\b"
)
_MEANT = re.compile(
    r"\bmurder|\bdeliberate|\bintentional|\bby (?:his|her|their) (?:mother|father|"
    r"parents?)\b|\bkill"
)


def _careless(reading: Reading) -> bool:
    """Whether the opening tells of carelessness and not of an intent: a child who drowned was then not drowned."""
    text, lead = reading.text.folded, reading.lead
    opening = [t.sentence for t in reading.told if lead and t.sentence.section == lead.sentence.section][:5]
    return any(_CARELESS.search(text, s.start, s.end) for s in opening) and not any(
        _MEANT.search(text, s.start, s.end) for s in opening
    )


OWN_ACT = "risk_taking_or_violent_behaviour"
FIRST_NAMED = 0.8
"""How near neglect must come to assault for the one that the text names first to stand."""

MISHAP = 0.5
"""What an accident, told as one, counts for neglect or for a harm of another kind."""

_CARER = re.compile(r"\bcarers?\b")


def fostered(words: str, reading: Reading) -> bool:
    """Whether the words for a person, or the opening where they are only "the carer", tell of a foster carer."""
    if "foster" in words:
        return True
    lead = reading.lead
    opening = reading.text.folded[lead.sentence.start : lead.sentence.end] if lead else ""
    return _CARER.search(words) is not None and "foster" in opening


OPENING, ASIDE, FEARED, COURT = 1.4, 0.6, 0.5, 1.5
"""What a sign counts in the opening sentence; in a sentence that says nothing of the outcome; after "concerns about";
beside a court's words."""

_FEARED = re.compile(
    r"\b(?:concerns?|worr\w+|allegations?|risks?|suspicions?|issues?|signs|indicators) (?:about|of|regarding|"
    r"around|over|for)\b[^.;]{0,30}$"
)
_COURT = re.compile(r"\b(?:convicted|found guilty|pleaded guilty|sentenced|charged with)\b")


def _score(signs: list[Sign], reading: Reading, telling: set[int]) -> float:
    """The best sign and a little for each further sentence."""
    text = reading.text.folded
    best: dict[int, float] = {}
    for sign in signs:
        opening = sign.told is not None and sign.told is reading.lead
        worth = sign.worth * (OPENING if opening else 1.0 if sign.sentence.start in telling else ASIDE)
        worth *= FEARED if _FEARED.search(text, sign.sentence.start, sign.match.start) else 1.0
        worth *= (
            COURT
            if sign.match.field == "nature_of_harm" and _COURT.search(text, sign.sentence.start, sign.match.start)
            else 1.0
        )
        best[sign.sentence.start] = max(best.get(sign.sentence.start, 0.0), worth)
    ordered = sorted(best.values(), reverse=True)
    return ordered[0] + 0.15 * sum(ordered[1:4])


def _spans(signs: list[Sign]) -> tuple[tuple[int, int], ...]:
    return tuple(sign.span for sign in sorted(signs, key=lambda s: -s.worth)[:2])


def nature_of_death(given: Circumstances) -> Finding | None:
    """The category of the death; None where the text says too little."""
    code, sure = _death(given)
    if not code or (given.adult and code not in OF_ADULTS):
        return None
    spans = given.spans.get(code) or ((given.culprit.span,) if given.culprit else ())
    if code == OVERT and given.culprit is not None:
        spans = (given.culprit.span, *spans[:1])
    if code == "other_maltreatment_related":
        spans = (*spans[:1], *given.care)
    if code == "not_clear":
        spans = given.spans["other_maltreatment_related"]
    if not spans:
        spans = next(iter(given.spans.values()), ())
    return Finding(code, sure, spans)


def _death(given: Circumstances) -> tuple[str, float]:
    if given.score("suicide") >= 0.45 and not given.younger_than(YOUNG_PERSON) and not _killed(given):
        return "suicide", min(0.97, 0.6 + 0.3 * given.score("suicide"))
    if given.score("covert_homicide") >= 0.6 and (given.age is None or given.younger_than(12)):
        return "covert_homicide", 0.75
    if given.score("extreme_neglect") >= 0.7:
        return "extreme_neglect", 0.8
    if _unexplained(given):
        return "sudden_unexpected_death_in_infancy", min(
            0.95, 0.5 + 0.35 * given.score("sudden_unexpected_death_in_infancy")
        )
    killing = _killing(given)
    if killing[0]:
        return killing
    if given.score("sudden_unexpected_death_in_infancy") >= 0.8 and not given.younger_than(INFANT):
        return "", 0.0  # a cause that is expressly unknown, past infancy
    if blamed := _by_mishap(given):
        return blamed
    if given.younger_than(INFANT) and given.score("sudden_unexpected_death_in_infancy") >= 0.35:
        return "sudden_unexpected_death_in_infancy", 0.5
    if given.score("suicide") >= 0.45:
        return "suicide", 0.4
    return "", 0.0


def _by_mishap(given: Circumstances) -> tuple[str, float] | None:
    """An accident or an illness: with poor care behind it, or with nobody to blame."""
    told = given.score("other_maltreatment_related")
    if told >= (0.35 if given.concern else NO_CONCERN):
        return "other_maltreatment_related", min(0.85, 0.45 + 0.3 * told)
    return ("not_clear", 0.6) if told >= NO_BLAME and not given.coroner else None


def _killed(given: Circumstances) -> bool:
    return given.accused and given.culprit is not None and given.culprit.strength > 4.5 * given.score("suicide")


def _unexplained(given: Circumstances) -> bool:
    sudden = given.score("sudden_unexpected_death_in_infancy")
    if not (given.younger_than(INFANT) or (given.age is None and sudden > 0.9)) or sudden < 0.4:
        return False
    violent = max(given.score("fatal_physical_abuse"), given.score("overt_homicide_familial") if given.accused else 0.0)
    other = given.score("other_maltreatment_related")
    return sudden >= violent and sudden >= 0.7 * other


def _killing(given: Circumstances) -> tuple[str, float]:
    injured, overt, extra = (
        given.score(code)
        for code in ("fatal_physical_abuse", "overt_homicide_familial", "overt_homicide_extra_familial")
    )
    violent = max(injured, overt if given.accused else 0.5 * overt, extra)
    accident = given.score("other_maltreatment_related")
    if given.careless and accident >= 0.35 and injured < 0.6 and extra < 0.6:
        return "", 0.0
    if violent < 0.3 and _judged(given) and violent > accident:
        return "fatal_physical_abuse", 0.7
    if violent < 0.3 or (accident > 1.05 * violent and not given.accused):
        return "", 0.0
    if given.in_family:
        planned = (overt >= 0.75 and given.accused) or (given.many and given.accused and injured < 0.7)
        if planned or not (given.age is None or given.younger_than(SMALL) or injured >= min(0.7, overt)):
            return "overt_homicide_familial", 0.85 if planned else 0.65
        return ("fatal_physical_abuse", 0.85) if max(injured, overt) >= 0.3 else ("", 0.0)
    return _killed_outside(given, injured, overt, extra)


def _killed_outside(given: Circumstances, injured: float, overt: float, extra: float) -> tuple[str, float]:
    """Of a killing that no relative is said to have done."""
    outside = given.culprit is not None and given.culprit.code in ("known_unrelated", "stranger")
    if outside and given.younger_than(SMALL) and injured >= 0.35:
        return "fatal_physical_abuse", 0.75
    if outside and max(extra, overt) >= 0.3:
        return "overt_homicide_extra_familial", 0.85
    if given.age is not None and not given.younger_than(120) and max(extra, 0.5 * overt) >= 0.35:
        return "overt_homicide_extra_familial", 0.7
    if extra >= 0.6 and not given.younger_than(120):
        return "overt_homicide_extra_familial", 0.75
    if injured < 0.35 or given.coroner:  # a coroner's report tells of injuries of every cause
        return "", 0.0
    return "fatal_physical_abuse", min(0.85, 0.4 + 0.4 * injured)


def _judged(given: Circumstances) -> bool:
    """Whether somebody of the family was found guilty of the death of a small child."""
    return given.in_family and given.accused and given.younger_than(SMALL)


SEXUAL = ("sexual_abuse_intra_familial", "sexual_abuse_extra_familial")


_OWN_VIOLENCE = re.compile(
    r"(?:[\s,]|\([^)]{0,20}\)|\b(?:of|aged) \d+\b)*\bwho (?:had |has |later |then |went on to )?"
    r"(?:sexually |seriously |fatally )?"
    r"(?:assault|abus|rap|attack|stabb|murder|kill|harm|injur)(?:ed|e)\b|"
    r"(?:[\s,]|\b(?:an?|the|boy|girl|\d+[\s-]year[\s-]old|(?:of|aged) \d+)\b)*"
    r"\b(?:causing|inflicting|who (?:had )?(?:caused|inflicted)) [^.;,]{0,40}"
    r"\b(?:to|on|of) (?:another|a|an|two|three|his|her) "
)


_TO_OTHERS = re.compile(
    r"\b(?:assaults?|abuse|attacks?|rapes?|stabbing|murder|killing|violence|behaviour) (?:on|of|against|towards) "
    r"(?:[\w-]+ ){0,3}(?:younger|other|another|elderly|vulnerable|man|woman|neighbour|stranger)\b"
)


def own_violence(reading: Reading) -> Finding | None:
    """ "A boy who assaulted two children": the harm is what the young person of the review did to others."""
    lead = reading.lead
    for person in lead.index.people if lead else ():
        if person.governor == "by" and person.role == "child" and lead:
            done = _TO_OTHERS.search(reading.text.folded, lead.sentence.start, person.left)
            if done:
                return Finding("risk_taking_or_violent_behaviour", 0.75, ((done.start(), person.end),))
        match = _OWN_VIOLENCE.match(reading.text.folded, person.end)
        if match and person.role in ("child", "named"):
            return Finding("risk_taking_or_violent_behaviour", 0.75, ((person.start, match.end()),))
    return None


def nature_of_harm(given: Circumstances, *, community: tuple[tuple[int, int], ...]) -> Finding | None:
    """The primary harm: the one that the text puts first and most plainly; `community` is where it tells of outside."""
    scores = dict(given.scores)
    scores["sexual"] = max((scores.pop(code) for code in SEXUAL if code in scores), default=0.0)
    if scores.get("child_sexual_exploitation", 0.0) >= 0.9 and scores["sexual"]:
        scores["child_sexual_exploitation"] += scores["sexual"] * 0.3
    if given.own_act:
        scores[OWN_ACT] = max(scores.get(OWN_ACT, 0.0), scores.get("physical_assault", 0.0) + 0.1)
    elif given.mishap:
        scores.pop("physical_assault", None)
        scores[given.mishap] = max(scores.get(given.mishap, 0.0), MISHAP)
    code = max(scores, key=lambda each: scores[each], default="")
    if code == "physical_assault" and scores.get("neglect", 0.0) >= FIRST_NAMED * scores[code]:
        code = min(code, "neglect", key=lambda each: min(given.spans[each]) if each in given.spans else (0, 0))
    if not code or scores[code] < 0.2:
        return None
    sure = min(0.95, 0.45 + 0.35 * scores[code])
    if code != "sexual":
        return Finding(code, sure, given.spans.get(code) or next(iter(given.spans.values()), ()))
    code = _sexual(given, community=bool(community))
    spans = given.spans.get(code) or given.spans.get(SEXUAL[0]) or given.spans.get(SEXUAL[1], ())
    if code == SEXUAL[1] and code not in given.spans:
        spans = (*community[:1], *spans[:1])
    return Finding(code, sure * 0.97, spans)


def _sexual(given: Circumstances, *, community: bool) -> str:
    if community and given.score(SEXUAL[1]) >= 0.9 and (given.culprit is None or given.culprit.background):
        return SEXUAL[1]
    if given.culprit is not None:
        return SEXUAL[0] if given.in_family and not given.fostered else SEXUAL[1]
    outside = given.score(SEXUAL[1]) >= 0.5 or community
    return SEXUAL[1] if outside else SEXUAL[0]
