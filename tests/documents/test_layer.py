"""The coded layer: three forms, nothing lost, no name passed on, errors that say where and what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.documents.cases import cases
from caselore.documents.layer import Layer, LayerCase, case_spans, parse_layer
from caselore.documents.reader import read
from caselore.errors import LayerError

STEP = {"step": 1, "decision_type": "inspection", "agency": None}
CASE = {
    "case_id": "CASE-01",
    "source_type": "inquiry",
    "jurisdiction": "Nowhere",
    "year": 2019,
    "scale_band": "large",
    "source_ref": {
        "title": "An inquiry",
        "repository": "Northmarsh",
        "url": "https://example.org/1",
        "licence": "OGL v3.0",
    },
    "agencies": ["police"],
    "risk_indicators": [],
    "decisions": [STEP],
    "integrity_flags": ["information_not_shared"],
}
HEAD = {
    "schema_version": "1.0",
    "dataset_version": "1.0",
    "generated": "2026-01-01",
    "title": "Made for a test",
    "coder": "nobody",
    "anonymisation_note": "Fictional.",
}


def layer(*found: dict[str, Any], **head: Any) -> Layer:
    return parse_layer(json.dumps({**HEAD, **head, "cases": list(found)}), "made.json", "ab" * 32)


def published(case: LayerCase) -> dict[str, Any]:
    """A case of form 1.0 as it was published."""
    return {
        "case_id": case.case_id,
        "source_type": case.source_type,
        "jurisdiction": case.jurisdiction,
        "year": case.year,
        "scale_band": case.scale_band,
        "source_ref": dict(case.source_ref),
        "agencies": list(case.agencies),
        "risk_indicators": list(case.risk_indicators),
        "decisions": [
            {"step": each.step, "decision_type": each.decision_type, "agency": each.agency, **each.extra}
            for each in case.decisions
        ],
        "integrity_flags": list(case.integrity_flags),
        **case.extra,
    }


def test_form_10_is_kept_whole_with_what_is_unknown_in_it() -> None:
    odd = {**CASE, "colour": "blue", "decisions": [{**STEP, "step": 4, "place": "here"}]}
    made = layer(odd, mood="calm")
    assert made.form == "1.0"
    assert published(made.cases[0]) == odd
    assert made.extra == {"mood": "calm"}


def test_form_11_has_fields() -> None:
    made = layer({**CASE, "fields": {"outcome": {"answer": "present"}}, "status": "proposed"}, schema_version="1.1")
    assert made.form == "1.1"
    assert made.cases[0].fields == {"outcome": {"answer": "present"}}
    assert made.cases[0].status == "proposed"


def test_the_second_form_has_its_source_on_the_case() -> None:
    flat = {key: value for key, value in CASE.items() if key != "source_ref"}
    source = {"title": "A review", "publisher": "Westby", "url": "https://example.org/2", "licence": "OGL v3.0"}
    made = layer({**flat, **source, "case_id": "CASE-MARLOW-2016", "n_cases": 12, "note": "a note"})
    case = made.cases[0]
    assert made.form == "flat"
    assert (case.source.title, case.source.publisher, case.source.year) == ("A review", "Westby", 2019)
    assert (case.n_cases, case.note, case.extra) == (12, "a note", {})


@pytest.mark.parametrize(
    "name", ["CASE-MARLOW-2016", "MARLOW-2016", "Marlow", "case-ivy", "CASE-deadbeef", "", "1 Marlow"]
)
def test_an_id_that_could_be_a_name_is_never_passed_on(name: str) -> None:
    case = layer({**CASE, "case_id": name}, {**CASE, "case_id": "CASE-02"}).cases[0]
    assert case.renamed
    assert case.case_id.startswith("C-")
    assert "marlow" not in case.case_id.lower()
    assert case.case_id != layer({**CASE, "case_id": "CASE-02"}, {**CASE, "case_id": name}).cases[1].case_id


@pytest.mark.parametrize("name", ["CASE-01", "C12", "7", "SCR-3", "C-0f3b9a12"])
def test_an_id_of_prefix_and_digits_stays(name: str) -> None:
    assert layer({**CASE, "case_id": name}).cases[0].case_id == name


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"agencies": "police"}, "case 1 of the list 'cases', 'agencies': make it a list of code ids"),
        ({"year": "soon"}, "'year': write a whole number"),
        ({"decisions": [{"agency": "police"}]}, "step 1 of 'decisions'"),
        ({"source_ref": "a book"}, "'source_ref'"),
        ({"fields": []}, "'fields'"),
    ],
)
def test_an_error_names_the_case_the_key_and_the_mend(change: dict[str, Any], words: str) -> None:
    with pytest.raises(LayerError, match=r"made\.json, case 1") as error:
        layer({**CASE, **change})
    assert words in str(error.value)


@pytest.mark.parametrize("text", ["[]", "{", '{"cases": 3}', "[" * 100_000])
def test_what_is_no_layer_says_so(text: str) -> None:
    with pytest.raises(LayerError, match=r"made\.json"):
        parse_layer(text, "made.json", "ab")


ANY = st.recursive(st.text(max_size=8) | st.none(), lambda kids: st.lists(kids, max_size=3), max_leaves=6)


@given(st.lists(ANY.map(lambda value: {"cases": value, "note": '"cases": ['}), max_size=4), st.sampled_from([None, 2]))
def test_spans_hold_the_cases(found: list[Any], indent: int | None) -> None:
    value = {"note": '{["cases":[', "more": {"cases": [{}]}, "cases": found, "after": [{}]}
    text = json.dumps(value, indent=indent)
    assert [json.loads(text[a:b]) for a, b in case_spans(text)] == found


def test_content_overrules_the_suffix_and_each_case_has_its_place(tmp_path: Path) -> None:
    (tmp_path / "made.txt").write_text(
        json.dumps({**HEAD, "cases": [CASE, {**CASE, "case_id": "CASE-02"}]}), encoding="utf-8"
    )
    document = read(tmp_path / "made.txt")
    found = cases(document)
    assert [json.loads(document.text[each.start : each.end])["case_id"] for each in found] == ["CASE-01", "CASE-02"]
    assert [(each.title, each.year, each.source_type) for each in found] == [("An inquiry", 2019, "inquiry")] * 2


def test_the_real_layer_is_equal_in_content(shared: Path) -> None:
    path = shared / "seeds" / "000_2a1389819aab6e79.txt"
    document = read(path)
    made = parse_layer(document.text, document.name, document.sha256)
    original = json.loads(path.read_text(encoding="utf-8"))
    head = {key: getattr(made, key) for key in HEAD}
    assert {**head, **made.extra, "cases": [published(each) for each in made.cases]} == original
    assert len(cases(document)) == 11
    assert not any(each.renamed for each in made.cases)
