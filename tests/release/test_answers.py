"""What a case's codes come to: one answer a field, and a person's answer is never overruled by a machine's."""

from __future__ import annotations

import pytest

from caselore.codebook.codebook import load
from caselore.records import Case, Code, Proposal
from caselore.release.answers import answers

CASE = Case("Child Z", "made-up.txt", "0" * 64, 0, 4)


def settled(*codes: Code):
    return answers(Proposal(CASE, codes), load(), ("outcome", "nature_of_death", "nature_of_harm"))


def person(field: str, code: str = "", answer: str = "present") -> Code:
    return Code(field, code, 1.0, "coder-1", status="validated", answer=answer, reason="read")


def machine(field: str, code: str) -> Code:
    return Code(field, code, 0.9, "facts@1.0")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (person("nature_of_death", answer="not_mentioned"), "not_mentioned"),
        (person("nature_of_death", "suicide"), "present"),
        (machine("nature_of_death", "suicide"), "not_applicable"),
    ],
)
def test_a_proposed_outcome_overrules_machines_only(said: Code, answer: str) -> None:
    found = settled(machine("outcome", "serious_harm"), said)["nature_of_death"]
    assert found.answer == answer
    assert found.status == said.status


def test_an_outcome_that_a_person_gave_decides_what_applies() -> None:
    found = settled(person("outcome", "serious_harm"), machine("nature_of_death", "suicide"))["nature_of_death"]
    assert (found.answer, found.status) == ("not_applicable", "validated")
