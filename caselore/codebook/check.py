"""The rules of the format: books as read come in; every breach goes out as one sentence with its place and its mend."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from caselore.codebook import books
from caselore.codebook.books import RawBook
from caselore.codebook.credibility import credibility_rated
from caselore.codebook.cues import parse_cue
from caselore.codebook.thesaurus import circle, merge_lists
from caselore.errors import CodebookError, CredibilityRated
from caselore.records import ANSWER_STATES, SECTION_KINDS

# A word in small letters, digits and `_`, or a short acronym, as the first coded layer has them (`SCR`).
_ID = re.compile(r"(?:[a-z0-9]+(?:_[a-z0-9]+)*|[A-Z][A-Za-z]{1,7})\Z")
_VERSION = re.compile(r"\d+\.\d+\.\d+\Z")
MOST_SAID = 9
"""Breaches said beside the first, a line each; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a book: its name, then as far in as is known."""

    book: str
    field: str = ""
    code: str = ""
    file: str = ""

    def __str__(self) -> str:
        parts = [f"codebook {self.book}"]
        parts += [f"field {self.field}"] if self.field else []
        parts += [f"code {self.code}"] if self.code else []
        return ", ".join(parts) + (f" ({self.file})" if self.file else "")


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule broken at one place; `rates_belief` where it is the rule against rating credibility."""

    place: Place
    message: str
    rates_belief: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def check(own: Iterable[RawBook], *, before: Mapping[str, Any], lists: Mapping[str, Any]) -> list[Breach]:
    """Every breach in the books `own`, which amend the fields `before` and may use the thesaurus `lists`."""
    found: list[Breach] = []
    known = dict(before)
    terms = set(lists)
    for book in own:
        terms |= set(book.lists)
        found += _book(book)
        found += _lists(book, lists, terms)
        for id_, value in book.fields.items():
            place = Place(book.name, str(id_), file=book.files.get(id_, book.path).name)
            if meant := _meant(id_, value, known, own=("label", "question", "kind")):
                found.append(Breach(place, f"there is no such field to add to; did you mean `{meant}`?"))
                continue
            found += _field(place, value, old=known.get(id_) or {}, lists=terms)
            known[id_] = value
    return found


def refuse(found: list[Breach]) -> None:
    """Raise what `check` found, if anything.

    Raises:
        CredibilityRated: a breach is of the rule against rating belief; it goes before all others.
        CodebookError: any other breach.
    """
    if not found:
        return
    first = next((breach for breach in found if breach.rates_belief), found[0])
    others = [str(breach) for breach in found if breach is not first]
    more = [f"and {len(others) - MOST_SAID:,} more"] if len(others) > MOST_SAID else []
    raise (CredibilityRated if first.rates_belief else CodebookError)(
        "\n".join([str(first), *others[:MOST_SAID], *more])
    )


def _meant(id_: Any, raw: Any, known: Mapping[Any, Any], *, own: tuple[str, ...]) -> str:
    """The known id that a mistyped one stands for: it is new, brings nothing of its `own`, and is near to one."""
    if id_ in known or not isinstance(raw, dict) or any(raw.get(key) for key in own):
        return ""
    return next(iter(difflib.get_close_matches(str(id_), [str(each) for each in known], n=1, cutoff=0.75)), "")


def _unknown(place: Place, given: Iterable[Any], known: Iterable[str], what: str) -> Iterator[Breach]:
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(str(key), list(known), n=1, cutoff=0.6)
            mend = f"did you mean `{near[0]}`?" if near else "known are " + ", ".join(sorted(known))
            yield Breach(place, f"unknown {what} `{key}`; {mend}")


def _book(book: RawBook) -> Iterator[Breach]:
    place = Place(book.name, file=book.path.name)
    yield from _unknown(place, book.unknown, books.BOOK_KEYS, "key")
    if not _VERSION.match(book.version):
        yield Breach(place, f"version `{book.version}` is not of the form 1.2.3; write three numbers in quotes")
    if not book.title:
        yield Breach(place, "it has no title; add `title:`")
    yield from _rated(place, name=book.name.replace("_", " "), title=book.title)


