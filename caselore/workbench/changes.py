"""An event comes in; the parts of the coding page that it changed go out, so that only they are painted anew."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from caselore.store import queries
from caselore.store.models import Coding
from caselore.store.queries import CodingSeen
from caselore.store.sight import Sight
from caselore.workbench.passages import Range
from caselore.workbench.rows import SEQUENCE


@dataclass
class Changed:
    """Fields, stretches of text and other parts; `touched` are ids that the page may bring into view.

    `partly` are codings whose field the event does not name, `whole` fields of which all evidence is painted anew.
    """

    fields: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    partly: set[str] = field(default_factory=set)
    codes: set[tuple[str, str, str]] = field(default_factory=set)
    ranges: set[Range] = field(default_factory=set)
    touched: list[str] = field(default_factory=list)
    sequence: bool = False
    notes: bool = False
    recommendations: bool = False


def changed_by(payload: str) -> Changed:
    """What an event changed, by its payload; nothing where there was none."""
    found = Changed()
    for told in json.loads(payload)["rows"] if payload else ():
        for image in (told["before"], told["after"]):
            if image is not None:
                _READ.get(told["kind"], _nothing)(found, told["id"], image)
        if told["before"] and told["kind"] == "recommendation":
            found.recommendations = True
    return found


def _coding(found: Changed, pk: str, image: dict[str, Any]) -> None:
    if "field" in image:
        found.fields.add(image["field"])
        found.codes.add((image["field"], image["answer"], image["code"]))
        found.touched += [pk, image.get("answers_to_id") or ""]
    else:  # a change names the columns that differ only
        found.touched.append(pk)
        found.partly.add(pk)


def _evidence(found: Changed, _: str, image: dict[str, Any]) -> None:
    found.ranges.add((image["start"], image["end"]))


def _step(found: Changed, pk: str, image: dict[str, Any]) -> None:
    found.sequence = True
    found.touched.append(pk)
    found.fields.add(SEQUENCE)
    found.ranges |= {(span["start"], span["end"]) for span in image.get("evidence", ())}


def _note(found: Changed, pk: str, image: dict[str, Any]) -> None:
    found.notes = True
    found.touched.append(pk)
    if image.get("field"):
        found.fields.add(image["field"])


def _recommendation(found: Changed, pk: str, _: dict[str, Any]) -> None:
    found.recommendations = True
    found.touched.append(pk)


def _nothing(*_: object) -> None:
    """A row that the coding page does not show."""


_READ = {
    "coding": _coding,
    "evidence": _evidence,
    "step": _step,
    "note": _note,
    "recommendation": _recommendation,
}


def widened(sight: Sight, found: Changed) -> list[CodingSeen]:
    """The codings of the changed fields; `found` gains the fields of codings of which an event names a changed column
    only, and every stretch of a changed code.
    """
    if found.partly:
        partly = Coding.objects.filter(pk__in=found.partly, case=sight.case)
        found.fields |= set(partly.values_list("field", flat=True))
    codings = queries.codings_of(sight.seen, only=found.fields - {SEQUENCE}) if found.fields else []
    touched = set(found.touched)
    codes = {_code(each) for each in codings if each.id in touched or each.field in found.whole} | found.codes
    found.ranges |= {(span.start, span.end) for each in codings if _code(each) in codes for span in each.evidence}
    return codings


def _code(coding: CodingSeen) -> tuple[str, str, str]:
    return coding.field, coding.answer, coding.code
