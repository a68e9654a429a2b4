"""The fictional reports of the benchmark, for tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(scope="session")
def fictional() -> ModuleType:
    """The module that writes consistent reports and seeds errors into them."""
    spec = importlib.util.spec_from_file_location("audit_reports", BENCHMARKS / "audit_reports.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["audit_reports"] = module
    spec.loader.exec_module(module)
    return module
