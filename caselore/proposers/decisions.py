"""In: the matches of the decision cues in one case. Out: its decisions in the order in which they were taken."""

from __future__ import annotations

from collections.abc import Iterable

from caselore.proposers.casetext import CaseText
from caselore.proposers.matcher import Match
from caselore.proposers.phrases import phrase
from caselore.records import Step

DECISIONS = "decision_type"


def sequence(text: CaseText, matches: Iterable[Match], *, coder: str) -> tuple[Step, ...]:
    """The steps of a case, each with the agency that took it."""
    found = [m for m in matches if m.field == DECISIONS]
    return tuple(
        Step(m.code, None, m.cue.weight, coder, (text.evidence(*phrase(text.text, m.passage, m.start, m.end)),))
        for m in found
    )
