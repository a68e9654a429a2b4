"""A release in memory, made of plain rows, and a made-up one of any size whose margins are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from caselore.codebook.codebook import Codebook, load
from caselore.release.columns import TABLES

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class InMemory:
    """Stands in for a release folder: the same four views."""

    frames: Mapping[str, pa.Table]
    manifest: Mapping[str, Any] = field(default_factory=dict)

    def connection(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(":memory:")
        for name, frame in self.frames.items():
            connection.register(name, frame)
        return connection

    def rows(self, name: str) -> list[dict[str, Any]]:
        """A view as plain rows, for those who compute without SQL."""
        return self.frames[name].to_pylist()


def in_memory(**given: Rows) -> InMemory:
    """A release of the given rows; columns left out are null."""
    return InMemory(
        {name: pa.Table.from_pylist(list(given.get(name, ())), schema=schema) for name, schema in TABLES.items()}
    )


def code(case_id: str, field: str, code: str = "", *, answer: str = "present", **more: Any) -> dict[str, Any]:
    """One row of codes."""
    kept = {"case_id": case_id, "field": field, "answer": answer, "code": code, "status": "proposed"}
    return {**kept, "confidence": 0.8, "coder": "rules@1.0", "evidence": 1, **more}


@pytest.fixture(scope="session")
def book() -> Codebook:
    return load()


@pytest.fixture(scope="session")
def release_of() -> Callable[..., InMemory]:
    return in_memory


@pytest.fixture(scope="session")
def coded() -> Callable[..., dict[str, Any]]:
    return code


FIELDS = {
    "outcome": "choice",
    "source_of_harm": "choice",
    "incident_context": "choice",
    "child_protection_plan": "choice",
    "nature_of_death": "choice",
    "nature_of_harm": "choice",
    "child_age_band": "multi",
    "child_gender": "multi",
    "agencies": "multi",
    "risk_indicators": "multi",
    "integrity_flags": "multi",
    "learning_themes": "multi",
    "recommendation_type": "multi",
    "plan_category": "multi",
    "living_arrangement": "choice",
    "legal_status": "multi",
    "ethnicity": "multi",
    "social_care_status": "choice",
    "highest_social_care_level": "choice",
    "region": "choice",
}
NUMBERS = {
    "child_age": (0, 11, 12, 59, 60, 130, 150, 215, 230),
    "siblings": (0, 1, 2, 7),
    "authority_children": (9, 2e5),
}
OTHER_STATES = ("absent", "not_mentioned", "unclear", "not_applicable", "withheld")


def random_release(seed: int, book: Codebook, most: int = 14) -> InMemory:
    """A small release in which every state, every kind of gap and every repetition occurs."""
    chance = Random(seed)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for case_id in [f"CASE-{number}" for number in range(chance.randint(0, most))]:
        found["cases"].append(_case(chance, case_id))
        for name, kind in FIELDS.items():
            found["codes"] += _codes(chance, case_id, name, kind, tuple(book.fields[name].codes)[:5])
        for name, numbers in NUMBERS.items():
            found["codes"] += _numbers(chance, case_id, name, numbers)
        found["decisions"] += _decisions(chance, case_id)
        found["recommendations"] += _recommendations(
            chance, case_id, tuple(book.fields["recommendation_type"].codes)[:3]
        )
    return in_memory(**found)


def _case(chance: Random, case_id: str) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "source_type": chance.choice(["SCR", "LCSPR", "new_kind"]),
        "jurisdiction": chance.choice(["England", "Wales", ""]),
        "year": chance.choice([None, 2014, 2015]),
        "incident_year": chance.choice([None, 2014, 2015, 2016]),
        "children": chance.choice([None, 1, 1, 1, 2, 4]),
        "licence": chance.choice(["OGL v3.0", None]),
        "status": chance.choice(["proposed", "validated"]),
    }


def _codes(chance: Random, case_id: str, name: str, kind: str, codes: tuple[str, ...]) -> list[dict[str, Any]]:
    status = chance.choice(["proposed", "validated", "adjudicated"])
    way = chance.random()
    if way < 0.15:
        return []
    if way < 0.35:
        return [code(case_id, name, answer=chance.choice(OTHER_STATES), status=status)]
    held = chance.sample(codes, 1 if kind == "choice" else chance.randint(1, min(4, len(codes))))
    return [code(case_id, name, one, status=status) for one in held]


def _numbers(chance: Random, case_id: str, name: str, numbers: tuple[float, ...]) -> list[dict[str, Any]]:
    way = chance.random()
    if way < 0.2:
        return []
    if way < 0.35:
        return [code(case_id, name, answer=chance.choice(OTHER_STATES))]
    value = chance.choice(numbers)
    return [code(case_id, name, str(value), value=float(value))]


def _decisions(chance: Random, case_id: str) -> list[dict[str, Any]]:
    kinds = ["assessment", "referral_made", "no_further_action"]
    stride = chance.choice([1, 2])  # printed step numbers can skip
    return [
        {
            "case_id": case_id,
            "step": 1 + place * stride,
            "decision_type": chance.choice(kinds),
            "agency": chance.choice(["police", None]),
            "status": "proposed",
        }
        for place in range(chance.randint(0, 5))
    ]


def _recommendations(chance: Random, case_id: str, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            "case_id": case_id,
            "number": number,
            "types": chance.sample(kinds, chance.randint(0, 2)),
            "addressees": chance.choice([["police"], []]),
            "level": chance.choice(["", "individual_case", None]),
            "smart": chance.choice([["specific"], None]),
            "time_frame": chance.random() < 0.5,
            "status": "proposed",
        }
        for number in range(1, chance.randint(1, 4))
    ]


@pytest.fixture(scope="session")
def random_releases() -> Callable[..., InMemory]:
    return random_release
