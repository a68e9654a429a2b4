"""A million made-up cases with known margins: `python benchmarks/tables.py 10000 100000 1000000`.

For each size a release is written, all published tables are computed in a process of its own, and time, processor
time and the most memory are printed. Then the tables are compared with the rule that the cases were made by (numpy)
and with plain SQL over the same files.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow.parquet as pq

from caselore.codebook.codebook import Codebook, load
from caselore.release.columns import TABLES
from caselore.release.folder import GROUP, Release
from caselore.tables.compute import compute_all
from caselore.tables.measures import every
from caselore.tables.published import published
from caselore.tables.result import Result
from caselore.tables.table import Answers, Table, Whole, fields

NUMBERS = {"child_age": "{} % 216", "siblings": "{} % 8", "authority_children": "{} % 150 * 2000"}

MOST_BY_SQL = 100_000
"""Cases up to which every simple table is counted by SQL too; its joins by text take long."""

_TYPES = {
    "string": "VARCHAR",
    "int32": "INTEGER",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "list<item: string>": "VARCHAR[]",
    "list<element: string>": "VARCHAR[]",
}


def rule(seed: int, code: str | int, case: str = "i") -> str:
    """SQL, and python, for whether a case holds a code of a field with many."""
    return f"(({case} * (7 + {code}) + {seed} * 13 + {code} * 101 + {case} // 1009) % 101 < 3 + 4 * ({code} % 5))"


def code_rows(book: Codebook) -> list[str]:
    """SQL for the rows of each field that a published table reads."""
    names = dict.fromkeys(name for table in published(book) for name in fields(table))
    found = []
    for seed, name in enumerate(names):
        kind, codes = book.fields[name].kind, list(book.fields[name].codes)
        if kind == "number":
            number = NUMBERS[name].format(f"(i * 7919 + {seed})")
            found.append(f"SELECT i, {seed}, '{name}', 'present', ({number})::VARCHAR, ({number})::DOUBLE FROM n")
        elif kind == "choice":
            code = f"{codes}[1 + ((i * 7 + {seed}) % 1009 + i // 1009) % {len(codes)}]"
            found.append(f"SELECT i, {seed}, '{name}', 'present', {code}, NULL FROM n WHERE i % 10 < 9")
            found.append(f"SELECT i, {seed}, '{name}', 'not_mentioned', '', NULL FROM n WHERE i % 10 = 9")
        else:
            held = f"FROM n, range({len(codes)}) AS r (j) WHERE {rule(seed, 'j')}"
            found.append(f"SELECT i, {seed}, '{name}', 'present', {codes}[j + 1], NULL {held}")
            lacking = f"FROM n ANTI JOIN (SELECT DISTINCT i {held}) USING (i)"
            found.append(f"SELECT i, {seed}, '{name}', 'not_mentioned', '', NULL {lacking}")
    return found


def make(folder: Path, size: int, book: Codebook) -> None:
    """Write the four tables of a release of `size` cases, in the order in which a release writes them."""
    connection = duckdb.connect()
    named = "'C-' || printf('%08x', i) AS case_id, i::INTEGER AS case_number"
    kinds, types = list(book.fields["decision_type"].codes), list(book.fields["recommendation_type"].codes)
    agencies, addressees = list(book.fields["agencies"].codes), list(book.fields["addressee"].codes)
    sql = {
        "cases": f"SELECT {named}, {list(book.fields['source_type'].codes)}[1 + i % 12] AS source_type, 'England' AS "
        "jurisdiction, (2010 + i % 12)::INTEGER AS year, (1 + (i % 9 = 0)::INTEGER) AS children, "
        "(2009 + i % 12)::INTEGER AS incident_year, 'OGL v3.0' AS licence, 'proposed' AS status FROM n ORDER BY i",
        "codes": f"SELECT {named}, field, answer, code, value, 'proposed' AS status, 0.8::DOUBLE AS confidence, "
        "'rules@1.0' AS coder, 1::INTEGER AS evidence FROM ("
        + " UNION ALL ".join(code_rows(book))
        + ") AS _ (i, f, field, answer, code, value) ORDER BY i, f",
        "decisions": f"SELECT {named}, s::INTEGER AS step, "
        f"{kinds}[1 + (i * s + i // 97) % {len(kinds)}] AS decision_type, "
        f"{agencies}[1 + (i + s) % {len(agencies)}] AS agency, 'proposed' AS status "
        "FROM n, range(1, 5) AS r (s) ORDER BY i, s",
        "recommendations": f"SELECT {named}, s::INTEGER AS number, [{types}[1 + (i + s) % {len(types)}]] AS types, "
        f"[{addressees}[1 + (i * s) % {len(addressees)}], {addressees}[1 + i % 3]] AS addressees, "
        "'individual' AS level, ['specific', 'timely'] AS smart, s = 1 AS time_frame, 'proposed' AS status "
        "FROM n, range(1, 4) AS r (s) WHERE s <= i % 4 ORDER BY i, s",
    }
    for name, schema in TABLES.items():
        connection.execute("CREATE OR REPLACE TABLE n AS SELECT 0 AS i LIMIT 0")
        have = connection.sql(sql[name]).columns
        whole = ", ".join(
            one.name if one.name in have else f"NULL::{_TYPES[str(one.type)]} AS {one.name}" for one in schema
        )
        parts = folder / f"parts-{name}"
        parts.mkdir()
        for place, start in enumerate(range(0, size, 50_000)):  # a part at a time, for sorting all needs much memory
            stop = min(size, start + 50_000)
            connection.execute(f"CREATE OR REPLACE TABLE n AS SELECT i FROM range({start}, {stop}) AS _ (i)")
            connection.execute(
                f"COPY (SELECT {whole} FROM ({sql[name]})) TO '{parts}/{place:05}.parquet' (FORMAT parquet)"
            )
        connection.execute(
            f"COPY (FROM read_parquet('{parts}/*.parquet')) TO '{folder}/{name}.parquet' "
            f"(FORMAT parquet, ROW_GROUP_SIZE {GROUP})"
        )
        for part in parts.iterdir():
            part.unlink()
        parts.rmdir()


def measured(folder: Path) -> dict[str, float]:
    """Compute all tables in a process of its own, so that the memory is theirs alone."""
    command = [sys.executable, __file__, "--one", str(folder)]
    told: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told


def once(folder: Path) -> dict[str, float]:
    """All published tables and measures of one release: seconds, seconds of processor, megabytes at most."""
    book = load()
    start, spent = time.perf_counter(), time.process_time()
    found = every.measured(published(book), Release(folder, {}), book=book)
    return {
        "tables": len(found),
        "seconds": time.perf_counter() - start,
        "processor": time.process_time() - spent,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def compared(folder: Path, size: int, book: Codebook) -> int:
    """Compare cells with the rule and with SQL; returns how many agree, and stops at the first that does not."""
    release = Release(folder, {})
    results = {one.table.id: one for one in compute_all(published(book), release, book=book, smallest=None)}
    found = by_rule(results["integrity-flags"], size, book)
    if size > MOST_BY_SQL:
        return found
    return found + sum(by_sql(result, release.connection()) for result in results.values() if simple(result.table))


def by_rule(result: Result, size: int, book: Codebook) -> int:
    """The flags, from the rule that made them."""
    names = list(dict.fromkeys(name for table in published(book) for name in fields(table)))
    seed, i = names.index("integrity_flags"), np.arange(size)
    codes = list(book.fields["integrity_flags"].codes)
    for place, code in enumerate(codes):
        held = int(eval(rule(seed, place), {"i": i}).sum())  # the rule is ours, written above
        assert result.cell(code).value == held if held else True, code
    return len(codes)


def simple(table: Table) -> bool:
    """Tables of the answers of one field, crossed with another or not, of all cases."""
    plain = isinstance(table.rows, Answers) and isinstance(table.columns, Answers | Whole)
    return table.unit == "case" and not table.where and plain


def by_sql(result: Result, connection: Any) -> int:
    """Each count of a table by joins and groups over the codes, which share nothing with the tables' own way."""
    rows, columns = result.table.rows, result.table.columns
    assert isinstance(rows, Answers)
    key = "CASE c.answer WHEN 'present' THEN c.code ELSE c.answer END"
    if isinstance(columns, Answers):
        sql = (
            f"SELECT {key}, {key.replace('c.', 'd.')}, count(DISTINCT c.case_id) "
            "FROM codes c JOIN codes d USING (case_id) "
            f"WHERE c.field = '{rows.field}' AND d.field = '{columns.field}' GROUP BY ALL"
        )
    else:
        sql = f"SELECT {key}, 'all', count(DISTINCT c.case_id) FROM codes c WHERE c.field = '{rows.field}' GROUP BY ALL"
    found = {(row, column): count for row, column, count in connection.execute(sql).fetchall()}
    places = {(row.key, column.key) for row in result.rows for column in result.columns}
    for place, count in found.items():
        assert place not in places or result.cell(*place).value == count, (result.table.id, place)
    return sum(place in places for place in found)


def main(sizes: list[int]) -> None:
    """Make, measure and compare each size."""
    book = load()
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            start = time.perf_counter()
            make(folder, size, book)
            held = sum(file.stat().st_size for file in folder.iterdir()) / 2**20
            rows = pq.read_metadata(folder / "codes.parquet").num_rows
            seconds = time.perf_counter() - start
            print(f"{size:,} cases, {rows:,} codes, {held:,.0f} MB, made in {seconds:.0f} s", flush=True)
            told = measured(folder)
            print(
                "  {tables:.0f} tables in {seconds:.1f} s, {processor:.1f} s of processor, {megabytes:,.0f} MB".format(
                    **told
                )
            )
            by = "the rule and SQL" if size <= MOST_BY_SQL else "the rule"
            print(f"  {compared(folder, size, book):,} cells equal {by}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(once(Path(sys.argv[2]))))
    else:
        main([int(one) for one in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
