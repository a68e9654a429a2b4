"""The reference page names every field and code, and is current."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from caselore.codebook.codebook import load
from caselore.codebook.document import books_page, field_section

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "codebooks.md"


def test_the_page_names_every_field_and_code() -> None:
    page = books_page()
    for field in load().fields.values():
        assert f"(`{field.id}`)" in page
        for code in field.codes.values():
            assert f"`{code.id}`" in page
            assert code.definition.replace("|", "\\|") in page


def test_every_line_of_the_contents_leads_to_a_heading() -> None:
    page = books_page()
    headings = re.findall(r"^### (.+)$", page, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= anchors


def test_a_scale_shows_its_levels_once() -> None:
    section = field_section(load().fields["risk_rating"])
    assert section.count("| all others | none indicated | 0 |") == 1
    assert "| child subject to a child protection plan | current | 3 |" in section
    assert "does not predict" in section


def test_the_committed_page_is_current() -> None:
    if not PAGE.exists():
        pytest.skip("docs/reference/codebooks.md is not written yet: run `make docs`")
    assert PAGE.read_text(encoding="utf-8") == books_page(), "docs/reference/codebooks.md is old: run `make docs`"
