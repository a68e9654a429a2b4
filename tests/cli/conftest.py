"""A small folder of fictional reviews, and the command line as a user calls it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from command import Caselore

REVIEW = """\
Serious case review: Child {letter}
Published by the fictional Harrowmere Safeguarding Children Board, 2019.

Summary
Death of a {age}-month-old {child} in March 2018. The mother's partner was convicted of murder. The child was \
subject to a child protection plan at the time. There was a history of domestic abuse and the mother used heroin.

Learning
Information was not shared between the health visitor and the police. Professionals lacked curiosity about the \
mother's partner.

Recommendations
1. The Board should audit how information is shared between agencies.
2. Training on domestic abuse should be offered to all health visitors.
"""


@pytest.fixture(scope="session")
def caselore() -> Caselore:
    """Run the command line in a process of its own."""

    def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "caselore", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)

    return run


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    """Six fictional reviews and one damaged PDF."""
    folder = tmp_path / "reviews"
    folder.mkdir()
    for number, letter in enumerate("ABCDEF"):
        text = REVIEW.format(letter=letter, age=number + 3, child="boy" if number % 2 else "girl")
        (folder / f"child-{letter.lower()}.txt").write_text(text, encoding="utf-8")
    (folder / "torn.pdf").write_bytes(b"%PDF-1.7\nthis was cut short")
    return folder
