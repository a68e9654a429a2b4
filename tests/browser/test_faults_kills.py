"""A real server killed at random moments while coders decide: nothing acknowledged is lost, nothing doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import throwaway_postgresql

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.mark.slow
@pytest.mark.parametrize(("database", "kills"), [("sqlite", 10), ("postgresql", 3)])
def test_every_acknowledged_decision_outlives_the_server(database: str, kills: int) -> None:
    if database == "postgresql" and throwaway_postgresql.binaries() is None:
        if "postgresql" in os.environ.get("CASELORE_REQUIRE", ""):
            pytest.fail(throwaway_postgresql.MISSING)
        pytest.skip(throwaway_postgresql.MISSING)
    command = [sys.executable, str(BENCHMARKS / "kills.py"), "--kills", str(kills), "--database", database]
    done = subprocess.run(command, capture_output=True, text=True, timeout=540, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout[done.stdout.index("{") :])
    assert told["acknowledged"] >= kills
    assert told["wrong"] == []
    assert told["chain and rows verify"]
