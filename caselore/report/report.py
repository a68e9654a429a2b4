"""One report model for every writer: chapters of sentences, tables and charts, computed once from a release.

The words stand in `templates/report.yaml`; every number in them is bound to its cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from caselore.report import comparisons
from caselore.report.charts import Figure, chart
from caselore.report.comparisons import compared
from caselore.report.numbers import Bound, NotThere, Sentence, bind
from caselore.tables.inference import Inference
from caselore.tables.result import Result


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One number of the front page and what it counts."""

    number: Bound
    says: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One table with the sentences that read it and the chart that shows it."""

    result: Result
    sentences: tuple[Sentence, ...]
    figure: Figure | None
    tests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: opening sentences, then its tables."""

    id: str
    title: str
    opening: tuple[Sentence, ...]
    exhibits: tuple[Exhibit, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report; `draft` where anything in it is a proposal that no human has validated."""

    title: str
    draft: bool
    manifest: Mapping[str, Any]
    key_figures: tuple[KeyFigure, ...]
    learning_points: tuple[Sentence, ...]
    chapters: tuple[Chapter, ...]
    method: tuple[Sentence, ...]
    empty: tuple[Result, ...]
    """Tables for which the release holds nothing: named, not shown."""


def compose(results: Iterable[Result], manifest: Mapping[str, Any], *, title: str = "") -> Report:
    """Compose the report of a release from its computed tables and its manifest."""
    words = _words()
    by_id = {result.table.id: result for result in results}
    told = {name: result for name, result in by_id.items() if not result.empty}
    tests = compared(told, words["compared"])
    chapters = [_chapter(outline, words["tables"], told, manifest, tests) for outline in words["chapters"]]
    return Report(
        title=title or words["title"],
        draft=any(result.draft for result in by_id.values()),
        manifest=manifest,
        key_figures=tuple(_key_figures(words["key_figures"], told, manifest)),
        learning_points=_bound(words["learning_points"], told, manifest),
        chapters=tuple(chapter for chapter in chapters if chapter.exhibits),
        method=_bound(words["method"], told, manifest),
        empty=tuple(result for result in by_id.values() if result.empty),
    )


@cache
def _words() -> dict[str, Any]:
    text = (files("caselore.report") / "templates" / "report.yaml").read_text(encoding="utf-8")
    words: dict[str, Any] = yaml.safe_load(text)
    return words


def _chapter(
    outline: Mapping[str, Any],
    sentences: Mapping[str, list[str]],
    told: Mapping[str, Result],
    manifest: Mapping[str, Any],
    tests: Mapping[str, tuple[Inference, ...]],
) -> Chapter:
    own = [result for result in told.values() if result.table.chapter == outline["title"]]
    order = {table: place for place, table in enumerate(outline["order"])}
    own.sort(key=lambda result: order.get(result.table.id, len(order)))
    return Chapter(
        id=outline["id"],
        title=outline["title"],
        opening=_bound(outline.get("opening", ()), told, manifest),
        exhibits=tuple(
            Exhibit(
                result,
                _bound(sentences.get(result.table.id, ()), told, manifest),
                chart(result),
                comparisons.told(tests.get(result.table.id, ())),
            )
            for result in own
        ),
    )


def _bound(sentences: Iterable[str], told: Mapping[str, Result], manifest: Mapping[str, Any]) -> tuple[Sentence, ...]:
    """The sentences that hold; one whose cell is missing or suppressed is left out whole."""
    kept = []
    for sentence in sentences:
        try:
            kept.append(bind(sentence, told, manifest))
        except NotThere:
            continue
    return tuple(kept)


def _key_figures(
    outline: Iterable[Mapping[str, str]], told: Mapping[str, Result], manifest: Mapping[str, Any]
) -> Iterable[KeyFigure]:
    for each in outline:
        for sentence in _bound([each["number"]], told, manifest):
            (number,) = sentence
            assert isinstance(number, Bound)
            yield KeyFigure(number, each["says"])
