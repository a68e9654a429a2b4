"""One pass over the codes, and counting by bits: against sets, for any rows in any order."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caselore.errors import TableError
from caselore.release.folder import Release
from caselore.tables import incidence
from caselore.tables.compute import compute_all
from caselore.tables.published import published
from caselore.tables.scan import COLUMNS, scan

SIZE = 150
ROW = st.tuples(
    st.integers(0, SIZE - 1),
    st.sampled_from(["agencies", "flags", "other"]),
    st.sampled_from(["present", "unclear"]),
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["proposed", "validated"]),
)


def batches(rows: list[Any], parts: int = 1) -> list[Any]:
    kept = [
        (case, name, answer, code if answer == "present" else "", status, None)
        for case, name, answer, code, status in rows
    ]
    columns = list(zip(*kept, strict=True)) or [()] * 6
    types = [pa.int32(), *[pa.string()] * 4, pa.float64()]
    table = pa.table({name: pa.array(column, kind) for name, column, kind in zip(COLUMNS, columns, types, strict=True)})
    return table.to_batches(max_chunksize=max(1, -(-len(rows) // parts)))


@settings(deadline=None, max_examples=60)
@given(st.lists(ROW, max_size=80), st.integers(1, 4), st.sampled_from([64, 64_000_000]))
def test_a_scan_finds_what_sets_find(rows: list[Any], parts: int, window: int) -> None:
    before = incidence._WINDOW
    incidence._WINDOW = window  # a small one makes every stretch be cut into pieces
    try:
        found = scan(batches(rows, parts), ("agencies", "flags"), size=SIZE)
    finally:
        incidence._WINDOW = before
    wanted: dict[tuple[str, str], set[int]] = {}
    for case, name, answer, code, _ in rows:
        wanted.setdefault((name, code if answer == "present" else answer), set()).add(case)
    census = Counter(
        (name, answer, code if answer == "present" else "", status) for _, name, answer, code, status in rows
    )
    assert found.census == dict(census)
    for name in ("agencies", "flags"):
        held = found.held[name]
        for key in held.keys:
            cases = set(np.flatnonzero(held.held(key)).tolist())
            spoken = set().union(*(who for (field, _), who in wanted.items() if field == name))
            assert cases == (set(range(SIZE)) - spoken if key == "not_coded" else wanted[name, key])
    mask = np.arange(SIZE) % 3 > 0
    crossed = found.held["agencies"].crossed(found.held["flags"], mask)
    for (one, other), count in crossed.items():
        both = found.held["agencies"].held(one) & found.held["flags"].held(other) & mask
        assert count == both.sum() > 0


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 200), st.integers(1, 90), st.integers(0, 9))
def test_bits_and_places_count_alike(size: int, wide: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    keys = [f"k{place}" for place in range(wide)]
    single = incidence.placed((np.arange(size), keys, chance.integers(0, wide, size)), size=size)
    assert single.places is not None
    as_bits = incidence.Incidence(single.keys, size, single.rows)
    units = chance.integers(0, size, 2 * size)
    many = incidence.placed((units, ["x", "y"], chance.integers(0, 2, 2 * size)), size=size)
    mask = chance.random(size) < 0.7
    assert single.counts(mask) == as_bits.counts(mask)
    assert single.crossed(many, mask) == as_bits.crossed(many, mask)
    assert {(b, a): n for (a, b), n in many.crossed(single, mask).items()} == single.crossed(many, mask)
    assert single.of(units).counts(np.ones(2 * size, bool)) == as_bits.of(units).counts(np.ones(2 * size, bool))
    assert single.crossed(single, mask) == as_bits.crossed(as_bits, mask)


def test_a_row_of_no_case_is_a_broken_release() -> None:
    with pytest.raises(TableError, match="codes belong to no case; release it again"):
        scan(batches([(SIZE, "agencies", "present", "a", "proposed")]), ("agencies",), size=SIZE)


def test_files_and_views_give_the_same_tables(tmp_path: Path, book: Any, random_releases: Any) -> None:
    """With case numbers the files are read, in any order of cases; without, the views are joined by id."""
    release = random_releases(4, book, most=40)
    order = {row["case_id"]: place for place, row in enumerate(reversed(release.rows("cases")))}
    for name, frame in release.frames.items():
        numbers = pa.array([order[one] for one in frame["case_id"].to_pylist()], pa.int32())
        place = frame.schema.get_field_index("case_number")
        pq.write_table(frame.set_column(place, "case_number", numbers), tmp_path / f"{name}.parquet", row_group_size=7)
    fast = compute_all(published(book), Release(tmp_path, {}), book=book)
    slow = compute_all(published(book), release, book=book)
    for one, other in zip(fast, slow, strict=True):
        assert (one.rows, one.columns, one.cells, one.status) == (other.rows, other.columns, other.cells, other.status)
