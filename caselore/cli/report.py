"""`caselore report`: the report of a release, its format chosen by the suffix of the file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from caselore.cli import options
from caselore.cli.tabulate import ReleasePath, tables_of
from caselore.errors import UnknownFormat

NAME = "report"
EXAMPLE = "caselore report out/release --out report.html"


def command(
    release: ReleasePath,
    out: Annotated[Path, typer.Option("--out", help="The file to write: .html.")],
    title: Annotated[str, typer.Option("--title", help="The report's title.")] = "",
    book: options.Books = None,
    smallest: options.Smallest = options.SMALLEST_COUNT,
    show_small: options.ShowSmall = False,
    as_json: options.Json = False,
) -> None:
    """Write the report of a release: contents, key figures, tables, charts, method and limits."""
    from caselore.codebook.codebook import load
    from caselore.release.folder import open_release
    from caselore.report.html import write_html
    from caselore.report.report import compose

    if out.suffix.lower() not in (".html", ".htm"):
        raise UnknownFormat(f"{out}: a report is written as .html; give --out a name that ends so.")
    opened = open_release(release)
    results = tables_of(opened, load(*options.books(book)), smallest=None if show_small else smallest)
    write_html(compose(results, opened.manifest, title=title), out)
    options.say({"report": str(out)}, as_json)
