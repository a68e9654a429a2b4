"""Published figures: those that ship are those that are printed, and what is printed wrong is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from caselore.errors import TableError
from caselore.tables.earlier import every_series, misprints, percentages, series
from caselore.tables.published import every_table
from caselore.tables.tests import chi_square


def test_every_printed_percentage_that_is_right_comes_out_as_printed() -> None:
    """286 percentages; three are wrong in print, in whatever way one rounds."""
    found = {one.where: (one.printed, one.recomputed) for each in every_series().values() for one in misprints(each)}
    assert found == {
        "Table 4, row '1-5 years', column '2007-09'": (22, "21"),
        "Table 8, row 'Mixed', column '2011-14'": (8, "7"),
        "Table 13, row 'Never on plan', column '2011-14'": (76, "75"),
    }
    assert sum(len(list(percentages(each))) for each in every_series().values()) == 286


def test_the_figures_are_those_of_the_report(shared: Path) -> None:
    """Row by row and cell by cell, against the tables as carried over from the report."""
    printed = {
        one["table"]: one for one in json.loads((shared / "data/triennial-2011-14-tables.json").read_text("utf-8"))
    }
    checked = 0
    for each in every_series().values():
        table = printed[each.table]
        assert [row["label"].strip() for row in table["rows"]] == [
            row.label.replace(" or father", " / father") for row in each.rows
        ]
        for row, told in zip(each.rows, table["rows"], strict=True):
            cells = told["cells"]
            if each.table == "Table 22":  # the report prints count and percentage in two columns
                cells = [{**cells[0], "pct": cells[1]["pct"]}]
            for column, cell in zip(each.columns, cells, strict=True):
                mine = each.figure(row.key, column.key)
                other = cell["other"]
                number = other.get("rate_per_100000") if isinstance(other, dict) else other
                assert (mine.n, mine.percent) == (cell["n"], cell["pct"])
                assert (mine.rate or mine.ratio) == (number if isinstance(number, float) else None)
                checked += 1
        if each.kind != "figures":
            bases = [column["denominator_n"] for column in table["columns"]]
            assert [column.n for column in each.columns] == bases[: len(each.columns)]
    assert checked > 400
    assert len(every_series()) == 24


def test_columns_of_one_answer_a_case_add_to_their_base() -> None:
    for name in ("outcome", "age-band", "gender", "context", "nature-of-harm", "living-arrangement"):
        for column in series(name).columns:
            assert sum(series(name).counts(column.key).values()) == column.n, (name, column.key)
    for column in series("nature-of-death").columns:
        parts = {row.key for row in series("nature-of-death").rows if row.of}
        counts = series("nature-of-death").counts(column.key)
        assert sum(n for key, n in counts.items() if key not in parts) == column.n
        for whole in ("overt_homicide", "maltreatment_related"):
            inside = [row.key for row in series("nature-of-death").rows if row.of == whole]
            assert sum(counts[key] for key in inside) == counts[whole]


def test_the_printed_tests_follow_from_the_printed_counts() -> None:
    """Section 2.4.1 prints 4.50 for baby girls against 2007-09: 4.509, cut off."""
    age = series("age-by-gender")
    babies = [
        [age.figure("under_1", f"{period}/{one}").n or 0 for one in ("female", "male")]
        for period in ("2007-09", "2011-14")
    ]
    assert chi_square(babies).statistic == pytest.approx(4.5094, abs=5e-5)
    known = series("social-care-by-age")
    grid = [[n for key, n in known.counts(column.key).items()] for column in known.columns]
    assert chi_square(grid).statistic == pytest.approx(23.773, abs=5e-4)  # printed 24.59


def test_a_figure_tells_where_it_is_printed() -> None:
    assert series("outcome").address("death", "2011-14") == "Table 1, row 'Death', column '2011-14'"
    assert series("outcome").figure("death", "2011-14").n == 197
    assert "(Department for Education, 2016), Table 1" in series("outcome").cited
    with pytest.raises(TableError, match="no cell at row 'deth'"):
        series("outcome").figure("deth", "2011-14")
    with pytest.raises(TableError, match="no published series 'outcomes'; choose from outcome"):
        series("outcomes")


def test_every_series_stands_beside_a_table_that_ships() -> None:
    known = {table.id for table in every_table()}
    assert {each.beside for each in every_series().values() if each.beside} <= known
