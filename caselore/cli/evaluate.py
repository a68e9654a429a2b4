"""`caselore evaluate`: how far proposals agree with gold codings, per field and code."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from caselore.cli import options

if TYPE_CHECKING:
    from caselore.agreement.evaluation import Difference, Evaluation, Interval

NAME = "evaluate"
EXAMPLE = "caselore evaluate proposals.jsonl samples/gold.jsonl --items samples/items.json"

PIPED = 110
"""Columns of the table where no terminal says how wide it is."""


def command(
    proposals: Annotated[Path, typer.Argument(help="What `caselore propose` wrote.", show_default=False)],
    gold: Annotated[Path, typer.Argument(help="Gold codings, one JSON object a line.", show_default=False)],
    items: Annotated[
        Path | None,
        typer.Option("--items", help="The items that the gold codes; by custom items-NAME.json beside NAME.jsonl."),
    ] = None,
    codes: Annotated[bool, typer.Option("--codes", help="A line for every code as well.")] = False,
    differences: Annotated[
        bool, typer.Option("--differences", help="List every difference with its case and the words behind it.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Compare proposals with gold codings: precision, recall and F1 with 95 % intervals, per field and code."""
    from caselore.agreement.evaluation import evaluate
    from caselore.agreement.gold import read_gold, read_proposals

    found = evaluate(read_proposals(proposals), read_gold(gold, items))
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        return
    console = Console(width=None if sys.stdout.isatty() else PIPED)
    console.print(_fields(found, codes))
    typer.echo(
        f"{found.found} of {found.cases} gold cases found; {found.quotations:,} quotations, "
        f"{found.quotations_not_found} not in their case. Intervals: bootstrap over cases, {found.resamples:,} draws."
    )
    for title in found.missing:
        typer.echo(f"No proposal for: {title}")
    if differences:
        for difference in found.differences:
            typer.echo(_difference(difference))


def _fields(found: Evaluation, codes: bool) -> Table:
    table = Table(title="Proposals against gold", title_justify="left")
    table.add_column("field")
    for name in ("score", "95 % interval", "precision", "recall", "cases"):
        table.add_column(name, justify="right")
    for name, score in found.fields.items():
        several = score.kind != "single"
        table.add_row(
            name,
            f"{score.score:.3f} {'F1' if several else 'accuracy'}",
            _interval(score.interval),
            _share(score.right, score.right + score.extra) if several else "",
            _share(score.right, score.right + score.missed) if several else "",
            str(score.cases),
        )
        if score.order is not None:
            table.add_row(f"{name}, in order", f"{score.order:.3f} F1", "", "", "", str(score.cases))
        for each in score.codes if codes else ():
            got, had = each.right + each.extra, each.right + each.missed
            row = (f"{each.f1:.3f} F1", _interval(each.interval), _share(each.right, got), _share(each.right, had))
            table.add_row(f"  {each.code}", *row, str(had))
    return table


def _interval(interval: Interval) -> str:
    return f"{interval.low:.2f}-{interval.high:.2f}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else ""


def _difference(each: Difference) -> str:
    words = each.quote or "; ".join(evidence.quote for evidence in each.evidence)
    place = f"{each.evidence[0].start}-{each.evidence[0].end}" if each.evidence else ""
    instead = f" instead of {each.instead_of}" if each.instead_of else ""
    return f"{each.kind:6} {each.field}: {each.code}{instead} | {each.title} {place} | {words}"
