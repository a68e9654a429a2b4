"""In: a reading, its signs and the outcome. Out: the year of the incident, not of the trial or the report."""

from __future__ import annotations

import re
from collections import defaultdict

from caselore.proposers.facts.dates import Date, dates
from caselore.proposers.facts.finding import Finding, Signs
from caselore.proposers.facts.outcome import of_index
from caselore.proposers.facts.reading import Reading, Told
from caselore.proposers.facts.telling import LONG

_COURT = re.compile(
    r"\b(?:dob|d\.o\.b|convict\w*|sentenc\w*|jail\w*|charg\w*|arrest\w*|trial|guilty|born|"
    r"publish\w*|commission\w*|inquest|opened|"
    r"commenced|concluded|covers|covering|period|acquitted|court|date of birth|birth of|imprison\w*|since|"
    r"until|prior to|before|held|took place|met|began)\b"
)
_COURT_AFTER = re.compile(
    r",?\s*(?:i\b|an? (?:inquest|investigation)|the (?:senior |assistant |area )?coroner).{0,40}(?:commenced|"
    r"opened|concluded)"
)


_FOUND_OUT = re.compile(
    r"\b(?:removed from|taken into care|admitted to|(?:taken|took (?:him|her|them|the \w+)) to (?:a |"
    r"the )?(?:hospital|a&e|accident)|presented (?:at|to)|(?:was|were|police) found|"
    r"date of (?:the )?(?:incident|death|injury|harm)|came to light|ambulance|became (?:a )?looked after|"
    r"gave birth|removal|(?:told|disclosed to) (?:an? |her |his |the |their )(?:\w+ )?(?:teacher|friend|"
    r"mother|school|"
    r"police|social worker|worker|nurse|counsellor))\b"
)
"""How a harm that lasted, or that was done in secret, came to be known: its date stands for the "
"incident's."""

SOON = 6
"""Sentences from the beginning in which that is told."""


def incident_year(reading: Reading, signs: Signs, outcome: str) -> Finding | None:
    """The year of the incident: a date beside the words for it; none where a period is given."""
    events: dict[int, list[int]] = defaultdict(list)
    for sign in signs.of("outcome"):
        if sign.match.cue.weight < 0.5:
            continue
        if (sign.code == outcome or sign.told is reading.lead) and of_index(sign, reading):
            events[sign.sentence.start].append(sign.match.end)
    found: list[Finding] = []
    lead = reading.lead
    for told in reading.told:
        near = _FOUND_OUT.finditer(reading.text.folded, told.sentence.start, told.sentence.end)
        if told.sentence.weight > 0.7 and told.sentence.order < SOON:
            events[told.sentence.start] += [match.end() for match in near]
        whole = dates(reading.text.folded, told.sentence.start, told.sentence.end)
        if told is lead and any(date.span for date in whole):
            return None
        if told is not lead and _ON_A_PLAN.search(reading.text.folded, told.sentence.start, told.sentence.end):
            continue
        for date in whole:
            sure = _sure(date, told, events.get(told.sentence.start, []), reading)
            if sure > 0:
                found.append(Finding(str(date.year), sure, ((date.start, date.end),)))
    surest = max(found, key=lambda each: each.confidence, default=None)
    return surest or _inquest_year(reading) or (_opening_year(reading) if outcome else _only_year(reading))


_ARRIVED = re.compile(
    r"\b(?:arriv|mov|came to|settl|emigrat|migrat|divorc|separat|marri|excluded|placed|"
    r"known to)\w*"
)
_ON_A_PLAN = re.compile(r"\bprotection (?:plan|register|conference)|\bin need\b|\blooked after since\b")


def _opening_year(reading: Reading) -> Finding | None:
    """The one year that the opening paragraph gives, where it is not that of a trial or a period."""
    lead = reading.lead
    if lead is None:
        return None
    opening = [told for told in reading.told if told.sentence.section == lead.sentence.section][:3]
    text, case = reading.text.folded, reading.text.case
    if lead.sentence.section not in ("incident", "front", "body") or case.end - case.start > LONG:
        return None
    found = [(date, told) for told in opening for date in dates(text, told.sentence.start, told.sentence.end)]
    if len({date.year for date, _ in found}) != 1:
        return None
    date, told = found[0]
    court = _COURT.search(text, max(told.sentence.start, date.start - 80), date.start)
    court = court or _ARRIVED.search(text, told.sentence.start, date.start)
    return None if date.span or court else Finding(str(date.year), 0.45, ((date.start, date.end),))


def _only_year(reading: Reading) -> Finding | None:
    """Where no harm is told, what the opening dates is the event, were it a charge in court."""
    lead = reading.lead
    found = dates(reading.text.folded, lead.sentence.start, lead.sentence.end) if lead else []
    return Finding(str(found[0].year), 0.5, ((found[0].start, found[0].end),)) if len(found) == 1 else None


_INQUEST = re.compile(
    r"\b(?:commenced|opened) an? (?:\w+ )?(?:investigation|inquest) into the (?:\w+ )?death|"
    r"\b(?:investigation|inquest) (?:into|was) [^.;]{0,80}(?:commenced|opened)"
)


def _inquest_year(reading: Reading) -> Finding | None:
    """A coroner opens an investigation within days or weeks of a death: without a date of death, that "
    "year."""
    for told in reading.told[:3]:
        if _INQUEST.search(reading.text.folded, told.sentence.start, told.sentence.end):
            first = next(iter(dates(reading.text.folded, told.sentence.start, told.sentence.end)), None)
            return Finding(str(first.year), 0.45, ((first.start, first.end),)) if first else None
    return None


def _sure(date: Date, told: Told, events: list[int], reading: Reading) -> float:
    text = reading.text.folded
    court = max(
        (m.start() for m in _COURT.finditer(text, max(told.sentence.start, date.start - 80), date.start)), default=-1
    )
    if date.span or (court >= 0 and not any(court < event <= date.start for event in events)):
        return 0.0
    if _COURT_AFTER.match(text, date.end) or (told is not reading.lead and not events):
        return 0.0
    near = min((abs(date.start - event) for event in events), default=0)
    if told is reading.lead:
        return (0.5 + 0.46 * told.sentence.weight) * (1.0 if near < 140 else 0.9)
    return (0.45 + 0.4 * told.sentence.weight) * (1.0 if near < 60 else 0.8 if near < 140 else 0.5)
