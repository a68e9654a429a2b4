"""In: a case and what the rules proposed of it. Out: for each code how sure they are, how often and in which stance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from caselore.codebook.codebook import Codebook
from caselore.proposers.casetext import CaseText
from caselore.proposers.matcher import matches_in
from caselore.proposers.rules import own_fields
from caselore.records import Proposal

Key = tuple[str, str]
"""Field and code."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What the rules say of one code: confidence, number of matches, share of them not told as plain fact."""

    confidence: float
    matches: int = 0
    doubtful: float = 0.0


def signals(text: CaseText, proposal: Proposal, codebook: Codebook) -> Mapping[Key, Signal]:
    """The signals of every code that was proposed; a fact that came from no cue counts its quotations as matches."""
    told: dict[Key, list[bool]] = defaultdict(list)
    for match in matches_in(text, codebook, own_fields(codebook)):
        told[match.field, match.code].append(match.plain_fact)
    out: dict[Key, Signal] = {}
    for code in proposal.codes:
        if code.answer == "present":
            plain = told.get((code.field, code.code)) or [True] * len(code.evidence)
            doubtful = 1 - sum(plain) / len(plain) if plain else 0.0
            out[code.field, code.code] = Signal(code.confidence, len(plain), doubtful)
    return out
