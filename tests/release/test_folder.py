"""A release is written whole or not at all, and opens again with the columns that tables rely on."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from caselore.errors import ReleaseRefused
from caselore.records import Case, Code, Document, Evidence, Proposal, Source, Step
from caselore.release.columns import TABLES
from caselore.release.folder import open_release, write_release


def book():
    def field(kind, *codes):
        return SimpleNamespace(kind=kind, codes=dict.fromkeys(codes), default="", filled_by="both")

    return SimpleNamespace(
        versions={"fictional": "1.0.0"},
        fields={
            "outcome": field("choice", "death", "serious_harm", "other"),
            "nature_of_harm": field("choice", "neglect"),
            "agencies": field("multi", "police", "housing"),
            "children": field("number"),
            "decision_type": field("sequence", "assessment"),
            "risk_rating": field("scale"),
        },
    )


def proposal(start: int = 0):
    document = Document("a.txt", "text/plain", "ab" * 32, "", "plain@1", source=Source(year=2031))
    evidence = (Evidence("ab" * 32, "cd" * 32, "plain@1", start, start + 4, "died"),)
    case = Case("2031 - Cumbria - Child Q", "a.txt", "ab" * 32, start, start + 90, "SCR", 2031)
    codes = (
        Code("outcome", "death", 0.9, "facts@1.0", evidence),
        Code("outcome", "other", 0.2, "rules@1.0", evidence),
        Code("children", "2", 0.8, "facts@1.0", evidence),
    )
    return document, Proposal(case, codes, (Step("assessment", None, 0.7, "rules@1.0", evidence),))


def test_a_release_opens_with_the_columns_that_tables_rely_on(tmp_path: Path):
    release = write_release(tmp_path / "out", [proposal(), proposal(100)], codebook=book())
    connection = release.connection()
    for name, schema in TABLES.items():
        columns = [row[0] for row in connection.execute(f"DESCRIBE {name}").fetchall()]
        assert columns == schema.names
    assert connection.execute("SELECT count(*), max(children) FROM cases").fetchone() == (2, 2)
    said = connection.execute("SELECT DISTINCT field, answer, code FROM codes ORDER BY 1").fetchall()
    assert said == [
        ("agencies", "not_mentioned", ""),
        ("children", "present", "2"),
        ("decision_type", "present", "assessment"),
        ("nature_of_harm", "not_applicable", ""),
        ("outcome", "present", "death"),
    ]


def test_a_folder_that_is_no_release_is_refused(tmp_path: Path):
    with pytest.raises(ReleaseRefused, match=r"manifest\.json is missing"):
        open_release(tmp_path)
