"""`caselore verify`: prove that nothing of a study was lost or changed behind its log."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from caselore.cli import options
from caselore.cli.init import StudyPath

NAME = "verify"
EXAMPLE = "caselore verify my-study --log events.jsonl"


def command(
    study: StudyPath,
    log: Annotated[Path | None, typer.Option("--log", help="Write the log here as JSON Lines as well.")] = None,
    expect: Annotated[
        str, typer.Option("--expect", metavar="HASH", help="A head noted earlier, which the log has to hold.")
    ] = "",
    as_json: options.Json = False,
) -> None:
    """Prove the chain of events, that every row is as the events tell it, and that all evidence stands in its document.

    Note the head that is printed outside the study: with --expect it shows later that the log was not rewritten.
    """
    from caselore.store import opening
    from caselore.store.connect import disconnect
    from caselore.study import open_study

    opening.opened(open_study(study))
    from caselore.store.proof import prove, write_log

    proof = prove(expect=expect)
    if log is not None:
        write_log(log)
    disconnect()
    if as_json:
        typer.echo(json.dumps({"holds": proof.holds, **asdict(proof)}, ensure_ascii=False))
    else:
        for fault in proof.faults:
            typer.echo(fault)
        said = "verify" if proof.holds else "do NOT all verify"
        counted = [(proof.events, "event"), (proof.rows, "row"), (proof.evidence, "quotation")]
        typer.echo(f"{', '.join(options.counted(*each) for each in counted)} {said}.")
        typer.echo(f"Head: {proof.head}")
    if not proof.holds:
        raise typer.Exit(1)
