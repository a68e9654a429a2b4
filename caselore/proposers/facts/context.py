"""In: a reading, the culprit and the nature of death or harm. Out: source of harm and context, family or community.

The rule is that of the triennial analysis 2011-14, section 2.4.6: separated parents are family; foster carers, schools,
gangs and custody are the community; a suicide is of the family where the young person lived in one.
"""

from __future__ import annotations

import re

from caselore.proposers.facts.culprit import Culprit, finding
from caselore.proposers.facts.finding import Finding, Sign, Signs
from caselore.proposers.facts.nature import FAMILY, fostered
from caselore.proposers.facts.reading import Reading
from caselore.proposers.facts.subjects import index_ages
from caselore.proposers.quoting import household, tells_of_family

OWN_ACT = frozenset({"suicide", "risk_taking_or_violent_behaviour"})
OUTSIDE = frozenset({"child_sexual_exploitation", "sexual_abuse_extra_familial", "overt_homicide_extra_familial"})
AT_HOME = frozenset(
    {
        "sudden_unexpected_death_in_infancy",
        "fatal_physical_abuse",
        "overt_homicide_familial",
        "covert_homicide",
        "extreme_neglect",
        "physical_assault",
        "neglect",
        "sexual_abuse_intra_familial",
        "other_maltreatment_related",
    }
)
OF_THE_HOME = frozenset({"neglect", "extreme_neglect", "sudden_unexpected_death_in_infancy", "covert_homicide"})
"""Harms that a school or a nursery may discover and not do."""

_OWN_DRUGS = (
    "butane",
    "inhal",
    "aerosol",
    "overdose",
    "drugs",
    "ecstasy",
    "mdma",
    "cocaine",
    "heroin",
    "substance",
    "solvent",
    "legal high",
    "psychoactive",
    "nitrous",
    "alcohol poisoning",
)
_ADOLESCENT = 132.0


def source_of_harm(reading: Reading, signs: Signs, found: Culprit | None, nature: Finding | None) -> Finding | None:
    """Who did it: the young person, where the act was their own; else the culprit; else whoever neglected."""
    exploited = (
        nature is not None
        and nature.code in OWN_ACT - {"suicide"}
        and found is not None
        and found.code == "known_unrelated"
        and not _ON_ANYONE.search(_lead_words(reading))
    )
    if found is not None and exploited and found.strength >= 2.5 and not found.background:
        return finding(found)
    if nature is not None and nature.code in OWN_ACT:
        return Finding("young_person", min(0.95, nature.confidence), nature.spans)
    if (
        nature is not None
        and nature.code == "other_maltreatment_related"
        and _adolescent(reading)
        and (found is None or found.strength < 2.5)
    ):
        own = [span for span in nature.spans if any(word in reading.text.folded[slice(*span)] for word in _OWN_DRUGS)]
        own += _own_risk(reading) or _own_dose(reading)
        if own:
            return Finding("young_person", 0.7, tuple(own))
    if found is not None:
        return finding(found)
    return _unnamed(reading, signs, nature)


def _unnamed(reading: Reading, signs: Signs, nature: Finding | None) -> Finding | None:
    """Who is behind a harm of which nobody is said to have done it."""
    if nature is None and _adolescent(reading) and (own := _own_risk(reading)):
        return Finding("young_person", 0.5, tuple(own))
    if nature is None and _young_adult(reading):
        return _own_overdose(reading)
    if nature is not None and nature.code == "other":
        return _who_fabricated(reading)
    if nature is not None and nature.code in ("neglect", "extreme_neglect"):
        return _who_neglected(reading, signs)
    if nature is not None and nature.code == "covert_homicide":
        named = next((sign for sign in signs.of("source_of_harm") if sign.code == "mother"), None)
        return Finding("mother", 0.5, (named.span,)) if named else None
    return _own_conduct(reading) if nature is None else None


_MOTHER = re.compile(r"\bmother\b")
_FABRICATED = re.compile(
    r"\b(?:fabricat\w+|induced|perplexing|factitious)\b[^.;]{0,14}\b(?:illness|presentation|disorder)"
)


def _who_fabricated(reading: Reading) -> Finding | None:
    """An illness that was made up is the mother's doing where the text speaks of her and accuses nobody.

    She was in nearly all cases known to research (Royal College of Paediatrics and Child Health 2021).
    """
    case = reading.text.case
    if not _FABRICATED.search(_lead_words(reading)):
        return None
    named = _MOTHER.search(reading.text.folded, case.start, case.end)
    return Finding("mother", 0.55, (named.span(),)) if named else None


