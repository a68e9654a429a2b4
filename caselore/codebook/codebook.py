"""Names of shipped books or paths of a user's own come in, one merged codebook of frozen records goes out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from caselore.codebook.books import (
    BOOKS,
    CUE_DEFAULTS,
    SHIPPED,
    THESAURUS,
    RawBook,
    leaves,
    path_of,
    read_book,
)
from caselore.codebook.check import Breach, check, refuse
from caselore.codebook.thesaurus import merge_lists
from caselore.records import ANSWER_STATES, SECTION_KINDS, AnswerState

Kind = Literal["choice", "multi", "sequence", "scale", "matrix", "number", "text"]
Filler = Literal["machine", "person", "both", "document"]

CUED_SECTIONS = frozenset(SECTION_KINDS) - {"contents", "references"}
"""Where a cue counts unless it says otherwise: not in lists of headings, nor in titles of other works."""

WEIGHT = 0.8
"""The confidence of a cue's match where neither cue nor field says one."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that speak for a code: where they count, which stances they bear or need, how surely they speak."""

    pattern: str
    sections: frozenset[str] = CUED_SECTIONS
    allow: frozenset[str] = frozenset()
    need: frozenset[str] = frozenset()
    weight: float = WEIGHT


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a scale, with the number that it adds to the total."""

    id: str
    label: str
    value: int
    definition: str = ""


@dataclass(frozen=True, slots=True)
class CodeDefinition:
    """One code of a field; `levels` only in a scale, where each code is a category that is rated."""

    id: str
    label: str
    definition: str
    source: str
    include: str = ""
    exclude: str = ""
    example: str = ""
    cues: tuple[Cue, ...] = ()
    not_cues: tuple[str, ...] = ()
    levels: Mapping[str, Level] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """One question put to every case, with its codes.

    `default` is the code of a choice when the text says nothing. `answers` are the states that a coder may give.
    `filled_by`: a machine, a person, both, or the `document` as it is measured. A `number` counts in `unit` between
    `least` and `most`. The codes of a `scale` are categories, recorded as `category.level`; those of a `matrix` join
    an id of each axis with dots. A `text` holds a coder's own words and never leaves the store.
    """

    id: str
    label: str
    kind: Kind
    book: str
    question: str = ""
    default: str = ""
    codes: Mapping[str, CodeDefinition] = field(default_factory=dict)
    answers: tuple[AnswerState, ...] = ANSWER_STATES
    filled_by: Filler = "both"
    group: str = ""
    about: str = ""
    source: str = ""
    unit: str = ""
    least: float | None = None
    most: float | None = None

    def accepts(self, code: str) -> bool:
        """Whether `code` is a value that this field can hold."""
        if self.kind == "text":
            return True
        if self.kind == "number":
            return self._in_range(code)
        if self.kind == "scale":
            category, _, level = code.partition(".")
            return category in self.codes and level in self.codes[category].levels
        return code in self.codes

    def _in_range(self, code: str) -> bool:
        try:
            number = float(code)
        except ValueError:
            return False
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)


@dataclass(frozen=True)
class Codebook:
    """Every field that can be put to a case; `versions` names the books that it was merged from."""

    fields: Mapping[str, Field]
    versions: Mapping[str, str]
    thesaurus: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, str] = field(default_factory=dict)
    content: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def sha256(self) -> str:
        """The sha256 of the content (every field, code, cue and list), whatever its layout in files."""
        text = json.dumps(self.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def of_book(self, book: str) -> tuple[Field, ...]:
        """The fields of one book, in its order."""
        return tuple(one for one in self.fields.values() if one.book == book)


def load(*names_or_paths: str | Path, shipped: bool = True) -> Codebook:
    """Merge books, later over earlier; no argument means all shipped books.

    Paths alone are laid over all shipped books; with names of shipped books, over those; with `shipped` false they
    stand alone. A field or code that an earlier book has is amended: what the later book says wins, its codes and
    cues are added, cues under `drop_cues` are taken out. A user's own book is checked, the shipped ones by the tests.

    Raises:
        CodebookError: a file is missing or broken, or a rule of the format is; the message names the place.
        CredibilityRated: a field, code or cue rates whether a child, victim or witness is believable.
    """
    named = any(name in SHIPPED for name in names_or_paths)
    under = SHIPPED if shipped and not named else ()
    raws = [read_book(path_of(name)) for name in (*under, *names_or_paths)]
    refuse(breaches(raws))
    return _merged(raws, lists=read_book(THESAURUS).lists)


def breaches(raws: Iterable[RawBook], *, shipped_too: bool = False) -> list[Breach]:
    """Every breach of a rule in the books, in the order in which they are merged."""
    before: dict[str, Any] = {}
    found: list[Breach] = []
    lists = read_book(THESAURUS).lists
    for raw in raws:
        if shipped_too or raw.path.parent != BOOKS:
            found += check([raw], before=before, lists=lists)
        for id_, value in raw.fields.items():
            before[id_] = _amended(before[id_], value) if id_ in before else value
        lists = {**lists, **raw.lists}
    return found


def _merged(books: Sequence[RawBook], *, lists: Mapping[str, Any]) -> Codebook:
    """One codebook of several books; `lists` are the thesaurus that all of them may use."""
    fields: dict[str, dict[str, Any]] = {}
    home: dict[str, str] = {}
    versions: dict[str, str] = {}
    titles: dict[str, str] = {}
    for raw in books:
        versions[raw.name], titles[raw.name] = raw.version, raw.title
        for id_, value in raw.fields.items():
            home.setdefault(id_, raw.name)
            fields[id_] = _amended(fields[id_], value) if id_ in fields else value
    terms = merge_lists([lists, *(raw.lists for raw in books)])
    return Codebook(
        fields={id_: _field(id_, home[id_], value) for id_, value in fields.items()},
        versions=versions,
        thesaurus=terms,
        titles=titles,
        content={"fields": fields, "lists": terms},
    )


def _amended(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    codes = dict(old.get("codes") or {})
    for id_, code in (new.get("codes") or {}).items():
        codes[id_] = _amended_code(codes[id_], code or {}) if id_ in codes else code
    return {**old, **new, "codes": codes}


def _amended_code(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    dropped = set(new.get("drop_cues") or ())
    cues = [cue for cue in old.get("cues") or () if _pattern(cue) not in dropped]
    added = {
        "cues": [*cues, *(new.get("cues") or ())],
        "not_cues": [*(old.get("not_cues") or ()), *(new.get("not_cues") or ())],
    }
    return {**old, **{key: value for key, value in new.items() if key != "drop_cues"}, **added}


def _pattern(cue: Any) -> str:
    return str(cue["cue"] if isinstance(cue, Mapping) else cue)


def _field(id_: str, book: str, raw: Mapping[str, Any]) -> Field:
    defaults = raw.get("cue_defaults") or {}
    levels = raw.get("levels") or {}
    codes = {
        str(code): _code(str(code), value or {}, defaults=defaults, levels=levels)
        for code, value in (leaves(raw) if raw.get("axes") else raw.get("codes") or {}).items()
    }
    return Field(
        id=id_,
        label=_text(raw, "label"),
        kind=raw.get("kind", "choice"),
        book=book,
        codes=codes,
        answers=tuple(raw.get("answers") or ANSWER_STATES),
        filled_by=raw.get("filled_by", "both"),
        question=_text(raw, "question"),
        default=_text(raw, "default"),
        group=_text(raw, "group"),
        about=_text(raw, "about"),
        source=_text(raw, "source"),
        unit=_text(raw, "unit"),
        least=_number(raw.get("least")),
        most=_number(raw.get("most")),
    )


def _number(raw: Any) -> float | None:
    return None if raw is None else float(raw)


def _text(raw: Mapping[str, Any], key: str) -> str:
    return " ".join(str(raw.get(key) or "").split())


def _code(
    id_: str, raw: Mapping[str, Any], *, defaults: Mapping[str, Any], levels: Mapping[str, Any]
) -> CodeDefinition:
    said = {**defaults, **{key: raw[key] for key in CUE_DEFAULTS if key in raw}}
    return CodeDefinition(
        id=id_,
        cues=tuple(_cue(cue, said) for cue in raw.get("cues") or ()),
        not_cues=tuple(str(pattern) for pattern in raw.get("not_cues") or ()),
        levels={name: _level(name, value) for name, value in (raw.get("levels") or levels).items()},
        **{key: _text(raw, key) for key in ("label", "definition", "source", "include", "exclude", "example")},
    )


def _cue(raw: Any, defaults: Mapping[str, Any]) -> Cue:
    own = raw if isinstance(raw, Mapping) else {"cue": raw}
    said = {**defaults, **own}
    sections = said.get("in")
    return Cue(
        pattern=str(own["cue"]),
        sections=CUED_SECTIONS if sections is None else frozenset(sections),
        allow=frozenset(said.get("allow") or ()),
        need=frozenset(said.get("need") or ()),
        weight=float(said.get("weight", WEIGHT)),
    )


def _level(id_: str, raw: Mapping[str, Any]) -> Level:
    return Level(id_, _text(raw, "label"), int(raw["value"]), _text(raw, "definition"))
