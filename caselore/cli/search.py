"""`caselore search`: passages of a study by words and codes together, with their citations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caselore.cli import options
from caselore.cli.init import StudyPath
from caselore.errors import EvaluationError

if TYPE_CHECKING:
    from caselore.store.queries.views import Hit, Hits

NAME = "search"
EXAMPLE = 'caselore search my-study "disguised compliance, under ones, 2017"'

Words = Annotated[
    str,
    typer.Argument(help='Words, "a phrase" in quotation marks, and years or ages between commas.', show_default=False),
]


def command(
    study: StudyPath,
    words: Words = "",
    year: Annotated[list[str] | None, typer.Option("--year", help="2017, or 2014-2016.")] = None,
    theme: Annotated[str, typer.Option("--theme", help="A learning theme's id.")] = "",
    age_band: Annotated[str, typer.Option("--age-band", help="An age band's id, such as under_1.")] = "",
    area: Annotated[str, typer.Option("--area", help="Words of a title or publisher.")] = "",
    code: Annotated[
        list[str] | None, typer.Option("--code", metavar="FIELD:CODE", help="Any code; repeat it for more.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Passages at most.")] = 10,
    as_json: options.Json = False,
) -> None:
    """Find passages that hold the words, in cases that have the codes, each with its citation.

    Titles and words stand as published and may hold names: for use inside. The workbench masks what trainers see.
    """
    from caselore.store import opening
    from caselore.store.connect import disconnect
    from caselore.study import open_study

    viewer = opening.opened(open_study(study))
    from caselore.store.asking import asked
    from caselore.store.search import search

    told = asked(words)
    filters = told.filters | _years(year or []) | {"theme": theme, "age_band": age_band, "area": area}
    filters = _known({name: value for name, value in filters.items() if value} | {"code": list(code or [])})
    hits = search(viewer, told.words, filters=filters, limit=limit)
    disconnect()
    if as_json:
        typer.echo(json.dumps(_answer(hits), ensure_ascii=False))
        return
    for hit in hits.rows:
        typer.echo(f"{_words(hit)}\n    {_citation(hit)}\n")
    more = "more than " if hits.more else ""
    near = f", {hits.nearby:,} of them in neighbouring sentences together," if hits.nearby else ""
    typer.echo(f"{more}{options.counted(hits.total, 'passage')}{near} in {options.counted(hits.cases, 'case')}")


def _years(given: list[str]) -> dict[str, Any]:
    """The filters of --year. Raises EvaluationError."""
    from caselore.store.asking import YEAR, YEARS

    if any(not YEAR.fullmatch(each) and not YEARS.fullmatch(each) for each in given):
        raise EvaluationError(f"--year {' '.join(given)}: give a year such as 2017, or two as 2014-2016.")
    between = next((found for each in given if (found := YEARS.fullmatch(each))), None)
    return {"year_from": between[1], "year_to": between[2]} if between else {"year": given} if given else {}


def _known(filters: dict[str, Any]) -> dict[str, Any]:
    """The filters, if the codebook has their codes. Raises EvaluationError."""
    from caselore.store.books import codebook
    from caselore.store.search import codes_wanted

    for each in filters["code"]:
        if ":" not in each:
            raise EvaluationError(f"--code {each}: name field and code, such as learning_themes:disguised_compliance.")
    for field, code in codes_wanted(filters):
        known = codebook().fields.get(field)
        if known is None or not known.accepts(code):
            raise EvaluationError(f"'{code}' is no code of '{field}'; look the codes up in the codebook.")
    return filters


def _words(hit: Hit) -> str:
    every = (hit.parts, *hit.neighbours)
    return " ".join(" ".join("".join(part for part, _ in parts) for parts in every).split())


def _citation(hit: Hit) -> str:
    page = f"page {hit.page}" if hit.page else ""
    told = [hit.title, hit.publisher, str(hit.year or ""), page, hit.licence, hit.url]
    return ". ".join(part for part in told if part)


def _answer(hits: Hits) -> dict[str, Any]:
    rows = [
        {
            "case": hit.case, "title": hit.title, "document": hit.document, "passage": hit.passage, "start": hit.start,
            "end": hit.end, "page": hit.page, "year": hit.year, "publisher": hit.publisher, "licence": hit.licence,
            "url": hit.url, "text": "".join(part for part, _ in hit.parts), "with_next": len(hit.neighbours),
        }
        for hit in hits.rows
    ]  # fmt: skip
    counted = {"total": hits.total, "nearby": hits.nearby, "more": hits.more, "cases": hits.cases}
    return {**counted, "passages": rows}
