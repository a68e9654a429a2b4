"""`caselore propose`: one line of proposed codes a case, each with the words that justify it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from caselore.cli import model, options
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
    classifier: options.Classifier = None,
    workers: options.Workers = options.PROCESSORS,
    model_endpoint: model.Address = "",
    model_name: model.Name = "",
    send_text_to: model.SendTextTo = "",
    model_calls: model.Calls = model.CALLS,
    model_tokens: model.Tokens = model.TOKENS,
    model_context: model.Context = model.CONTEXT,
    model_timeout: model.Timeout = model.TIMEOUT_S,
    as_json: options.Json = False,
) -> None:
    """Propose codes with evidence for every case. The file holds words of the documents: keep it in the building."""
    wanted = model.Wanted(
        model_endpoint, model_name, send_text_to, model_calls, model_tokens, model_context, model_timeout
    )
    reading, books = options.reading(text, title, ocr), options.books(book)
    asked = model.prepare(wanted, paths, out.with_suffix(f".{model.FOLDER}"), reading=reading, books=books)
    account = write_lines(
        paths, out, Job(reading, PROPOSERS, books, asked, classifier), title="Proposing", workers=workers
    )
    close(account, look={"Proposals": out}, as_json=as_json, model=model.closing(asked, account))
