"""The words of all recommendations of a release go in; for those that ask for the same, one group id comes out.

The words stay here: a group id is a number, and says only that several reviews asked for the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from caselore.proposers.similar import Made, similar
from caselore.records import Recommendation

GROUP = re.compile(r"R-\d{4,6}")

MOST = 30_000
"""More recommendations than this are not compared with each other: it would take minutes; they get no groups."""

Place = tuple[str, int]
"""The sha256 of a case's document, and where in it the case starts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One recommendation, where it stands, and the year in which its review was published."""

    place: Place
    number: int
    recommendation: Recommendation
    year: int | None = None


def groups(asked: Sequence[Asked]) -> Mapping[tuple[Place, int], str]:
    """The group of each recommendation that two or more reviews make; whatever the order, the ids are the same.

    Groups are numbered by how many reviews make them, the most first.
    """
    if len(asked) > MOST:
        return {}
    ordered = sorted(asked, key=lambda one: (one.place, one.number))
    made = [Made(one.recommendation, f"{one.place[0]} {one.place[1]}", one.year) for one in ordered]
    at = {id(made_): (one.place, one.number) for made_, one in zip(made, ordered, strict=True)}
    found = similar(made)
    return {at[id(member)]: f"R-{number:04}" for number, group in enumerate(found, 1) for member in group.members}
