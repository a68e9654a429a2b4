"""Tables are read from every layout in which reports set them."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from caselore.audit.tables import Table, tables
from caselore.documents.reader import read

ROWS = [
    ["Area", "Reviews 2004-06 (n=40)", "Reviews 2006-08 (n=50)"],
    ["North", "10 (25%)", "20 (40%)"],
    ["South and east", "30 (75%)", "30 (60%)"],
    ["Total", "40 (100%)", "50 (100%)"],
]
LAYOUTS = ("tabs", "bars", "markdown", "spaces", "packed", "stacked", "docx", "pdf", "pdf-unruled")


def read_text(tmp_path: Path, text: str) -> tuple[Table, ...]:
    path = tmp_path / "report.txt"
    path.write_text(text, encoding="utf-8")
    return tables(read(path))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_table_is_the_same_in_every_layout(fictional: ModuleType, tmp_path: Path, layout: str) -> None:
    report = fictional.Report(
        ["# Heading", "Some words before.", fictional.Grid("Table 1: By area", ROWS), "After it."]
    )
    (table,) = tables(read(fictional.render(report, layout, tmp_path)))
    assert table.label == "Table 1"
    assert table.bases == (40, 50)
    assert [row.label for row in table.rows] == ["North", "South and east", "Total"]
    assert [[(c.count, c.percent) for c in row.cells] for row in table.rows] == [
        [(10, 25), (20, 40)],
        [(30, 75), (30, 60)],
        [(40, 100), (50, 100)],
    ]
    assert [row.is_total for row in table.rows] == [False, False, True]


def test_offsets_give_back_the_words_of_a_cell(tmp_path: Path) -> None:
    text = "Table 3: Visits\n\nArea\tVisits\tPer cent\nNorth\t1,204\t60%\nSouth\t803\t40%\n"
    (table,) = read_text(tmp_path, text)
    for row in table.rows:
        for cell in row.cells:
            assert text[cell.start : cell.end] == cell.text
    assert table.rows[0].cells[0].count == 1204


def test_headings_over_two_lines_are_joined_and_their_n_kept_apart(tmp_path: Path) -> None:
    text = (
        "Table 2: Girls and boys\n\n"
        "Area\tFirst round (n=30)\t\tSecond round (n=44)\t\n"
        "\tGirls (n=10)\tBoys (n=20)\tGirls (n=24)\tBoys (n=20)\n"
        "North\t4\t11\t12\t9\nSouth\t6\t9\t12\t11\n"
    )
    (table,) = read_text(tmp_path, text)
    assert table.bases == (10, 20, 24, 20)
    assert table.columns[1] == "First round (n=30) Boys (n=20)"
    assert table.groups[3] == ("Second round (n=44)", 44)


def test_a_caption_below_serves_where_none_stands_above(tmp_path: Path) -> None:
    (table,) = read_text(
        tmp_path, "Words.\n\nArea | Visits\nNorth | 12\nSouth | 9\n\nTable 7: Visits by area\n\nMore.\n"
    )
    assert table.label == "Table 7"


def test_a_list_of_contents_is_no_table(tmp_path: Path) -> None:
    text = "Contents\n\nTable 1: Ages\t3\nTable 2: Homes\t5\nTable 3: Schools\t9\n\nWords follow here.\n"
    assert read_text(tmp_path, text) == ()


def test_years_are_headings_and_not_figures(tmp_path: Path) -> None:
    (table,) = read_text(tmp_path, "Table 1: Visits\n\nArea\t2009-10\t2010-11\nNorth\t4\t6\nSouth\t5\t9\n")
    assert table.columns == ("2009-10", "2010-11")
    assert len(table.rows) == 2
