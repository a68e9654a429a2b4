"""`caselore report`: the report of a release, its format chosen by the suffix of the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from caselore.cli import options
from caselore.cli.tabulate import Asked, Beside, Periods, ReleasePath, Where, tables_of
from caselore.errors import UnknownFormat

if TYPE_CHECKING:
    from caselore.report.report import Report

NAME = "report"
EXAMPLE = "caselore report out/release --out report.pdf"


Audience = Annotated[
    str,
    typer.Option(
        "--briefing", metavar="AUDIENCE", help="Two pages for health, social-care, education, police, partnership."
    ),
]


def command(
    release: ReleasePath,
    out: Annotated[Path, typer.Option("--out", help="The file to write: .html, .docx or .pdf.")],
    title: Annotated[str, typer.Option("--title", help="The report's title.")] = "",
    briefing: Audience = "",
    where: Where = "",
    periods: Periods = None,
    beside: Beside = False,
    book: options.Books = None,
    smallest: options.Smallest = options.SMALLEST_COUNT,
    show_small: options.ShowSmall = False,
    as_json: options.Json = False,
) -> None:
    """Write the report of a release: key figures, tables, charts, method and limits; or a briefing from it."""
    from caselore.codebook.codebook import load
    from caselore.release.folder import open_release
    from caselore.report.briefing import brief, write_briefing
    from caselore.report.report import compose

    write = writer(out)
    opened = open_release(release)
    asked = Asked(where, tuple(periods or ()), beside=beside)
    results = tables_of(opened, load(*options.books(book)), smallest=None if show_small else smallest, asked=asked)
    if briefing:
        write_briefing(brief(results, opened.manifest, briefing), out)
    else:
        write(compose(results, opened.manifest, title=title), out)
    options.say({"report": str(out)}, as_json)


def writer(out: Path) -> Callable[[Report, Path], None]:
    """What writes a report by the suffix of its file; each library is loaded only by who asks for its format."""
    match out.suffix.lower():
        case ".html" | ".htm":
            from caselore.report.html import write_html

            return write_html
        case ".docx":
            from caselore.report.word import write_docx

            return write_docx
        case ".pdf":
            from caselore.report.pdf import write_pdf

            return write_pdf
    raise UnknownFormat(f"{out}: a report is written as .html, .docx or .pdf; give --out a name that ends so.")
