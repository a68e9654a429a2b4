"""The JSON Lines of `caselore propose`: one line a case, written here and read back here.

Keys that the architecture fixes: ``case`` (title, document, sha256, start, end), ``codes`` (field, code,
confidence, proposer, evidence) and ``sequence`` (decision_type, agency, evidence). Beside these a line holds what
is needed to rebuild the `Proposal` whole, so that a line and a proposal say the same.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from caselore.errors import EvaluationError
from caselore.records import Case, Code, Evidence, Proposal, Recommendation, Source, Step


def to_line(proposal: Proposal) -> dict[str, Any]:
    """The proposal as the object of one line."""
    text_sha256, reader = _reading(proposal)
    return {
        "case": {**_without_empty(asdict(proposal.case)), "text_sha256": text_sha256, "reader": reader},
        "codes": [_code(code) for code in proposal.codes],
        "sequence": [_step(step) for step in proposal.sequence],
        "recommendations": [_recommendation(each) for each in proposal.recommendations],
    }


def from_line(line: str, *, place: str = "the line") -> Proposal:
    """The proposal of one line; `place` names it in an `EvaluationError` when it has not the form above."""
    try:
        data = json.loads(line)
        case = dict(data["case"])
        reading = (case["sha256"], case.pop("text_sha256", ""), case.pop("reader", ""))
        source = Source(**case.pop("source", {}))
        return Proposal(
            case=Case(**case, source=source),
            codes=tuple(_read_code(each, reading) for each in data["codes"]),
            sequence=tuple(_read_step(each, reading) for each in data["sequence"]),
            recommendations=tuple(_read_recommendation(each, reading) for each in data.get("recommendations", ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(
            f"{place} is not a proposal ({type(error).__name__}: {error}); write the file with 'caselore propose'."
        ) from None


def _reading(proposal: Proposal) -> tuple[str, str]:
    """The hash and the reader of the text that all evidence of a proposal stands in."""
    spans = (evidence for group in (proposal.codes, proposal.sequence) for each in group for evidence in each.evidence)
    first = next(spans, None) or next((each.evidence for each in proposal.recommendations), None)
    return (first.text_sha256, first.reader) if first else ("", "")


def _without_empty(record: dict[str, Any]) -> dict[str, Any]:
    source = {key: value for key, value in record["source"].items() if value not in ("", None)}
    return {**{key: value for key, value in record.items() if value is not None}, "source": source}


def _span(evidence: Evidence) -> dict[str, Any]:
    return {"start": evidence.start, "end": evidence.end, "quote": evidence.quote}


def _code(code: Code) -> dict[str, Any]:
    line: dict[str, Any] = {
        "field": code.field,
        "code": code.code,
        "confidence": round(code.confidence, 4),
        "proposer": code.coder,
        "status": code.status,
        "evidence": [_span(each) for each in code.evidence],
    }
    if code.answer != "present":
        line["answer"] = code.answer
    if code.reason:
        line["reason"] = code.reason
    return line


def _step(step: Step) -> dict[str, Any]:
    return {
        "decision_type": step.decision_type,
        "agency": step.agency,
        "confidence": round(step.confidence, 4),
        "proposer": step.coder,
        "status": step.status,
        "evidence": [_span(each) for each in step.evidence],
    }


def _recommendation(each: Recommendation) -> dict[str, Any]:
    line = asdict(each)
    line["evidence"] = [_span(each.evidence)]
    line["proposer"] = line.pop("coder")
    return line


def _evidence(spans: list[dict[str, Any]], reading: tuple[str, str, str]) -> tuple[Evidence, ...]:
    return tuple(Evidence(*reading, start=each["start"], end=each["end"], quote=each["quote"]) for each in spans)


def _read_code(line: dict[str, Any], reading: tuple[str, str, str]) -> Code:
    return Code(
        field=line["field"],
        code=line["code"],
        confidence=float(line["confidence"]),
        coder=line["proposer"],
        evidence=_evidence(line["evidence"], reading),
        status=line.get("status", "proposed"),
        answer=line.get("answer", "present"),
        reason=line.get("reason", ""),
    )


def _read_step(line: dict[str, Any], reading: tuple[str, str, str]) -> Step:
    return Step(
        decision_type=line["decision_type"],
        agency=line["agency"],
        confidence=float(line.get("confidence", 1.0)),
        coder=line.get("proposer", ""),
        evidence=_evidence(line["evidence"], reading),
        status=line.get("status", "proposed"),
    )


def _read_recommendation(line: dict[str, Any], reading: tuple[str, str, str]) -> Recommendation:
    (evidence,) = _evidence(line["evidence"], reading)
    return Recommendation(
        label=line["label"],
        evidence=evidence,
        types=tuple(line["types"]),
        addressees=tuple(line["addressees"]),
        level=line["level"],
        smart=tuple(line["smart"]),
        time_frame=line["time_frame"],
        confidence=float(line["confidence"]),
        coder=line["proposer"],
        status=line["status"],
    )
