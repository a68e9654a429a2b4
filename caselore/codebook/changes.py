"""Two versions of a codebook come in; what differs, the version that the newer deserves, and the codings that the
difference touches go out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from caselore.codebook.codebook import Codebook, CodeDefinition, Field

Bump = Literal["none", "patch", "minor", "major"]

WEIGHT: Mapping[str, Bump] = {
    # A coding made under the old version may no longer stand, or no longer means the same.
    "field removed": "major",
    "kind changed": "major",
    "range changed": "major",
    "default changed": "major",
    "answers changed": "major",
    "code removed": "major",
    "redefined": "major",
    "levels changed": "major",
    # What was coded still stands; some cases may deserve a second look.
    "field added": "minor",
    "code added": "minor",
    "question changed": "minor",
    "cues changed": "minor",
    "list changed": "minor",
    # Only the words shown to people.
    "relabelled": "patch",
    "example changed": "patch",
    "moved to another book": "patch",
}
"""Every kind of change with the bump that it asks for, after semantic versioning (semver.org 2.0.0)."""

_ORDER: tuple[Bump, ...] = ("none", "patch", "minor", "major")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; `code` is empty where it concerns the whole field, `field` where it concerns a list."""

    what: str
    field: str
    code: str = ""
    old: str = ""
    new: str = ""

    @property
    def bump(self) -> Bump:
        """The least step of the version number that tells readers of this change."""
        return WEIGHT[self.what]

    def __str__(self) -> str:
        place = ".".join(filter(None, (self.field, self.code)))
        words = f": {self.old or '(nothing)'} -> {self.new or '(nothing)'}" if self.old or self.new else ""
        return f"{place} {self.what}{words}"


def changes(old: Codebook, new: Codebook) -> tuple[Change, ...]:
    """Every difference between two versions, in the order of the fields."""
    return tuple(_changes(old, new))


def suggested_bump(found: Iterable[Change]) -> Bump:
    """The largest step that any of the changes asks for."""
    return max((change.bump for change in found), key=_ORDER.index, default="none")


def next_version(version: str, bump: Bump) -> str:
    """The version that follows.

    Example: ``next_version("1.2.3", "minor") == "1.3.0"``.
    """
    major, minor, patch = (int(part) for part in version.split("."))
    return {
        "none": version,
        "patch": f"{major}.{minor}.{patch + 1}",
        "minor": f"{major}.{minor + 1}.0",
        "major": f"{major + 1}.0.0",
    }[bump]


def touched(found: Iterable[Change], codings: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Those of the codings (field, code) that a person should look at again, in their order.

    A coding is touched by a major change of its code or field. An answer state (an empty code) is touched too where a
    code was added to its field: what was coded as not mentioned may now have a code.
    """
    seen = tuple(found)
    fields = {change.field for change in seen if change.bump == "major" and not change.code}
    codes = {(change.field, change.code) for change in seen if change.bump == "major" and change.code}
    grown = {change.field for change in seen if change.what == "code added"}
    return tuple(
        (field, code)
        for field, code in codings
        if field in fields or _named(field, code) & codes or (not code and field in grown)
    )


def _named(field: str, code: str) -> set[tuple[str, str]]:
    """A rating `neglect.high` is touched by a change of the category `neglect` as well."""
    return {(field, code), (field, code.partition(".")[0])} if code else set()


def _changes(old: Codebook, new: Codebook) -> Iterator[Change]:
    for id_ in (*old.fields, *(id_ for id_ in new.fields if id_ not in old.fields)):
        if id_ not in new.fields:
            yield Change("field removed", id_)
        elif id_ not in old.fields:
            yield Change("field added", id_)
        else:
            yield from _field(old.fields[id_], new.fields[id_])
    for name in sorted({*old.thesaurus, *new.thesaurus}):
        was, now = (set(book.thesaurus.get(name, ())) for book in (old, new))
        if was != now:
            yield Change("list changed", "", f"<{name}>", _taken(was, now), _taken(now, was))


def _taken(these: Iterable[str], those: Iterable[str]) -> str:
    return ", ".join(sorted(set(these) - set(those)))


def _field(old: Field, new: Field) -> Iterator[Change]:
    pairs = {
        "kind changed": (old.kind, new.kind),
        "range changed": (_range(old), _range(new)),
        "default changed": (old.default, new.default),
        "answers changed": (", ".join(old.answers), ", ".join(new.answers)),
        "question changed": (f"{old.question} {old.about}".strip(), f"{new.question} {new.about}".strip()),
        "relabelled": (old.label, new.label),
        "moved to another book": (old.book, new.book),
    }
    yield from (Change(what, old.id, "", was, now) for what, (was, now) in pairs.items() if was != now)
    for id_ in (*old.codes, *(id_ for id_ in new.codes if id_ not in old.codes)):
        if id_ not in new.codes:
            yield Change("code removed", old.id, id_)
        elif id_ not in old.codes:
            yield Change("code added", old.id, id_)
        else:
            yield from _code(old.id, old.codes[id_], new.codes[id_])


def _range(field: Field) -> str:
    return f"{field.least} to {field.most} {field.unit}" if field.kind == "number" else ""


def _code(field: str, old: CodeDefinition, new: CodeDefinition) -> Iterator[Change]:
    pairs = {
        "redefined": (_meaning(old), _meaning(new)),
        "levels changed": (_levels(old), _levels(new)),
        "relabelled": (old.label, new.label),
        "example changed": (old.example, new.example),
    }
    yield from (Change(what, field, old.id, was, now) for what, (was, now) in pairs.items() if was != now)
    was, now = ({*(str(cue.pattern) for cue in code.cues), *(f"not {x}" for x in code.not_cues)} for code in (old, new))
    if (old.cues, old.not_cues) != (new.cues, new.not_cues):
        yield Change("cues changed", field, old.id, _taken(was, now), _taken(now, was))


def _meaning(code: CodeDefinition) -> str:
    return " ".join(filter(None, (code.definition, code.include, code.exclude and f"Not: {code.exclude}")))


def _levels(code: CodeDefinition) -> str:
    return "; ".join(f"{level.label} {level.value}: {level.definition}" for level in code.levels.values())
