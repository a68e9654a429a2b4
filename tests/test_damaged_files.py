"""Two thousand damaged files among sound ones: no traceback, no hang, every failure named, no neighbour lost."""

from __future__ import annotations

import csv
import importlib.util
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from damage import damaged_files, monsters

from caselore.cli.work import LIMIT_S

ROOT = Path(__file__).resolve().parent.parent
COUNT = 2000
SOUND_EVERY = 50

TEXT = """\
# Serious case review: Child {number}

Published by the fictional Eastmarch Safeguarding Children Board, 2019. A fictional review.

## Summary

Death of a 3-month-old boy in March 2018. The mother's partner was convicted of murder.

## Recommendations

1. The Board should audit how information is shared between agencies.
2. Training on domestic abuse should be offered to all health visitors.
"""


def builder() -> Any:
    spec = importlib.util.spec_from_file_location("build", ROOT / "samples" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sound_files(folder: Path, count: int) -> list[Path]:
    writers = builder().WRITERS
    kinds = ("pdf", "docx", "html", "txt", "md")
    made = []
    for number in range(count):
        suffix, write = writers[kinds[number % len(kinds)]]
        path = folder / f"sound-{number:03}{suffix}"
        write(TEXT.format(number=number), path)
        made.append(path)
    (folder / "sound-records.jsonl").write_text(
        "\n".join(json.dumps({"id": n, "text": TEXT.format(number=n)}) for n in range(5)), encoding="utf-8"
    )
    with (folder / "sound-records.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("id", "text"), *((n, TEXT.format(number=n)) for n in range(5))])
    return [*made, folder / "sound-records.jsonl", folder / "sound-records.csv"]


@pytest.mark.slow
def test_damaged_files_cost_themselves_alone(tmp_path: Path) -> None:
    folder, out = tmp_path / "files", tmp_path / "out"
    folder.mkdir()
    sound = sound_files(folder, COUNT // SOUND_EVERY)
    damaged_files(sound, folder, COUNT, seed=20260101)
    giants = monsters(folder)

    started = time.monotonic()
    command = [sys.executable, "-m", "caselore", "run", str(folder), "--out", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1500, check=False)
    seconds = time.monotonic() - started

    assert done.returncode == 1, done.stderr
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    failed = {Path(each["document"]).name.partition("#")[0]: each["reason"] for each in answer["failed"]}
    assert not [name for name in failed if name.startswith("sound-")]
    for name, reason in failed.items():
        assert "Traceback" not in reason, name
        assert reason.strip().endswith((".", "!", ")")), (name, reason)
        assert len(reason) < 400, (name, reason)
    assert len(failed) > COUNT / 4, "most damage was noticed"
    assert not [name for name, reason in failed.items() if "given up" in reason and not name.startswith("monster-")]

    read = {line["case"]["document"].partition("#")[0] for line in proposals(out)}
    assert {path.name for path in sound} <= read
    damaged = {f"damaged-{number:04}" for number in range(COUNT)}
    assert damaged == {Path(name).stem for name in {*failed, *read} if name.startswith("damaged-")}
    assert giants == len({name for name in {*failed, *read} if name.startswith("monster-")})
    assert seconds < LIMIT_S * giants + 0.5 * COUNT, "far beyond what one process at a time would take"


def proposals(out: Path) -> list[dict[str, Any]]:
    lines = (out / "working" / "proposals.jsonl").read_text(encoding="utf-8", errors="surrogatepass").splitlines()
    return [json.loads(line) for line in lines]
