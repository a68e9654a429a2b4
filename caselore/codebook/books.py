"""Reads the YAML of codebooks: names of shipped books or paths of a user's own come in, books as mappings go out."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from caselore.errors import CodebookError

BOOKS = Path(__file__).parent / "books"
THESAURUS = BOOKS / "thesaurus.yaml"

SHIPPED = (
    "case_facts",
    "coded_layer",
    "learning",
    "recommendations",
    "risk_rating",
    "pathways",
    "report_quality",
)
"""The shipped books in the order in which a reader meets their fields."""


BOOK_KEYS = ("book", "version", "title", "about", "source", "fields", "lists")
FIELD_KEYS = (
    *("label", "kind", "question", "default", "source", "about", "group", "answers", "filled_by"),
    *("unit", "least", "most", "cue_defaults", "codes", "levels", "axes", "chains"),
)
CUE_DEFAULTS = ("in", "allow", "need", "weight")
CUE_KEYS = ("cue", *CUE_DEFAULTS)
CODE_KEYS = (
    *(
        "label",
        "definition",
        "include",
        "exclude",
        "cues",
        "not_cues",
        "drop_cues",
        "example",
        "source",
        "levels",
    ),
    *CUE_DEFAULTS,
)
LEVEL_KEYS = ("label", "value", "definition")

KINDS = ("choice", "multi", "sequence", "scale", "matrix", "number", "text")
FILLERS = ("machine", "person", "both", "document")

STANCES = ("negated", "hypothetical", "recommended", "omitted", "shortfall")
"""Ways in which words can stand in a text other than as plain fact."""


@dataclass(frozen=True)
class RawBook:
    """One book as its files say it, every field read in; `files` says where each field stands, for messages."""

    name: str
    path: Path
    version: str
    title: str
    about: str
    source: str
    fields: Mapping[str, Any]
    lists: Mapping[str, Any]
    files: Mapping[str, Path] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def path_of(name: str | Path) -> Path:
    """The file of a shipped book's name, or the path itself if it is one.

    Raises:
        CodebookError: neither; the message names the nearest shipped book.
    """
    if isinstance(name, str) and name in SHIPPED:
        return BOOKS / f"{name}.yaml"
    path = Path(name)
    if path.is_file():
        return path
    near = difflib.get_close_matches(str(name), SHIPPED, n=1)
    hint = f"did you mean `{near[0]}`?" if near else "shipped are " + ", ".join(SHIPPED)
    raise CodebookError(f"codebook `{name}`: neither a file nor a shipped book; {hint}")


def read_book(path: Path) -> RawBook:
    """A book with all its fields; a field given as a path is read from that file, below the book's own folder.

    Raises:
        CodebookError: a file is missing or is no YAML.
    """
    top = _mapping(path)
    fields: dict[str, Any] = {}
    files: dict[str, Path] = {}
    for id_, value in (top.get("fields") or {}).items():
        files[id_] = path.parent / value if isinstance(value, str) else path
        fields[id_] = _mapping(files[id_]) if isinstance(value, str) else value
    text = {key: str(top.get(key) or "").strip() for key in ("book", "version", "title", "about", "source")}
    return RawBook(
        name=text["book"] or path.stem,
        path=path,
        version=text["version"],
        title=text["title"],
        about=text["about"],
        source=text["source"],
        fields=fields,
        lists=top.get("lists") or {},
        files=files,
        unknown=tuple(str(key) for key in top if key not in BOOK_KEYS),
    )


def _mapping(path: Path) -> dict[str, Any]:
    try:
        status = path.stat()
    except OSError:
        raise CodebookError(f"codebook file {path}: it does not exist; write it, or take its line out") from None
    return _parsed(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=256)
def _parsed(path: Path, changed: int, size: int) -> dict[str, Any]:
    """Read once per process and state of the file: parsing is most of the time that loading takes."""
    text = ""
    try:
        text = path.read_text("utf-8")
        value = yaml.load(text, Loader=_Loader)
    except UnicodeDecodeError:
        raise CodebookError(f"codebook file {path}: it is not UTF-8; save it as UTF-8") from None
    except yaml.YAMLError as error:
        raise CodebookError(f"codebook file {path}: no valid YAML{_place(error, text)}") from None
    if not isinstance(value, dict):
        raise CodebookError(f"codebook file {path}: it must hold `key: value` lines at its outermost level")
    return value


class _Loader(yaml.CSafeLoader):
    """The safe loader in C, and no key twice: YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        value = super().construct_mapping(node, deep)
        if len(value) < len(node.value):
            self._complain_of_twin(node)
        return value

    def _complain_of_twin(self, node: yaml.MappingNode) -> None:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                problem = f"`{key.value}` stands twice; give each id and key once"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            seen.add(key.value)


def _place(error: yaml.YAMLError, text: str) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it cannot be read"
    if not mark:
        return f": {problem}"
    line = (*text.split("\n")[mark.line : mark.line + 1], "")[0]
    if "\t" in line[: mark.column + 1]:
        problem = "a tab stands here; indent with spaces"
    elif problem.startswith("mapping values"):
        problem = "a second `: ` stands on this line; put words that hold it in quotes"
    return f" at line {mark.line + 1}, column {mark.column + 1}: {problem}"


def leaves(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The codes of a matrix: every chain of one id of each axis, with labels and definitions put together."""
    found: dict[str, Any] = {}
    for chain in raw.get("chains") or [list(raw["axes"])]:
        rows: dict[str, dict[str, Any]] = {"": {}}
        for axis in chain:
            rows = {
                f"{before}.{id_}".strip("."): _joined(row, node)
                for before, row in rows.items()
                for id_, node in raw["axes"][axis]["codes"].items()
            }
        found.update({f"{chain[0]}.{id_}" if len(chain) == 1 else id_: row for id_, row in rows.items()})
    own = raw.get("codes") or {}
    return {id_: {**row, **(own.get(id_) or {})} for id_, row in found.items()}


def _joined(row: Mapping[str, Any], node: Mapping[str, Any]) -> dict[str, Any]:
    if not row:
        return dict(node)
    both = {key: " ".join(filter(None, (row.get(key), node.get(key)))) for key in ("definition", "include", "exclude")}
    return {
        **row,
        **both,
        "label": f"{row['label']}, {node['label']}",
        "example": node.get("example") or row.get("example"),
    }
