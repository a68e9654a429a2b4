"""`caselore tabulate`: every published table of a release, of any cohort and period, as CSV and HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from caselore.cli import options
from caselore.cli.stage import stage

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook
    from caselore.release.folder import Release
    from caselore.tables.result import Result
    from caselore.tables.table import Condition, Table

NAME = "tabulate"
EXAMPLE = 'caselore tabulate out/release --out tables --where "outcome=death and year>=2012"'

ReleasePath = Annotated[
    Path,
    typer.Argument(
        help="A release, the folder of a run, a coded layer (.json), or a risk rating form (.csv).", show_default=False
    ),
]
Where = Annotated[
    str,
    typer.Option("--where", metavar="FILTER", help='Only cases that meet it: "source_type=SCR and year>=2012".'),
]
Periods = Annotated[
    list[str] | None,
    typer.Option("--period", metavar="YEARS", help="2011-2013, or 2011/12-2013/14 from April to March; repeat it."),
]
BandsName = Annotated[
    str, typer.Option("--bands", metavar="NAME", help="Ages in other bands: report, ons, months, or a CSV file.")
]
People = Annotated[
    str, typer.Option("--population", metavar="NAME", help="Rates per 100,000 of england-regions, or of a CSV file.")
]
Beside = Annotated[bool, typer.Option("--beside", help="Put published figures of earlier analyses beside the tables.")]


@dataclass(frozen=True)
class Asked:
    """What a user asks of the tables beyond the release."""

    where: str = ""
    periods: tuple[str, ...] = ()
    bands: str = ""
    population: str = ""
    beside: bool = False


def command(
    release: ReleasePath,
    out: Annotated[Path, typer.Option("--out", help="The folder to write.")],
    where: Where = "",
    periods: Periods = None,
    bands: BandsName = "",
    population: People = "",
    beside: Beside = False,
    book: options.Books = None,
    smallest: options.Smallest = options.SMALLEST_COUNT,
    show_small: options.ShowSmall = False,
    as_json: options.Json = False,
) -> None:
    """Compute every published table from a release, small counts suppressed, and write them as CSV and HTML."""
    from caselore.codebook.codebook import load
    from caselore.release.folder import open_release
    from caselore.tables.write import write_tables

    codebook, least = load(*options.books(book)), None if show_small else smallest
    if release.suffix.lower() == ".csv":
        rate_forms(release, out, codebook, smallest=least, as_json=as_json)
        return
    opened = open_release(release)
    asked = Asked(where, tuple(periods or ()), bands, population, beside)
    results = tables_of(opened, codebook, smallest=least, asked=asked)
    written = write_tables(results, out, manifest=opened.manifest)
    _close(written, out, as_json)


def tables_of(
    release: Release, codebook: Codebook, *, smallest: int | None, asked: Asked | None = None
) -> list[Result]:
    """Every published table and measure of a release, protected together, so that none gives another away."""
    from caselore.errors import TableError
    from caselore.tables.beside import all_beside
    from caselore.tables.measures.every import measured

    if not release.manifest["counts"]["cases"]:
        raise TableError(f"{release.path} holds no case; there is nothing to count.")
    asked = asked or Asked()
    declared, cohort = declared_as(asked, codebook)
    with stage("Tables", len(declared)) as show:
        results = measured(declared, release, book=codebook, smallest=smallest, cohort=cohort)
        show(len(results))
    if asked.beside:
        results += all_beside(results, cohort=asked.where or "This release")
    return results


def declared_as(asked: Asked, codebook: Codebook) -> tuple[tuple[Table, ...], tuple[Condition, ...]]:
    """The published tables in the bands, periods and rates that are asked for, and the condition of the cohort."""
    from caselore.tables import cohorts
    from caselore.tables.conditions import condition
    from caselore.tables.published import published

    declared = published(codebook)
    if asked.bands:
        declared = cohorts.rebanded(declared, cohorts.bands_named(asked.bands))
    if asked.periods:
        declared = cohorts.by_period(declared, [cohorts.period(one) for one in asked.periods], codebook)
    if asked.population:
        declared = cohorts.as_rates(declared, cohorts.population(asked.population), codebook)
    if not asked.where:
        return declared, ()
    told = f"Only reviews that meet the filter: {asked.where}."
    declared = tuple(replace(table, notes=(*table.notes, told)) for table in declared)
    return declared, (condition(asked.where, codebook),)


def rate_forms(form: Path, out: Path, codebook: Codebook, *, smallest: int | None, as_json: bool) -> None:
    """The tables of a risk rating form: incident types, mean totals, levels by category."""
    from caselore.tables.rating import read_forms
    from caselore.tables.rating_tables import write_rating

    written = write_rating(read_forms(form, codebook), out, codebook, smallest=smallest)
    _close(written, out, as_json)


def _close(written: Sequence[Path], out: Path, as_json: bool) -> None:
    tables = sum(1 for path in written if path.parent.name == "csv")
    options.say({"tables": tables, "look": str(out / "index.html")}, as_json)
