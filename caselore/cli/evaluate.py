"""`caselore evaluate`: how far proposals agree with gold codings, and which of two sets of proposals is better."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from caselore.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from caselore.agreement.calibration import Calibration
    from caselore.agreement.comparison import Comparison, Discord
    from caselore.agreement.confusions import Confusion
    from caselore.agreement.evaluation import Evaluation, Interval

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
    against: Annotated[
        Path | None,
        typer.Option("--against", help="A second file of proposals: compare the two, case by case."),
    ] = None,
    calibration: Annotated[
        bool, typer.Option("--calibration", help="How often codes of each confidence are right.")
    ] = False,
    differences: Annotated[
        bool,
        typer.Option("--differences", help="List every confusion, the most frequent first, with the words behind it."),
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Compare proposals with gold codings: precision, recall and F1 with 95 % intervals, per field and code."""
    from caselore.agreement.calibration import calibrate
    from caselore.agreement.comparison import compare
    from caselore.agreement.confusions import confusions
    from caselore.agreement.evaluation import evaluate
    from caselore.agreement.gold import read_gold, read_proposals

    given, cases = read_proposals(proposals), read_gold(gold, items)
    found = evaluate(given, cases)
    compared = compare(given, read_proposals(against), cases) if against else None
    curves = calibrate(given, cases) if calibration else {}
    if as_json:
        more = {"against": asdict(compared)} if compared else {}
        more |= {"calibration": {name: asdict(curve) for name, curve in curves.items()}} if calibration else {}
        typer.echo(json.dumps(asdict(found) | more, ensure_ascii=False, indent=1))
        return
    console = Console(width=None if sys.stdout.isatty() else PIPED)
    console.print(_fields(found, codes))
    typer.echo(
        f"{found.found} of {found.cases} gold cases found; {found.quotations:,} quotations, "
        f"{found.quotations_not_found} not in their case. Intervals: bootstrap over cases, {found.resamples:,} draws."
    )
    for title in found.missing:
        typer.echo(f"No proposal for: {title}")
    if calibration:
        console.print(_curves(curves))
    if compared:
        console.print(_contests(compared, proposals.name, against.name if against else ""))
    if differences:
        lines = map(_discord, compared.discords) if compared else chain.from_iterable(map(_told, confusions(found)))
        for line in lines:
            typer.echo(line)


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


def _curves(curves: Mapping[str, Calibration]) -> Table:
    table = Table(title="Confidence and how often it was right", title_justify="left")
    for name in ("field", "confidence", "codes", "mean", "right"):
        table.add_column(name, justify="left" if name == "field" else "right")
    for name, curve in curves.items():
        table.add_row(name, f"Brier {curve.brier:.3f}", str(curve.count), f"error {curve.error:.3f}", "")
        for each in curve.bins:
            if each.count:
                span = f"{each.low:.1f}-{each.high:.1f}"
                table.add_row("", span, str(each.count), f"{each.confidence:.2f}", f"{each.precision:.2f}")
    return table


def _contests(found: Comparison, one: str, two: str) -> Table:
    table = Table(title=f"{one} against {two} on {found.cases} cases", title_justify="left")
    for name in ("field", "both right", f"only {one}", f"only {two}", "both wrong", "p (McNemar, exact)"):
        table.add_column(name, justify="left" if name == "field" else "right")
    for each in found.fields.values():
        counts = (each.both_right, each.only_one, each.only_two, each.both_wrong)
        table.add_row(each.field, *map(str, counts), f"{each.p:.3f}")
    return table


def _discord(each: Discord) -> str:
    words = "; ".join(evidence.quote for evidence in each.evidence)
    place = f"{each.evidence[0].start}-{each.evidence[0].end}" if each.evidence else ""
    sides = f"{each.one or '-'} / {each.two or '-'} (right: {each.right})"
    return f"{each.field}: {sides} | {each.title} {place} | {words}"


def _told(each: Confusion) -> Iterator[str]:
    instead = f" instead of {each.instead_of}" if each.instead_of else ""
    yield f"{each.count:3} {each.kind:6} {each.field}: {each.code}{instead}"
    for place in each.places:
        span = f"{place.document[:12]} {place.start}-{place.end}" if place.document else ""
        yield f"           {place.title} | {span} | {place.quote}"
