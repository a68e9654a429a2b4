"""The facts of the front sheet: tables of fictional openings, a long report, what must hold of every proposal."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from caselore.codebook.codebook import load
from caselore.documents.sections import sections
from caselore.proposers.casetext import CaseText
from caselore.proposers.facts import Facts
from caselore.records import Case, Document, Proposal

HERE = Path(__file__).parent
FACTS = Facts(load("case_facts"))
COLUMNS = {
    "outcome": "outcome",
    "age": "child_age_band",
    "gender": "child_gender",
    "children": "children",
    "year": "incident_year",
    "death": "nature_of_death",
    "harm": "nature_of_harm",
    "source": "source_of_harm",
    "context": "incident_context",
    "plan": "child_protection_plan",
    "model": "review_model",
}
DEFAULTS = {
    "outcome": "other",
    "nature_of_death": "not_clear",
    "nature_of_harm": "other",
    "source_of_harm": "not_clear",
    "incident_context": "not_clear",
    "child_protection_plan": "not_stated",
    "review_model": "not_stated",
}
LISTED = ("child_age_band", "child_gender")


def case_text(text: str, title: str = "", source_type: str = "other") -> CaseText:
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = Document("made up", "text/plain", digest, text, "plain@1", (), sections(text, ()))
    return CaseText(document, Case(title, "made up", digest, 0, len(text), source_type))


def found(proposal: Proposal, field: str) -> Any:
    codes = [code for code in proposal.codes if code.field == field]
    if field in LISTED:
        return sorted(code.code for code in codes)
    best = max(codes, key=lambda code: code.confidence, default=None)
    return best.code if best else DEFAULTS.get(field)


def wanted(value: Any, field: str) -> Any:
    if field in LISTED:
        return sorted(value or [])
    return DEFAULTS.get(field) if value is None else str(value)


def rows(name: str) -> list[Any]:
    table = yaml.safe_load((HERE / name).read_text("utf-8"))
    return [pytest.param(row, id=f"{name}-{n}") for n, row in enumerate(table)]


TABLES = (
    "facts",
    "facts_second",
    "facts_third",
    "facts_fourth",
    "facts_fifth",
    "facts_sixth",
    "facts_seventh",
    "facts_eighth",
    "facts_ninth",
)


@pytest.mark.parametrize("row", [row for table in TABLES for row in rows(f"{table}.yaml")])
def test_an_opening_gives_the_facts_of_its_row(row: dict[str, Any]) -> None:
    proposal = FACTS.propose(case_text(row["text"], row.get("title", ""), row.get("source_type", "other")))
    short = set(row.get("falls_short", ()))
    wrong = {
        column
        for column, value in row["facts"].items()
        if found(proposal, COLUMNS[column]) != wanted(value, COLUMNS[column])
    }
    assert wrong == short


def test_a_long_report_is_read_for_its_child_and_not_for_others() -> None:
    proposal = FACTS.propose(case_text((HERE / "long_report.md").read_text("utf-8"), "Child Q7"))
    assert {field: found(proposal, field) for field in COLUMNS.values() if field != "nature_of_harm"} == {
        "outcome": "death",
        "child_age_band": ["under_1"],
        "child_gender": ["male"],
        "children": "1",
        "incident_year": "2014",
        "nature_of_death": "fatal_physical_abuse",
        "source_of_harm": "mothers_partner_or_father_figure",
        "incident_context": "family",
        "child_protection_plan": "not_stated",
        "review_model": "silp",
    }


def test_the_age_is_given_in_months_too() -> None:
    proposal = FACTS.propose(case_text("Death of a 2-year-11-month-old girl in 2010."))
    assert found(proposal, "child_age") == "35"


def test_a_word_that_a_researcher_adds_to_the_codebook_is_understood(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "book: own\nversion: 1.0.0\ntitle: Own words\nabout: Ours.\nsource: ours\nfields:\n  source_of_harm:\n"
        "    codes:\n      known_unrelated:\n        cues: [scoutmaster]\n",
        "utf-8",
    )
    text = case_text("Sexual abuse of a 9-year-old boy by a scoutmaster in 2011.")
    assert found(FACTS.propose(text), "source_of_harm") == "not_clear"
    assert found(Facts(load("case_facts", tmp_path / "own.yaml")).propose(text), "source_of_harm") == "known_unrelated"


@given(st.lists(st.sampled_from(yaml.safe_load((HERE / "facts.yaml").read_text("utf-8"))), min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_every_quotation_verifies_and_every_code_is_of_the_codebook(chosen: list[dict[str, Any]]) -> None:
    text = case_text("\n\n".join(row["text"] for row in chosen))
    fields = load("case_facts").fields
    for code in FACTS.propose(text).codes:
        assert fields[code.field].accepts(code.code)
        assert 0 < code.confidence < 1
        assert code.evidence
        for evidence in code.evidence:
            assert text.text[evidence.start : evidence.end] == evidence.quote


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_it(text: str) -> None:
    FACTS.propose(case_text(text))


FLOORS = {
    "outcome": 0.95,
    "child_age_band": 0.95,
    "child_gender": 0.95,
    "children": 0.95,
    "incident_year": 0.95,
    "review_model": 0.95,
    "nature_of_death": 0.88,
    "nature_of_harm": 0.88,
    "source_of_harm": 0.88,
    "incident_context": 0.88,
    "child_protection_plan": 0.88,
}


def test_the_development_gold_is_met(shared: Path) -> None:
    items = json.loads((shared / "gold" / "items-dev.json").read_text("utf-8"))
    lines = (shared / "gold" / "dev.jsonl").read_text("utf-8").splitlines()
    gold = {one["id"]: one for one in map(json.loads, lines)}
    right, all_ = Counter[str](), Counter[str]()
    for item in items:
        proposal, own = FACTS.propose(case_text(item["text"], item["heading"])), gold[item["id"]]
        for field in COLUMNS.values():
            if field in ("nature_of_death", "nature_of_harm") and own[field] is None:
                continue
            all_[field] += 1
            right[field] += found(proposal, field) == wanted(own[field], field)
    assert {field: right[field] / all_[field] for field in FLOORS if right[field] / all_[field] < FLOORS[field]} == {}
