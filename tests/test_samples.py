"""The shipped sample: every file reads and divides as its sources say, and every gold code holds against its text."""

from __future__ import annotations

import importlib.util
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from caselore.codebook.codebook import load
from caselore.documents.cases import cases
from caselore.documents.reader import read
from caselore.errors import EmptyDocument
from caselore.records import Document

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
SCAN = "scr-ouseby-vale-baby-w.pdf"
LISTING, STUDIES = "listing-repository-2017-2020.txt", "case-studies-thornleigh.docx"
ITEMS: list[dict[str, str]] = json.loads((SAMPLES / "items.json").read_text(encoding="utf-8"))
GOLD: list[dict[str, Any]] = [
    json.loads(line) for line in (SAMPLES / "gold.jsonl").read_text(encoding="utf-8").splitlines()
]
CHOICES = ("outcome", "source_of_harm", "incident_context", "child_protection_plan", "review_model")
NATURES = {"nature_of_death": "death", "nature_of_harm": "serious_harm"}
LISTS = ("child_age_band", "child_gender")
QUOTED = ("agencies", "risk_indicators", "integrity_flags", "learning_themes", "recommendation_type")
FILES = sorted((SAMPLES / "reviews").iterdir())
ONE_CASE = [path for path in FILES if path.name not in (LISTING, STUDIES, SCAN)]


def fold(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())


@cache
def builder() -> Any:
    spec = importlib.util.spec_from_file_location("build", SAMPLES / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def document_of(path: Path) -> Document:
    return read(path)


@cache
def known_ids() -> dict[str, set[str]]:
    return {name: set(field.codes) for name, field in load().fields.items()}


def text_of(item: str) -> str:
    return next(each["text"] for each in ITEMS if each["id"] == item)


def test_the_items_are_those_of_the_sources() -> None:
    assert builder().items() == ITEMS, "run `python samples/build.py`"


def test_every_source_says_that_it_is_fictional_and_is_built() -> None:
    for source in sorted((SAMPLES / "sources").glob("*.md")):
        kind, _, text = builder().read_source(source)
        assert "fictional" in text.lower()
        assert (SAMPLES / "reviews" / (source.stem + builder().WRITERS[kind][0])).is_file()


def test_the_sample_holds_every_format() -> None:
    kinds = [builder().read_source(source)[0] for source in (SAMPLES / "sources").glob("*.md")]
    found = {kind: kinds.count(kind) for kind in set(kinds)}
    assert found == {"pdf": 7, "columns": 1, "docx": 8, "html": 5, "txt": 5, "md": 3, "scan": 1}


@pytest.mark.parametrize("path", ONE_CASE, ids=lambda path: path.stem)
def test_a_review_reads_as_one_case_with_all_its_words(path: Path) -> None:
    document = document_of(path)
    assert len(cases(document)) == 1
    assert document.problems == ()
    built = fold(document.text)
    for paragraph in text_of(path.stem).splitlines():
        assert fold(paragraph) in built, paragraph


@pytest.mark.parametrize("path", ONE_CASE, ids=lambda path: path.stem)
def test_the_case_is_called_as_the_heading_of_the_review(path: Path) -> None:
    heading = next(item["heading"] for item in ITEMS if item["id"] == path.stem)
    assert fold(cases(document_of(path))[0].title) == fold(heading)


def test_the_scan_says_how_it_can_be_read() -> None:
    with pytest.raises(EmptyDocument, match="--ocr"):
        read(SAMPLES / "reviews" / SCAN)


def test_the_listing_divides_into_all_its_entries() -> None:
    found = cases(read(SAMPLES / "reviews" / LISTING))
    assert [case.title for case in found] == [i["heading"] for i in ITEMS if i["id"].startswith("listing")]


def test_the_case_studies_divide() -> None:
    found = cases(read(SAMPLES / "reviews" / STUDIES))
    assert [case.title for case in found] == [i["heading"] for i in ITEMS if i["id"].startswith("case")]


def test_the_codebook_of_the_tutorial_is_laid_over_the_shipped_ones(tmp_path: Path) -> None:
    page = (SAMPLES.parent / "docs" / "tutorial" / "first-analysis.md").read_text(encoding="utf-8")
    book = tmp_path / "ours.yaml"
    book.write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert load(book).versions["our_panel"] == "1.0.0"


def test_gold_codes_every_item_once_in_order() -> None:
    assert [gold["id"] for gold in GOLD] == [item["id"] for item in ITEMS]


@pytest.mark.parametrize("gold", GOLD, ids=lambda gold: gold["id"])
def test_gold_quotes_its_text_in_at_most_twelve_words(gold: dict[str, Any]) -> None:
    quotes = [quote for field in QUOTED for quote in gold[field].values()]
    for quote in [*quotes, *(step["evidence"] for step in gold["decisions"])]:
        assert quote in text_of(gold["id"])
        assert 0 < len(quote.split()) <= 12


@pytest.mark.parametrize("gold", GOLD, ids=lambda gold: gold["id"])
def test_gold_uses_the_ids_of_the_codebook(gold: dict[str, Any]) -> None:
    known = known_ids()
    for field in (*LISTS, *QUOTED):
        assert set(gold[field]) <= known[field]
    for field in CHOICES:
        assert gold[field] in known[field]
    for field, outcome in NATURES.items():
        assert (gold[field] in known[field]) if gold["outcome"] == outcome else gold[field] is None
    assert {step["decision_type"] for step in gold["decisions"]} <= known["decision_type"]
    assert {step["agency"] for step in gold["decisions"]} <= known["agencies"] | {None}
