"""HTML pages: blocks, lists, rows, charsets, what is left out, and pages too deep to read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fiction import BODIES, KEYWORDS, LEARNING

from caselore.documents.cases import cases
from caselore.documents.html import read_html
from caselore.documents.reader import read
from caselore.errors import DocumentError


def text_of(body: str) -> str:
    return read_html(body.encode(), "page.html")[0]


def test_blocks_make_paragraphs_and_rows_make_lines() -> None:
    body = """<html><head><title>T</title><style>p{}</style></head><body><!-- n --><nav>Home</nav><script>x()</script>
    <h2>Findings</h2><p>One <b>bold</b>\n word.</p><ul><li>First</li><li><p>Second</p></li></ul>
    <table><tr><th>Agency</th><th>Visits</th></tr><tr><td><p>School</p></td><td>3</td></tr></table><div>Last<br>line</div>"""
    rows = "Agency | Visits\nSchool | 3"
    assert text_of(body) == f"Findings\n\nOne bold word.\n• First\n• Second\n{rows}\n\nLast\nline"


def test_a_table_that_lays_out_the_page_is_no_row() -> None:
    assert text_of("<table><tr><td><h1>A</h1><p>One.</p></td><td><p>Two.</p></td></tr></table>") == "A\n\nOne.\n\nTwo."


def test_headings_keep_their_place_and_level() -> None:
    text, headings, _, _ = read_html(b"<body><h1>A title</h1><p>Words.</p><h3>Learning</h3><p>More.</p>", "page.html")
    assert [(text[each.start : each.end], each.level) for each in headings] == [("A title", 1), ("Learning", 3)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'<meta charset="windows-1252"><p>child\x92s</p>', "child’s"),
        (b'<meta charset="iso-8859-1"><p>child\x92s</p>', "child’s"),
        ("<p>child’s</p>".encode(), "child’s"),
        (b"<p>child\x92s</p>", "child’s"),
        ("<p>child’s</p>".encode("utf-16"), "child’s"),
        (b'<meta charset="utf-8"><p>child\x92s</p>', "child’s"),
        (b'<meta charset="no-such"><p>plain</p>', "plain"),
    ],
)
def test_charsets(data: bytes, words: str) -> None:
    assert read_html(data, "page.html")[0] == words


def test_hidden_words_and_page_parts_are_left_out() -> None:
    body = '<div class="cookie-banner">Accept</div><p hidden>Gone</p><p style="display: none">Gone</p><p>Kept</p>'
    assert text_of(body) == "Kept"


def test_the_source_is_taken_from_the_head() -> None:
    body = """<head><title>Review of Child Fern | Board</title><link rel="canonical" href="https://example.org/fern">
    <meta name="DC.publisher" content="Northmarsh Board"><meta name="DC.date" content="2021-05-03"></head><p>x</p>"""
    source = read_html(body.encode(), "page.html")[2]
    assert (source.title, source.publisher, source.year) == ("Review of Child Fern | Board", "Northmarsh Board", 2021)
    assert source.url == "https://example.org/fern"


def test_a_listing_in_html_divides(tmp_path: Path) -> None:
    heads = ("2021 – Northmarsh – Child A", "2021 - Anonymous - Fern")
    body = "".join(
        f"<h3>{head}</h3><p>{BODIES[i]}</p><p><b>{LEARNING[:9]}</b>{LEARNING[9:]}</p><p>{KEYWORDS}</p>"
        for i, head in enumerate(heads)
    )
    (tmp_path / "list.html").write_text(f"<html><body><h1>Reviews</h1>{body}</body></html>", encoding="utf-8")
    document = read(tmp_path / "list.html")
    assert [case.title for case in cases(document)] == list(heads)
    assert [each.kind for each in document.sections] == ["front", *["incident", "learning", "keywords"] * 2]


def test_a_page_nested_too_deeply_is_refused_at_once() -> None:
    with pytest.raises(DocumentError, match=r"deep\.html nests its elements"):
        read_html(b"<div>" * 100_000, "deep.html")
    assert read_html(b"<p>" * 50_000 + b"x", "flat.html")[0] == "x"
