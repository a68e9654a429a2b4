"""In: where the triggers of a passage stand. Out: the stances that the words take to a phrase in it.

The method is ConText's (Harkema et al. 2009, J Biomed Inform 42:839): a trigger reaches forward or back over a number
of words up to the end of its clause. The table of triggers is ours (`triggers.yaml`) and tells what was denied from
what was left undone: "failed to complete" is an omission, "no evidence of" a negation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

Kind = Literal["stance", "pseudo", "terminator"]

_CLAUSE_END = re.compile(r"[;:!?]|\.(?=\s|$)")
_LISTED = re.compile(r"(?<=[\w)]), (?!and\b|or\b|but\b)")


@dataclass(frozen=True, slots=True)
class Trigger:
    """A phrase that changes what others mean: forward over the words after it, or back over those before."""

    pattern: str
    kind: Kind
    stance: str = ""
    forward: bool = True
    reach: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A trigger at ``[start, end)`` of the plain text."""

    start: int
    end: int
    trigger: Trigger


@cache
def table() -> dict[str, Any]:
    """The file of triggers as it stands."""
    text = files("caselore.proposers").joinpath("triggers.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(text, Loader=loader))


@cache
def triggers() -> tuple[Trigger, ...]:
    """Every trigger of the file."""
    return tuple(_triggers(table()))


def _triggers(raw: dict[str, Any]) -> Iterator[Trigger]:
    for one in raw["stances"]:
        for direction in ("before", "after"):
            for pattern in one.get(direction) or ():
                yield Trigger(str(pattern), "stance", one["stance"], direction == "before", int(one["reach"]))
    for pattern in raw["pseudo"]:
        yield Trigger(str(pattern), "pseudo")
    for pattern in raw["terminators"]:
        yield Trigger(str(pattern), "terminator")


class Clauses:
    """The triggers of one passage of plain text, ready to be asked about a phrase."""

    def __init__(self, text: str, start: int, end: int, found: Iterable[Found]) -> None:
        self._text = text
        kept = list(_longest(found))
        self._stances = [one for one in kept if one.trigger.kind == "stance"]
        ends = [m.start() for m in _CLAUSE_END.finditer(text, start, end)]
        self._breaks = sorted([*ends, *(one.start for one in kept if one.trigger.kind == "terminator")])

    def stances(self, start: int, end: int) -> frozenset[str]:
        """The stances that words around ``[start, end)`` take to it."""
        return frozenset(one.trigger.stance for one in self._stances if self._reaches(one, start, end))

    def within(self, start: int, end: int) -> frozenset[str]:
        """The stances that the words of ``[start, end)`` take themselves: "failed to share" is an omission."""
        inside = (one for one in self._stances if one.start < end and start < one.end)
        return frozenset(one.trigger.stance for one in inside)

    def _reaches(self, one: Found, start: int, end: int) -> bool:
        between = (one.end, start) if one.trigger.forward else (end, one.start)
        if between[0] > between[1]:  # it reaches what it overlaps from outside: "no history of" violence
            return one.start < start < one.end if one.trigger.forward else one.start < end < one.end
        if any(between[0] <= place < between[1] for place in self._breaks):
            return False
        return self._text.count(" ", *between) <= one.trigger.reach


def _longest(found: Iterable[Found]) -> Iterator[Found]:
    """Of triggers that overlap the longest; the same phrase may look both ways."""
    taken: list[tuple[int, int]] = []
    for one in sorted(found, key=lambda f: (f.start - f.end, f.start)):
        if any(s < one.end and one.start < e and (s, e) != (one.start, one.end) for s, e in taken):
            continue
        taken.append((one.start, one.end))
        yield one


@cache
def agents() -> tuple[tuple[str, Sequence[str]], ...]:
    """Kinds of persons and the words for them."""
    return tuple((name, tuple(patterns)) for name, patterns in table()["agents"].items())
