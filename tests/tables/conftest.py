"""A release in memory, made of plain rows, and a made-up one of any size whose margins are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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