def _lists(book: RawBook, before: Mapping[str, Any], terms: set[str]) -> Iterator[Breach]:
    for name, values in book.lists.items():
        place = Place(book.name, file=book.path.name)
        if not isinstance(values, list):
            yield Breach(place, f"list `{name}` must be a list of terms, `[mother, father]`")
            continue
        for term in values:
            yield from _syntax(replace(place, field=f"lists.{name}"), term, terms)
    usable = {name: values for name, values in book.lists.items() if isinstance(values, list)}
    if path := circle(merge_lists([before, usable])):
        yield Breach(Place(book.name, file=book.path.name), f"lists in a circle: {' -> '.join(path)}; break it")


def _field(place: Place, raw: Any, *, old: Mapping[str, Any], lists: set[str]) -> Iterator[Breach]:
    if not isinstance(raw, dict):
        yield Breach(place, "it must hold `key: value` lines, or name the file that does")
        return
    merged = {**old, **raw, "codes": {**(old.get("codes") or {}), **(raw.get("codes") or {})}}
    yield from _id(place, place.field)
    yield from _unknown(place, raw, books.FIELD_KEYS, "key")
    yield from _field_texts(place, merged)
    yield from _kind(place, merged)
    yield from _unknown(place, merged.get("answers") or (), ANSWER_STATES, "answer state")
    yield from _unknown(place, filter(None, [raw.get("filled_by")]), books.FILLERS, "`filled_by`")
    yield from _cue_keys(replace(place, field=f"{place.field}, cue_defaults"), raw.get("cue_defaults") or {})
    heading = f"{merged.get('label', '')} {merged.get('question', '')}"
    known = books.leaves(raw) if raw.get("axes") else old.get("codes") or {}
    for id_, value in _codes(raw):
        here = replace(place, code=str(id_))
        yield from _id(here, id_)
        if not isinstance(value, dict):
            yield Breach(here, "it must hold at least a label, a definition and a source")
            continue
        if meant := _meant(id_, value, known, own=("label", "definition", "source")):
            yield Breach(here, f"there is no such code to add to; did you mean `{meant}`?")
            continue
        was = known.get(id_) or {}
        yield from _code(here, value, old=was, heading=heading, lists=lists)


