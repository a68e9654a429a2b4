"""Every published table, recomputed from the same rows with plain loops, cell by cell."""

from __future__ import annotations

import statistics
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

import pytest

from caselore.tables.compute import compute_all
from caselore.tables.published import published
from caselore.tables.result import Cell, Result
from caselore.tables.table import (
    Answers,
    Bands,
    Column,
    Fields,
    Groups,
    Nested,
    Pairs,
    States,
    Table,
    Together,
    Whole,
)

NOT_PRESENT = ("absent", "not_mentioned", "unclear", "not_applicable", "withheld", "not_coded")


class Plain:
    """A release as lists and sets; every answer is looked up, nothing is joined."""

    def __init__(self, release: Any) -> None:
        self.cases = {row["case_id"]: row for row in release.rows("cases")}
        self.codes = release.rows("codes")
        self.decisions = sorted(release.rows("decisions"), key=lambda row: row["step"])
        self.recommendations = release.rows("recommendations")

    def answers(self, case_id: str, field: str) -> set[str]:
        rows = [row for row in self.codes if row["case_id"] == case_id and row["field"] == field]
        if not rows:
            return {"not_coded"}
        return {row["code"] if row["answer"] == "present" else row["answer"] for row in rows}

    def units(self, table: Table) -> list[dict[str, Any]]:
        found = []
        for case_id, case in self.cases.items():
            if not all(self.meets(one, case_id) for one in table.where):
                continue
            mine = [row for row in self.decisions if row["case_id"] == case_id]
            if table.unit == "case" or (table.unit == "child" and case["children"] == 1):
                found.append({"case_id": case_id})
            if table.unit == "recommendation":
                found += [row for row in self.recommendations if row["case_id"] == case_id]
            if table.unit == "step":
                found += mine
            if table.unit == "transition":
                for one, other in pairwise(mine):
                    both = (one["decision_type"], other["decision_type"])
                    found.append({**one, "next_type": both[1], "transition": ">".join(both)})
        return found

    def meets(self, where: Any, case_id: str) -> bool:
        if where.keep:
            return bool(self.keys(where.axis, {"case_id": case_id}) & set(where.keep))
        found = self.numbers(where.axis, {"case_id": case_id})
        return any(where.at_least <= value < where.below for value in found)

    def numbers(self, axis: Any, unit: dict[str, Any]) -> list[Any]:
        """The numbers of one unit: of a column at most one, of a field as many as it has."""
        if isinstance(axis, Column):
            value = self.value(axis.name, unit)
            return [] if value is None else [value]
        rows = [row for row in self.codes if row["case_id"] == unit["case_id"] and row["field"] == axis.field]
        return [row["value"] for row in rows if row["answer"] == "present" and row["value"] is not None]

    def value(self, name: str, unit: dict[str, Any]) -> Any:
        case_id = unit["case_id"]
        kinds = [row["decision_type"] for row in self.decisions if row["case_id"] == case_id]
        if name in unit:
            return unit[name]
        if name == "recommendations":
            made = [row for row in self.recommendations if row["case_id"] == case_id]
            looked = made or "not_coded" not in self.answers(case_id, "recommendation_type")
            return len(made) if looked else None
        if name == "years_to_publication":
            ends = [self.cases[case_id][one] for one in ("incident_year", "year")]
            return ends[1] - ends[0] if None not in ends and ends[1] >= ends[0] else None
        if name.startswith("path_"):
            return ">".join(kinds[: int(name[-1])]) or None
        special = {"steps": len(kinds), "decision_types": sorted(set(kinds))}
        if kinds:
            special |= {"first_step": kinds[0], "last_step": kinds[-1]}
        return special.get(name, self.cases[case_id].get(name))

    def keys(self, axis: Any, unit: dict[str, Any]) -> set[str]:
        if isinstance(axis, Whole):
            return {"all"}
        if isinstance(axis, Answers):
            return self.answers(unit["case_id"], axis.field)
        if isinstance(axis, Column):
            return self.column_keys(self.value(axis.name, unit))
        if isinstance(axis, Bands):
            if isinstance(axis.of, Answers):
                return self.banded(axis, unit["case_id"])
            number = self.value(axis.of.name, unit)
            if number is None:
                return {"not_mentioned"}
            return {band.id for band in axis.bands if band.at_least <= number < band.below} or {"not_applicable"}
        if isinstance(axis, Groups):
            return self.groups(axis, unit)
        if isinstance(axis, Nested):
            outer, inner = self.keys(axis.outer, unit), self.keys(axis.inner, unit)
            both = {f"{one}/{other}" for one in outer - set(NOT_PRESENT) for other in inner - set(NOT_PRESENT)}
            return both or {next(state for state in NOT_PRESENT if state in outer | inner)}
        held = self.answers(unit["case_id"], axis.field)
        if isinstance(axis, Together):
            if held & {"unclear", "not_applicable", "withheld", "not_coded"}:
                return held
            return {"together:" + "".join("1" if code in held else "0" for code in axis.codes)}
        assert isinstance(axis, Pairs)
        if held & set(NOT_PRESENT):
            return held
        among = sorted(held & set(axis.among) if axis.among else held)
        return {f"{one}+{other}" for one in among for other in among if one < other} | held

    def banded(self, axis: Bands, case_id: str) -> set[str]:
        assert isinstance(axis.of, Answers)
        rows = [row for row in self.codes if row["case_id"] == case_id and row["field"] == axis.of.field]
        numbers = [row["value"] for row in rows if row["answer"] == "present"]
        states = {row["answer"] for row in rows if row["answer"] != "present"}
        inside = {band.id for one in numbers for band in axis.bands if band.at_least <= one < band.below}
        outside = any(not any(band.at_least <= one < band.below for band in axis.bands) for one in numbers)
        return inside | states | ({"not_applicable"} if outside else set()) or {"not_coded"}

    def groups(self, axis: Groups, unit: dict[str, Any]) -> set[str]:
        held = {name: self.answers(unit["case_id"], name) for name in axis.fields}
        found = {group.id for group in axis.groups if any(code in held[name] for name, code in group.codes)}
        if found:
            return found
        told = [
            answers for answers in held.values() if not answers & {"unclear", "not_applicable", "withheld", "not_coded"}
        ]
        if told:
            return {"absent"} if len(held) == 1 and told[0] != {"not_mentioned"} else {"not_mentioned"}
        first = held[axis.fields[0]]
        return first if len(held) == 1 or first != {"not_coded"} else {"not_coded"}

    @staticmethod
    def column_keys(value: Any) -> set[str]:
        values = value if isinstance(value, list) else [value]
        keys = {str(one).lower() if isinstance(one, bool) else str(one) for one in values if one not in (None, "")}
        return keys or {"not_mentioned"}


