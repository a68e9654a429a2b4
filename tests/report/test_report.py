"""The model and the page: every sentence bound, every chart told in words, numbers change when data change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

import pytest

from caselore.errors import TableError
from caselore.report.charts import chart
from caselore.report.comparisons import compared, told
from caselore.report.html import render
from caselore.report.numbers import ADDRESS, bind
from caselore.report.report import _words, compose
from caselore.tables import beside
from caselore.tables.published import every_table
from caselore.tables.result import Result


def sentences() -> Iterator[str]:
    words = _words()
    for chapter in words["chapters"]:
        yield from chapter["opening"]
    for own in words["tables"].values():
        yield from own
    yield from words["method"]
    yield from (figure["number"] for figure in words["key_figures"])


@pytest.mark.parametrize("sentence", list(sentences()))
def test_no_sentence_of_the_report_has_a_number_of_its_own(sentence: str, results: dict[str, Result]) -> None:
    assert not re.search(r"\d", ADDRESS.sub("", sentence))


def test_every_address_names_a_declared_table() -> None:
    tables = {table.id for table in every_table()} | {"release"}
    named = {address.partition("/")[0] for sentence in sentences() for address in ADDRESS.findall(sentence)}
    assert named <= tables


def test_the_order_of_a_chapter_names_its_own_tables() -> None:
    of_chapter = {table.id: table.chapter for table in every_table()}
    for chapter in _words()["chapters"]:
        for name in chapter["order"]:
            assert name in of_chapter, name
    titles = {chapter["title"] for chapter in _words()["chapters"]}
    assert {table.chapter for table in every_table()} | {beside.CHAPTER} == titles


def test_crossed_tables_are_tested_unless_they_hide_a_count(results: dict[str, Result]) -> None:
    found = compared(results, _words()["compared"])
    for name, tests in found.items():
        assert not any(cell.suppressed for _, _, measure, cell in results[name].addressed() if measure == "count")
        assert all(one.n and one.groups for one in tests)
        assert all("p = " in line for line in told(tests)[: len(tests)])
    assert all(name in {table.id for table in every_table()} for name in _words()["compared"])


def test_the_model_says_draft_and_shows_what_there_is(results: dict[str, Result], manifest: Mapping[str, Any]) -> None:
    report = compose(results.values(), manifest)
    assert report.draft
    shown = {exhibit.result.table.id for chapter in report.chapters for exhibit in chapter.exhibits}
    assert {"outcome", "age-band", "risk-indicators", "overlap", "agencies"} <= shown
    assert shown.isdisjoint(result.table.id for result in report.empty)
    assert [figure.number.shown for figure in report.key_figures][:2] == ["20", "20"]


def test_the_page_is_whole_and_bound(results: dict[str, Result], manifest: Mapping[str, Any]) -> None:
    page = render(compose(results.values(), manifest, title="Twelve & <none>"))
    assert "<h1>Twelve &amp; &lt;none&gt;</h1>" in page
    assert '<data value="14" data-cell="outcome/death/all/count">14</data>' in page
    assert page.count("<svg") == page.count('role="img"') > 3
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!#)', page)


def test_numbers_change_with_the_data(results: dict[str, Result], manifest: Mapping[str, Any]) -> None:
    other = {**manifest, "counts": {**manifest["counts"], "cases": 4321}}
    assert 'data-cell="release/counts.cases">4,321</data>' in render(compose(results.values(), other))


def test_charts_are_sound_pictures_told_in_words(results: dict[str, Result]) -> None:
    drawn = {name: figure for name, result in results.items() if (figure := chart(result))}
    assert {"outcome", "overlap", "decision-transitions"} <= set(drawn)
    for name, figure in drawn.items():
        picture = ElementTree.fromstring(figure.svg)
        told = {child.tag.rpartition("}")[2]: child.text or "" for child in picture}
        assert told["title"], name
        assert ":" in told["desc"], name


def test_the_overlap_plot_has_one_row_of_dots_for_each_code(results: dict[str, Result]) -> None:
    figure = chart(results["overlap"])
    assert figure is not None
    for name in ("Domestic abuse", "Mental ill health", "Substance use"):
        assert f">{name}</text>" in figure.svg
    assert "only" not in figure.svg
    assert "Domestic abuse with Substance use: 3" in figure.svg


def test_a_chart_shows_the_numbers_of_its_table(results: dict[str, Result]) -> None:
    figure = chart(results["outcome"])
    assert figure is not None
    assert "14 (70%)" in figure.svg
    assert "6 (30%)" in figure.svg


def test_a_sentence_is_left_out_whole_where_its_cell_is_hidden(results: dict[str, Result]) -> None:
    hidden = [
        (result, row.key)
        for result in results.values()
        for row, column, measure, cell in result.addressed()
        if cell.suppressed and column.key == "all" and measure == "count"
    ]
    for result, row in hidden:
        with pytest.raises(TableError):
            bind(f"{{{result.table.id}/{row}/all/count}}", results, {})
