"""A model's server as a process of its own, and a fictional case to ask it about."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from proposers.model_server import Stub

from caselore.codebook.codebook import Codebook, load
from caselore.documents.cases import cases
from caselore.documents.reader import read
from caselore.proposers.casetext import CaseText

FICTION = """\
Serious case review: Child A
Published by the fictional Harrowmere Safeguarding Children Board, 2019.

Summary
Death of a 4-month-old girl in March 2018. The mother's partner was convicted of murder. The child was subject to a \
child protection plan at the time. There was a history of domestic abuse and the mother used heroin. In May a midwife \
referred the mother to social care, which assessed her in June.

Learning
Information was not shared between the health visitor and the police.

Recommendations
1. Training on domestic abuse should be offered to all health visitors.
"""


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    """A model's server on a port of its own."""
    command = [sys.executable, str(Path(__file__).parent / "model_server.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Stub(int(process.stdout.readline()))
        finally:
            process.kill()


@pytest.fixture(scope="session")
def book() -> Codebook:
    return load()


@pytest.fixture
def fiction(tmp_path: Path) -> CaseText:
    """A made-up review of one case."""
    path = tmp_path / "child-a.txt"
    path.write_text(FICTION, encoding="utf-8")
    document = read(path)
    return CaseText(document, cases(document)[0])
