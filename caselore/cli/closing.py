"""The closing summary of a verb: what was read, what failed and why, where to look."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from caselore.cli import options
from caselore.cli.account import Account
from caselore.cli.model import Closing

MOST_SHOWN = 20
"""Failures printed in full; the rest are counted, and all stand in the JSON answer and in `failed.csv`."""


def close(account: Account, *, look: dict[str, Path], as_json: bool, model: Closing | None = None) -> None:
    """Print the summary and leave with 1 where something in the data was wrong or left unanswered, else 0."""
    told = model or Closing()
    look = look | dict(told.look)
    if as_json:
        extra = {"model": told.answer} if told.answer else {}
        typer.echo(json.dumps(_answer(account, look, extra), ensure_ascii=False, indent=1))
    else:
        for line in _sentences(account, look, told.sentences):
            typer.echo(line)
    if account.failed or account.unanswered:
        raise typer.Exit(1)


def _answer(account: Account, look: dict[str, Path], extra: dict[str, Any]) -> dict[str, Any]:
    return {
        "documents": account.documents,
        "cases": account.cases,
        "codes": account.codes,
        "done_before": account.before,
        "failed": account.failed,
        "problems": account.problems,
        "look": {name: str(path) for name, path in look.items()},
        **extra,
    }


def _sentences(account: Account, look: dict[str, Path], model: Sequence[str]) -> list[str]:
    counts = f"{options.counted(account.documents, 'document')} read, {options.counted(account.cases, 'case')}"
    lines = [counts + (f", {options.counted(account.codes, 'code')} proposed." if account.codes else ".")]
    if account.before:
        lines.append(f"{account.before:,} of them were done before and not done again.")
    lines += _listed("could not be read", [_placed(each["document"], each["reason"]) for each in account.failed])
    lines += _listed("read with a gap", [f"{each['document']}: {each['problem']}" for each in account.problems])
    lines += model
    lines += [f"{name}: {path}" for name, path in look.items()]
    return lines


def _placed(document: str, sentence: str) -> str:
    """The sentence with the document's whole place in it once."""
    if sentence.startswith(document):
        return sentence
    name = document.rpartition("/")[2]
    return document + sentence.removeprefix(name) if sentence.startswith(name) else f"{document}: {sentence}"


def _listed(what: str, sentences: list[str]) -> list[str]:
    if not sentences:
        return []
    more = len(sentences) - MOST_SHOWN
    shown = [f"  {sentence}" for sentence in sentences[:MOST_SHOWN]]
    return [f"{len(sentences):,} {what}:", *shown, *([f"  and {more:,} more"] if more > 0 else [])]
