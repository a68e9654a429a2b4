"""Words for scanned pages: in, a PDF and the numbers of its scanned pages; out, the PDF with a text layer on them.

The work is done by ocrmypdf (17 or later, extra ``ocr``) with Tesseract, in a process of its own that can be
stopped; nothing is sent anywhere. Ghostscript is not used: pages are drawn and written as plain PDF.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from caselore.documents.pdf.lines import Line
from caselore.errors import DocumentError

_BAR = re.compile(r"(?<![^\s(“\"'‘])\|(?=[’']|,? [a-z])")
BASE_SECONDS = 60  # to start and to write the file
SECONDS_A_PAGE = 60  # a page of small print takes about 5
_SETTINGS = ("--output-type", "pdf", "--mode", "force", "--optimize", "0", "--quiet", "--rasterizer", "pypdfium")


def missing() -> str:
    """What stands in the way of reading scans, as the words of a mend; empty where nothing does."""
    wanted = []
    if importlib.util.find_spec("ocrmypdf") is None:
        wanted.append("pip install 'caselore[ocr]'")
    if shutil.which("tesseract") is None:
        wanted.append("install Tesseract (Debian: apt-get install tesseract-ocr)")
    return " and ".join(wanted)


def recogniser() -> str:
    """The name and version of what recognises the words, for the document's record of its reader."""
    return f"ocrmypdf@{version('ocrmypdf')}"


def with_text_layer(data: bytes, pages: Sequence[int], *, language: str = "eng") -> bytes:
    """The PDF with recognised words on the given pages (numbers from 1); the others stay as they are.

    DocumentError with one sentence where a tool is missing, fails, or takes over a minute a page.
    """
    lacking = missing()
    if lacking:
        raise DocumentError(f"scanned pages cannot be read: {lacking}")
    with tempfile.TemporaryDirectory(prefix="caselore-ocr-") as folder:
        given, made = Path(folder, "given.pdf"), Path(folder, "made.pdf")
        given.write_bytes(data)
        command = [sys.executable, "-m", "ocrmypdf", *_SETTINGS, "--language", language,
                   "--pages", ",".join(map(str, pages)), "--jobs", "1", str(given), str(made)]  # fmt: skip
        _run(command, seconds=BASE_SECONDS + SECONDS_A_PAGE * len(pages))
        return made.read_bytes()


def mend(lines: Iterable[Line]) -> None:
    """Put right what Tesseract is known to misread: a lone capital I comes as an upright bar."""
    for line in lines:
        line.text = _BAR.sub("I", line.text)
        for cell in line.cells:
            mend(cell)


def _run(command: list[str], *, seconds: float) -> None:
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise DocumentError(f"reading the scanned pages was stopped after {seconds:.0f} seconds") from None
    if done.returncode:
        lines = [line.strip() for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
        raise DocumentError(f"ocrmypdf could not read the scanned pages ({lines[-1] if lines else 'no reason given'})")