_CONDUCT = re.compile(
    r"\bsecure (?:setting|unit|accommodation|placement|children's home)|"
    r"\b(?:being|who (?:was|were)) (?:later )?(?:charged|arrested|convicted|remanded|sentenced)|\bradicali[sz]|"
    r"\b(?:murder|killing|stabbing|assault|attack|robbery|rape|manslaughter)s? [^.;]{0,60}\bby (?:an?|two|"
    r"three) "
    r"[^.;,]{0,20}(?:boy|girl|young person|teenager|youth)"
)
_TEENAGE = re.compile(r"\bteen|\badolescent|\byoung (?:person|man|woman)|\byouth\b")


def _own_conduct(reading: Reading) -> Finding | None:
    """Where no harm is told, a young person placed in security or charged is there for what they did."""
    lead = reading.lead
    if lead is None:
        return None
    match = _CONDUCT.search(reading.text.folded, lead.sentence.start, lead.sentence.end)
    grown = _adolescent(reading) or _TEENAGE.search(reading.text.folded, lead.sentence.start, lead.sentence.end)
    return Finding("young_person", 0.45, (match.span(),)) if match and grown else None


_OVERDOSE = re.compile(r"\boverdose\b|\bdrug toxicity\b|\b(?:heroin|mdma|ecstasy|cocaine)\b")
YOUNG_ADULT = 300.0
"""Months up to which a care leaver is told of as a young person."""


_RISKS = re.compile(
    r"\babscond\w*|\b(?:ran|run|running) away|\bto swim\b|\bclimb\w*|\bfor a (?:dare|bet)\b|\bquad bike|"
    r"\bstolen (?:car|vehicle|motor\w*|moped|bike)|\bjoy-?rid|\btrain surf|\btombston|\bpolice (?:chase|"
    r"pursuit)"
)


def _own_dose(reading: Reading) -> list[tuple[int, int]]:
    """Where the first sentence tells of an overdose, whosever the tablets were."""
    lead = reading.lead
    found = _OVERDOSE.search(reading.text.folded, lead.sentence.start, lead.sentence.end) if lead else None
    return [found.span()] if found else []


def _own_risk(reading: Reading) -> list[tuple[int, int]]:
    """Where the opening tells of a risk that young people take of their own accord."""
    text = reading.text.folded
    return [
        m.span() for told in reading.told[:3] for m in _RISKS.finditer(text, told.sentence.start, told.sentence.end)
    ]


def _own_overdose(reading: Reading) -> Finding | None:
    lead = reading.lead
    found = _OVERDOSE.search(reading.text.folded, lead.sentence.start, lead.sentence.end) if lead else None
    return Finding("young_person", 0.5, (found.span(),)) if found else None


def _young_adult(reading: Reading) -> bool:
    ages = [age.months_low for age, _ in index_ages(reading)]
    return bool(ages) and 216 <= min(ages) < YOUNG_ADULT and reading.text.case.source_type != "PFD"


def _adolescent(reading: Reading) -> bool:
    ages = [age.months_low for age, _ in index_ages(reading)]
    return bool(ages) and min(ages) >= _ADOLESCENT


_APART = re.compile(
    r"\bseparated\b|\bestranged\b|\bdivorc\w+|\bnon-resident\b|\b(?:left|leaving) (?:the )?(?:family|home|mother)|"
    r"\bfather (?:\w+ ){0,3}(?:left|died|abroad|in prison|no contact|played no|"
    r"lived elsewhere|lived apart|was unknown)|"
    r"\b(?:ex-|former )(?:partner|husband)|\b(?:lone|single) (?:parent|mother)|"
    r"\bliv(?:es|ing) with (?:his|her|their) father|\bcare of (?:his|her|their) father"
)


def _apart(reading: Reading) -> bool:
    """Whether the text says that the father did not live with the mother."""
    case = reading.text.case
    return _APART.search(reading.text.folded, case.start, case.end) is not None


def _who_neglected(reading: Reading, signs: Signs) -> Finding | None:
    """Without another word, neglect falls on those who cared: the parents if they are named together, else the mother.

    In all nine neglect cases of 2011-14 the mother was noted as a source (triennial analysis, section 3.3).
    """
    cared = ("mother", "father", "both_parents")
    named = [s for s in signs.of("source_of_harm") if s.code in cared and s.sentence.weight > 0.5]
    mother = next((sign for sign in named if sign.code == "mother"), None)
    chosen = next((sign for sign in named if sign.code == "both_parents"), mother)
    if chosen is None:
        return None
    father = next((sign for sign in named if sign.code == "father"), None)
    if chosen is mother and father is not None and not _apart(reading):
        return Finding("both_parents", 0.45, (chosen.span, father.span))
    return Finding(chosen.code, 0.45, (chosen.span,))


