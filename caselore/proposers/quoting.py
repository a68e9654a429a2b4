"""In: the words that may justify a code. Out: the quotations that do: each once, and with them whatever else it takes.

A code on a family is justified by what happened and by who was there; where two sentences tell that, both are quoted.
The words by which a text places a case in a home are data (`household.yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from caselore.codebook.cues import regex
from caselore.proposers.casetext import CaseText
from caselore.records import Evidence

Span = tuple[int, int]

MENTIONED = 2
"""The first rank of mere mentions."""

HALF = 0.5
"""The share of a quotation from which another that was kept says the same."""


def distinct(found: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The quotations in their order, without those of which another says half; of two nested ones the longer stands."""
    kept: list[Evidence] = []
    for each in found:
        place = next((n for n, other in enumerate(kept) if _shared(each, other) > HALF), None)
        if place is None:
            kept.append(each)
        elif each.start <= kept[place].start and kept[place].end <= each.end:
            kept[place] = each
    return tuple(dict.fromkeys(kept))


def _shared(one: Evidence, other: Evidence) -> float:
    """What two quotations have in common, as a share of the shorter."""
    if one.end <= one.start or other.end <= other.start:
        return float(one.start == other.start and one.end == other.end)
    common = min(one.end, other.end) - max(one.start, other.start)
    return common / min(one.end - one.start, other.end - other.start)


def tells_of_family(words: str) -> bool:
    """Whether folded words name somebody of a family or a home."""
    return _named().search(words) is not None


def household(text: CaseText, near: Span | None = None) -> tuple[Span, int] | None:
    """Where a case tells who of the family did it, who cared or where the child lived.

    Args:
        text: the case.
        near: a place in the text; of words that say as much, those of its sentence are taken first.

    Returns:
        The span and how plainly it tells: 0 who did it, 1 home and care, 2 a mention of kin, 3 of a family, 4 and
        more of either in what speaks of families at large. None where nothing does.
    """
    said = [passage for passage in text.passages if passage.kind != "heading"]
    told = [passage for passage in said if passage.section in _table()["sections"]]
    if near is not None:
        told.sort(key=lambda passage: not passage.start <= near[0] < passage.end)
    asked = [(pattern, told) for pattern in _ranks()]
    at_large = [passage for passage in said if passage.section in _table()["at_large"]]
    asked += [(pattern, at_large) for pattern in _ranks()[MENTIONED:]]
    for rank, (pattern, among) in enumerate(asked):
        for passage in among:
            match = pattern.search(text.folded, passage.start, passage.end)
            if match:
                return match.span(), rank
    return None


@cache
def _table() -> dict[str, Any]:
    return dict(yaml.safe_load(files("caselore.proposers").joinpath("household.yaml").read_text(encoding="utf-8")))


@cache
def _ranks() -> tuple[re.Pattern[str], ...]:
    rows = ([regex(str(cue), {"kin": _table()["kin"]}) for cue in rank["cues"]] for rank in _table()["ranks"])
    return tuple(re.compile("|".join(row)) for row in rows)


@cache
def _named() -> re.Pattern[str]:
    return re.compile("|".join(regex(str(cue), {"kin": _table()["kin"]}) for cue in _table()["named"]))
