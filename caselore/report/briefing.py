"""Two-page briefings from the same findings: computed tables and an audience come in, a title and blocks go out.

No number is computed anew: a briefing says again what stands in cells of the release's tables, which were protected
together, so that a briefing beside the report gives nothing away. The words are in `templates/briefings.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from caselore.errors import TableError
from caselore.report.blocks import DRAFT, Block, Heading, Items, Paragraph, grid, words
from caselore.report.numbers import NotThere, bind
from caselore.report.provenance import made
from caselore.tables.result import Result


@dataclass(frozen=True, slots=True)
class Briefing:
    """A title and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


def audiences() -> tuple[str, ...]:
    """For whom there are briefings."""
    return tuple(_told()["audiences"])


def brief(results: Iterable[Result], manifest: Mapping[str, Any], audience: str) -> Briefing:
    """The briefing of a release for one audience. Raises TableError for an audience that there is none for."""
    told = _told()
    if audience not in told["audiences"]:
        raise TableError(f"There is no briefing for {audience!r}; choose from {', '.join(audiences())}.")
    wanted = told["audiences"][audience]
    held = {result.table.id: result for result in results if not result.empty}
    findings = Findings(held, manifest)
    parts = [block for part in told["parts"] for block in _part(part, wanted, findings)]
    if any(result.draft for result in held.values()):
        parts.insert(0, Paragraph(DRAFT, "draft"))
    parts.append(Paragraph(made(manifest), "note"))
    return Briefing(told["title"].replace("{audience}", wanted["called"]), tuple(parts))


@dataclass(frozen=True, slots=True)
class Findings:
    """What the sentences of a briefing are bound to."""

    held: Mapping[str, Result]
    manifest: Mapping[str, Any]

    def say(self, sentences: Iterable[str]) -> Iterator[str]:
        """The sentences that hold, as plain text."""
        for sentence in sentences:
            try:
                yield words(bind(sentence, self.held, self.manifest))
            except NotThere:
                continue


@cache
def _told() -> dict[str, Any]:
    text = (files("caselore.report") / "templates" / "briefings.yaml").read_text(encoding="utf-8")
    told: dict[str, Any] = yaml.safe_load(text)
    return told


def _part(part: Mapping[str, Any], wanted: Mapping[str, Any], findings: Findings) -> Iterator[Block]:
    """A heading with what is said under it; nothing where nothing can be said."""
    inside = list(_inside(part, wanted, findings))
    if inside:
        yield Heading(1, part["heading"])
        yield from inside


def _inside(part: Mapping[str, Any], wanted: Mapping[str, Any], findings: Findings) -> Iterator[Block]:
    of_each = [each.replace("{agency}", agency) for agency in wanted["agencies"] for each in part.get("each", ())]
    of_themes = [part["themes"].replace("{theme}", theme) for theme in wanted["themes"]] if "themes" in part else []
    yield from (Paragraph(text) for text in findings.say(part.get("say", ())))
    for sentences in (of_each, of_themes):
        if lines := tuple(findings.say(sentences)):
            yield Items(lines)
            if "about" in part:
                yield Paragraph(part["about"], "note")
    if part.get("table", {}).get("of") in findings.held:
        yield _top(findings.held[part["table"]["of"]], part["table"]["rows"])
    if part.get("questions"):
        yield Items(tuple(wanted["questions"]))


def _top(result: Result, rows: int) -> Block:
    """The first rows of a table and its base."""
    whole = grid(result)
    first = [row for row in whole.rows if row.kind == "category"][:rows]
    base = [row for row in whole.rows if row.kind == "base"]
    return replace(whole, title=f"{whole.title}: the first {len(first)}", rows=(*first, *base))


def write_briefing(briefing: Briefing, path: Path) -> None:
    """Write a briefing as .html, .docx or .pdf, by the suffix of the file; its folder is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    match path.suffix.lower():
        case ".pdf":
            from caselore.report import pdf

            pdf.write_pages(briefing.title, briefing.blocks, path, contents=False)
        case ".docx":
            from caselore.report import word

            word.write_pages(briefing.title, briefing.blocks, path, contents=False)
        case _:
            from caselore.report.leaf import write_leaf

            write_leaf(briefing.title, briefing.blocks, path)
