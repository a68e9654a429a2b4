"""`caselore audit`: figures of a published report that cannot be right, with the place and the sum."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from caselore.cli import options

NAME = "audit"
EXAMPLE = "caselore audit report.pdf --least 0.6"

FOUND = 1
LEAST = 0.5


def command(
    document: Annotated[Path, typer.Argument(help="A report (PDF, DOCX, HTML or text).", show_default=False)],
    least: Annotated[
        float, typer.Option("--least", min=0.0, max=1.0, help="Show findings of at least this confidence.")
    ] = LEAST,
    ocr: options.Ocr = False,
    as_json: options.Json = False,
) -> None:
    """Recompute the tables and the numbers in the prose of a report, and say what does not agree, the surest first.

    Exit code 0: nothing found. 1: findings. 2: the document cannot be read.
    """
    from caselore.audit.audit import audit
    from caselore.audit.lines import report_lines
    from caselore.documents.reader import ReadOptions, read

    read_document = read(document, ReadOptions(ocr=ocr))
    every = audit(read_document)
    shown = [finding for finding in every if finding.confidence >= least]
    if as_json:
        typer.echo(json.dumps([finding.as_dict() for finding in shown], ensure_ascii=False, indent=1))
    else:
        for problem in read_document.problems:
            typer.echo(problem, err=True)
        for line in report_lines(shown, len(every) - len(shown)):
            typer.echo(line)
    if shown:
        raise typer.Exit(FOUND)
