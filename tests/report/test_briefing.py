"""Briefings: the same findings for each audience, two pages at most, and no number that stands in no cell."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest

from caselore.documents.reader import read
from caselore.errors import TableError
from caselore.report.blocks import Grid, Heading, Items, Paragraph
from caselore.report.briefing import audiences, brief, write_briefing

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def said(briefing) -> str:
    words = [briefing.title]
    for part in briefing.blocks:
        match part:
            case Heading(_, text) | Paragraph(text, _):
                words.append(text)
            case Items(texts):
                words += texts
            case Grid():
                words += [part.title, *(" ".join((row.head, *row.cells)) for row in part.rows)]
    return "\n".join(words)


def test_there_is_one_for_each_audience() -> None:
    assert set(audiences()) == {"health", "social-care", "education", "police", "partnership"}


@pytest.mark.parametrize("audience", audiences())
def test_it_says_what_the_tables_say(results, manifest, audience: str) -> None:
    text = said(brief(results.values(), manifest, audience))
    assert "DRAFT" in text
    assert "For your next meeting" in text
    cells = {cell.shown for result in results.values() for cell in result.cells.values()}
    held = {*cells, *(str(value) for value in manifest["counts"].values() if isinstance(value, int))}
    held |= {str(manifest["suppression"]["smallest"]), "6"}  # the first six rows
    loose = [n for n in NUMBER.findall(re.sub(r"Made by.*", "", text)) if n not in held]
    labels = " ".join(row.label for result in results.values() for row in result.rows)
    assert [n for n in loose if n not in NUMBER.findall(labels)] == []


def test_an_audience_is_told_of_its_own_agencies(results, manifest) -> None:
    police, health = (said(brief(results.values(), manifest, one)) for one in ("police", "health"))
    assert "Police: in 20 reviews" in police
    assert "Police: in" not in health


def test_an_unknown_audience_is_refused(results, manifest) -> None:
    with pytest.raises(TableError, match="choose from"):
        brief(results.values(), manifest, "lawyers")


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".html"])
def test_it_is_written_in_each_format(results, manifest, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"briefing{suffix}"
    briefing = brief(results.values(), manifest, "police")
    write_briefing(briefing, path)
    text = " ".join(read(path).text.split())
    assert "what they say to the police" in text
    assert "Police: in 20 reviews" in text
    if suffix == ".pdf":
        assert len(pypdfium2.PdfDocument(path)) <= 2
