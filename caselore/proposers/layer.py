"""In: a coded-layer document and one of its cases. Out: its codes as a proposal, each with its place in the JSON.

A code is `validated` only where the layer itself says that a person validated it: in its `coder` statement, or
by the status of layer 1.1. Whoever coded the layer, the coder here is this proposer, because names stay behind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from caselore.codebook.codebook import Codebook
from caselore.documents.layer import Layer, LayerCase, parse_layer
from caselore.errors import LayerError
from caselore.proposers.casetext import CaseText
from caselore.records import (
    ANSWER_STATES,
    STATUSES,
    AnswerState,
    Code,
    Evidence,
    Proposal,
    Recommendation,
    Status,
    Step,
)

VERSION = "1.0"

FIELDS_10 = ("source_type", "scale_band", "agencies", "risk_indicators", "integrity_flags")
"""The codebook's fields that a case of layer 1.0 answers by itself; `decisions` is the sequence."""

SILENT = "the layer gives none"

_PERSON = r"(?:human|person|people|manual|hand|expert|clinician|researcher|analyst)s?"
_VALIDATED = re.compile(
    rf"\b{_PERSON}[- ](?:validat|verif|review|check|adjudicat|cod)|validating coder|adjudicated by"
    rf"|(?:validat|verifi|check|review|cod)ed by (?:a |an |the |two |one |\w+ independent )?{_PERSON}",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:not|no|never|without|un|non|awaiting|pending|before|yet|to be|should|needs?|lacks?)\b[- ](?:\w+[- ]){0,4}?"
    rf"(?:validat|verif|check|adjudicat|review|{_PERSON})|unvalidated|unverified|unchecked",
    re.IGNORECASE,
)


def says_validated(statement: str) -> bool:
    """Whether a layer's `coder` statement says that a person validated the codes.

    >>> says_validated("pass_A (human-validated extraction)"), says_validated("model; not yet human-validated")
    (True, False)
    """
    return bool(_VALIDATED.search(statement)) and not _NOT_YET.search(statement)


class LayerProposer:
    """The proposer ``layer``: it repeats what a coded layer says, and adds nothing."""

    id = f"layer@{VERSION}"

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook

    def propose(self, text: CaseText) -> Proposal:
        """The codes of one case of a layer. Raises LayerError where the case is none of the layer's."""
        document = text.document
        layer = _layer(document.text, document.name, document.sha256)
        found = next((case for case in layer.cases if case.start == text.case.start), None)
        if found is None:
            raise LayerError(
                f"{document.name} has no case of a coded layer at character {text.case.start}; divide it again."
            )
        return _Case(text, found, _status(layer, found), self._codebook).proposal()


@lru_cache(maxsize=2)
def _layer(text: str, name: str, sha256: str) -> Layer:
    """Parsed once for all of a document's cases."""
    return parse_layer(text, name, sha256)


def _status(layer: Layer, case: LayerCase) -> Status:
    """Of codes without a status of their own; a layer 1.1 that says none has none."""
    if layer.form == "1.1":
        return _known_status(case.status)
    return "validated" if says_validated(layer.coder) else "proposed"


def _known_status(status: object) -> Status:
    return next((known for known in STATUSES if known == status), "proposed")


@dataclass(frozen=True, slots=True)
class _Value:
    """A JSON value and where it stands; `of` is what it holds, by key or by position."""

    value: Any
    start: int
    end: int


