"""In: a reading. Out: whether its opening tells of an accident, or of what a young person did to himself or herself.

Words for injuries are the same in all three; without this a child who fell from a window was taken for a beaten child.
"""

from __future__ import annotations

import re

from caselore.proposers.facts.reading import Reading
from caselore.proposers.facts.subjects import index_ages

_ACCIDENT = re.compile(
    r"\b(?:fell|fallen|falling|falls?) (?:\w+ ){0,3}?(?:from|out of|down|through|into|in the home)\b|"
    r"\baccident(?:al|ally)?\b(?! and emergency)|\bhit by an? |\bhouse fire\b|"
    r"\bsmoke inhalation\b|\bcarbon monoxide\b|\bnear[- ]drown\w+|"
    r"\b(?:ingest\w+|swallow\w+) (?:of )?(?:\w+ ){0,2}?"
    r"(?:methadone|heroin|cocaine|drugs|cannabis|tablets|medication)\b|"
    r"\b(?:dog|car|train|lorry|bus|vehicle|road traffic)\b[^.;]{0,15}\b(?:bites?|attack|collision|accident)"
)
_INFLICTED = re.compile(
    r"(?<!\w)(?:non[- ]accidental|inflicted|assault\w*|deliberate\w*|intentional\w*|thrown|threw|pushed|shak\w+|"
    r"beat\w*|(?<!domestic )(?<!substance )(?<!alcohol )(?<!drug )abuse[dr]?|attempted|jumped|explanation|"
    r"at the hands of|suspected|alleged\w*|unexplained|cruelty|convicted|guilty|said to)\b"
)
_UNWATCHED = re.compile(
    r"\b(?:unattended|unsupervised|supervision|alone|asleep|under the influence|drunk|intoxicated|"
    r"methadone|heroin|cocaine|cannabis|using (?:amphet\w+|heroin|drugs|cocaine|crack)|drinking|neglect\w*|left)\b"
)
_OWN_HAND = re.compile(
    r"\b(?:attempt\w* (?:at )?(?:suicide|hanging|to (?:take|end|kill|hang))|suicide attempt|"
    r"tried to (?:kill|hang) (?:him|her)self|self-harm\w*|overdose)\b"
)


def mishap(reading: Reading) -> str:
    """The kind of harm where the opening tells of an accident that nobody meant, neglect or other; else none."""
    lead, text = reading.lead, reading.text.folded
    if lead is None or not _ACCIDENT.search(text, lead.sentence.start, lead.sentence.end):
        return ""
    opening = [told.sentence for told in reading.told if told.sentence.section == lead.sentence.section][:3]
    if any(_INFLICTED.search(text, each.start, each.end) for each in opening):
        return ""
    return "neglect" if any(_UNWATCHED.search(text, each.start, each.end) for each in opening) else "other"


def own_act(reading: Reading, youngest: float) -> bool:
    """Whether the first sentence tells what a young person of at least `youngest` months did to himself or herself."""
    lead, text = reading.lead, reading.text.folded
    ages = [age.months_low for age, _ in index_ages(reading)]
    grown = not ages or min(ages) >= youngest
    return bool(lead and grown and _OWN_HAND.search(text, lead.sentence.start, lead.sentence.end))
