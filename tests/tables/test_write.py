"""The files: what a spreadsheet, a program and a browser get."""

from __future__ import annotations

import csv
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from caselore.tables.compute import compute_all
from caselore.tables.page import html_table
from caselore.tables.published import every_table, published
from caselore.tables.result import Line, Result
from caselore.tables.write import TIDY, write_tables

TABLES = {table.id: table for table in every_table()}


@pytest.fixture(scope="module")
def results(book: Any, random_releases: Any) -> list[Result]:
    return compute_all(published(book), random_releases(11, book, most=60), book=book)


@pytest.fixture(scope="module")
def folder(results: list[Result], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tables")
    write_tables(results, out, manifest={"counts": {"cases": 60}})
    return out


def lines(path: Path, encoding: str = "utf-8") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def test_a_tidy_file_has_every_cell_once(results: list[Result], folder: Path) -> None:
    for result in results:
        if result.empty:
            continue
        head, *body = lines(folder / "tidy" / f"{result.table.id}.csv")
        assert tuple(head) == TIDY
        assert [(row[1], row[3], row[5]) for row in body] == [(r.key, c.key, m) for r, c, m, _ in result.addressed()]


def test_no_suppressed_value_is_in_any_tidy_file(folder: Path) -> None:
    hidden = 0
    for path in (folder / "tidy").iterdir():
        for row in lines(path)[1:]:
            kept = dict(zip(TIDY, row, strict=True))
            if kept["suppressed"] == "yes":
                hidden += 1
                assert (kept["value"], kept["shown"], kept["base"]) == ("", "[c]", "")
    assert hidden > 100


def test_the_spreadsheet_file_shows_what_the_table_shows(results: list[Result], folder: Path) -> None:
    for result in results:
        if result.empty:
            continue
        path = folder / "csv" / f"{result.table.id}.csv"
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        rows = lines(path, "utf-8-sig")
        assert rows[0] == [result.table.title]
        told = {row[0]: row[1:] for row in rows if len(row) > 1}
        for line in result.rows:
            cells = [
                cell.shown.replace(",", "") if cell.value is not None else cell.shown
                for row, _, _, cell in result.addressed()
                if row == line
            ]
            assert [value for value in told[line.label] if value] == cells


def test_draft_says_draft_everywhere(results: list[Result], folder: Path) -> None:
    outcome = next(result for result in results if result.table.id == "outcome")
    assert outcome.draft
    assert any(row and row[0].startswith("DRAFT") for row in lines(folder / "csv" / "outcome.csv", "utf-8-sig"))
    assert {row[-1] for row in lines(folder / "tidy" / "outcome.csv")[1:]} == {"proposed"}
    assert "DRAFT" in html_table(outcome)
    assert "DRAFT" not in html_table(replace(outcome, status={"validated": 0.4, "adjudicated": 0.6}))


def test_the_page_is_accessible_and_needs_nothing_else(results: list[Result], folder: Path) -> None:
    text = (folder / "index.html").read_text("utf-8")
    page = LexborHTMLParser(text)
    held = [result for result in results if not result.empty]
    assert len(page.css("table")) == len(held)
    for table in page.css("table"):
        assert table.css_first("caption").text().strip()
        assert all(head.attributes.get("scope") in ("col", "row") for head in table.css("th"))
        widths = {len(row.css("th, td")) for row in table.css("tr")}
        assert len(widths) == 1, table.css_first("caption").text()
    assert not page.css("script, link, img")
    assert 'lang="en"' in text
    for result in results:
        if result.empty:
            assert escape(result.table.title) in text
    for link in page.css(".files a"):
        assert (folder / str(link.attributes["href"])).is_file()
    for anchor in page.css("nav a"):
        assert page.css_first(f"[id='{str(anchor.attributes['href'])[1:]}']")


def test_a_formula_in_a_label_stays_text(results: list[Result], tmp_path: Path) -> None:
    result = next(result for result in results if result.table.id == "outcome")
    labels = ['=HYPERLINK("x")', "+1", "-1", "@SUM(1)"]
    rows = [Line(line.key, label) for line, label in zip(result.rows, labels, strict=False)]
    write_tables([replace(result, rows=(*rows, *result.rows[4:]))], tmp_path)
    for path, encoding in (("csv/outcome.csv", "utf-8-sig"), ("tidy/outcome.csv", "utf-8")):
        cells = {cell for row in lines(tmp_path / path, encoding) for cell in row}
        assert {f"'{label}" for label in labels[: len(rows)]} <= cells
        assert not cells & set(labels)


def test_markup_in_a_label_stays_text(results: list[Result]) -> None:
    result = next(result for result in results if result.table.id == "outcome")
    rows = (Line(result.rows[0].key, "<b>Death & harm</b>"), *result.rows[1:])
    assert "&lt;b&gt;Death &amp; harm&lt;/b&gt;" in html_table(replace(result, rows=rows))


def test_tables_of_an_earlier_run_do_not_stay_beside_the_new(results: list[Result], tmp_path: Path) -> None:
    """A folder written with small counts shown, and again without, still held the tables that now are empty."""
    held = [result for result in results if not result.empty]
    write_tables(held, tmp_path)
    mine = [tmp_path / "csv" / "notes of mine.csv", tmp_path / "tidy" / "notes of mine.csv"]
    for path in mine:
        path.write_text("a,b\n1,2\n", "utf-8")
    write_tables(held[:2], tmp_path)
    left = {f"{result.table.id}.csv" for result in held[:2]} | {"notes of mine.csv"}
    for folder in ("csv", "tidy"):
        assert {path.name for path in (tmp_path / folder).iterdir()} == left
