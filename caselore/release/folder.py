"""Cases and proposals stream in; a de-identified release folder comes out, and is opened again.

Rows are written as they pass, in two passes over a spool that holds de-identified cases only, so memory does
not grow with the number of cases; the folder is moved into place when the last check has passed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from caselore.errors import ReleaseRefused
from caselore.records import Document, Proposal
from caselore.release.answers import fields_put
from caselore.release.bare import open_layer
from caselore.release.checks import Gate, Lookup
from caselore.release.columns import TABLES
from caselore.release.ids import case_ids, case_key
from caselore.release.intake import Intake, Place
from caselore.release.layer import LayerJSON, case_10
from caselore.release.layer_file import LayerWriter, coder_statement, layer_head
from caselore.release.manifest import FORMAT, Ledger, created, manifest, passes, readme
from caselore.release.repeats import groups
from caselore.release.rows import case_rows
from caselore.release.suppress import SMALLEST_COUNT

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook

BATCH = 20_000
"""Rows that are held as they come; a few megabytes."""

GROUP = 200_000
"""Rows of one Parquet row group, at least; fewer and larger ones are read the quicker."""

LAYERS = {"layer.json": "1.1", "layer-1.0.json": "1.0"}


@dataclass(frozen=True)
class Release:
    """A release that is open for reading: its manifest, and DuckDB views of its four tables."""

    path: Path
    manifest: Mapping[str, Any]
    frames: Mapping[str, pa.Table] = field(default_factory=dict, repr=False)
    """The tables themselves, where they were made of a bare layer and are in no file."""

    def file(self, name: str) -> Path | None:
        """The Parquet file of a table; None where the tables are in memory."""
        return None if name in self.frames else self.path / f"{name}.parquet"

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
    """Open a release folder, or a bare coded-layer JSON file (1.0, 1.1, or with the citation on the case itself).

    Of a folder that `caselore run` wrote, it is the release in it. Raises ReleaseRefused where the folder is no
    release, LayerError or DocumentError where the file is no layer.
    """
    path = Path(path)
    if path.is_file():
        return Release(path, *open_layer(path))
    if not (path / "manifest.json").is_file() and (path / "release" / "manifest.json").is_file():
        path = path / "release"  # a folder that `caselore run` wrote holds its release beside the report
    wanted = ("manifest.json", *(f"{name}.parquet" for name in TABLES))
    missing = [name for name in wanted if not (path / name).is_file()]
    if missing:
        raise ReleaseRefused(
            f"{path}: no release here, {missing[0]} is missing; name a folder that `caselore release` or "
            "`caselore run` wrote, or a coded-layer JSON file."
        )
    told = _manifest_of(path)
    if told.get("format") != FORMAT:
        raise ReleaseRefused(f"{path / 'manifest.json'}: the release is not of the form {FORMAT}; release it again.")
    return Release(path, told)


def _manifest_of(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def write_release(
    out: Path | str,
    proposals: Iterable[tuple[Document, Proposal]],
    *,
    codebook: Codebook,
    fields: Iterable[str] | None = None,
    smallest: int = SMALLEST_COUNT,
    draft: bool = True,
    persons: Iterable[str] = (),
    lookup: Lookup | None = None,
) -> Release:
    """Write the release folder `out` from documents (their text may be left out) and proposals.

    `fields` are those that were put to every case, by default all that proposers fill. What a check finds is
    dropped and listed in the manifest if `draft`; otherwise ReleaseRefused is raised and nothing is written.
    `persons` are the coders who are people, as `coder-1`: only their codes may be validated. With a `lookup`
    from sha256 to document every quotation is verified. The same inputs in any order give the same bytes, apart
    from the date of making, which SOURCE_DATE_EPOCH fixes. An earlier release at `out` is replaced.
    """
    out = Path(out)
    _refuse_to_replace_others(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.partial-"))
    gate, ledger = Gate(codebook, frozenset(persons)), Ledger()
    try:
        with (folder / "spool").open("w+", encoding="utf-8") as spool:
            gathered = Intake(gate, ledger, put=fields_put(codebook, fields), draft=draft, lookup=lookup)
            places = _spool(spool, gathered.cases(proposals))
            made = created()
            spooled = _read_spool(spool, places, groups(gathered.asked))
            counts = _write_cases(folder, spooled, ledger=ledger, made=made, codebook=codebook)
        (folder / "spool").unlink()
        sha256 = {file.name: _sha256(file) for file in folder.iterdir()}
        told = manifest(ledger, gate, made=made, smallest=smallest, codebook=codebook, counts=counts, sha256=sha256)
        (folder / "manifest.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")
        (folder / "README.md").write_text(readme(told), "utf-8")
        _move(folder, out)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return open_release(out)


def _spool(spool: TextIO, cases: Iterable[tuple[Place, LayerJSON]]) -> dict[Place, int]:
    """Write the cases as they come and keep in memory only where each one stands."""
    places: dict[Place, int] = {}
    for place, case in cases:
        places[place] = spool.tell()
        spool.write(json.dumps(case, ensure_ascii=False) + "\n")
    return places


def _read_spool(
    spool: TextIO, places: Mapping[Place, int], repeats: Mapping[tuple[Place, int], str]
) -> Iterator[LayerJSON]:
    """The cases by document and place, whatever the order in which they came, with their final ids and groups."""
    ids = case_ids(case_key(*place) for place in places)
    spool.flush()
    for place in sorted(places):
        spool.seek(places[place])
        case: LayerJSON = json.loads(spool.readline())
        for item in case["recommendations"]:
            item["repeat_group"] = repeats.get((place, item["number"]), "")
        yield case | {"case_id": ids[case_key(*place)]}


def _write_cases(
    folder: Path, cases: Iterable[LayerJSON], *, ledger: Ledger, made: str, codebook: Codebook
) -> dict[str, int]:
    statement = coder_statement((coder for coder in ledger.coders if coder), draft=ledger.draft)
    with ExitStack() as stack:
        tables = {name: stack.enter_context(_TableWriter(folder, name)) for name in TABLES}
        layers = {}
        for name, version in LAYERS.items():
            file = stack.enter_context((folder / name).open("w", encoding="utf-8"))
            head = layer_head(
                version, generated=made[:10], coder=statement, codebooks=codebook.versions, passes=passes(ledger)
            )
            layers[version] = LayerWriter(file, head)
        for number, case in enumerate(cases):
            layers["1.1"].write(case)
            layers["1.0"].write(case_10(case))
            for name, rows in case_rows(case, number).items():
                tables[name].write(rows)
        for layer in layers.values():
            layer.close()
    return {name: table.rows for name, table in tables.items()}


class _TableWriter:
    """One Parquet file: `BATCH` rows are turned into columns at a time, and `GROUP` rows make a row group."""

    def __init__(self, folder: Path, name: str) -> None:
        self._schema, self.rows = TABLES[name], 0
        self._writer = pq.ParquetWriter(folder / f"{name}.parquet", self._schema)
        self._held: list[dict[str, Any]] = []
        self._ready: list[pa.Table] = []

    def __enter__(self) -> _TableWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._turn()
        self._flush()
        self._writer.close()

    def write(self, rows: list[dict[str, Any]]) -> None:
        self._held.extend(rows)
        self.rows += len(rows)
        if len(self._held) >= BATCH:
            self._turn()

    def _turn(self) -> None:
        if self._held:
            self._ready.append(pa.Table.from_pylist(self._held, schema=self._schema))
            self._held.clear()
        if sum(table.num_rows for table in self._ready) >= GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._ready:
            self._writer.write_table(pa.concat_tables(self._ready))
            self._ready.clear()


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _refuse_to_replace_others(out: Path) -> None:
    """Only an empty folder or an earlier release may be replaced."""
    if out.is_dir() and any(out.iterdir()) and "caselore" not in _manifest_of(out):
        raise ReleaseRefused(f"{out} is not empty and holds no release; name another folder or empty this one.")
    if out.exists() and not out.is_dir():
        raise ReleaseRefused(f"{out} is a file; name a folder for the release.")


def _move(folder: Path, out: Path) -> None:
    """Put the finished folder in place; an earlier release goes only when the new one stands."""
    earlier = None
    if out.exists():
        earlier = folder.with_name(folder.name + ".earlier")
        out.rename(earlier)
    folder.chmod(0o755)
    folder.rename(out)
    if earlier:
        shutil.rmtree(earlier, ignore_errors=True)
