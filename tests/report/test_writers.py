"""The three writers tell one report: the same headings, the same numbers; and the PDF is tagged for readers aloud."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from pikepdf import Dictionary, Pdf
from selectolax.lexbor import LexborHTMLParser

from caselore.documents.reader import read
from caselore.report.blocks import MOST_COLUMNS, Grid, Heading, Paragraph, Picture, Row, blocks, cut
from caselore.report.html import write_html
from caselore.report.pdf import write_pages, write_pdf
from caselore.report.report import Report, compose
from caselore.report.word import write_docx

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


@pytest.fixture(scope="module")
def report(results, manifest) -> Report:
    return compose(results.values(), manifest, title="A made-up analysis")


@pytest.fixture(scope="module")
def written(report: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("written")
    for suffix, write in (("html", write_html), ("docx", write_docx), ("pdf", write_pdf)):
        write(report, folder / f"report.{suffix}")
    return {path.suffix: path for path in folder.iterdir()}


def numbers(text: str) -> Counter[str]:
    return Counter(NUMBER.findall(text))


def html_text(path: Path, *, charts: bool) -> str:
    """The page's words without its list of contents; the charts' words where they are asked for."""
    page = LexborHTMLParser(path.read_text(encoding="utf-8"))
    for unseen in ("style", "title", "desc", "nav", *(() if charts else ("svg",))):
        for node in page.css(unseen):
            node.decompose()
    return page.body.text(separator=" ")


def docx_text(path: Path) -> str:
    """Every paragraph and cell as our own reader reads them, from the first chapter on (before it, the contents)."""
    text = read(path).text
    return text[text.index("Key figures", text.index("Key figures") + 1) :]


def test_word_and_page_hold_the_same_numbers(written: dict[str, Path]) -> None:
    page, word = numbers(html_text(written[".html"], charts=False)), numbers(docx_text(written[".docx"]))
    assert sum(page.values()) > 300
    assert page - word == Counter()
    assert word - page == Counter()


def test_pdf_holds_the_numbers_of_the_page(report: Report, written: dict[str, Path]) -> None:
    """Of the text only: a PDF without its charts, whose words stand in the drawing."""
    plain = [part for part in blocks(report) if not isinstance(part, Picture)]
    path = written[".pdf"].with_name("plain.pdf")
    write_pages(report.title, plain, path, contents=False)
    page, paper = numbers(html_text(written[".html"], charts=False)), numbers(read(path).text)
    assert set(page) <= set(paper)
    lost = page - paper
    assert lost == Counter(), f"not in the PDF: {lost}"


def test_every_heading_is_in_each(report: Report, written: dict[str, Path]) -> None:
    headings = [part.text for part in blocks(report) if isinstance(part, Heading)]
    assert len(headings) > 20
    for text in (html_text(written[".html"], charts=True), docx_text(written[".docx"]), read(written[".pdf"]).text):
        flat = " ".join(text.split())
        assert [heading for heading in headings if heading not in flat] == []


def test_a_draft_says_so_first(report: Report) -> None:
    first = next(blocks(report))
    assert isinstance(first, Paragraph)
    assert first.kind == "draft"


def test_grids_are_square(report: Report) -> None:
    for part in blocks(report):
        if isinstance(part, Grid):
            assert {len(row.cells) for row in part.rows} <= {len(part.heads)}, part.title


def test_a_wide_table_is_cut_into_parts_a_page_can_hold() -> None:
    heads = tuple(f"head {n}" for n in range(25))
    whole = Grid("wide", "corner", heads, (Row("row", tuple(map(str, range(25)))),))
    parts = list(cut(whole))
    assert [head for part in parts for head in part.heads] == list(heads)
    assert [cell for part in parts for cell in part.rows[0].cells] == list(whole.rows[0].cells)
    assert max(len(part.heads) for part in parts) <= MOST_COLUMNS
    assert [part.title for part in parts] == ["wide", "wide (continued)", "wide (continued)"]


@pytest.fixture
def paper(written: dict[str, Path]) -> Pdf:
    return Pdf.open(written[".pdf"])


def elements(node: Dictionary) -> list[Dictionary]:
    """Every element of the tree of tags."""
    found = [node] if "/S" in node else []
    children = node.get("/K", [])
    for child in children if hasattr(children, "__iter__") and not isinstance(children, Dictionary) else [children]:
        if isinstance(child, Dictionary) and ("/S" in child or "/K" in child):
            found += elements(child)
    return found


def test_the_pdf_declares_what_a_screen_reader_needs(paper: Pdf) -> None:
    """ISO 14289-1: tagged, a title that is shown, a language, and the declaration itself."""
    root = paper.Root
    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert str(root.Lang).startswith("en")
    assert paper.open_metadata()["pdfuaid:part"] == "1"
    assert paper.open_metadata()["dc:title"] == "A made-up analysis"


def test_pictures_have_words_and_tables_have_heads(paper: Pdf) -> None:
    tree = elements(paper.Root.StructTreeRoot)
    kinds = Counter(str(element.S) for element in tree)
    assert kinds["/Table"] > 20
    assert kinds["/TH"] > kinds["/Table"]
    pictures = [element for element in tree if str(element.S) == "/Figure"]
    assert pictures
    assert all(len(str(element.get("/Alt", ""))) > 10 for element in pictures)


def test_headings_skip_no_level(paper: Pdf) -> None:
    levels = [int(str(e.S)[2:]) for e in elements(paper.Root.StructTreeRoot) if re.fullmatch(r"/H\d", str(e.S))]
    assert levels
    assert all(after - before <= 1 for before, after in pairwise(levels))
