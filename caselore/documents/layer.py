"""In: the text of a coded-layer JSON. Out: the layer as frozen records, each case with its place in the text.

Three forms are read: 1.0, 1.1 (more keys on a case) and a second published form, in which title, publisher,
url and licence stand on the case itself. A case id that could be a person's name is replaced and goes nowhere.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from caselore.errors import LayerError
from caselore.records import Document, Source

MEDIA_TYPE = "application/vnd.caselore.layer+json"

_ID_WORDS = "c case cs id no nr ref record item review rev doc scr cspr lcspr dhr sar cpr pfd iicsa inquiry"
ID_WORDS = frozenset(_ID_WORDS.split())
"""Prefixes of an id that are no name."""

ANONYMOUS = re.compile(r"[A-Za-z]{1,8}-[0-9a-f]{8,64}")
"""The ids that a release of ours gives: cut from a hash."""

_LISTS = ("agencies", "risk_indicators", "integrity_flags")
_TEXTS = ("source_type", "jurisdiction", "scale_band")
_SOURCE = ("title", "publisher", "repository", "url", "licence")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_NUMBERED = re.compile(r"([A-Za-z]{0,12})[-_ ./]?(\d{1,6})")


@dataclass(frozen=True, slots=True)
class LayerStep:
    """One decision of a case; `step` is its number as published."""

    step: int
    decision_type: str
    agency: str | None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LayerCase:
    """One case of a layer; ``[start, end)`` is its object in the JSON text.

    `source_ref` holds the citation with its own keys (of the case itself in the second form), `source` the same
    as a record. `fields` is the 1.1 extension: field id -> answer, codes, status, evidence as published. `extra`
    keeps every key that this version does not know.
    """

    case_id: str
    source_type: str
    jurisdiction: str
    year: int | None
    scale_band: str
    source_ref: Mapping[str, Any]
    source: Source
    agencies: tuple[str, ...]
    risk_indicators: tuple[str, ...]
    decisions: tuple[LayerStep, ...]
    integrity_flags: tuple[str, ...]
    start: int
    end: int
    n_cases: int | None = None
    note: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    status: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    renamed: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """A coded layer. `form` is ``1.0``, ``1.1`` or ``flat`` (the citation stands on the case itself)."""

    schema_version: str
    dataset_version: str
    generated: str
    title: str
    coder: str
    anonymisation_note: str
    cases: tuple[LayerCase, ...]
    form: str
    extra: Mapping[str, Any] = field(default_factory=dict)


def looks_like_layer(value: object) -> bool:
    """Whether parsed JSON is a coded layer: an object with cases that carry codes."""
    found = value.get("cases") if isinstance(value, dict) else None
    if not isinstance(found, list) or not found:
        return isinstance(found, list) and isinstance(value, dict) and "schema_version" in value
    first = next((each for each in found if isinstance(each, dict)), {})
    return "case_id" in first or len({*_LISTS, "decisions"} & first.keys()) >= 2


def read_layer(document: Document) -> Layer:
    """The layer that a document holds. Raises LayerError naming the case by position, the key and the mend."""
    return parse_layer(document.text, document.name, document.sha256)


def parse_layer(text: str, name: str, sha256: str) -> Layer:
    """The layer in a JSON text; `name` is the file's, for messages, `sha256` that of its bytes, for ids."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LayerError(f"{name} is no JSON that can be read ({error}); restore the file as published.") from None
    if not isinstance(value, dict) or not isinstance(value.get("cases"), list):
        raise LayerError(f"{name} has no list 'cases'; a coded layer is an object with 'schema_version' and 'cases'.")
    spans = case_spans(text)
    reader = _Reader(name, sha256, _names_allowed(value["cases"]))
    found = tuple(reader.case(i, each, span) for i, (each, span) in enumerate(zip(value["cases"], spans, strict=True)))
    keys = ("schema_version", "dataset_version", "generated", "title", "coder", "anonymisation_note")
    head = {key: _words(value.get(key)) for key in keys}
    return Layer(
        **head,
        cases=found,
        form=_form(value),
        extra={key: each for key, each in value.items() if key not in {*keys, "cases"}},
    )


def _words(value: object) -> str:
    return "" if value is None else str(value)


def _form(value: Mapping[str, Any]) -> str:
    dicts = [each for each in value["cases"] if isinstance(each, dict)]
    if any("source_ref" not in each and "title" in each for each in dicts):
        return "flat"
    later = str(value.get("schema_version", "")).startswith("1.1") or any("fields" in each for each in dicts)
    return "1.1" if later else "1.0"


def case_spans(text: str) -> list[tuple[int, int]]:
    """Where each element of the top-level list "cases" stands in a valid JSON text, half-open."""
    spans: list[tuple[int, int]] = []
    stack: list[str] = []
    last, inside, began = "", False, 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token[0] == '"':
            last = token if len(stack) == 1 else last
        elif token in "{[":
            stack.append(token)
            inside = inside or (len(stack) == 2 and token == "[" and last == '"cases"')
            began = match.start() if inside and len(stack) == 3 else began
        else:
            stack.pop()
            if inside and len(stack) == 2:
                spans.append((began, match.end()))
            inside = inside and len(stack) >= 2
    return spans


