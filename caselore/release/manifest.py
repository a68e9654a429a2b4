"""What a release holds and rests on goes in; its manifest, and a README for whoever receives it, come out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from caselore import __version__
from caselore.release.checks import MACHINE, Gate
from caselore.release.deidentify import MASK, Citation

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook

FORMAT = "caselore-release/1"
"""The form of a release folder; another number means other files or columns."""


def created() -> str:
    """When a release is made, in UTC; fixed by the environment's SOURCE_DATE_EPOCH, for equal releases."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Ledger:
    """What is counted while cases pass: who read, who coded, what was masked. It holds no name and no title."""

    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    coders: set[str] = field(default_factory=set)
    statuses: Counter[str] = field(default_factory=Counter)
    masked: Counter[str] = field(default_factory=Counter)
    unverified: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0

    def note(self, case: Mapping[str, Any], cited: Citation) -> None:
        """Count one case of the release, as checked."""
        for document in case["documents"]:
            held = self.documents.setdefault(document["sha256"], {**document, "cases": 0})
            held["cases"] += 1
        standings = [code for said in case["fields"].values() for code in said["codes"]]
        self.coders.update(each["coder"] for each in (*standings, *case["decisions"], *case["recommendations"]))
        self.statuses.update(said["status"] for said in case["fields"].values())
        self.masked["titles"] += MASK in cited.title
        self.masked["publishers"] += MASK in cited.publisher
        self.masked["words"] += len(cited.names)
        self.masked.update(f"{part} withheld or cut" for part in cited.withheld)

    @property
    def draft(self) -> bool:
        """Whether anything in the release is a proposal that no person has validated."""
        return bool(self.statuses["proposed"]) or not self.statuses


def manifest(
    ledger: Ledger,
    gate: Gate,
    *,
    made: str,
    smallest: int,
    codebook: Codebook,
    counts: Mapping[str, int],
    sha256: Mapping[str, str],
) -> dict[str, Any]:
    """The manifest of a release: the same inputs give the same manifest, apart from `created`."""
    readers = dict(_named(document["reader"]) for document in ledger.documents.values() if document["reader"])
    return {
        "caselore": __version__,
        "format": FORMAT,
        "created": made,
        "state": "draft" if ledger.draft else "validated",
        "counts": {
            "documents": len(ledger.documents),
            **counts,
            "answers by status": {status: ledger.statuses[status] for status in sorted(ledger.statuses)},
            "duplicates left out": ledger.duplicates,
        },
        "suppression": {
            "smallest": smallest,
            "rule": f"In tables and reports a count from 1 to {smallest - 1} is not shown, nor what reveals it. "
            "The rows of this folder are single cases and are not suppressed.",
        },
        "codebooks": dict(sorted(codebook.versions.items())),
        "codebook_sha256": codebook.sha256,
        "coders": dict(_named(coder) for coder in sorted(ledger.coders) if coder),
        "readers": dict(sorted(readers.items())),
        "masked": {key: ledger.masked[key] for key in sorted(ledger.masked)},
        "unverified evidence dropped": dict(sorted(ledger.unverified.items())),
        "checks": gate.results(),
        "files": dict(sorted(sha256.items())),
        "inputs": [ledger.documents[key] for key in sorted(ledger.documents)],
    }


def _named(coder: str) -> tuple[str, str]:
    name, _, version = coder.partition("@")
    return name, version or "person"


def passes(ledger: Ledger) -> list[dict[str, str]]:
    """The passes behind a layer: every coder, and whether it is a proposer or a person."""
    return [
        {"coder": coder, "kind": "proposer" if MACHINE.fullmatch(coder) else "person"}
        for coder in sorted(ledger.coders)
        if coder
    ]


def readme(told: Mapping[str, Any]) -> str:
    """The README of a release folder, from its manifest."""
    words = Template(files("caselore.release").joinpath("data", "readme.txt").read_text("utf-8"))
    draft = told["state"] == "draft"
    return words.substitute(
        state="DRAFT" if draft else "Validated",
        says="Not every code in it has been validated by a person; whatever was not is marked `proposed`."
        if draft
        else "Every code in it has been validated by a person.",
        created=told["created"][:10],
        caselore=told["caselore"],
        smallest=told["suppression"]["smallest"],
        **{key: f"{value:,}" for key, value in told["counts"].items() if isinstance(value, int) and " " not in key},
    )
