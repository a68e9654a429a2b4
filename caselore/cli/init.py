"""`caselore init`: a new study."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from caselore.cli import options
from caselore.errors import StudyError

NAME = "init"
EXAMPLE = 'caselore init my-study --title "Reviews of 2026"'

StudyPath = Annotated[Path, typer.Argument(metavar="STUDY", help="The study's folder.", show_default=False)]


def command(
    study: StudyPath,
    title: Annotated[str, typer.Option("--title", help="What the study is called; by custom as its folder.")] = "",
    team: Annotated[bool, typer.Option("--team", help="Several people code, signed in.")] = False,
    book: options.Books = None,
    blind_share: Annotated[
        float | None,
        typer.Option(
            "--blind-share", min=0, max=1, help="Share of cases shown without proposals first; 0.1 with --team."
        ),
    ] = None,
    smallest: options.Smallest = options.SMALLEST_COUNT,
    coder: Annotated[str, typer.Option("--coder", help="The first coder; by custom you.")] = "",
    as_json: options.Json = False,
) -> None:
    """Make a study: a folder with its settings, its database and room for documents and releases."""
    from caselore.codebook.codebook import load
    from caselore.store import opening
    from caselore.store.connect import disconnect
    from caselore.study import FILE, make_study

    if study.is_file():
        raise StudyError(f"{study} is a file; name a folder for the study.")
    load(*options.books(book))  # a codebook that cannot be used is refused before anything is written
    made = make_study(
        study, title=title, mode="team" if team else "single", codebooks=options.books(book),
        blind_share=blind_share, smallest=smallest,
    )  # fmt: skip
    try:
        owner = opening.make(made, owner=coder or _own_name())
    except BaseException:  # Ctrl-C too: a study without its first coder would be refused as one that is there
        (made.path / FILE).unlink(missing_ok=True)
        raise
    disconnect()
    options.say({"study": str(study), "first coder": owner.name, "next": f"caselore add {study} FILE..."}, as_json)


def _own_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "owner"