def half_up(value: Fraction, places: int) -> str:
    scaled = floor(value * 10**places + Fraction(1, 2))
    return f"{scaled // 10**places}" if places == 0 else f"{scaled // 10**places}.{scaled % 10**places}"


def plain_bands(axis: Any) -> Any:
    return (axis.outer if isinstance(axis, Nested) else axis).bands


def expected(table: Table, plain: Plain, row: str, column: str, measure: str) -> tuple[Any, int | None]:
    """Value and base of a cell of a counting table."""
    placed = [(plain.keys(table.rows, unit), plain.keys(table.columns, unit)) for unit in plain.units(table)]
    inside = [(rows, columns) for rows, columns in placed if column == "all" or column in columns]
    based = [rows for rows, _ in inside if not rows & set(table.missing)]
    here = {"all": len(inside), "base": len(based)}.get(row, sum(row in rows for rows, _ in inside))
    if measure == "count":
        return here, len(based)
    if measure == "lift":
        one, other = (sum(code in rows for rows, _ in inside) for code in row.split("+"))
        return (here * len(based) / (one * other) if one * other else None), len(based)
    if measure == "per_year":
        band = next(one for one in plain_bands(table.columns) if one.id == column.split("/")[0])
        return here / (band.below - band.at_least), None
    if measure == "row_percent" and "/" in column:
        outer = column.split("/")[0] + "/"
        base = sum(row in rows and any(key.startswith(outer) for key in columns) for rows, columns in placed)
    elif measure == "row_percent":
        apart = ("unclear", "not_applicable", "withheld", "not_coded") if table.multi_columns else NOT_PRESENT
        base = sum(row in rows and not columns & set(apart) for rows, columns in placed)
    else:
        base = len(inside) if row == "base" else len(based)  # of the base itself: how complete it is
    return (100 * here / base if base else None), base