def incident_context(reading: Reading, signs: Signs, source: Finding | None, nature: Finding | None) -> Finding | None:
    """Family or community, by who did it, else by the nature of it and where the child lived."""
    outside = _outside(reading, signs)
    if source is not None and source.code != "young_person":
        return _by_source(source, reading, outside)
    if nature is None:
        hurt = source is not None and _ON_OTHERS.search(_lead_words(reading))
        if source is not None and hurt and not _KIN.search(_lead_words(reading)):
            return Finding("community", 0.5, source.spans)
        living = [s for s in outside if source and s.match.cue.weight >= _PLACED and "secure" not in _words(s, reading)]
        if not living and source is None:
            living = [s for s in outside if s.told is not None and s.told is reading.lead and not _formerly(s, reading)]
        return Finding("community", 0.55, (living[0].span,)) if living else _of_small_child(reading, outside)
    if nature.code in OUTSIDE:
        return _by_nature(nature, reading, outside)
    if source is not None:
        return _of_own_act(nature, outside, signs, reading)
    if nature.code in AT_HOME:
        least = _PLACED if nature.code in OF_THE_HOME else 0.0
        lead = [s for s in outside if s.told is not None and s.told is reading.lead and not _formerly(s, reading)]
        lead = [s for s in lead if s.match.cue.weight >= least]
        if not lead and _adolescent(reading):
            lead = [s for s in outside if s.match.cue.weight >= _PLACED and not _formerly(s, reading)]
        if lead:
            return Finding("community", 0.6, (lead[0].span,))
        return _inferred(reading, 0.75, nature.spans)
    return Finding("community", 0.5, (outside[0].span,)) if outside else _of_small_child(reading, outside)


TELLS_OUTSIDE = re.compile(
    r"\bexploit|\bcse\b|\bgroom|\bgang|\bonline\b|\binternet\b|\bstrangers?\b|\bpeers?\b|\bstreet\b|\bpark\b|"
    r"\bparty\b|\bschool|\bcustody|\bprison|\bresidential|\bchildren's home|\bin care\b|\bcounty lines|\brivals?\b|"
    r"\bfriends?\b|\bteacher|\bcoach|\bneighbour|\bfoster|\bby (?:an?|two|three|four|another|other) "
)


UNTOLD = 0.4
"""The confidence of a context that the kind of harm alone speaks for."""

PLAINLY = 0.7
"""The weight of cues that tell of harm outside the family; below it are places where a child merely is."""


def _by_nature(nature: Finding, reading: Reading, outside: list[Sign]) -> Finding:
    """The community by the kind of harm, with words that tell of somebody or somewhere outside, where any do."""
    text = reading.text.folded
    own = tuple(span for span in nature.spans if TELLS_OUTSIDE.search(text, *_around(span)))
    if own:
        return Finding("community", 0.85, own)
    plain = [sign for sign in outside if sign.match.cue.weight >= PLAINLY]
    if plain:
        return Finding("community", 0.8, (plain[0].span, *nature.spans[:1]))
    return Finding("community", UNTOLD, nature.spans)


def _around(span: tuple[int, int]) -> tuple[int, int]:
    """The words that are quoted of a span, about."""
    return max(0, span[0] - 20), span[1] + 40


_ON_OTHERS = re.compile(r"\b(?:murder|killing|stabbing|assault|attack|robbery|rape|manslaughter)\b")
_ON_ANYONE = re.compile(
    r"\b(?:assault\w*|attack\w*|stabb\w*|injur\w+|harm\w*|murder\w*|killing|killed) "
    r"(?:\w+ ){0,2}?(?:an?|another|two|three) "
    r"(?:[\w-]+ ){0,2}(?:man|woman|neighbour|stranger|pupil|boy|girl|young person|teenager|child|youth)\b"
)
_KIN = re.compile(
    r"\b(?:his|her|their) (?:\w+ )?(?:mother|father|brother|sister|sibling|grand\w+|stepfather|parents?|"
    r"cousin)\b"
)


def _lead_words(reading: Reading) -> str:
    lead = reading.lead
    return reading.text.folded[lead.sentence.start : lead.sentence.end] if lead else ""


