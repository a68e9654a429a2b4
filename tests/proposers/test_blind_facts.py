"""Facts, circumstances, services and decisions of fictional summaries, beside what the first run on each half gave.

Both halves were written and coded before the rules they measure were read. Half A was mended on; half B only measured,
so that its last run is the honest figure for texts of that kind. The floors keep what has been reached.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from caselore.documents.sections import sections
from caselore.documents.source import source_type
from caselore.proposers.proposer import Proposer, propose_case, proposers
from caselore.records import Case, Document, Proposal

HERE = Path(__file__).parent / "blind_facts"
DEFAULTS = {
    "outcome": "other",
    "nature_of_death": "not_clear",
    "nature_of_harm": "other",
    "source_of_harm": "not_clear",
    "incident_context": "not_clear",
    "child_protection_plan": "not_stated",
}

FIRST_RUNS = {
    "a": {"outcome": 0.96, "nature_of_death": 0.56, "nature_of_harm": 0.76, "source_of_harm": 0.60,
          "incident_context": 0.80, "child_protection_plan": 0.88, "child_age_band": 0.84, "child_gender": 0.89,
          "agencies": 0.86, "risk_indicators": 0.75, "decisions": 0.57},
    "b": {"outcome": 0.82, "nature_of_death": 0.64, "nature_of_harm": 0.54, "source_of_harm": 0.62,
          "incident_context": 0.78, "child_protection_plan": 0.88, "child_age_band": 0.89, "child_gender": 0.89,
          "agencies": 0.88, "risk_indicators": 0.77, "decisions": 0.48},
}  # fmt: skip
"""Accuracy of single fields, micro F1 of the others, before anything was mended."""

FLOORS = {
    "a": {"outcome": 0.98, "nature_of_death": 0.86, "nature_of_harm": 0.96, "source_of_harm": 0.92,
          "incident_context": 0.94, "child_protection_plan": 0.94, "child_age_band": 0.97, "child_gender": 0.96,
          "agencies": 0.91, "risk_indicators": 0.88, "decisions": 0.87},
    "b": {"outcome": 0.88, "nature_of_death": 0.64, "nature_of_harm": 0.62, "source_of_harm": 0.70,
          "incident_context": 0.76, "child_protection_plan": 0.90, "child_age_band": 0.88, "child_gender": 0.87,
          "agencies": 0.88, "risk_indicators": 0.79, "decisions": 0.77},
}  # fmt: skip


@pytest.fixture(scope="module")
def both() -> tuple[Proposer, ...]:
    return proposers(["facts", "rules"])


@pytest.fixture(scope="module")
def read(both: tuple[Proposer, ...]) -> dict[str, list[tuple[dict[str, Any], Proposal]]]:
    return {half: list(_proposed(half, both)) for half in FLOORS}


def _proposed(half: str, both: tuple[Proposer, ...]) -> Iterator[tuple[dict[str, Any], Proposal]]:
    for line in (HERE / f"half_{half}.jsonl").read_text("utf-8").splitlines():
        item = json.loads(line)
        text, title = item["text"], item["heading"]
        document = Document("r.txt", "text/plain", "0" * 64, text, "plain@1", sections=sections(text))
        case = Case(title, "r.txt", "0" * 64, 0, len(text), source_type(title, text))
        yield item["gold"], propose_case(document, case, both)


def _single(gold: dict[str, Any], proposal: Proposal, field: str) -> bool:
    codes = [code for code in proposal.codes if code.field == field]
    best = max(codes, key=lambda code: code.confidence, default=None)
    return bool((best.code if best else DEFAULTS[field]) == gold[field])


def _sets(gold: dict[str, Any], proposal: Proposal, field: str) -> tuple[Counter[str], Counter[str]]:
    if field == "decisions":
        return (
            Counter(step["decision_type"] for step in gold["decisions"]),
            Counter(step.decision_type for step in proposal.sequence),
        )
    return Counter(gold[field]), Counter({code.code for code in proposal.codes if code.field == field})


def _measure(found: list[tuple[dict[str, Any], Proposal]], field: str) -> float:
    if field in DEFAULTS:
        asked = [(gold, proposal) for gold, proposal in found if gold[field] is not None]
        return sum(_single(gold, proposal, field) for gold, proposal in asked) / len(asked)
    pairs = [_sets(gold, proposal, field) for gold, proposal in found]
    right = sum((wanted & got).total() for wanted, got in pairs)
    return 2 * right / sum(wanted.total() + got.total() for wanted, got in pairs)


@pytest.mark.parametrize(("half", "field"), [(half, field) for half in FLOORS for field in FLOORS[half]])
def test_what_was_reached_is_kept(
    read: dict[str, list[tuple[dict[str, Any], Proposal]]], half: str, field: str
) -> None:
    assert _measure(read[half], field) >= max(FLOORS[half][field], FIRST_RUNS[half][field] - 0.01)
