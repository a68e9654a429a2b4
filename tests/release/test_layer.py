"""Layers are written as they were read, and what is no layer is refused in words a user can act on."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from caselore.documents.layer import parse_layer
from caselore.errors import LayerError
from caselore.release.layer_file import coder_statement, layer_json, validate

LAYER = {
    "schema_version": "1.0",
    "dataset_version": "1.0",
    "generated": "2031-01-01",
    "title": "An invented layer",
    "coder": "invented",
    "anonymisation_note": "invented",
    "cases": [
        {
            "case_id": f"CASE-0{number}",
            "source_type": "SCR",
            "jurisdiction": "England",
            "year": 2030,
            "scale_band": "single",
            "source_ref": {"title": "Child Q", "repository": "Cumbria", "url": "", "licence": ""},
            "agencies": ["police"],
            "risk_indicators": [],
            "decisions": [{"step": 1, "decision_type": "assessment", "agency": None}],
            "integrity_flags": [],
        }
        for number in (1, 2)
    ],
}


def changed(**case: object) -> dict:
    layer = copy.deepcopy(LAYER)
    layer["cases"][1].update(case)
    return layer


def test_a_layer_is_written_as_it_was_read():
    text = json.dumps(LAYER)
    assert layer_json(parse_layer(text, "a.json", "ab" * 32)) == LAYER


def test_the_published_layer_is_written_as_it_was_read(shared: Path):
    text = next((shared / "seeds").glob("000_*")).read_text("utf-8")
    again = layer_json(parse_layer(text, "000", "ab" * 32))
    assert again == json.loads(text)
    validate(again, name="000")


def test_a_layer_with_the_citation_on_the_case_keeps_its_form():
    flat = copy.deepcopy(LAYER)
    for case in flat["cases"]:
        case |= {"title": "Child Q", "publisher": "Cumbria", "n_cases": 3, "note": "invented", "own": 1}
        del case["source_ref"]
    assert layer_json(parse_layer(json.dumps(flat), "a.json", "ab" * 32)) == flat


def test_a_valid_layer_passes():
    validate(LAYER, name="a.json")


@pytest.mark.parametrize(
    ("layer", "says"),
    [
        ([], "add it"),
        ({"cases": []}, "add it"),
        ({"schema_version": "9"}, "one of 1.0, 1.1"),
        ({"schema_version": "1.0"}, "the top of the file: add"),
        (changed(year="soon"), r"case 2, 'year': make it integer, null\."),
        (changed(agencies=["police", "police"]), "case 2, 'agencies': name each code once"),
        (changed(agencies=["The police"]), "case 2, 'agencies' > 1: write it in the form"),
        (changed(narrative="Once upon a time"), "case 2: take out the keys"),
        (changed(decisions=[{"step": 0, "decision_type": "a", "agency": None}]), "number from 1"),
        (changed(scale_band="huge"), "write one of single, small"),
    ],
)
def test_what_is_no_layer_is_refused_with_place_and_mend(layer, says: str):
    with pytest.raises(LayerError, match=says):
        validate(layer, name="a.json")


def test_a_refusal_does_not_repeat_what_may_be_a_name():
    with pytest.raises(LayerError) as refused:
        validate(changed(agencies=["Zebedee Quux"]), name="a.json")
    assert "Zebedee" not in str(refused.value)


def test_a_draft_cannot_be_read_as_validated():
    from caselore.proposers.layer import says_validated

    assert not says_validated(coder_statement(["rules@1.0"], draft=True))
    assert says_validated(coder_statement(["coder-1"], draft=False))
