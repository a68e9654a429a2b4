"""`caselore agree`: how far coders agree, per field and code, people among themselves and with each machine."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from caselore.agreement.listing import KAPPAS, disagreement_rows, first_of, headline, inert, rounded, sure_trends
from caselore.cli import options
from caselore.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from caselore.agreement.codings import Codings
    from caselore.agreement.reliability import Coefficient
    from caselore.agreement.summary import FieldAgreement, Summary
    from caselore.codebook.codebook import Codebook

NAME = "agree"
EXAMPLE = "caselore agree my-study --field learning_themes --disagreements disagreements.csv"

PIPED = 120
"""Columns of the table where no terminal says how wide it is."""

LEGEND = (
    "agree is the share of pairs of coders who say the same, of sequences how alike they are. alpha is of whole sets "
    "of codes (MASI) where a field has several, of whole sequences, of the order where values have one, of distance "
    "for numbers; kappa and AC1 of several codes are over all of them. yes agrees: if one coder gives a code, how "
    "often another does. --field shows every coefficient and every code of a field."
)

FEW, WEAKEST, SHOWN = 4, 0.67, 8
"""Codes given at least so often are named where their alpha is below (Krippendorff's limit), so many at most."""


def command(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="STUDY | FILE FILE...",
            help="A study, or two or more .jsonl files, one a coder: proposals or gold codings.",
            show_default=False,
        ),
    ],
    fields: Annotated[
        list[str] | None,
        typer.Option("--field", help="Only this field, with every coefficient and every code; repeat for more."),
    ] = None,
    disagreements: Annotated[
        Path | None,
        typer.Option("--disagreements", help="Write every disagreement to this .csv. It holds words of the documents."),
    ] = None,
    items: Annotated[
        Path | None, typer.Option("--items", help="The items that files of gold codings code (their texts).")
    ] = None,
    machines: Annotated[
        list[str] | None,
        typer.Option("--machine", help="A coder (a file's name without .jsonl) that is a machine; repeat for more."),
    ] = None,
    resamples: Annotated[int, typer.Option("--resamples", min=100, help="Draws of cases for the intervals.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", help="Of the draws.")] = 0,
    books: options.Books = None,
    as_json: options.Json = False,
) -> None:
    """Agreement per field and code with 95 % intervals, people among themselves and with each machine apart."""
    from caselore.agreement.intervals import Method
    from caselore.agreement.summary import summary

    given, codebook = _read(paths, books, items, machines or [])
    if unknown := set(fields or ()) - codebook.fields.keys():
        raise EvaluationError(f"The codebook has no field {sorted(unknown)[0]!r}; name one of its ids with --field.")
    found = summary(
        given.answers,
        codebook,
        readings=given.readings,
        fields=fields or (),
        method=Method(resamples=resamples, seed=seed),
        code_method=None if fields or as_json else Method("none"),  # the overview shows no interval of a code
    )
    if disagreements:
        _write(disagreements, found, given)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1, default=str))
        return
    console = Console(width=None if sys.stdout.isatty() else PIPED)
    _show(console, found, whole=bool(fields))
    if disagreements:
        typer.echo(f"{len(found.disagreements):,} disagreements in {disagreements}")


def _read(
    paths: list[Path], books: list[Path] | None, items: Path | None, machines: Sequence[str]
) -> tuple[Codings, Codebook]:
    from caselore.agreement.codings import read_codings
    from caselore.codebook.codebook import load
    from caselore.study import open_study

    if len(paths) == 1 and paths[0].is_dir():
        from caselore.store.connect import connect

        connect(open_study(paths[0]))
        from caselore.store.books import codebook
        from caselore.store.queries.codings import codings

        return codings(), codebook()
    if len(paths) < 2:
        raise EvaluationError(f"{paths[0]}: it is no study, and agreement needs two files; name a study or more files.")
    book = load(*options.books(books))
    return read_codings(paths, book, items=items, machines=machines), book