def _names_allowed(found: Sequence[Any]) -> frozenset[str]:
    """Prefixes that cannot be a person's name: known words, and one that all of several cases share."""
    ids = [str(each.get("case_id", "")) for each in found if isinstance(each, dict)]
    prefixes = Counter(match[1].lower() for each in ids if (match := _NUMBERED.fullmatch(each)))
    shared = {prefix for prefix, count in prefixes.items() if count == len(ids) > 1}
    return ID_WORDS | shared | {""}


@dataclass(frozen=True)
class _Reader:
    """Reads the cases of one layer; knows the file's name for messages and its hash for ids."""

    name: str
    sha256: str
    prefixes: frozenset[str]

    def case(self, i: int, raw: object, span: tuple[int, int]) -> LayerCase:
        if not isinstance(raw, dict):
            raise self._wrong(i, "the case", "make it an object with a 'case_id'")
        ref = self._source_ref(i, raw)
        case_id, renamed = self._id(i, raw)
        known = {*_LISTS, *_TEXTS, "case_id", "year", "source_ref", "decisions", "n_cases", "note", "fields", "status"}
        known |= set() if "source_ref" in raw else set(_SOURCE)
        return LayerCase(
            case_id=case_id,
            year=self._number(i, raw, "year"),
            source_ref=ref,
            source=_source(ref, self._number(i, raw, "year")),
            decisions=self._steps(i, raw),
            start=span[0],
            end=span[1],
            n_cases=self._number(i, raw, "n_cases"),
            note=_words(raw.get("note")),
            fields=self._mapping(i, raw, "fields"),
            status=_words(raw.get("status")),
            extra={key: value for key, value in raw.items() if key not in known},
            renamed=renamed,
            source_type=self._text(i, raw, "source_type"),
            jurisdiction=self._text(i, raw, "jurisdiction"),
            scale_band=self._text(i, raw, "scale_band"),
            agencies=self._list(i, raw, "agencies"),
            risk_indicators=self._list(i, raw, "risk_indicators"),
            integrity_flags=self._list(i, raw, "integrity_flags"),
        )

    def _wrong(self, i: int, key: str, mend: str) -> LayerError:
        return LayerError(f"{self.name}, case {i + 1} of the list 'cases', {key}: {mend}.")

    def _id(self, i: int, raw: Mapping[str, Any]) -> tuple[str, bool]:
        """The id, unless it could be a name; then one cut from the file's hash and the case's position."""
        given = raw.get("case_id", "")
        if not isinstance(given, str):
            raise self._wrong(i, "'case_id'", "write the id as text")
        match = _NUMBERED.fullmatch(given)
        if match and match[1].lower() in self.prefixes:
            return given, False
        if ANONYMOUS.fullmatch(given) and any(letter.isdigit() for letter in given):
            return given, False
        return f"C-{hashlib.sha256(f'caselore layer {self.sha256} {i}'.encode()).hexdigest()[:12]}", True

    def _source_ref(self, i: int, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        ref = raw.get("source_ref", {key: raw[key] for key in _SOURCE if key in raw})
        if not isinstance(ref, dict):
            raise self._wrong(i, "'source_ref'", "make it an object with title, repository, url and licence")
        if not isinstance(ref.get("title", ""), str):
            raise self._wrong(i, "'title' of the source", "write the title as text")
        return ref

    def _list(self, i: int, raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._wrong(i, f"'{key}'", "make it a list of code ids")
        return tuple(value)

    def _text(self, i: int, raw: Mapping[str, Any], key: str) -> str:
        value = raw.get(key)
        if value is not None and not isinstance(value, str):
            raise self._wrong(i, f"'{key}'", "write one code id as text")
        return value or ""

    def _number(self, i: int, raw: Mapping[str, Any], key: str) -> int | None:
        value = raw.get(key)
        if isinstance(value, str) and re.fullmatch(r"\s*\d{1,6}\s*", value):
            return int(value)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self._wrong(i, f"'{key}'", "write a whole number or null")
        return value

    def _mapping(self, i: int, raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = raw.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(i, f"'{key}'", "make it an object of field ids")
        return value

    def _steps(self, i: int, raw: Mapping[str, Any]) -> tuple[LayerStep, ...]:
        value = raw.get("decisions", [])
        if not isinstance(value, list):
            raise self._wrong(i, "'decisions'", "make it a list of steps")
        return tuple(self._step(i, number, each) for number, each in enumerate(value, 1))

    def _step(self, i: int, number: int, raw: object) -> LayerStep:
        mend = "give each step a 'decision_type' and an 'agency' (a code id or null)"
        if not isinstance(raw, dict) or not isinstance(raw.get("decision_type"), str):
            raise self._wrong(i, f"step {number} of 'decisions'", mend)
        agency, step = raw.get("agency"), raw.get("step", number)
        if (agency is not None and not isinstance(agency, str)) or not isinstance(step, int) or isinstance(step, bool):
            raise self._wrong(i, f"step {number} of 'decisions'", mend)
        extra = {key: each for key, each in raw.items() if key not in ("step", "decision_type", "agency")}
        return LayerStep(step, raw["decision_type"], agency, extra)


def _source(ref: Mapping[str, Any], year: int | None) -> Source:
    said: Callable[[str], str] = lambda key: _words(ref.get(key))  # noqa: E731
    return Source(
        title=said("title"),
        publisher=said("publisher") or said("repository"),
        year=year,
        licence=said("licence") or said("license"),
        url=said("url"),
    )
