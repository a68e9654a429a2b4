"""The risk rating: forms, totals, means as printed; and the grids of marks."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from caselore.errors import TableError
from caselore.tables.grids import co_occurrence
from caselore.tables.rating import CAVEAT, compared, kinds, means, rated, read_forms, samples_compared
from caselore.tables.rating_tables import rating_tables, write_rating

PRINTED = {
    "Public law - s31 only": ("18.3", Fraction(165, 9)),
    "Private law - WTFH only": ("5.2", Fraction(26, 5)),
    "Private law - WTFH & WAFH": ("9.3", Fraction(65, 7)),
    "Private law (all)": ("7.6", Fraction(91, 12)),
    "All": ("12.2", Fraction(316, 26)),
}
"""What the study of 2014 printed, and the exact means behind it; only 5.2 is exact as printed."""


@pytest.fixture(scope="module")
def forms(shared: Path, book: Any) -> Any:
    return read_forms(shared / "data/cafcass-2014-table-10.csv", book)


def test_means_by_law_type_are_those_printed(forms: Any, book: Any) -> None:
    found = {one.group: one for one in means(forms, "law_type", joined=kinds(forms, "law_type"))}
    results = {result.table.id: result for result in rating_tables(forms, book, smallest=None)}
    rows = {}
    for name in ("rating-by-law-type", "rating-by-kind-of-law-type"):
        rows |= {row.label: results[name].cell(row.key, measure="mean").shown for row in results[name].rows}
    rows["All"] = rows.pop("All reviews")
    for group, (shown, exact) in PRINTED.items():
        assert found[group].exact == exact
        assert rows[group] == shown
    notes = " ".join(results["rating-by-law-type"].notes)
    assert "WTFH only 26/5, exactly 5.2" in notes
    assert "s31 only 165/9 = 18.3333" in notes
    assert CAVEAT in results["rating-by-law-type"].notes
    assert "Kruskal-Wallis test, H = " in notes
    hidden = {result.table.id: result for result in rating_tables(forms, book, smallest=3)}["rating-by-law-type"]
    assert "Kruskal-Wallis" not in " ".join(hidden.notes)


def test_incident_types_are_counted(forms: Any, book: Any) -> None:
    result = next(one for one in rating_tables(forms, book, smallest=None) if one.table.id == "incident-type")
    shown = {row.label: result.cell(row.key).value for row in result.rows_of("category")}
    assert shown["Physical abuse (fatal)"] == 11
    assert sum(int(count or 0) for count in shown.values()) == len(forms) == 26


def test_a_group_of_two_does_not_follow_from_the_others(forms: Any, book: Any) -> None:
    results = {result.table.id: result for result in rating_tables(forms, book, smallest=3)}
    result = results["rating-by-law-type"]
    hidden = [row.label for row in result.rows if result.cell(row.key, measure="n").suppressed]
    assert "Public and private" in hidden
    assert len(hidden) > 1
    for row in result.rows:
        if result.cell(row.key, measure="n").suppressed:
            assert all(result.cell(row.key, measure=one).value is None for one in result.table.measures)
    assert "Public and private 34/2" not in " ".join(result.notes)
    assert "rating-by-kind-of-law-type" not in results  # all less private and public law would be the two


def test_groups_and_samples_are_compared(forms: Any) -> None:
    law = compared(forms, "law_type")
    assert (law.test, law.n) == ("Kruskal-Wallis test", 26)
    assert law.p < 0.01
    fatal = compared(forms, "fatal")
    assert [name for name, _ in fatal.groups] == ["no", "yes"]
    first, second = [one for one in forms if int(one.case) <= 13], [one for one in forms if int(one.case) > 13]
    assert samples_compared(first, second, names=("before", "after")).groups == (("before", 13), ("after", 13))


def filled(tmp_path: Path, rows: list[dict[str, str]]) -> Path:
    path = tmp_path / "forms.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_form_adds_up(tmp_path: Path, book: Any) -> None:
    highest = {code.id: next(iter(code.levels)) for code in book.fields["risk_rating"].codes.values()}
    assert rated(highest, book) == 39
    assert rated({"child_protection_plan": "previous", "neglect": "low"}, book) == 3
    assert rated({"child_protection_plan": "no"}, book) == 0
    rows = [
        {"case": "A", "law_type": "s31", "child_protection_plan": "Current", "neglect": "HIGH", "other": "none"},
        {"case": "B", "law_type": "none", "child_protection_plan": "no", "neglect": "", "other": "medium"},
    ]
    one, other = read_forms(filled(tmp_path, rows), book)
    assert (one.total, other.total) == (6, 2)
    assert "neglect" not in other.levels  # silence, which is another answer than none


def test_levels_by_category_are_tables(tmp_path: Path, book: Any) -> None:
    rows = [{"case": str(n), "neglect": level} for n, level in enumerate(["high"] * 4 + ["low"] * 3 + [""] * 3)]
    written = write_rating(read_forms(filled(tmp_path, rows), book), tmp_path / "out", book, smallest=3)
    assert (tmp_path / "out/csv/levels-neglect.csv") in written
    result = next(
        one
        for one in rating_tables(read_forms(filled(tmp_path, rows), book), book, smallest=3)
        if one.table.id == "levels-neglect"
    )
    assert {row.label: result.cell(row.key).value for row in result.rows}["High"] == 4
    assert result.cell("not_coded").value == 3
    assert result.cell("base", measure="column_percent").shown == "70"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"case": "A", "neglect": "severe"}, "line 2: 'neglect' is rated high, medium, low, none, not 'severe'"),
        ({"case": "A", "neglect": "high", "total": "9"}, "the levels add to 3, and the total given is 9"),
        ({"case": "A", "total": "40"}, "'40' is no total; totals run from 0 to 39"),
        ({"name": "A", "total": "4"}, "needs a column `case`"),
        ({"case": "", "total": "4"}, "is empty or given twice"),
    ],
)
def test_a_bad_form_is_said(row: dict[str, str], words: str, tmp_path: Path, book: Any) -> None:
    with pytest.raises(TableError, match=words):
        read_forms(filled(tmp_path, [row]), book)


def test_the_seventeen_grids_give_co_occurrence(shared: Path) -> None:
    """Table 26: one row a young person; counts by hand from the printed marks."""
    tables = json.loads((shared / "data/triennial-2011-14-tables.json").read_text("utf-8"))
    grid = next(one for one in tables if one["table"] == "Table 26")
    names = [column["label"] for column in grid["columns"]]
    rows = [dict(zip(names, (bool(cell["other"]) for cell in row["cells"]), strict=True)) for row in grid["rows"]]
    found = co_occurrence(rows)
    assert found.n == 17
    assert found.counts["Parental conflict/separation"] == 17
    assert found.counts["CAMHS"] == 15  # "all but two" in section 5.2.3
    assert (found.counts["In care/detained"], found.counts["At home"]) == (6, 10)
    assert found.met("In care/detained", "At home") == 0
    assert found.met("CAMHS", "MH, self-harm, suicide attempts") == 15
    plain = sum(row["YOT/crime"] and row["Going missing/homeless"] for row in rows)
    assert found.met("YOT/crime", "Going missing/homeless") == found.met("Going missing/homeless", "YOT/crime") == plain
    assert len(found.pairs) == 11 * 10 // 2
    test = found.association("YOT/crime", "Going missing/homeless")
    assert test.n == 17
    assert found.lift("CAMHS", "MH, self-harm, suicide attempts") == pytest.approx(15 * 17 / (15 * 16))


def test_a_grid_with_a_gap_is_said() -> None:
    with pytest.raises(TableError, match="Row 2 of the grid has no column 'b'"):
        co_occurrence([{"a": True, "b": False}, {"a": True}])
