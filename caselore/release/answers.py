"""What proposers and coders say of a case goes in; one settled answer for every field put to it comes out.

Silence is an answer too: a field that was put to a case and got no code is `not_mentioned`, and a field that
was never put to it has no answer at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from caselore.records import STATUSES, AnswerState, Code, Evidence, Proposal, Status

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook, Field

FOLLOWS: Mapping[str, tuple[str, str]] = {
    "nature_of_death": ("outcome", "death"),
    "nature_of_harm": ("outcome", "serious_harm"),
}
"""A field that only applies where another field has a code; elsewhere it is `not_applicable`."""

OF_RECOMMENDATIONS: Mapping[str, str] = {
    "recommendation_type": "types",
    "addressee": "addressees",
    "smart": "smart",
}
"""Fields that speak of each recommendation; of the case, what any of its recommendations has holds."""

OF_SOURCES = frozenset({"source_type", "scale_band", "recommendation_level"})
"""Fields that silence does not answer: columns of the case, or told of each recommendation by itself."""

KINDS_PUT = ("choice", "multi", "sequence", "number")
"""Kinds of field that proposers fill; scales and matrices need a coder, and are put to a case by one only."""


FILLED_BY_MACHINES = ("machine", "both")
"""Who fills the fields that are put to every case; what only a person answers is put to a case by one."""

RELAYS = ("layer@",)
"""Proposers that repeat what was coded elsewhere, with the status that it has there."""


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """The settled answer of one case to one field; `codes` is empty unless the answer is ``present``."""

    field: str
    kind: str
    answer: AnswerState
    status: Status
    codes: tuple[Code, ...] = ()
    coder: str = ""


def rank(status: Status) -> int:
    """How far a status has come: 0 proposed, 1 validated, 2 adjudicated."""
    return STATUSES.index(status)


def weakest(statuses: Iterable[Status]) -> Status:
    """The least settled of some statuses; of none, ``proposed``."""
    return min(statuses, key=rank, default="proposed")


def fields_put(codebook: Codebook, asked: Iterable[str] | None = None) -> tuple[str, ...]:
    """The fields put to every case: those asked for, or all that a proposer can fill."""
    if asked is not None:
        return tuple(asked)
    return tuple(
        name
        for name, field in codebook.fields.items()
        if field.kind in KINDS_PUT and field.filled_by in FILLED_BY_MACHINES and name not in OF_SOURCES
    )


def answers(proposal: Proposal, codebook: Codebook, put: Iterable[str]) -> Mapping[str, FieldAnswer]:
    """One answer for each field of `put`, and for each further field that the proposal itself answers.

    To a coded layer nothing was put but what it answers itself.
    """
    said: dict[str, list[Code]] = {}
    for code in (*proposal.codes, *_of_sequence(proposal), *_of_recommendations(proposal)):
        said.setdefault(code.field, []).append(code)
    asked = () if _is_relayed(proposal) else put
    known = [name for name in dict.fromkeys((*asked, *said)) if _may_leave(name, codebook)]
    settled = {name: _settle(codebook.fields[name], name, said.get(name, [])) for name in known}
    for name, (other, needed) in FOLLOWS.items():
        if name in settled and other in settled:
            settled[name] = _follow(settled[name], settled[other], needed)
    return settled


def _may_leave(name: str, codebook: Codebook) -> bool:
    """A field of kind `text` holds a coder's words and stays in the store."""
    return name in codebook.fields and codebook.fields[name].kind != "text"


def _is_relayed(proposal: Proposal) -> bool:
    coders = [code.coder for code in proposal.codes]
    return bool(coders) and all(coder.startswith(RELAYS) for coder in coders)


def _of_sequence(proposal: Proposal) -> list[Code]:
    if any(code.field == "decision_type" for code in proposal.codes):
        return []
    return [
        Code("decision_type", step.decision_type, step.confidence, step.coder, step.evidence, step.status)
        for step in proposal.sequence
    ]


def _of_recommendations(proposal: Proposal) -> list[Code]:
    coded = {code.field for code in proposal.codes}
    return [
        Code(field, value, item.confidence, item.coder, (item.evidence,), item.status)
        for field, part in OF_RECOMMENDATIONS.items()
        if field not in coded
        for item in proposal.recommendations
        for value in getattr(item, part)
    ]


def _settle(field: Field, name: str, said: list[Code]) -> FieldAnswer:
    present = _merged([code for code in said if code.answer == "present" and code.code])
    other = max((c for c in said if c.answer != "present"), key=lambda c: rank(c.status), default=None)
    top = max((rank(code.status) for code in present), default=-1)
    if other is not None and (other.answer == "withheld" or rank(other.status) > top):
        return FieldAnswer(name, field.kind, other.answer, other.status, coder=other.coder)
    if not present:
        return FieldAnswer(name, field.kind, "not_mentioned", "proposed")
    if field.kind in ("choice", "number"):
        present = [max(present, key=lambda c: (rank(c.status), c.confidence))]
    order = {code: place for place, code in enumerate(field.codes)}
    if field.kind == "multi":
        present.sort(key=lambda code: (order.get(code.code, len(order)), code.code))
    return FieldAnswer(name, field.kind, "present", weakest(c.status for c in present), tuple(present))


def _merged(codes: list[Code]) -> list[Code]:
    """One code for each value: the furthest and surest, with everybody's evidence behind it."""
    best: dict[str, Code] = {}
    evidence: dict[str, dict[Evidence, None]] = {}
    for code in codes:
        evidence.setdefault(code.code, {}).update(dict.fromkeys(code.evidence))
        held = best.get(code.code)
        if held is None or (rank(code.status), code.confidence) > (rank(held.status), held.confidence):
            best[code.code] = code
    return [replace(code, evidence=tuple(evidence[value])) for value, code in best.items()]


def _follow(answer: FieldAnswer, other: FieldAnswer, needed: str) -> FieldAnswer:
    """`not_applicable` where the field that it follows says something else.

    What a person answered is not overruled by a field on which a machine has the last word.
    """
    if other.answer != "present" or any(code.code == needed for code in other.codes):
        return answer
    if rank(answer.status) > rank(other.status):
        return answer
    return FieldAnswer(answer.field, answer.kind, "not_applicable", other.status, coder=other.codes[0].coder)