def _codes(raw: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Every code of a field, those on the axes of a matrix included."""
    yield from (raw.get("codes") or {}).items()
    for axis in (raw.get("axes") or {}).values():
        yield from ((axis or {}).get("codes") or {}).items()


def _field_texts(place: Place, raw: Mapping[str, Any]) -> Iterator[Breach]:
    needed = ("label", "question") if raw["codes"] else ("label", "question", "source")
    for key in needed:
        if not raw.get(key):
            yield Breach(place, f"it has no {key}; add `{key}:`")
    texts = {key: str(raw.get(key) or "") for key in ("label", "question", "about")}
    yield from _rated(place, id=place.field, **texts)


def _kind(place: Place, raw: Mapping[str, Any]) -> Iterator[Breach]:
    kind = raw.get("kind")
    if kind not in books.KINDS:
        yield from _unknown(place, [kind], books.KINDS, "kind")
        return
    needs = {"number": "unit", "text": "question", "scale": "levels", "matrix": "axes"}.get(kind, "codes")
    if not raw.get(needs) and not (kind == "scale" and _every_code_has_levels(raw)):
        yield Breach(place, f"a field of kind {kind} needs `{needs}:`")
    default = raw.get("default")
    if default and default not in raw["codes"]:
        yield from _unknown(place, [default], list(map(str, raw["codes"])), "default")
    if default and kind != "choice":
        yield Breach(place, f"only a choice has a default; take `default: {default}` out")


def _every_code_has_levels(raw: Mapping[str, Any]) -> bool:
    return all((code or {}).get("levels") for code in raw["codes"].values()) and bool(raw["codes"])


def _id(place: Place, id_: Any) -> Iterator[Breach]:
    if not isinstance(id_, str):
        yield Breach(place, f"YAML reads the id `{id_}` as no text; put it in quotes")
    elif not all(_ID.match(part) for part in id_.split(".")):
        mend = re.sub(r"[^a-z0-9]+", "_", id_.lower()).strip("_")
        yield Breach(place, f"the id `{id_}` must be small letters, digits and `_`; write `{mend}`")


def _code(
    place: Place, raw: Mapping[str, Any], *, old: Mapping[str, Any], heading: str, lists: set[str]
) -> Iterator[Breach]:
    yield from _unknown(place, raw, books.CODE_KEYS, "key")
    for key in ("label", "definition", "source"):
        if not raw.get(key) and not old.get(key):
            yield Breach(place, f"it has no {key}; add `{key}:`")
    label, definition = (str(raw.get(key) or old.get(key) or "") for key in ("label", "definition"))
    texts = {"definition": definition, "include": str(raw.get("include") or "")}
    in_field = f"{heading.split('?')[0]} {label}" if heading else label
    yield from _rated(place, id=place.code, label=label, **texts)
    if not credibility_rated(heading) and credibility_rated(in_field):
        yield from _rated(place, **{"label under the field's": in_field})
    yield from _cue_keys(place, {key: raw[key] for key in books.CUE_DEFAULTS if key in raw})
    for cue in raw.get("cues") or ():
        yield from _cue(place, cue, lists, context=f"{label}. {definition}")
    for pattern in raw.get("not_cues") or ():
        yield from _syntax(place, pattern, lists)
    for level in (raw.get("levels") or {}).values():
        yield from _unknown(place, level or (), books.LEVEL_KEYS, "key of a level")


def _cue(place: Place, raw: Any, lists: set[str], *, context: str) -> Iterator[Breach]:
    if isinstance(raw, dict):
        if "cue" not in raw:
            yield Breach(place, f"a cue with keys must have `cue:` among them, not only {', '.join(map(str, raw))}")
            return
        yield from _cue_keys(place, raw)
        raw = raw["cue"]
    yield from _syntax(place, raw, lists)
    yield from _rated(place, context=context, cue=str(raw))


def _cue_keys(place: Place, raw: Mapping[str, Any]) -> Iterator[Breach]:
    if not isinstance(raw, dict):
        yield Breach(place, "it must hold `key: value` lines")
        return
    yield from _unknown(place, raw, books.CUE_KEYS, "key of a cue")
    yield from _unknown(place, raw.get("in") or (), SECTION_KINDS, "section")
    for key in ("allow", "need"):
        yield from _unknown(place, raw.get(key) or (), books.STANCES, "stance")
    weight = raw.get("weight", 0.5)
    if not isinstance(weight, int | float) or not 0 < weight <= 1:
        yield Breach(place, f"weight `{weight}` must be a number above 0 and up to 1")


def _syntax(place: Place, pattern: Any, lists: set[str]) -> Iterator[Breach]:
    if not isinstance(pattern, str):
        yield Breach(place, f"YAML reads the cue `{pattern}` as no text; put it in quotes")
        return
    try:
        slots = parse_cue(pattern).slots
    except CodebookError as error:
        yield Breach(place, str(error))
        return
    yield from _unknown(place, sorted(slots), lists, f"list in the cue {pattern!r}:")


def _rated(place: Place, *, context: str = "", **texts: str) -> Iterator[Breach]:
    for what, text in texts.items():
        if words := credibility_rated(text, context=context):
            message = (
                f"its {what} ({words!r}) rates whether a child, a victim, a complainant or a witness is to be believed;"
                " code what an agency did instead, such as `the child's account was not acted on`, or take it out"
            )
            yield Breach(place, message, rates_belief=True)
