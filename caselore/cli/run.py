"""`caselore run`: the main job in one go: read, propose, draft release, tables, report."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from caselore.cli import model, options
from caselore.cli.account import Account
from caselore.cli.closing import close
from caselore.cli.lines import answers, work_through
from caselore.cli.release import PROPOSALS, WORKING, about
from caselore.cli.tabulate import tables_of
from caselore.cli.work import PROPOSERS, Job
from caselore.engine.journal import Journal
from caselore.engine.run import Step
from caselore.errors import DocumentError
from caselore.records import Document, Proposal

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook
    from caselore.release.folder import Release

NAME = "run"
EXAMPLE = "caselore run samples/reviews --out out"

KEEP_IN = """\
What is in this folder holds words of the documents: proposals with their quotations, and the journal that lets a
stopped run go on. Keep it in the building. The folder `release` beside it is what may leave, once people have
validated it.
"""


def command(
    paths: options.Paths,
    out: Annotated[Path, typer.Option("--out", help="The folder to write.")],
    text: options.Text = "",
    title: options.Title = "",
    ocr: options.Ocr = False,
    book: options.Books = None,
    classifier: options.Classifier = None,
    workers: options.Workers = options.PROCESSORS,
    smallest: options.Smallest = options.SMALLEST_COUNT,
    show_small: options.ShowSmall = False,
    model_endpoint: model.Address = "",
    model_name: model.Name = "",
    send_text_to: model.SendTextTo = "",
    model_calls: model.Calls = model.CALLS,
    model_tokens: model.Tokens = model.TOKENS,
    model_context: model.Context = model.CONTEXT,
    model_timeout: model.Timeout = model.TIMEOUT_S,
    as_json: options.Json = False,
) -> None:
    """Read published reviews, propose codes, and write a draft release, its tables and a report, in one go.

    After a stop (Ctrl-C, a crash, a power cut) the same command goes on where it was.
    """
    from caselore.codebook.codebook import load

    wanted = model.Wanted(
        model_endpoint, model_name, send_text_to, model_calls, model_tokens, model_context, model_timeout
    )
    reading, books = options.reading(text, title, ocr), options.books(book)
    asked = model.prepare(wanted, paths, out / WORKING / model.FOLDER, reading=reading, books=books)
    job = Job(reading, PROPOSERS, books, asked, classifier)
    codebook = load(*job.books)
    account, step = Account(), job.step()
    with Journal(out / WORKING / "journal.sqlite") as journal:  # to the end: nobody else writes the folder meanwhile
        (out / WORKING / "README.txt").write_text(KEEP_IN, encoding="utf-8")
        account.before = work_through(paths, job, step, journal, title="Reading, proposing", workers=workers).before
        release = draft(out, proposals(out, step, journal, account), codebook, smallest=smallest, account=account)
        publish(out, release, codebook, smallest=None if show_small else smallest)
    close(account, look=_look(out, account), as_json=as_json, model=model.closing(asked, account))


def proposals(out: Path, step: Step, journal: Journal, account: Account) -> Iterator[tuple[Document, Proposal]]:
    """Every proposal in the order of the input; on the way each line is kept for coders in the working folder."""
    from caselore.proposers.lines import from_line

    with (out / PROPOSALS).open("w", encoding="utf-8", errors="surrogatepass") as kept:
        for answer in answers(step, journal, account):
            for line in answer["lines"]:
                text = json.dumps(line, ensure_ascii=False)
                kept.write(text + "\n")
                proposal = from_line(text, place=answer["document"]["name"])
                yield about(proposal), proposal


def draft(
    out: Path, found: Iterator[tuple[Document, Proposal]], codebook: Codebook, *, smallest: int, account: Account
) -> Release:
    """Write the draft release and the list of what could not be read."""
    from caselore.release.folder import write_release

    first = next(found, None)
    _write_failed(out, account)
    if first is None:
        reasons = "; ".join(f"{each['document']}: {each['reason']}" for each in account.failed[:3])
        raise DocumentError(f"There is no case to analyse. {reasons or 'Name files, or a folder that holds some.'}")

    def all_of_them() -> Iterator[tuple[Document, Proposal]]:
        yield first
        yield from found

    release = write_release(out / "release", all_of_them(), codebook=codebook, smallest=smallest)
    _write_failed(out, account)
    return release


def publish(out: Path, release: Release, codebook: Codebook, *, smallest: int | None) -> None:
    """Write the tables and the report of a release."""
    from caselore.report.html import write_html
    from caselore.report.report import compose
    from caselore.tables.write import write_tables

    results = tables_of(release, codebook, smallest=smallest)
    write_tables(results, out / "tables", manifest=release.manifest)
    write_html(compose(results, release.manifest), out / "report.html")


def _write_failed(out: Path, account: Account) -> None:
    with (out / WORKING / "failed.csv").open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        rows = csv.DictWriter(file, ["document", "reason"])
        rows.writeheader()
        rows.writerows(account.failed)


def _look(out: Path, account: Account) -> dict[str, Path]:
    look = {
        "Report": out / "report.html",
        "Tables": out / "tables" / "index.html",
        "Draft release": out / "release",
        "Proposals with their quotations (keep in the building)": out / PROPOSALS,
    }
    return look | ({"What failed": out / WORKING / "failed.csv"} if account.failed else {})
