"""In: a codebook and passages of a case. Out: the questions to a model, each on one group of fields, and their form.

The words are files in ``proposers/prompts``; the codebook fills them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
import yaml

from caselore.codebook.codebook import Codebook, Field

FOLDER = files("caselore.proposers").joinpath("prompts")
FILES = ("groups.yaml", "question.md", "system.md")
KINDS = frozenset({"choice", "multi", "sequence", "number"})
AGENCIES = "agencies"

Numbered = tuple[int, str]
"""A passage with its number in the case, counted from 1."""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are asked together, and what the coding guide says of them."""

    id: str
    fields: tuple[Field, ...]
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question as it is sent: the messages by role, and the JSON schema of its answer."""

    group: str
    messages: tuple[tuple[str, str], ...]
    schema: Mapping[str, Any]

    @property
    def letters(self) -> int:
        """How long the messages are together."""
        return sum(len(text) for _, text in self.messages)


@cache
def _read(name: str) -> str:
    return FOLDER.joinpath(name).read_text(encoding="utf-8")


@cache
def declared() -> dict[str, Any]:
    """The file of groups as it stands."""
    return dict(yaml.safe_load(_read("groups.yaml")))


def sha256() -> str:
    """The hash of all prompt files: other words are another question."""
    return hashlib.sha256("\n".join(_read(name) for name in FILES).encode()).hexdigest()


def groups(codebook: Codebook) -> tuple[Group, ...]:
    """The groups of the codebook's fields that a model is asked about, in their order."""
    said, out = declared()["groups"], declared()["left_out"]
    asked = {
        name: field
        for name, field in codebook.fields.items()
        if field.kind in KINDS
        and field.filled_by in ("both", "machine")
        and field.book not in out["books"]
        and name not in out["fields"]
        and (field.codes or field.kind == "number")
    }
    found = [
        Group(name, fields, tuple(map(_line, each.get("rules", ()))))
        for name, each in said.items()
        if (fields := tuple(asked.pop(field) for field in each["fields"] if field in asked))
    ]
    return (*found, *_others(asked.values()))


def _line(text: str) -> str:
    return " ".join(str(text).split())


def _others(fields: Iterable[Field]) -> Iterator[Group]:
    """Fields of other books, put together up to a number of codes."""
    books: dict[str, list[list[Field]]] = {}
    for field in fields:
        parts = books.setdefault(field.book, [[]])
        if parts[-1] and sum(len(each.codes) for each in (*parts[-1], field)) > int(declared()["most_codes"]):
            parts.append([])
        parts[-1].append(field)
    for book, parts in books.items():
        yield from (Group(f"{book}.{number}", tuple(part)) for number, part in enumerate(parts, start=1))


class Prompter:
    """Writes questions from one codebook."""

    def __init__(self, codebook: Codebook, *, numbered: bool = True) -> None:
        agencies = codebook.fields.get(AGENCIES)
        self.agencies = tuple(agencies.codes) if agencies else ()
        self._numbered = numbered
        house = jinja2.Environment(
            undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
        )
        self._question = house.from_string(_read("question.md"))

    def prompt(self, group: Group, passages: Sequence[Numbered] = (), *, part: str = "") -> Prompt:
        """The question of a group on some passages of a case; `part` is ``2 of 3`` where the case is cut."""
        text = "\n".join(f"[{number}] {words}" if self._numbered else words for number, words in passages)
        question = self._question.render(
            text=text,
            numbered=self._numbered,
            part=part,
            fields=group.fields,
            agencies=self.agencies,
            rules=group.rules,
            form=self._form(group),
        )
        return Prompt(group.id, (("system", _read("system.md")), ("user", question)), self.schema(group))

    def _form(self, group: Group) -> str:
        """The form of an answer, with the first code of each field as an example."""
        form = {}
        for field in group.fields:
            code = {"code": next(iter(field.codes), "2"), "quote": "words of the text", "passage": 3, "confidence": 0.8}
            code |= {"agency": "police"} if field.kind == "sequence" else {}
            form[field.id] = {"answer": "present", "quote": "", "codes": [code]}
        return json.dumps(form)

    def schema(self, group: Group) -> dict[str, Any]:
        """The JSON schema of an answer, in the strict part of the language that servers share."""
        return _object({field.id: self._field(field) for field in group.fields})

    def _field(self, field: Field) -> dict[str, Any]:
        code: dict[str, Any] = {"type": "string"}
        if field.codes:
            code["enum"] = list(field.codes)
        said: dict[str, Any] = {"code": code, "quote": {"type": "string"}}
        if self._numbered:
            said["passage"] = {"type": "integer"}
        said["confidence"] = {"type": "number"}
        if field.kind == "sequence":
            said["agency"] = {"anyOf": [{"type": "string", "enum": list(self.agencies)}, {"type": "null"}]}
        return _object(
            {
                "answer": {"type": "string", "enum": list(field.answers)},
                "quote": {"type": "string"},
                "codes": {"type": "array", "items": _object(said)},
            }
        )


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
