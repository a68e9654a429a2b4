"""`caselore read`: documents and their cases as JSON Lines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from caselore.cli import options
from caselore.cli.closing import close
from caselore.cli.lines import write_lines
from caselore.cli.work import Job

NAME = "read"
EXAMPLE = "caselore read samples/reviews --out documents.jsonl"


def command(
    paths: options.Paths,
    out: Annotated[Path, typer.Option("--out", help="The .jsonl file to write.")],
    text: options.Text = "",
    title: options.Title = "",
    ocr: options.Ocr = False,
    workers: options.Workers = options.PROCESSORS,
    as_json: options.Json = False,
) -> None:
    """Read documents: their text, pages and sections, and the cases they divide into."""
    job = Job(options.reading(text, title, ocr))
    account = write_lines(paths, out, job, title="Reading", workers=workers)
    close(account, look={"Documents and cases": out}, as_json=as_json)
