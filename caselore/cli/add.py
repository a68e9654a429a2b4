"""`caselore add`: read documents into a study and propose on their cases."""

from __future__ import annotations

import hashlib
import json
import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caselore.cli import options
from caselore.cli.init import StudyPath
from caselore.cli.stage import stage
from caselore.cli.work import LIMIT_OCR_S, LIMIT_S, PROPOSERS, key
from caselore.documents.reader import ReadOptions, Unit, units
from caselore.engine.pool import Item, Work, spread

if TYPE_CHECKING:
    from caselore.store.models import Coder

NAME = "add"
EXAMPLE = "caselore add my-study samples/reviews"


@dataclass(slots=True)
class Account:
    """What came of the adding."""

    added: int = 0
    before: int = 0
    cases: int = 0
    failed: list[dict[str, str]] = field(default_factory=list)
    remarks: list[dict[str, str]] = field(default_factory=list)


def command(
    study: StudyPath,
    paths: options.Paths,
    text: options.Text = "",
    title: options.Title = "",
    ocr: options.Ocr = False,
    later: Annotated[
        bool, typer.Option("--later", help="Only read; `caselore work` proposes on the cases afterwards.")
    ] = False,
    workers: options.Workers = options.PROCESSORS,
    as_json: options.Json = False,
) -> None:
    """Read files and folders into a study, divide them into cases, and propose codes on each.

    A file that cannot be read is named, and the others go on. A file that is in the study already is left as it is.
    """
    from caselore.store import opening
    from caselore.store.connect import disconnect
    from caselore.study import open_study

    opened = open_study(study)
    actor, account = opening.opened(opened), Account()
    reading = options.reading(text, title, ocr)
    seen = sys.stderr.isatty()
    with stage("Reading, proposing", sum(1 for _ in units(paths, reading)) if seen else None) as show:
        start_work = partial(start, opened.books, reading, () if later else PROPOSERS)
        for done in spread(_items(paths, reading, account), start_work, workers=workers):
            if done.error:
                account.failed.append({"document": done.item.key.partition("\n")[0], "reason": done.error})
            else:
                _store(actor, done.item.payload, done.result, account)
            show(account.added + account.before + len(account.failed))
    disconnect()
    _close(account, study, as_json)


def start(books: tuple[str, ...], reading: ReadOptions, names: tuple[str, ...]) -> Work:
    """Load what a worker needs."""
    from caselore.codebook.codebook import load
    from caselore.proposers.proposer import proposers

    crew = proposers(names, load(*books)) if names else ()
    return partial(_work, crew, reading)


def _work(crew: tuple[Any, ...], reading: ReadOptions, unit: object) -> bytes:
    from caselore.documents.cases import cases
    from caselore.documents.passages import passages
    from caselore.documents.reader import read_unit
    from caselore.proposers.casetext import CaseText
    from caselore.proposers.evidence import verify_all
    from caselore.proposers.proposer import takers
    from caselore.store.words import clean

    assert isinstance(unit, Unit)
    document = clean(read_unit(unit, reading))
    found, said = cases(document), []
    for case in found:
        text = CaseText(document, case)
        each = {proposer.id: proposer.propose(text) for proposer in takers(document, crew)}
        for proposal in each.values():
            verify_all(proposal, document)
        said.append(each)
    return pickle.dumps((document, found, passages(document), said))


def _items(paths: list[Path], reading: ReadOptions, account: Account) -> Iterator[Item]:
    """What is not in the study yet, by the hash of its content."""
    from caselore.store.models import Document

    kept = set(Document.objects.values_list("sha256", flat=True))
    limit = LIMIT_OCR_S if reading.ocr else LIMIT_S
    for ordinal, unit in enumerate(units(paths, reading)):
        name = key(unit)
        if name.rpartition("\n")[2] in kept and not unit.problem:
            account.before += 1
            continue
        yield Item(name, ordinal, unit, limit)


def _store(actor: Coder, unit: object, result: bytes, account: Account) -> None:
    from django.db import transaction

    from caselore.store.actions.proposing import store_proposals
    from caselore.store.actions.texts import add_document
    from caselore.store.models import Case

    assert isinstance(unit, Unit)
    document, found, passages, said = pickle.loads(result)  # our own worker wrote it
    data = b"" if unit.line else unit.path.read_bytes()
    if data and hashlib.sha256(data).hexdigest() != document.sha256:
        account.failed.append({"document": str(unit.path), "reason": "it was changed while it was read; add it again."})
        return
    with transaction.atomic():
        kept = add_document(actor, document, cases=found, passages=passages, data=data)
        if not kept.new:
            account.before += 1
            return
        rows = {(case.start, case.end): case for case in Case.objects.filter(document=kept.document)}
        for case, each in zip(found, said, strict=True):
            if each:
                store_proposals(actor, rows[case.start, case.end], each)
    if kept.remark:
        account.remarks.append({"document": kept.name, "remark": kept.remark})
    account.added += 1
    account.cases += len(found)


def _close(account: Account, study: Path, as_json: bool) -> None:
    if as_json:
        told = {"documents": account.added, "cases": account.cases, "in_it_before": account.before}
        typer.echo(json.dumps({**told, "failed": account.failed, "remarks": account.remarks}, ensure_ascii=False))
    else:
        was = "was" if account.before == 1 else "were"
        added = f"{options.counted(account.added, 'document')} added, {options.counted(account.cases, 'case')}"
        typer.echo(f"{added}; {account.before:,} {was} in it before.")
        for each in account.remarks:
            typer.echo(f"  {each['document']}: {each['remark']}")
        for each in account.failed:
            typer.echo(f"  {each['reason']}" if each["document"] in each["reason"] else _placed(each))
        typer.echo(f"Next: caselore serve {study}")
    if account.failed:
        raise typer.Exit(1)


def _placed(each: dict[str, str]) -> str:
    name = Path(each["document"]).name
    reason = each["reason"]
    return f"  {reason}" if reason.startswith(name) else f"  {each['document']}: {reason}"
