"""`caselore tabulate`: every published table of a release, as CSV and HTML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from caselore.cli import options
from caselore.cli.stage import stage

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook
    from caselore.release.folder import Release
    from caselore.tables.result import Result

NAME = "tabulate"
EXAMPLE = "caselore tabulate out/release --out tables"

ReleasePath = Annotated[Path, typer.Argument(help="A release folder, or a coded layer (.json).", show_default=False)]


def command(
    release: ReleasePath,
    out: Annotated[Path, typer.Option("--out", help="The folder to write.")],
    book: options.Books = None,
    smallest: options.Smallest = options.SMALLEST_COUNT,
    show_small: options.ShowSmall = False,
    as_json: options.Json = False,
) -> None:
    """Compute every published table from a release, small counts suppressed, and write them as CSV and HTML."""
    from caselore.codebook.codebook import load
    from caselore.release.folder import open_release
    from caselore.tables.write import write_tables

    opened = open_release(release)
    results = tables_of(opened, load(*options.books(book)), smallest=None if show_small else smallest)
    write_tables(results, out, manifest=opened.manifest)
    options.say({"tables": len(results), "look": str(out / "index.html")}, as_json)


def tables_of(release: Release, codebook: Codebook, *, smallest: int | None) -> list[Result]:
    """Every published table of a release; they are protected together, so that none gives another away."""
    from caselore.tables.compute import compute_all
    from caselore.tables.published import published

    declared = published(codebook)
    with stage("Tables", len(declared)) as show:
        results = compute_all(declared, release, book=codebook, smallest=smallest)
        show(len(results))
    return results
