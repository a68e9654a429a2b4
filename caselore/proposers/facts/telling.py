"""In: the text of a case. Out: the sentences that tell what happened, each with a weight from 0 to 1.

In a summary that is the opening paragraph; in a report of sixty pages, the introduction and whatever sections on the
incident and the background say of the child. What a statute or a committee would do with children is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from caselore.proposers.casetext import CaseText
from caselore.records import Passage

SECTION_WEIGHT: dict[str, float] = {
    "incident": 1.0,
    "front": 0.8,
    "body": 0.8,
    "background": 0.7,
    "model": 0.45,
    "analysis": 0.45,
    "keywords": 0.3,
    "learning": 0.2,
    "recommendations": 0.1,
    "appendix": 0.1,
}
"""How far a section speaks of the incident; sections not named here do not."""

IN_SUMMARY = {**SECTION_WEIGHT, "analysis": 0.7, "body": 1.0, "front": 0.9}
"""The same for a summary, whose "Key issues" tell of the family."""

IN_REPORT = {**SECTION_WEIGHT, "background": 0.9, "model": 0.5, "analysis": 0.4}
"""The same for a report, whose introduction and narrative the sections call background."""

LONG = 6000
"""Characters from which a case is a report and not a summary."""

MOST = 60
"""Sentences that are read closely."""

_FADE = 0.97
"""What each further sentence of a summary counts, as against the one before."""

SIGNAL = re.compile(
    r"\b(?:died|dead|death|deceased|killed|murder|homicide|suicide|hang(?:ed|ing)|injur|abuse|neglect|"
    r"assault|harm|aged|"
    r"years? old|year-old|month-old|week-old|born|convicted|guilty|charged|arrested|collaps|unresponsive|"
    r"cardiac|exploit|rape|stab|protection plan|protection register|unwell|hospital|fracture|overdose|drown)"
)
_EVENT = re.compile(
    r"\b(?:died|death of|was killed|murder|suicide|serious(?:ly)? (?:injur|harm)|non-accidental|was found|"
    r"year-old|"
    r"post-?mortem|convicted|charged with|found guilty|sentenced|years? old|months? old|weeks? old|aged \w+|"
    r"at the time of (?:his|her|their|the) (?:death|injur|incident))"
)
_SUBJECT = re.compile(
    r"\b(?:child|baby|infant|boy|girl|young person|sibling|twin|brother|sister|deceased|he|she|mr|ms|mrs)\b"
)
GENERIC = re.compile(
    r"\b(?:where|when|if|that) (?:a|any|the) (?:child|children|person|adult)s? (?:has |have |is |"
    r"may have )?(?:died|dies|been seriously)|"
    r"working together|statutory guidance|regulation \d|care act|domestic violence,? crime|criteria for|"
    r"a serious case review (?:is|must|should|takes)|terms of reference|children act|"
    r"serious case reviews (?:are|should|must)|"
    r"research|national (?:analysis|panel|study)|biennial|triennial|\bet al\b|"
    r"previous (?:serious case )?reviews?\b|"
    r"had (?:previously |already )?(?:published|undertaken|commissioned|completed) an? (?:\w+ ){0,3}review|"
    r"deaths?,? (?:or|and|,) (?:a )?serious|death, serious injury|died or (?:been|was|were) serious|"
    r"nationally|\be\.g\.|other (?:serious )?case reviews?|the purpose of"
)
"""Signs that a sentence speaks of children or reviews at large."""

_OF_GENERIC = (
    "died", "dies", "serious", "working together", "guidance", "regulation ", " act", "domestic violence",
    "criteria for", "terms of reference", "research", "national", "biennial", "triennial", "et al", "previous ",
    "review", "e.g.", "the purpose of", "death",
)  # fmt: skip
"""Words one of which each of those signs has: plain search is much faster than the expression."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at ``[start, end)``; `order` counts from 0, the opening of the telling."""

    start: int
    end: int
    section: str
    weight: float
    order: int


def telling(text: CaseText) -> tuple[Sentence, ...]:
    """The sentences that tell what happened, in the order of the text."""
    folded = text.folded
    title = text.case.title.strip().lower()
    passages = [p for p in text.passages if p.kind != "heading" and p.section in SECTION_WEIGHT]
    passages = [p for p in passages if p.start > text.case.start or text.quote(p.start, p.end).strip().lower() != title]
    if text.case.end - text.case.start < LONG:
        return _of_summary([p for p in passages if not _generic(folded, p)], folded)
    return _of_report(passages, folded)


def _generic(folded: str, passage: Passage) -> bool:
    words = folded[passage.start : passage.end]
    return any(word in words for word in _OF_GENERIC) and GENERIC.search(words) is not None


def _of_summary(passages: list[Passage], folded: str) -> tuple[Sentence, ...]:
    weight, kept = 1.0, []
    for order, passage in enumerate(passages[: MOST * 2]):
        kept.append(_sentence(passage, weight * IN_SUMMARY[passage.section], order))
        weight *= _FADE
    return tuple(kept)


def _of_report(passages: list[Passage], folded: str) -> tuple[Sentence, ...]:
    """The sentences of a long report that score highest: on the child, on the event, early, in a telling "
    "section."""
    size = max(len(passages), 1)
    scored: list[tuple[float, Passage]] = []
    for place, passage in enumerate(passages):
        if not SIGNAL.search(folded, passage.start, passage.end) or _generic(folded, passage):
            continue
        score = IN_REPORT[passage.section] * (1 - 0.75 * place / size)
        score *= 1.0 if _EVENT.search(folded, passage.start, passage.end) else 0.8
        score *= 1.0 if _SUBJECT.search(folded, passage.start, passage.end) else 0.8
        scored.append((score, passage))
    best = sorted(scored, key=lambda each: -each[0])[:MOST]
    ordered = sorted(best, key=lambda each: each[1].start)
    top = best[0][0] if best else 1.0
    return tuple(_sentence(passage, score / top, order) for order, (score, passage) in enumerate(ordered))


def _sentence(passage: Passage, weight: float, order: int) -> Sentence:
    return Sentence(passage.start, passage.end, passage.section, round(weight, 4), order)
