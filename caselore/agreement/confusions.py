"""In: an evaluation. Out: its differences gathered by kind of confusion, most frequent first, with their places."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from caselore.agreement.evaluation import Difference, Evaluation


@dataclass(frozen=True, slots=True)
class Place:
    """Where to read it: a case, and `[start, end)` of the document of that sha256.

    A missed code has gold's quotation and no place of its own: `document` is empty and start and end are 0.
    """

    case: str
    title: str
    document: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Confusion:
    """One way of going wrong: a code that is extra or missed, or one given `instead_of` another."""

    field: str
    kind: Literal["extra", "missed", "wrong"]
    code: str
    instead_of: str
    places: tuple[Place, ...]

    @property
    def count(self) -> int:
        """In how many cases it happened."""
        return len(self.places)


def confusions(found: Evaluation) -> tuple[Confusion, ...]:
    """Every confusion of an evaluation, by field in its order, then by count."""
    gathered: dict[tuple[str, Literal["extra", "missed", "wrong"], str, str], list[Place]] = defaultdict(list)
    for each in found.differences:
        gathered[each.field, each.kind, each.code, each.instead_of].append(_place(each))
    order = {name: n for n, name in enumerate(found.fields)}
    made = [Confusion(*key, places=tuple(places)) for key, places in gathered.items()]
    return tuple(sorted(made, key=lambda each: (order[each.field], -each.count, each.kind, each.code)))


def _place(each: Difference) -> Place:
    if not each.evidence:
        return Place(each.case, each.title, "", 0, 0, each.quote)
    first = each.evidence[0]
    return Place(each.case, each.title, first.sha256, first.start, first.end, first.quote)
