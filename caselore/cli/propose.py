"""`caselore propose`: one line of proposed codes a case, each with the words that justify it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from caselore.cli import options
from caselore.cli.closing import close
from caselore.cli.lines import write_lines
from caselore.cli.work import PROPOSERS, Job

NAME = "propose"
EXAMPLE = "caselore propose samples/reviews --out proposals.jsonl"


def command(
    paths: options.Paths,
    out: Annotated[Path, typer.Option("--out", help="The .jsonl file to write.")],
    text: options.Text = "",
    title: options.Title = "",
    ocr: options.Ocr = False,
    book: options.Books = None,
    workers: options.Workers = options.PROCESSORS,
    as_json: options.Json = False,
) -> None:
    """Propose codes with evidence for every case. The file holds words of the documents: keep it in the building."""
    job = Job(options.reading(text, title, ocr), PROPOSERS, options.books(book))
    account = write_lines(paths, out, job, title="Proposing", workers=workers)
    close(account, look={"Proposals": out}, as_json=as_json)
