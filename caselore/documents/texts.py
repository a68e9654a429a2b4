"""In: the fields of one record of a .jsonl or .csv. Out: its text under the names of its fields; title; source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from caselore.documents.headings import Given
from caselore.documents.labels import heading_kind
from caselore.documents.plain import clean
from caselore.documents.source import YEAR
from caselore.records import Source

READER_VERSION = "texts@1"

LONG = 80
"""A field of at least this many characters, and eight words, is running text."""

TELLING = frozenset(("incident", "background", "analysis", "learning", "recommendations", "model", "keywords"))
"""Kinds of section that a field's name may announce; such a field counts however short it is."""

TEXT_NAMES = frozenset(
    "text body content contents full_text fulltext abstract description summary narrative report document story".split()
)
TITLES = ("title", "heading", "name", "case_title", "case", "ref", "reference", "id", "case_id")
IDS = ("id", "case_id", "ref", "reference", "number", "no", "name", "title")
PUBLISHERS = ("publisher", "board", "partnership", "lscb", "repository")
LICENCES = ("licence", "license", "rights")
URLS = ("url", "link", "href", "source_url", "uri")
YEARS = ("year", "publication_year", "date", "published", "publication_date", "date_of_report", "report_date")


@dataclass(frozen=True, slots=True)
class RecordText:
    """The text of a record, the headings that its fields make, its title, id (may be empty) and source."""

    text: str
    headings: tuple[Given, ...]
    title: str
    id: str
    source: Source


def compose(fields: Mapping[str, object], text_fields: tuple[str, ...], title_field: str) -> RecordText:
    """The record's text. Raises ValueError, saying what to do, where it has no field of text."""
    said = {key: clean(value).strip() for key, value in fields.items() if isinstance(value, str)}
    chosen = _named(fields, said, text_fields) if text_fields else _found(said, title_field)
    text, headings = _joined(chosen)
    title = said.get(title_field, "") if title_field else _first(fields, TITLES)
    return RecordText(text, headings, " ".join(title.split())[:300], _first(fields, IDS)[:80], _source(fields, title))


def has_text(fields: Mapping[str, object]) -> bool:
    """Whether a record holds running text at all."""
    return any(isinstance(value, str) and _runs(value) for value in fields.values())


def _runs(value: str) -> bool:
    return len(value) >= LONG and len(value.split(maxsplit=8)) > 7 and not value.startswith(("http://", "https://"))


def _named(fields: Mapping[str, object], said: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    missing = [name for name in names if name not in fields]
    if len(missing) == len(names):
        raise ValueError(f"has none of the fields {', '.join(names)}; it has {', '.join(list(fields)[:12])}")
    return {name: said[name] for name in names if said.get(name)}


def _found(said: dict[str, str], title_field: str) -> dict[str, str]:
    long = {key for key, value in said.items() if _runs(value) and key != title_field}
    if not long:
        raise ValueError("has no field of running text; name the field that holds it with --text")
    return {key: value for key, value in said.items() if value and (key in long or _tells(key))}


def _tells(key: str) -> bool:
    return key.lower() in TEXT_NAMES or heading_kind(_spoken(key)) in TELLING


def _spoken(key: str) -> str:
    """A field's name as a heading: "keyIssues" and "key_issues" as "Key issues"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key.replace("_", " ").replace("-", " ")).split()
    return " ".join(words).lower().capitalize()


def _joined(chosen: dict[str, str]) -> tuple[str, tuple[Given, ...]]:
    """The fields one after the other, each under its name unless it is the only one or just says "text"."""
    if len(chosen) == 1:
        return next(iter(chosen.values())), ()
    pieces: list[str] = []
    headings: list[Given] = []
    at = 0
    for key, value in chosen.items():
        heading = "" if key.lower() in TEXT_NAMES else _spoken(key)
        if heading:
            headings.append(Given(at, at + len(heading), 1))
        piece = f"{heading}\n{value}" if heading else value
        pieces.append(piece)
        at += len(piece) + 2
    return "\n\n".join(pieces), tuple(headings)


def _first(fields: Mapping[str, object], names: tuple[str, ...]) -> str:
    lower = {key.lower(): value for key, value in reversed(fields.items())}  # type: ignore[call-overload]
    for name in names:
        value = lower.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and value.strip():
            return " ".join(clean(value).split())
    return ""


def _source(fields: Mapping[str, object], title: str) -> Source:
    year = YEAR.search(_first(fields, YEARS))
    return Source(
        title=" ".join(title.split())[:300],
        publisher=_first(fields, PUBLISHERS),
        year=int(year[1]) if year else None,
        licence=_first(fields, LICENCES),
        url=_first(fields, URLS),
    )
