"""A coded layer is repeated, code by code, with its place in the JSON and the standing it claims for itself."""

from __future__ import annotations

import hashlib
import json

import pytest

from caselore.codebook.codebook import Codebook, CodeDefinition, Field
from caselore.documents.cases import cases
from caselore.documents.layer import MEDIA_TYPE
from caselore.errors import LayerError
from caselore.proposers.casetext import CaseText
from caselore.proposers.layer import LayerProposer, says_validated
from caselore.records import Case, Document, Proposal


def book() -> Codebook:
    kinds = {"agencies": "multi", "outcome": "choice", "children": "number", "integrity_flags": "multi"}
    known = {"police": CodeDefinition("police", "police", "invented", "test")}
    return Codebook({name: Field(name, name, kind, "fictional", codes=known) for name, kind in kinds.items()}, {}, {})


def read(case: dict, **head: str) -> tuple[Document, Proposal]:
    text = json.dumps({"schema_version": "1.0", **head, "cases": [{"case_id": "CASE-1", **case}]}, indent=1)
    document = Document("a.json", MEDIA_TYPE, hashlib.sha256(text.encode()).hexdigest(), text, "layer@1")
    (only,) = cases(document)
    return document, LayerProposer(book()).propose(CaseText(document, only))


def test_codes_have_their_place_in_the_json():
    document, proposal = read({"source_type": "SCR", "note": '"police", she said', "agencies": ["police"]})
    (code,) = proposal.codes
    assert (code.field, code.code, code.coder) == ("agencies", "police", "layer@1.0")
    (evidence,) = code.evidence
    assert document.text[evidence.start : evidence.end] == evidence.quote == "police"
    assert evidence.start > document.text.index('"agencies"')


def test_an_empty_list_is_an_answer_and_a_missing_one_is_none():
    _, proposal = read({"agencies": []})
    assert [(code.field, code.answer) for code in proposal.codes] == [("agencies", "not_mentioned")]


def test_decisions_keep_their_order_and_the_agency_or_none():
    document, proposal = read(
        {
            "decisions": [
                {"step": 1, "decision_type": "b", "agency": "x"},
                {"step": 2, "decision_type": "a", "agency": None},
            ]
        }
    )
    assert [(step.decision_type, step.agency) for step in proposal.sequence] == [("b", "x"), ("a", None)]
    assert all(document.text[e.start : e.end] == e.quote for step in proposal.sequence for e in step.evidence)


def test_further_fields_and_numbers_are_taken_up():
    _, proposal = read({"outcome": "death", "children": 2, "own_key": "kept out"})
    assert [(code.field, code.code) for code in proposal.codes] == [("outcome", "death"), ("children", "2")]


def test_layer_1_1_has_a_status_for_each_code():
    said = [{"code": "police", "status": "adjudicated", "confidence": 0.5, "evidence": []}]
    fields = {
        "agencies": {"answer": "present", "status": "adjudicated", "codes": said},
        "outcome": {"answer": "withheld", "status": "validated", "codes": []},
    }
    _, proposal = read({"agencies": ["police"], "fields": fields}, schema_version="1.1", coder="human-validated")
    told = {(code.field, code.answer, code.status, code.confidence) for code in proposal.codes}
    assert told == {("agencies", "present", "adjudicated", 0.5), ("outcome", "withheld", "validated", 1.0)}


def test_recommendations_of_layer_1_1_are_taken_up_without_words():
    item = {"number": 1, "types": ["training"], "addressees": [], "level": "x", "smart": [], "time_frame": True,
            "status": "validated", "confidence": 1, "coder": "coder-1"}  # fmt: skip
    document, proposal = read({"recommendations": [item]}, schema_version="1.1")
    (found,) = proposal.recommendations
    assert (found.types, found.level, found.status, found.coder) == (("training",), "x", "validated", "layer@1.0")
    assert document.text[found.evidence.start : found.evidence.end] == found.evidence.quote


@pytest.mark.parametrize(
    ("statement", "validated"),
    [
        ("pass A (human-validated extraction; an analyst acting as validating coder over the model proposal)", True),
        ("model proposal, validated by two researchers", True),
        ("coded by hand", True),
        ("adjudicated by a panel", True),
        ("model proposal", False),
        ("", False),
        ("model proposal, not human-validated", False),
        ("model proposal awaiting human validation", False),
        ("rules@1.0; to be validated by a person", False),
        ("unvalidated model output", False),
        ("no human has validated these codes", False),
        ("machine-validated", False),
    ],
)
def test_only_a_plain_statement_makes_codes_validated(statement: str, validated: bool):
    assert says_validated(statement) is validated
    _, proposal = read({"agencies": ["police"]}, coder=statement)
    assert proposal.codes[0].status == ("validated" if validated else "proposed")


def test_the_coders_name_stays_behind():
    _, proposal = read({"agencies": ["police"]}, coder="Zebedee Quux, human-validated")
    assert "Zebedee" not in repr(proposal)


def test_a_case_that_the_layer_does_not_have_is_refused():
    document, _ = read({"agencies": ["police"]})
    with pytest.raises(LayerError, match="divide it again"):
        LayerProposer(book()).propose(CaseText(document, Case("", "a.json", document.sha256, 1, 9)))
