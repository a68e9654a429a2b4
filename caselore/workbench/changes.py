"""An event comes in; the parts of the coding page that it changed go out, so that only they are painted anew."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from caselore.store.models import Case, Coder, Coding, CodingEvidence, Event
from caselore.workbench.highlights import seen_passes
from caselore.workbench.rows import SEQUENCE

Range = tuple[int, int]


@dataclass
class Changed:
    """Fields, stretches of text and other parts; `touched` are ids that the page may bring into view."""

    fields: set[str] = field(default_factory=set)
    codes: set[tuple[str, str, str]] = field(default_factory=set)
    ranges: set[Range] = field(default_factory=set)
    touched: list[str] = field(default_factory=list)
    sequence: bool = False
    notes: bool = False
    recommendations: bool = False


def changed_by(event: Event | None) -> Changed:
    """What an event changed; nothing where there was none."""
    found = Changed()
    if event is None:
        return found
    for told in json.loads(event.payload)["rows"]:
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


def widened(viewer: Coder, case: Case, found: Changed) -> Changed:
    """With the fields of codings of which an event names a changed column only, and every stretch of a changed code."""
    partly = Coding.objects.filter(pk__in=[pk for pk in found.touched if pk], case=case)
    for name, answer, code in partly.values_list("field", "answer", "code"):
        found.fields.add(name)
        found.codes.add((name, answer, code))
    if found.codes:
        found.ranges |= set(_ranges(viewer, case, found.codes))
    return found


def _ranges(viewer: Coder, case: Case, codes: Iterable[tuple[str, str, str]]) -> list[Range]:
    wanted = Q()
    for name, answer, code in codes:
        wanted |= Q(coding__field=name, coding__answer=answer, coding__code=code)
    rows = CodingEvidence.objects.filter(wanted, coding__reading__in=seen_passes(viewer, case))
    return list(rows.values_list("start", "end"))
