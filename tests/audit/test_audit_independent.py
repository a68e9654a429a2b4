"""The audit on fictional reports by an author who had not seen its code; the blind figures are in their README."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from caselore.audit.audit import audit
from caselore.documents.reader import read

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
REPORTS = ("child_deaths", "court_service", "homicide_reviews", "youth_harm")
LAYOUTS = ("tabs", "spaces", "docx", "pdf", "pdf-unruled")


@pytest.fixture(scope="module")
def independent() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit_independent", BENCHMARKS / "audit_independent.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["audit_independent"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", REPORTS)
def test_most_errors_are_found_and_hardly_anything_else(independent: ModuleType, name: str, layout: str) -> None:
    hit, missed, stray = independent.measure(name, layout, 0.5)
    assert len(hit) >= 0.75 * (len(hit) + len(missed))
    assert len(stray) <= 0.1 * len(hit)


@pytest.mark.parametrize("name", REPORTS)
def test_the_key_names_every_error_of_its_report(independent: ModuleType, name: str) -> None:
    errors = independent.errors(name)
    assert len(errors) >= 25
    assert len({error.name for error in errors}) == len(errors)


def test_nothing_is_found_in_a_release_with_rounded_and_partial_figures() -> None:
    found = audit(read(BENCHMARKS.parent / "tests" / "audit" / "independent" / "release.txt"))
    assert [finding.sum for finding in found if finding.confidence >= 0.5] == []
