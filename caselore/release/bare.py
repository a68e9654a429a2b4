"""A bare coded-layer JSON file goes in; an open release comes out, de-identified and checked like any other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from caselore.codebook.codebook import Codebook, load
from caselore.documents.cases import cases
from caselore.documents.layer import MEDIA_TYPE
from caselore.documents.reader import read
from caselore.errors import LayerError
from caselore.proposers.casetext import CaseText
from caselore.proposers.layer import LayerProposer
from caselore.records import Document, Proposal
from caselore.release.checks import Gate, check_case
from caselore.release.columns import TABLES
from caselore.release.deidentify import cite
from caselore.release.ids import case_ids, case_key
from caselore.release.intake import Intake
from caselore.release.layer import LayerJSON
from caselore.release.layer_file import validate
from caselore.release.manifest import Ledger, created, manifest
from caselore.release.rows import Rows, case_rows
from caselore.release.suppress import SMALLEST_COUNT


def open_layer(path: Path) -> tuple[dict[str, Any], dict[str, pa.Table]]:
    """The manifest and the tables of a coded-layer file. Raises LayerError where it is none."""
    document = read(path)
    if document.media_type != MEDIA_TYPE:
        raise LayerError(f"{path} is no coded layer; name a release folder or a coded-layer JSON file.")
    gate, ledger = Gate(load()), Ledger()
    value = json.loads(document.text)
    whole = str(value.get("schema_version", "")) == "1.1" and all("fields" in case for case in value["cases"])
    found = list(_released(document, value, gate, ledger) if whole else _published(document, gate, ledger))
    frames = _frames(found)
    told = manifest(
        ledger,
        gate,
        made=created(),
        smallest=SMALLEST_COUNT,
        codebook=gate.codebook,
        counts={name: frame.num_rows for name, frame in frames.items()},
        sha256={},
    )
    return told, frames


def _published(document: Document, gate: Gate, ledger: Ledger) -> Iterator[LayerJSON]:
    """Cases of layer 1.0 and the like: proposed by `layer`, so that they pass as any proposal does."""
    intake = Intake(gate, ledger, put=(), lookup=lambda sha256: document if sha256 == document.sha256 else None)
    spooled = dict(intake.cases(_proposals(document, gate.codebook)))
    ids = case_ids(case_key(*place) for place in spooled)
    for place, case in spooled.items():
        yield case | {"case_id": ids[case_key(*place)]}


def _proposals(document: Document, codebook: Codebook) -> Iterator[tuple[Document, Proposal]]:
    proposer = LayerProposer(codebook)
    for case in cases(document):
        yield document, proposer.propose(CaseText(document, case))


def _released(document: Document, value: LayerJSON, gate: Gate, ledger: Ledger) -> Iterator[LayerJSON]:
    """Cases of layer 1.1: they hold everything already, and keep id, coder and the place of their evidence."""
    validate(value, name=document.name)
    gate.persons = frozenset(each["coder"] for each in value["passes"] if each["kind"] == "person")
    for number, case in enumerate(value["cases"], 1):
        ref = case["source_ref"]
        cited = cite(title=ref["title"], publisher=ref["repository"], licence=ref["licence"], url=ref["url"])
        ref |= {"title": cited.title, "repository": cited.publisher, "licence": cited.licence, "url": cited.url}
        gate.names = cited.names
        check_case(case, gate, place=f"{document.name}, case {number}", drop=True)
        ledger.note(case, cited)
        yield case


def _frames(found: Iterable[LayerJSON]) -> dict[str, pa.Table]:
    held: Rows = {name: [] for name in TABLES}
    for number, case in enumerate(found):
        for name, rows in case_rows(case, number).items():
            held[name].extend(rows)
    return {name: pa.Table.from_pylist(held[name], schema=schema) for name, schema in TABLES.items()}