@dataclass(frozen=True)
class _Case:
    text: CaseText
    case: LayerCase
    status: Status
    codebook: Codebook

    def proposal(self) -> Proposal:
        members = dict(_members(self.text.text, self.case.start))
        codes = [code for name, value in members.items() for code in self._answers(name, value)]
        for name, value in _members_of(self.text.text, members.get("fields")):
            codes += self._field(name, value)
        answered = {code.field for code in codes}
        if "jurisdiction" in members and self.case.jurisdiction:
            codes.append(self._code("jurisdiction", members["jurisdiction"]))
        sequence = tuple(self._steps(members.get("decisions")))
        if not sequence and "decisions" in members and "decision_type" not in answered:
            codes.append(self._silent("decision_type"))
        return Proposal(
            case=self.text.case,
            codes=tuple({(code.field, code.code): code for code in codes}.values()),
            sequence=sequence,
            recommendations=tuple(self._recommendations(members.get("recommendations"))),
        )

    def _answers(self, name: str, value: _Value) -> Iterator[Code]:
        """A key of the case that is a field of the codebook: one code, or a list of them."""
        if name not in self.codebook.fields or isinstance(value.value, dict):
            return
        found = list(_elements(self.text.text, value)) if isinstance(value.value, list) else [value]
        codes = [self._code(name, each) for each in found if _is_code(each.value)]
        yield from codes or [self._silent(name)]

    def _field(self, name: str, value: _Value) -> list[Code]:
        """A field of layer 1.1: its codes, each with its own status, or an answer state."""
        members = dict(_members_of(self.text.text, value))
        said = value.value if isinstance(value.value, dict) else {}
        codes = []
        for each in _elements(self.text.text, members.get("codes")):
            parts = dict(_members_of(self.text.text, each))
            if "code" in parts and _is_code(parts["code"].value):
                codes.append(self._code(name, parts["code"], each.value))
        answer = said.get("answer")
        if codes or answer not in ANSWER_STATES or answer == "present":
            return codes
        return [self._silent(name, answer=answer, status=_known_status(said.get("status")))]

    def _code(self, name: str, at: _Value, said: Mapping[str, Any] | None = None) -> Code:
        status, confidence = self._standing(said)
        return Code(name, str(at.value), confidence, LayerProposer.id, (self._place(at),), status)

    def _standing(self, said: Mapping[str, Any] | None) -> tuple[Status, float]:
        if said is None or "status" not in said:
            return self.status, 1.0
        confidence = said.get("confidence", 1.0)
        return _known_status(said["status"]), float(confidence) if isinstance(confidence, int | float) else 1.0

    def _silent(self, name: str, *, answer: AnswerState = "not_mentioned", status: Status | None = None) -> Code:
        return Code(name, "", 1.0, LayerProposer.id, (), status or self.status, answer, SILENT)

    def _steps(self, value: _Value | None) -> Iterator[Step]:
        for each in _elements(self.text.text, value):
            parts = dict(_members_of(self.text.text, each))
            status, confidence = self._standing(each.value)
            agency = each.value.get("agency") or None
            place = (self._place(parts["decision_type"]),)
            yield Step(each.value["decision_type"], agency, confidence, LayerProposer.id, place, status)

    def _recommendations(self, value: _Value | None) -> Iterator[Recommendation]:
        """Those of layer 1.1, which say no words: the evidence is their object in the JSON."""
        for number, each in enumerate(_elements(self.text.text, value), 1):
            if not isinstance(each.value, dict):
                continue
            status, confidence = self._standing(each.value)
            lists = {key: _strings(each.value.get(key)) for key in ("types", "addressees", "smart")}
            yield Recommendation(
                label=str(number),
                evidence=self._place(each),
                level=str(each.value.get("level") or ""),
                time_frame="stated" if each.value.get("time_frame") else "",
                confidence=confidence,
                coder=LayerProposer.id,
                status=status,
                **lists,
            )

    def _place(self, at: _Value) -> Evidence:
        quoted = 1 if isinstance(at.value, str) else 0
        return self.text.evidence(at.start + quoted, at.end - quoted)


def _is_code(value: object) -> bool:
    return bool(value) if isinstance(value, str) else isinstance(value, int | float) and not isinstance(value, bool)


def _strings(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _members_of(text: str, value: _Value | None) -> Iterator[tuple[str, _Value]]:
    return _members(text, value.start) if value and isinstance(value.value, dict) else iter(())


def _members(text: str, start: int) -> Iterator[tuple[str, _Value]]:
    """The members of the JSON object at `start`, which is known to be valid."""
    at = _skip(text, start + 1)
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        value, end = _DECODER.raw_decode(text, at)
        yield key, _Value(value, at, end)
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at


def _elements(text: str, value: _Value | None) -> Iterator[_Value]:
    """The elements of a JSON list, each with its place."""
    if value is None or not isinstance(value.value, list):
        return
    at = _skip(text, value.start + 1)
    while text[at] != "]":
        element, end = _DECODER.raw_decode(text, at)
        yield _Value(element, at, end)
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at
