"""A proposal and where it comes from go in; one case of the coded layer 1.1 comes out, with no text in it.

A case of layer 1.1 is a case of layer 1.0 and more: `fields` holds every answer with its status, coder and
evidence (sha256 and offsets, never words), `documents` what was read and by which reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from caselore.records import Case, Code, Document, Evidence, Proposal, Recommendation, Step
from caselore.release.answers import FieldAnswer, answers, weakest
from caselore.release.deidentify import Citation, cite

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook

LayerJSON = dict[str, Any]

LISTS_10 = ("agencies", "risk_indicators", "integrity_flags")
"""The multiple fields that stand on a case of layer 1.0 by themselves."""

KEYS_10 = (
    "case_id",
    "source_type",
    "jurisdiction",
    "year",
    "scale_band",
    "source_ref",
    "agencies",
    "risk_indicators",
    "decisions",
    "integrity_flags",
)
"""The keys of a case of layer 1.0, in the order in which they are published."""

KEYS_11 = (*KEYS_10, "n_cases", "status", "documents", "fields", "recommendations")
"""The keys of a case of layer 1.1."""

JURISDICTIONS: Mapping[str, str] = {
    "CSPR": "England",
    "LCSPR": "England",
    "CPR": "Wales",
    "SCaseR": "Scotland",
    "PFD": "England & Wales",
}
"""Where a kind of review exists in one jurisdiction only; elsewhere the source has to say it."""


def layer_case(
    document: Document, proposal: Proposal, *, codebook: Codebook, put: Iterable[str], case_id: str = ""
) -> tuple[LayerJSON, Citation]:
    """The case as layer 1.1, and the citation as masked. `document` may come without its text."""
    settled = answers(proposal, codebook, put)
    case, cited = proposal.case, citation(document, proposal.case)
    fields = {name: _field(answer) for name, answer in settled.items() if name != "jurisdiction"}
    made = {
        "case_id": case_id,
        "source_type": _source_type(case, settled),
        "jurisdiction": _jurisdiction(proposal, settled),
        "year": case.year or case.source.year or document.source.year,
        "scale_band": _single(settled, "scale_band"),
        "source_ref": {
            "title": cited.title,
            "repository": cited.publisher,
            "url": cited.url,
            "licence": cited.licence,
        },
        "n_cases": case.n_cases,
        "status": weakest(answer.status for answer in settled.values()),
        "documents": [_document(document, proposal)],
        **{name: [code["code"] for code in fields.get(name, {}).get("codes", ())] for name in LISTS_10},
        "decisions": [_step(number, step) for number, step in enumerate(proposal.sequence, 1)],
        "fields": fields,
        "recommendations": [_recommendation(n, item) for n, item in enumerate(proposal.recommendations, 1)],
    }
    return made, cited


def citation(document: Document, case: Case) -> Citation:
    """The public citation of a case, masked; what the case does not say its document says."""
    own, whole = case.source, document.source
    return cite(
        title=case.title or own.title or whole.title,
        publisher=own.publisher or whole.publisher,
        licence=own.licence or whole.licence,
        url=own.url or whole.url,
    )


def case_10(case: Mapping[str, Any]) -> LayerJSON:
    """A case of layer 1.1 cut down to layer 1.0."""
    kept = {key: case[key] for key in KEYS_10}
    kept["decisions"] = [{key: step[key] for key in ("step", "decision_type", "agency")} for step in case["decisions"]]
    return kept


def _source_type(case: Case, settled: Mapping[str, FieldAnswer]) -> str:
    """What coders say, if they are sure of more than the reader is."""
    coded = settled.get("source_type")
    if coded and coded.codes and (case.source_type == "other" or coded.status != "proposed"):
        return coded.codes[0].code
    return case.source_type


def _jurisdiction(proposal: Proposal, settled: Mapping[str, FieldAnswer]) -> str:
    said = [code.code for code in proposal.codes if code.field == "jurisdiction"]
    return said[0] if said else JURISDICTIONS.get(_source_type(proposal.case, settled), "")


def _single(settled: Mapping[str, FieldAnswer], name: str) -> str:
    return settled[name].codes[0].code if name in settled and settled[name].codes else ""


def _document(document: Document, proposal: Proposal) -> LayerJSON:
    """The text's hash comes from the evidence: the document itself may have left its text behind."""
    seen = _all_evidence(proposal)
    own = [item for item in seen if item.sha256 == document.sha256]
    text = own[0].text_sha256 if own else document.text_sha256 if document.text else ""
    return {"sha256": document.sha256, "text_sha256": text, "reader": document.reader}


def _all_evidence(proposal: Proposal) -> Sequence[Evidence]:
    said: tuple[Code | Step, ...] = (*proposal.codes, *proposal.sequence)
    return [e for item in said for e in item.evidence] + [item.evidence for item in proposal.recommendations]


def _field(answer: FieldAnswer) -> LayerJSON:
    return {
        "kind": answer.kind,
        "answer": answer.answer,
        "status": answer.status,
        "coder": answer.coder,
        "codes": [_code(code) for code in answer.codes],
    }


def _code(code: Code) -> LayerJSON:
    return {"code": code.code, **_standing(code)}


def _standing(item: Code | Step) -> LayerJSON:
    return {
        "status": item.status,
        "confidence": round(item.confidence, 4),
        "coder": item.coder,
        "evidence": [_place(evidence) for evidence in item.evidence],
    }


def _place(evidence: Evidence) -> LayerJSON:
    return {"sha256": evidence.sha256, "start": evidence.start, "end": evidence.end}


def _step(number: int, step: Step) -> LayerJSON:
    return {
        "step": number,
        "decision_type": step.decision_type,
        "agency": step.agency or None,
        **_standing(step),
    }


def _recommendation(number: int, item: Recommendation) -> LayerJSON:
    return {
        "number": number,
        "types": list(item.types),
        "addressees": list(item.addressees),
        "level": item.level,
        "smart": list(item.smart),
        "time_frame": bool(item.time_frame),
        "status": item.status,
        "confidence": round(item.confidence, 4),
        "coder": item.coder,
        "evidence": [_place(item.evidence)],
    }
