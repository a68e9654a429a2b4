"""How much longer reading a PDF takes than the bare loop over its characters: `python benchmarks/read_pdf.py FILE.pdf`.

The bare loop asks pypdfium2 for every character and its box and keeps nothing. Both are run in turn in one process,
`--rounds` times; the ratio is that of the best times, which other work on the machine disturbs least.
"""

from __future__ import annotations

import argparse
import ctypes
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pypdfium2.raw as raw

from caselore.documents.pdf.reading import read_pdf


def bare_loop(data: bytes) -> int:
    """The number of characters, each asked for with its box."""
    total = 0
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdf = pypdfium2.PdfDocument(data)
    for page in pdf:
        textpage = page.get_textpage()
        count = raw.FPDFText_CountChars(textpage)
        for index in range(count):
            raw.FPDFText_GetUnicode(textpage, index)
            raw.FPDFText_GetCharBox(textpage, index, left, right, bottom, top)
        total += count
        textpage.close()
        page.close()
    pdf.close()
    return total


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pdf", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    data = given.pdf.read_bytes()
    bare, read = [], []
    for _ in range(given.rounds):
        bare.append(seconds(lambda: bare_loop(data)))
        read.append(seconds(lambda: read_pdf(data, given.pdf.name)))
    print(f"{given.pdf.name}: bare loop {min(bare):.2f} s, reader {min(read):.2f} s, ratio {min(read) / min(bare):.2f}")


if __name__ == "__main__":
    main()
