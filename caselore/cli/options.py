"""Options that several verbs share, declared once so that they read the same everywhere."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from caselore.documents.reader import ReadOptions
from caselore.release.suppress import SMALLEST_COUNT as SMALLEST_COUNT

Paths = Annotated[
    list[Path],  # what may not be opened is told by the reader, and the others go on
    typer.Argument(help="Files and folders of published reviews.", show_default=False, readable=False),
]
Text = Annotated[
    str, typer.Option("--text", metavar="FIELD,...", help="Fields of a .jsonl or .csv record that hold its text.")
]
Title = Annotated[str, typer.Option("--title", metavar="FIELD", help="Field of a record that holds its title.")]
Ocr = Annotated[bool, typer.Option("--ocr", help="Recognise scanned pages (needs the extra 'ocr' and tesseract).")]
Workers = Annotated[
    int, typer.Option("--workers", min=1, help="Processes that work at once.", show_default="one a processor")
]
Books = Annotated[
    list[Path] | None,
    typer.Option("--book", help="A codebook of your own (.yaml), added to the shipped ones; repeat for more."),
]
Classifier = Annotated[
    Path | None,
    typer.Option("--classifier", metavar="MODEL", help="Stack a classifier of `caselore train` on the rules."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]
Smallest = Annotated[
    int, typer.Option("--smallest-count", min=1, help="Counts from 1 to below this are suppressed in every table.")
]
ShowSmall = Annotated[
    bool, typer.Option("--show-small-counts", help="Suppress nothing. For use inside the building only.")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what stands at the output already.")]

PROCESSORS = os.cpu_count() or 1


def reading(text: str, title: str, ocr: bool) -> ReadOptions:
    """The reading options of a verb's words."""
    fields = tuple(name.strip() for name in text.split(",") if name.strip())
    return ReadOptions(text_fields=fields, title_field=title, ocr=ocr)


def books(paths: list[Path] | None) -> tuple[str, ...]:
    """The user's own codebooks by path."""
    return tuple(str(path) for path in paths or ())


def counted(count: int, noun: str) -> str:
    """A count with its noun: 1 case, 2 cases."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def say(answer: dict[str, object], as_json: bool) -> None:
    """Print what was done: a line an entry, or JSON."""
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        for name, value in answer.items():
            typer.echo(f"{name}: {value}")
