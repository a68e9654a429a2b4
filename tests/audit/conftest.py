"""The fictional reports of the benchmark, for tests."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(scope="session")
def fictional() -> SimpleNamespace:
    """What writes consistent reports, seeds errors into them and sets them in layouts."""
    sys.path.insert(0, str(BENCHMARKS))
    held = [vars(import_module(name)) for name in ("audit_writer", "audit_layouts", "audit_reports")]
    sys.path.remove(str(BENCHMARKS))
    return SimpleNamespace(**{name: one for each in held for name, one in each.items() if not name.startswith("_")})