_FORMERLY = re.compile(
    r"\b(?:discharged from|left|until|previous\w*(?! (?:healthy|well|fit|happy))|"
    r"former\w*|had been (?:living|placed|in)|history of|earlier)\b"
)


_DISCHARGED = re.compile(
    r"\b(?:discharged from|returned (?:home )?from|before that|as an? (?:baby|infant|young child))\b"
)


def _discharged(sign: Sign, reading: Reading) -> bool:
    return _DISCHARGED.search(reading.text.folded, sign.sentence.start, sign.match.start) is not None


def _words(sign: Sign, reading: Reading) -> str:
    return reading.text.folded[sign.match.start : sign.match.end]


def _formerly(sign: Sign, reading: Reading) -> bool:
    return _FORMERLY.search(reading.text.folded, sign.sentence.start, sign.sentence.end) is not None


def _outside(reading: Reading, signs: Signs) -> list[Sign]:
    found = [sign for sign in signs.of("incident_context") if sign.code == "community" and sign.match.plain_fact]
    return [sign for sign in found if sign.sentence.weight > 0.5 and sign.sentence.section != "keywords"]


_HOUSEHOLD = re.compile(r"\blodger|\bmember of the household|\bliving in the (?:family )?(?:home|house)\b")


def _by_source(source: Finding, reading: Reading, outside: list[Sign]) -> Finding:
    words = " ".join(reading.text.folded[slice(*span)] for span in source.spans)
    if source.code == "known_unrelated" and _HOUSEHOLD.search(words + " " + _lead_words(reading)):
        return Finding("family", 0.6, source.spans)
    if source.code in FAMILY and not fostered(words, reading):
        return Finding("family", min(0.95, source.confidence + 0.03), source.spans)
    return Finding("community", min(0.95, source.confidence + 0.03), source.spans)


def _of_small_child(reading: Reading, outside: list[Sign]) -> Finding | None:
    """A child below eleven of whom nothing else is said is taken to have lived in a family."""
    ages = index_ages(reading)
    if not ages or outside or max(age.months_high for age, _ in ages) >= _ADOLESCENT:
        return None
    return _inferred(reading, 0.45, ((ages[0][0].start, ages[0][0].end),))


LESS_PLAIN = (1.0, 1.0, 0.8, 0.7, 0.6, 0.6)
"""What the confidence is multiplied by where the text tells who did it, where the child lived, merely names kin or a
family, or names them only in its learning."""


def _inferred(reading: Reading, sure: float, spans: tuple[tuple[int, int], ...]) -> Finding:
    """The family by the kind of harm: with the words that tell who was there, where any do."""
    text = reading.text.folded
    own = [span for span in spans if tells_of_family(text[slice(*span)])]
    if own:
        return Finding("family", sure, (own[0],))
    told = household(reading.text, spans[0] if spans else None)
    if told is None:
        return Finding("family", UNTOLD, spans)
    place, rank = told
    return Finding("family", round(sure * LESS_PLAIN[rank], 3), (place, *spans[:1]))


_PLACED = 0.75
"""The weight of cues for a placement outside the family."""


_AMONG = re.compile(
    r"\bwith (?:\w+ ){0,2}friends\b|\bat an? (?:\w+ )?(?:party|rave|festival|park)\b|"
    r"\bin (?:an?|the) (?:park|street|woods?)\b|\bstolen\b"
)


def _of_own_act(nature: Finding, outside: list[Sign], signs: Signs, reading: Reading) -> Finding | None:
    """A young person's own act is of the community where they lived outside a family, as even the learning "
    "may tell."""
    placed = [s for s in signs.of("incident_context") if s.code == "community" and s.match.cue.weight >= _PLACED]
    placed = [s for s in placed if not _discharged(s, reading)]
    living = [s for s in outside if s in placed] or [s for s in placed if s.sentence.section == "learning"]
    if living:
        return Finding("community", 0.75, (living[0].span,))
    among = _AMONG.search(_lead_words(reading))
    if nature.code == "risk_taking_or_violent_behaviour" and _ON_ANYONE.search(_lead_words(reading)):
        return Finding("community", 0.6, nature.spans)
    if nature.code in ("risk_taking_or_violent_behaviour", "other_maltreatment_related") and among:
        return Finding("community", 0.55, nature.spans)
    plain = [sign for sign in outside if sign.match.cue.weight >= PLAINLY]
    if nature.code == "risk_taking_or_violent_behaviour" and plain:
        return Finding("community", 0.55, (plain[0].span,))
    return _inferred(reading, 0.65, nature.spans)