def _show(console: Console, found: Summary, *, whole: bool) -> None:
    for note in found.notes:
        console.print(note, soft_wrap=True)
    coders = {group.name: ", ".join(filter(None, (*group.people, group.machine))) for group in found.groups}
    for group, rows in groupby(found.fields, key=lambda row: row.group) if whole else _by_group(found):
        kept = list(rows)
        for table in map(_whole, kept) if whole else [_overview(f"{group}: {coders[group]}", kept)]:
            console.print(table)
        for line in dict.fromkeys(_notes(kept, whole)):
            console.print(line, soft_wrap=True, highlight=False)
        if not whole:
            for line in _weakest(kept):
                console.print(line, soft_wrap=True, highlight=False)
        console.print()
    if found.fields and not whole:
        console.print(LEGEND, soft_wrap=True, highlight=False)
    if found.fields:
        draws = f"{found.resamples:,} draws of cases, seed {found.seed}"
        console.print(f"{found.read} Intervals are of 95 %: {draws}.", soft_wrap=True, highlight=False)


def _by_group(found: Summary) -> Iterator[tuple[str, list[FieldAgreement]]]:
    for group in found.groups:
        rows = [row for row in found.fields if row.group == group.name]
        if rows:
            yield group.name, rows


def _overview(title: str, rows: Sequence[FieldAgreement]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("field", no_wrap=True)
    for name in ("cases", "agree", "alpha", "95 % interval", "kappa", "AC1", "yes agrees"):
        table.add_column(name, justify="right")
    for row in rows:
        head = headline(row)
        kappa = first_of(row, KAPPAS)
        percent = row.coefficient("percent agreement") or row.coefficient("sequence similarity")
        table.add_row(
            row.field,
            str(row.cases),
            _share(percent),
            _value(head),
            _interval(head),
            _value(kappa),
            _value(row.coefficient("AC1")),
            _value(row.coefficient("specific agreement on yes")),
        )
    return table


def _whole(row: FieldAgreement) -> Table:
    title = f"{row.field} ({row.kind}), {row.group}: {', '.join(row.coders)}, {row.cases} cases"
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for name in ("value", "95 % interval", "error", "observed", "by chance", "units"):
        table.add_column(name, justify="right")
    for each in (*row.coefficients, *row.spans):
        numbers = (_value(each), _interval(each), _number(each.error), _number(each.observed), _number(each.expected))
        table.add_row(each.name, *numbers, str(each.units))
    for code in row.codes:
        table.add_section()
        for n, each in enumerate(code.coefficients):
            name = f"{code.code} (given {code.given}): {each.name}" if n == 0 else f"  {each.name}"
            numbers = (
                _value(each),
                _interval(each),
                _number(each.error),
                _number(each.observed),
                _number(each.expected),
            )
            table.add_row(name, *numbers, str(each.units))
    return table


def _weakest(rows: Sequence[FieldAgreement]) -> Iterator[str]:
    """The codes on which coders agree least, worst first."""
    found = [
        (alpha.value, row.field, code.code, code.given)
        for row in rows
        for code in row.codes
        for alpha in code.coefficients
        if alpha.name == "alpha, nominal" and alpha.value is not None and alpha.value < WEAKEST and code.given >= FEW
    ]
    if found:
        yield f"Codes of weak agreement (alpha below {WEAKEST}, given {FEW} times or more): {len(found)}"
    for value, field, code, given in sorted(found)[:SHOWN]:
        yield f"  {value:6.3f}  {field}: {code} (given {given} times)"


def _notes(rows: Sequence[FieldAgreement], whole: bool) -> Iterator[str]:
    for row in rows:
        told = row.coefficients if whole else tuple(each for each in (headline(row),) if each)
        for note in dict.fromkeys(note for each in told for note in each.notes):
            yield f"{row.field}: {note}"
        if row.trend and whole:
            yield f"{row.field}: {row.trend.says}"
    for row, says in () if whole else sure_trends(rows):
        yield f"{row.field}: {says}"


def _number(value: float | None) -> str:
    return "" if value is None else rounded(value, 3)


def _value(each: Coefficient | None) -> str:
    if each is None:
        return ""
    return "undefined" if each.value is None else rounded(each.value, 3)


def _share(each: Coefficient | None) -> str:
    return f"{rounded(each.percent, 1)}%" if each and each.percent is not None else ""


def _interval(each: Coefficient | None) -> str:
    if each is None or each.lower is None or each.upper is None:
        return ""
    return f"{rounded(each.lower, 2)} to {rounded(each.upper, 2)}"


def _write(path: Path, found: Summary, given: Codings) -> None:
    """One line a disagreement: the case, what each coder said, the words behind it."""
    import csv

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([inert(cell) for cell in row] for row in disagreement_rows(found, given.titles))
