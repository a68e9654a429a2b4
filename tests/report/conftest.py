"""A small computed release for the report: 20 made-up cases whose counts are known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from caselore.codebook.codebook import load
from caselore.records import Case, Code, Document, Evidence, Proposal, Step
from caselore.release.folder import open_release, write_release
from caselore.tables.compute import compute_all
from caselore.tables.published import published
from caselore.tables.result import Result


def made_up(number: int) -> tuple[Document, Proposal]:
    """Case `number`: fourteen deaths, six of serious harm; domestic abuse in twelve, substance use in six."""
    sha = f"{number:064x}"
    seen = (Evidence(sha, "0" * 64, "plain@1", 0, 4, "made"),)

    def code(field: str, value: str) -> Code:
        return Code(field, value, 0.9, "rules@1.0", seen)

    codes = [code("outcome", "death" if number < 14 else "serious_harm"), code("agencies", "police")]
    codes += [code("child_age_band", "under_1" if number < 10 else "1_to_5")]
    if number < 9 or number >= 17:
        codes.append(code("risk_indicators", "domestic_abuse"))
    if 6 <= number < 12:
        codes.append(code("risk_indicators", "substance_use"))
    steps = ("referral_made", "assessment", "no_further_action") if number < 10 else ("referral_made", "assessment")
    sequence = tuple(Step(step, "police", 0.8, "rules@1.0", seen) for step in steps)
    case = Case("Child Z", "made-up.txt", sha, 0, 4, "SCR", 2018)
    return Document("made-up.txt", "text/plain", sha, "", "plain@1"), Proposal(case, tuple(codes), sequence)


@pytest.fixture(scope="session")
def release_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("release") / "release"
    write_release(out, (made_up(number) for number in range(20)), codebook=load())
    return out


@pytest.fixture(scope="session")
def results(release_folder: Path) -> dict[str, Result]:
    book = load()
    found = compute_all(published(book), open_release(release_folder), book=book)
    return {result.table.id: result for result in found}


@pytest.fixture(scope="session")
def manifest(release_folder: Path) -> Mapping[str, Any]:
    return open_release(release_folder).manifest
