"""A real Chromium, and the report of a small fictional release open in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "reviews"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        missing = "no Chromium on this machine (apt install chromium)"
        if "browser" in os.environ.get("CASELORE_REQUIRE", ""):
            pytest.fail(missing)
        pytest.skip(missing)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's loop runs on in this thread, beside later tests
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=list(QUIET))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `caselore run` makes of the shipped sample."""
    out = tmp_path_factory.mktemp("made")
    command = [sys.executable, "-m", "caselore", "run", str(SAMPLE), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 1), done.stderr
    return out
