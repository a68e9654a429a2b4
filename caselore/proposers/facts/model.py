"""In: the cues for models of review. Out: the model by which a review was carried out, one of them.

A line "Model:" decides. Elsewhere a name counts where words such as "methodology" stand by it, and less.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from caselore.codebook.codebook import Codebook
from caselore.codebook.cues import regex
from caselore.proposers.facts.finding import Finding
from caselore.proposers.facts.reading import Reading
from caselore.proposers.facts.telling import LONG
from caselore.proposers.matcher import Match

NAMED = ("scie_learning_together", "silp", "partnership_learning_review", "child_practice_review")
RANK = ("hybrid", *NAMED, "thematic", "systems", "traditional", "other")
"""Where several are found in one place, the first of these stands."""

ELSEWHERE = 0.72
"""What a name beside a word for method counts outside a section on the model."""

_METHOD = re.compile(
    r"\b(?:model|methodolog\w+|approach|using|used|uses|carried out|conducted|undertaken|commissioned as|"
    r"based on|followed|follows|in line with|principles|framework|process)\b"
)
_NOT_THIS = re.compile(
    r"\b(?:previous|another|other|earlier|recent|national|published) (?:\w+ ){0,2}(?:review|scie|silp)|"
    r"\btraining\b|\btrained\b|\baccredited\b|\blead reviewer (?:is|has)\b"
)


@dataclass(frozen=True, slots=True)
class ModelCue:
    """A cue of the field review_model as an expression on folded text."""

    code: str
    weight: float
    pattern: re.Pattern[str]


def model_cues(codebook: Codebook) -> tuple[ModelCue, ...]:
    """The cues of the field, for the sections on terms of reference that other cues are not read in."""
    field = codebook.fields.get("review_model")
    return tuple(
        ModelCue(code.id, cue.weight, re.compile(regex(cue.pattern, codebook.thesaurus)))
        for code in (field.codes.values() if field else ())
        for cue in code.cues
        if code.id != "other"
    )


def review_model(reading: Reading, matches: tuple[Match, ...], cues: tuple[ModelCue, ...] = ()) -> Finding | None:
    """The model, or None where the text names none."""
    found = _in_terms_of_reference(reading, cues)
    for match in matches:
        if match.field != "review_model":
            continue
        sure = _sure(match, reading)
        if sure > 0 and (match.code not in found or sure > found[match.code].confidence):
            found[match.code] = Finding(match.code, sure, ((match.start, match.end),))
    return _decided(found) or _described(reading)


def _in_terms_of_reference(reading: Reading, cues: tuple[ModelCue, ...]) -> dict[str, Finding]:
    text, found = reading.text, dict[str, Finding]()
    for passage in reading.text.passages if _is_report(reading) else ():
        if passage.section != "model" or not _METHOD.search(text.folded, passage.start, passage.end):
            continue
        if _NOT_THIS.search(text.folded, passage.start, passage.end):
            continue
        for cue in cues:
            match = cue.pattern.search(text.folded, passage.start, passage.end)
            if match and not (cue.code == NAMED[0] and text.quote(*match.span()).islower()):
                found.setdefault(cue.code, Finding(cue.code, cue.weight * 0.9, (match.span(),)))
    return found


def _sure(match: Match, reading: Reading) -> float:
    text = reading.text
    words = text.quote(match.start, match.end)
    if match.code == "scie_learning_together" and words.islower():
        return 0.0
    sentence = text.folded[match.passage.start : match.passage.end]
    if match.passage.section == "model" and not _is_report(reading):
        return match.cue.weight
    if _NOT_THIS.search(sentence) or "negated" in match.stances:
        return 0.0
    if match.code in ("child_practice_review", "thematic") and match.start - text.case.start < 600:
        return 0.75
    if match.code == "other" or not _METHOD.search(sentence):
        return 0.0
    return match.cue.weight * (0.9 if match.passage.section == "model" else ELSEWHERE)


def _is_report(reading: Reading) -> bool:
    return reading.text.case.end - reading.text.case.start >= LONG


def _decided(found: dict[str, Finding]) -> Finding | None:
    if not found:
        return None
    top = max(finding.confidence for finding in found.values())
    strong = {code: finding for code, finding in found.items() if finding.confidence >= 0.6 * top}
    named = [code for code in NAMED if code in strong]
    if len(named) > 1 and "hybrid" not in strong:
        spans = tuple(span for code in named for span in strong[code].spans)
        return Finding("hybrid", 0.6, spans)
    return strong[next(code for code in RANK if code in strong)]


def _described(reading: Reading) -> Finding | None:
    """A summary's line "Model:" that names none of these describes another."""
    if _is_report(reading):
        return None
    for passage in reading.text.passages:
        if passage.section == "model" and passage.kind == "sentence" and passage.end - passage.start > 15:
            end = min(passage.end, passage.start + 80)
            return Finding("other", 0.55, ((passage.start, end),))
    return None