def check_cell(table: Table, plain: Plain, at: tuple[str, str, str], cell: Cell) -> None:
    value, base = expected(table, plain, *at)
    assert not cell.suppressed
    assert cell.value == (pytest.approx(value) if isinstance(value, float) else value), (table.id, at)
    if cell.value is not None:
        assert cell.base == base, (table.id, at)
    if at[2].endswith("percent") and cell.value is not None:
        exact = Fraction(100 * int(cell.numerator or 0), int(cell.base or 1))
        places = 1 if "." in cell.shown else 0
        assert cell.shown == ("<1" if 0 < exact < Fraction(1, 2) and not places else half_up(exact, places))


def check_numbers(table: Table, plain: Plain, result: Result) -> None:
    for row in result.rows:
        numbers = [
            number
            for unit in plain.units(table)
            if row.key == "all" or row.key in plain.keys(table.rows, unit)
            for number in plain.numbers(table.number, unit)
        ]
        wanted = {"n": len(numbers), "total": sum(numbers) if numbers else None}
        if numbers:
            wanted |= {"median": statistics.median(numbers), "mean": statistics.fmean(numbers)}
            wanted |= {"lowest": min(numbers), "highest": max(numbers)}
        for measure, value in wanted.items():
            if measure in table.measures:
                assert result.cell(row.key, measure=measure).value == pytest.approx(value), (table.id, row.key, measure)


def check_completeness(plain: Plain, result: Result) -> None:
    for row, column, measure, cell in result.addressed():
        found = [plain.answers(case_id, row.key) for case_id in plain.cases]
        there = sum(column.key in keys or (column.key == "present" and not keys & set(NOT_PRESENT)) for keys in found)
        count = len(found) if column.key == "all" else there
        assert cell.value == (count if measure == "count" else pytest.approx(100 * count / len(found)))


def check(table: Table, plain: Plain, result: Result) -> None:
    if table.number:
        check_numbers(table, plain, result)
    elif isinstance(table.rows, Fields):
        check_completeness(plain, result)
    else:
        for at, cell in result.cells.items():
            check_cell(table, plain, at, cell)
        if table.top is None and not isinstance(table.rows, Pairs):
            units = plain.units(table)
            named = any("left out" in note for note in result.notes)
            for axis, lines in ((table.rows, result.rows), (table.columns, result.columns)):
                found = {key for unit in units for key in plain.keys(axis, unit)}
                assert named or found <= {line.key for line in lines}, table.id


@pytest.mark.parametrize("seed", range(5))
def test_every_published_table_equals_plain_loops(seed: int, book: Any, random_releases: Any) -> None:
    release = random_releases(seed, book)
    tables = published(book)
    plain = Plain(release)
    for table, result in zip(tables, compute_all(tables, release, book=book, smallest=None), strict=True):
        check(table, plain, result)


def test_the_columns_of_completeness_are_states(book: Any) -> None:
    assert [isinstance(table.columns, States) for table in published(book)].count(True) == 1
