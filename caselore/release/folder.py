"""Cases and proposals stream in; a de-identified release folder comes out, and is opened again.

Rows are written as they pass, in two passes over a spool that holds de-identified cases only, so memory does
not grow with the number of cases; the folder is moved into place when the last check has passed.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from caselore.errors import ReleaseRefused
from caselore.records import Document, Proposal
from caselore.release.answers import fields_put
from caselore.release.columns import TABLES
from caselore.release.ids import case_ids, case_key
from caselore.release.layer import LayerJSON, layer_case
from caselore.release.rows import Rows, case_rows

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook

BATCH = 20_000
"""Rows of one Parquet row group; a few megabytes each."""


@dataclass(frozen=True)
class Release:
    """A release that is open for reading: its manifest, and DuckDB views of its four tables."""

    path: Path
    manifest: Mapping[str, Any]
    frames: Mapping[str, pa.Table] = field(default_factory=dict, repr=False)

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A new in-memory DuckDB connection with the views cases, codes, decisions and recommendations."""
        connection = duckdb.connect(":memory:")
        for name in TABLES:
            if name in self.frames:
                connection.register(name, self.frames[name])
                continue
            file = str(self.path / f"{name}.parquet").replace("'", "''")
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{file}')")
        return connection


def open_release(path: Path | str) -> Release:
    """Open a release folder; raises ReleaseRefused where it is none."""
    path = Path(path)
    manifest = path / "manifest.json"
    missing = [name for name in ("manifest.json", *(f"{t}.parquet" for t in TABLES)) if not (path / name).is_file()]
    if missing:
        raise ReleaseRefused(
            f"{path}: no release here, {missing[0]} is missing; name a folder that "
            "`caselore release` or `caselore run` wrote."
        )
    return Release(path, json.loads(manifest.read_text("utf-8")))


def write_release(
    out: Path | str,
    proposals: Iterable[tuple[Document, Proposal]],
    *,
    codebook: Codebook,
    fields: Iterable[str] | None = None,
) -> Release:
    """Write the release folder `out` from documents (their text may be left out) and proposals."""
    out = Path(out)
    put = fields_put(codebook, fields)
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    try:
        with (draft / "spool").open("w+", encoding="utf-8") as spool:
            places = _spool(spool, proposals, codebook=codebook, put=put)
            counts = _write_tables(draft, _read_spool(spool, places))
        (draft / "spool").unlink()
        manifest = {"caselore": "release", "state": "draft", "counts": counts}
        (draft / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
        _move(draft, out)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return open_release(out)


def _spool(
    spool: IO[str], proposals: Iterable[tuple[Document, Proposal]], *, codebook: Codebook, put: tuple[str, ...]
) -> dict[tuple[str, int], int]:
    places: dict[tuple[str, int], int] = {}
    for document, proposal in proposals:
        case, _ = layer_case(document, proposal, codebook=codebook, put=put)
        at = (proposal.case.sha256 or document.sha256, proposal.case.start)
        if at not in places:
            places[at] = spool.tell()
            spool.write(json.dumps(case, ensure_ascii=False) + "\n")
    return places


def _read_spool(spool: IO[str], places: Mapping[tuple[str, int], int]) -> Iterator[LayerJSON]:
    ids = case_ids(case_key(*place) for place in places)
    spool.flush()
    for place in sorted(places):
        spool.seek(places[place])
        case = json.loads(spool.readline())
        case["case_id"] = ids[case_key(*place)]
        yield case


def _write_tables(folder: Path, cases: Iterable[LayerJSON]) -> dict[str, int]:
    counts = dict.fromkeys(TABLES, 0)
    held: Rows = {name: [] for name in TABLES}
    writers = {name: pq.ParquetWriter(folder / f"{name}.parquet", schema) for name, schema in TABLES.items()}

    def flush(name: str) -> None:
        if held[name]:
            writers[name].write_table(pa.Table.from_pylist(held[name], schema=TABLES[name]))
            held[name].clear()

    for case in cases:
        for name, rows in case_rows(case).items():
            held[name].extend(rows)
            counts[name] += len(rows)
            if len(held[name]) >= BATCH:
                flush(name)
    for name, writer in writers.items():
        flush(name)
        writer.close()
    return counts


def _move(draft: Path, out: Path) -> None:
    if out.exists():
        shutil.rmtree(out)
    draft.replace(out)
