"""`caselore train`: a classifier from validated codings, and the figures that say whether to use it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from caselore.cli import options
from caselore.cli.stage import stage

if TYPE_CHECKING:
    from caselore.proposers.classifier.cases import TrainingCase
    from caselore.proposers.classifier.fields import FieldFigures
    from caselore.proposers.classifier.model import Model
    from caselore.proposers.classifier.scoring import Score

NAME = "train"
EXAMPLE = "caselore train samples/gold.jsonl --items samples/items.json --out classifier.npz"


def command(
    codings: Annotated[
        Path, typer.Argument(help="Gold codings, or proposals with validated codes (.jsonl).", show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", help="The model file to write (.npz).")],
    items: Annotated[
        Path | None,
        typer.Option("--items", help="The items that the gold codes; by custom items-NAME.json beside NAME.jsonl."),
    ] = None,
    documents: Annotated[
        list[Path] | None,
        typer.Option("--documents", help="Where the documents of validated proposals lie; repeat for more."),
    ] = None,
    text: options.Text = "",
    title: options.Title = "",
    coder: Annotated[str, typer.Option("--coder", help="Who coded: named in the model.")] = "gold",
    vectors: Annotated[
        bool, typer.Option("--sentence-vectors", help="Read sentences by vectors too (extra 'embed'); slow.")
    ] = False,
    book: options.Books = None,
    seed: Annotated[int, typer.Option("--seed", help="Of the folds.")] = 0,
    as_json: options.Json = False,
) -> None:
    """Learn from validated codings, and show per field how rules, classifier and both together do on cases left out."""
    from caselore.codebook.codebook import load
    from caselore.proposers.classifier.learning import needs_learning
    from caselore.proposers.classifier.model import save

    needs_learning()
    codebook = load(*options.books(book))
    reading = options.reading(text, title, False)
    cases = validated(codings, documents, reading) if documents else gold(codings, items)
    model = learn(cases, codebook, coder=coder, vectors=vectors, seed=seed)
    digest = save(model, out)
    if as_json:
        figures = {name: asdict(each) for name, each in model.figures.items()}
        typer.echo(json.dumps({"model": str(out), "sha256": digest, "cases": len(cases), "figures": figures}))
        return
    Console(width=None if Console().is_terminal else 110).print(shown(model.figures))
    for line in remarks(model, len(cases), vectors):
        typer.echo(line)
    typer.echo(f"Model: {out} (sha256 {digest[:16]})")


def gold(codings: Path, items: Path | None) -> list[TrainingCase]:
    """The cases of a gold file."""
    from caselore.agreement.gold import read_gold
    from caselore.proposers.classifier.cases import from_gold

    return [
        from_gold(case.id, case.title, case.text, single=case.single, multiple=case.multiple)
        for case in read_gold(codings, items)
    ]


def validated(codings: Path, documents: list[Path], reading: Any) -> list[TrainingCase]:
    """The cases of a file of proposals in which something is validated, with their documents as read now."""
    from caselore.agreement.gold import read_proposals
    from caselore.documents.reader import read_unit, units
    from caselore.errors import DocumentError
    from caselore.proposers.classifier.cases import from_proposals

    proposals = read_proposals(codings)
    wanted = {each.case.sha256 for each in proposals}
    read = {}
    for unit in units(documents, reading):
        try:
            document = read_unit(unit, reading)
        except DocumentError:
            continue  # a file that cannot be read was not coded either
        if document.sha256 in wanted:
            read[document.sha256] = document
    return list(from_proposals(proposals, read))


def learn(cases: list[TrainingCase], codebook: Any, *, coder: str, vectors: bool, seed: int) -> Model:
    """Train, with a bar for each stage."""
    from caselore.proposers.classifier import vectors as sentence
    from caselore.proposers.classifier.cases import Pass
    from caselore.proposers.classifier.training import BASE, train
    from caselore.proposers.proposer import proposers

    with stage("Training", None) as show:
        return train(
            cases,
            codebook,
            proposers(BASE, codebook),
            passes=[Pass(coder, len(cases))],
            vectors=vectors and sentence.available(),
            seed=seed,
            told=lambda name, done, whole: show(done),
        )


def shown(figures: Mapping[str, FieldFigures]) -> Table:
    """A line a field."""
    table = Table(title="On cases left out: F1, of single fields accuracy (95 % interval)", title_justify="left")
    table.add_column("field", no_wrap=True)
    for name in ("cases", "codes learned", "rules alone", "classifier alone", "stacked", "covered", "abstains"):
        table.add_column(name, justify="right")
    for name, each in figures.items():
        learned = f"{each.learned} of {each.codes}"
        scores = (_score(each.rules), _score(each.classifier), _score(each.stacked))
        table.add_row(name, str(each.cases), learned, *scores, f"{each.covered:.0%}", f"{each.abstained:.0%}")
    return table


def _score(score: Score) -> str:
    return f"{score.f1:.2f} ({score.low:.2f}-{score.high:.2f})"


def remarks(model: Model, cases: int, vectors: bool) -> list[str]:
    """What a user must know to read the table."""
    moved = [name for name, field in model.fields.items() if not field.stack.is_rules]
    lines = [
        f"Learned from {cases} cases; 'covered' is the share of true answers that stayed possible (wanted: 90 %), "
        "'abstains' that of codes left undecided."
    ]
    if moved:
        lines.append(f"The classifier moves the rules in: {', '.join(moved)}.")
    else:
        lines.append(
            "On no field did the classifier improve on the rules for sure: with this model they stay as they are."
        )
    lines.append("Rules that were written with these very cases in view look better here than on new ones.")
    if not model.grouped:
        lines.append("There are fewer documents than folds, so cases of one document stand in different folds.")
    if vectors and not model.features.dimensions:
        lines.append("Sentence vectors are not installed (see the manual); words and letters were used alone.")
    return lines
