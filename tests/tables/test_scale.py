"""A made-up release with known margins, of any size: CASELORE_CASES=1000000 makes a million cases."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from caselore.release.columns import TABLES
from caselore.release.folder import Release
from caselore.tables.compute import compute_all
from caselore.tables.published import every_table, published
from caselore.tables.result import Result

CASES = int(os.environ.get("CASELORE_CASES", "20000"))
MULTI = ("agencies", "risk_indicators", "integrity_flags", "learning_themes", "recommendation_type", "child_gender")
CHOICE = ("outcome", "source_of_harm", "incident_context", "child_protection_plan")


def holds(case: Any, code: int, seed: int) -> Any:
    """Whether a case holds a code: a rule that SQL and numpy read alike."""
    return (case * (7 + code) + seed * 13 + code * 101) % 101 < 4 + 4 * (code % 5)


def rows_of(book: Any) -> list[str]:
    """SQL for the rows of each field."""
    found = []
    for seed, name in enumerate(CHOICE):
        codes = list(book.fields[name].codes)
        code = f"{codes}[1 + (i * 7 + {seed}) % {len(codes)}] AS code"
        found.append(f"SELECT i, '{name}' AS field, 'present' AS answer, {code} FROM n")
    for seed, name in enumerate(MULTI):
        codes = list(book.fields[name].codes)
        rule = f"(i * (7 + j) + {seed * 13} + j * 101) % 101 < 4 + 4 * (j % 5)"
        held = f"FROM n, range({len(codes)}) AS r (j) WHERE {rule}"
        found.append(f"SELECT i, '{name}', 'present', {codes}[j + 1] {held}")
        found.append(f"SELECT i, '{name}', 'not_mentioned', '' FROM n ANTI JOIN (SELECT DISTINCT i {held}) USING (i)")
    return found


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory, book: Any) -> Release:
    folder = tmp_path_factory.mktemp("made-up")
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE n AS SELECT i FROM range({CASES}) AS _ (i)")
    named = "'C-' || printf('%08x', i) AS case_id, i::INTEGER AS case_number"
    kinds = list(book.fields["decision_type"].codes)
    codes = " UNION ALL ".join(rows_of(book))
    sql = {
        "cases": f"SELECT {named}, 'LCSPR' AS source_type, 'England' AS jurisdiction, "
        "(2010 + i % 12)::INTEGER AS year, 1 AS children, (2009 + i % 12)::INTEGER AS incident_year, "
        "'proposed' AS status FROM n",
        "codes": f"SELECT {named}, field, answer, code, 'proposed' AS status FROM ({codes})",
        "decisions": f"SELECT {named}, s::INTEGER AS step, {kinds}[1 + (i * s) % {len(kinds)}] AS decision_type, "
        "'police' AS agency, 'proposed' AS status FROM n, range(1, 5) AS r (s)",
        "recommendations": f"SELECT {named}, s::INTEGER AS number, ['training'] AS types, 'proposed' AS status "
        "FROM n, range(1, 4) AS r (s) WHERE s <= i % 4",
    }
    for name, schema in TABLES.items():
        have = connection.sql(sql[name]).columns
        lacking = "".join(f", NULL::{_TYPES[str(one.type)]} AS {one.name}" for one in schema if one.name not in have)
        connection.execute(f"COPY (SELECT *{lacking} FROM ({sql[name]})) TO '{folder / name}.parquet' (FORMAT parquet)")
    return Release(Path(folder), {})


_TYPES = {
    "string": "VARCHAR",
    "int32": "INTEGER",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "list<item: string>": "VARCHAR[]",
    "list<element: string>": "VARCHAR[]",
}


@pytest.fixture(scope="module")
def results(million: Release, book: Any) -> dict[str, Result]:
    start, processor = time.perf_counter(), time.process_time()
    found = compute_all(published(book), million, book=book)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    wall, spent = time.perf_counter() - start, time.process_time() - processor
    print(f"{CASES:,} cases: {len(found)} tables in {wall:.1f} s ({spent:.1f} s of processor), {peak:,} MB at most")
    return {result.table.id: result for result in found}


def test_margins_are_those_of_the_rule(results: dict[str, Result], book: Any) -> None:
    case = np.arange(CASES)
    codes = list(book.fields["integrity_flags"].codes)
    for place, code in enumerate(codes):
        assert results["integrity-flags"].cell(code).value == holds(case, place, 2).sum()
    outcomes = list(book.fields["outcome"].codes)
    for place, code in enumerate(outcomes):
        assert results["outcome"].cell(code).value == ((case * 7) % len(outcomes) == place).sum()


def test_crossed_margins_are_those_of_the_rule(results: dict[str, Result], book: Any) -> None:
    case = np.arange(CASES)
    flags, agencies = list(book.fields["integrity_flags"].codes), list(book.fields["agencies"].codes)
    for flag in range(0, len(flags), 4):
        for agency in range(0, len(agencies), 5):
            both = holds(case, flag, 2) & holds(case, agency, 0)
            assert results["flags-by-agency"].cell(flags[flag], agencies[agency]).value == both.sum()


def test_everything_is_there(results: dict[str, Result]) -> None:
    assert results["decision-steps"].cell("base").value == 4 * CASES
    assert results["decision-transitions"].cell("base").value == 3 * CASES
    assert results["recommendation-kinds"].cell("training").value == sum(case % 4 for case in range(CASES))
    assert len(results) == len(every_table())
