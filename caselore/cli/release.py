"""`caselore release`: from proposals to the de-identified folder that may leave the building."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from caselore.cli import options
from caselore.errors import EvaluationError
from caselore.records import Document, Proposal

NAME = "release"
EXAMPLE = "caselore release proposals.jsonl --out release"

WORKING = Path("working")
PROPOSALS = WORKING / "proposals.jsonl"
"""Where `caselore run` keeps the proposals of its output folder."""


def command(
    study: Annotated[
        Path, typer.Argument(help="A study, a .jsonl of proposals, or a folder that `caselore run` wrote.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The folder to write.")],
    book: options.Books = None,
    smallest: Annotated[
        int | None,
        typer.Option("--smallest-count", min=1, help="Counts from 1 to below this are suppressed in every table."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Check and write a release: coded, de-identified, with a manifest; no narrative and no names."""
    from caselore.codebook.codebook import load
    from caselore.release.folder import write_release
    from caselore.study import is_study

    if is_study(study):
        _release_study(study, out, smallest=smallest, as_json=as_json)
        return
    codebook = load(*options.books(book))
    release = write_release(
        out, proposed(study), codebook=codebook, smallest=smallest or options.SMALLEST_COUNT, draft=False
    )
    options.say({"release": str(out), "counts": release.manifest["counts"]}, as_json)


def _release_study(folder: Path, out: Path, *, smallest: int | None, as_json: bool) -> None:
    """Release what a study says: adjudicated, validated by persons under a number, or only proposed."""
    from caselore.release.folder import write_release
    from caselore.store import opening
    from caselore.store.connect import disconnect
    from caselore.study import open_study

    study = open_study(folder)
    actor = opening.opened(study)
    from caselore.store import queries
    from caselore.store.actions.releasing import mark_released
    from caselore.store.books import codebook

    names = queries.persons().values()
    release = write_release(
        out, queries.release_cases(), codebook=codebook(), smallest=smallest or study.smallest, draft=False,
        persons=names,
    )  # fmt: skip
    mark_released(actor, out.name, queries.all_cases())
    disconnect()
    options.say({"release": str(out), "counts": release.manifest["counts"]}, as_json)


def proposed(study: Path) -> Iterator[tuple[Document, Proposal]]:
    """The proposals of a file or of a run's folder, each with what is known of its document."""
    from caselore.proposers.lines import from_line

    path = study / PROPOSALS if study.is_dir() else study
    if not path.is_file():
        raise EvaluationError(f"{path}: there is no such file of proposals; write one with 'caselore propose'.")
    with path.open(encoding="utf-8", errors="surrogatepass") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                proposal = from_line(line, place=f"line {number} of {path}")
                yield about(proposal), proposal


def about(proposal: Proposal) -> Document:
    """What a proposal knows of its document, without the text."""
    spans = [each for code in proposal.codes for each in code.evidence]
    case = proposal.case
    return Document(
        name=case.document,
        media_type="",
        sha256=case.sha256,
        text="",
        reader=spans[0].reader if spans else "",
        source=case.source,
    )
