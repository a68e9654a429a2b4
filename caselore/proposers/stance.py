"""In: where the triggers of a passage stand. Out: the stances that the words take to a phrase in it.

The method is ConText's (Harkema et al. 2009, J Biomed Inform 42:839): a trigger reaches forward or back over a number
of words up to the end of its clause. The table of triggers is ours (`triggers.yaml`) and tells what was denied from
what was left undone: "failed to complete" is an omission, "no evidence of" a negation. A second table
(`shortfalls.yaml`) holds the phrases by which a review says that a service fell short; only cues that need the stance
`shortfall` are asked about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import yaml

from caselore.codebook.cues import regex

Kind = Literal["stance", "pseudo", "terminator", "shortfall", "harmless"]

SHORTFALL: Final = "shortfall"
"""The stance of words that tell of a service that fell short."""

DOER_WITHIN = 48
"""Letters before "did not" in which its subject is looked for."""

_ASIDE = ", who "
"""What opens an aside, behind which the subject of a clause still holds: "the mother, who was 17, did not"."""

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
    by_service: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A trigger at ``[start, end)`` of the plain text."""

    start: int
    end: int
    trigger: Trigger


@cache
def table(name: str = "triggers") -> dict[str, Any]:
    """One of the two files of triggers as it stands: ``triggers`` or ``shortfalls``."""
    text = files("caselore.proposers").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(text, Loader=loader))


@cache
def triggers() -> tuple[Trigger, ...]:
    """Every trigger of both files."""
    return (*_triggers(table()), *_shortfalls(table("shortfalls")))


def _shortfalls(raw: dict[str, Any]) -> Iterator[Trigger]:
    for group in raw["phrases"]:
        forward, by_service = group["side"] == "before", group.get("doer") == "service"
        for pattern in group["words"]:
            yield Trigger(str(pattern), SHORTFALL, SHORTFALL, forward, int(group["reach"]), by_service)
    for pattern in raw["harmless"]:
        yield Trigger(str(pattern), "harmless")


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
        found = list(found)
        kept = list(_longest(one for one in found if one.trigger.kind not in {SHORTFALL, "harmless"}))
        self._start = start
        self._all = found
        self._shortfalls: tuple[list[Found], list[Found]] | None = None
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

    def falls_short(self, start: int, end: int) -> bool:
        """Whether words around or in ``[start, end)`` say that a service fell short of it."""
        return any(_overlap(one, start, end) or self._reaches(one, start, end) for one in self._split()[0])

    def family_did(self, start: int, end: int) -> bool:
        """Whether ``[start, end)`` tells what the family did not do: "the mother did not tell"."""
        return any(_overlap(one, start, end) for one in self._split()[1])

    def _split(self) -> tuple[list[Found], list[Found]]:
        """The shortfalls of services and those of the family, found when first asked for."""
        if self._shortfalls is None:
            own = _longest(one for one in self._all if one.trigger.kind in {SHORTFALL, "harmless"})
            said = [(one, self._by_family(one)) for one in own if one.trigger.kind == SHORTFALL]
            self._shortfalls = [one for one, family in said if not family], [one for one, family in said if family]
        return self._shortfalls

    def _by_family(self, one: Found) -> bool:
        """Whether the subject of an active verb is one of the family: nearest before it, in the same clause."""
        if not one.trigger.by_service:
            return False
        ends = (place for place in self._breaks if place < one.start and not self._aside(place, one.start))
        first = max(ends, default=self._start)
        named = list(_doers().finditer(self._text, max(first, one.start - DOER_WITHIN), one.start))
        return bool(named) and named[-1].lastgroup == "family"

    def _aside(self, place: int, end: int) -> bool:
        """Whether an aside opens at `place` that a comma closes before `end`."""
        return self._text.startswith(_ASIDE, place - 2) and "," in self._text[place:end]

    def _reaches(self, one: Found, start: int, end: int) -> bool:
        between = (one.end, start) if one.trigger.forward else (end, one.start)
        if between[0] > between[1]:  # it reaches what it overlaps from outside: "no history of" violence
            return one.start < start < one.end if one.trigger.forward else one.start < end < one.end
        if any(between[0] <= place < between[1] for place in self._breaks):
            return False
        return self._text.count(" ", *between) <= one.trigger.reach


def _overlap(one: Found, start: int, end: int) -> bool:
    return one.start < end and start < one.end


def _longest(found: Iterable[Found]) -> Iterator[Found]:
    """Of triggers that overlap the longest; the same phrase may look both ways."""
    taken: list[tuple[int, int]] = []
    for one in sorted(found, key=lambda f: (f.start - f.end, f.start)):
        if any(s < one.end and one.start < e and (s, e) != (one.start, one.end) for s, e in taken):
            continue
        taken.append((one.start, one.end))
        yield one


@cache
def of_services() -> frozenset[str]:
    """The fields that tell of services, and of the family never."""
    return frozenset(table("shortfalls")["of_services"])


@cache
def _doers() -> re.Pattern[str]:
    raw = table("shortfalls")
    return re.compile("|".join(f"(?P<{name}>{regex(raw[name], {})})" for name in ("family", "service")))


@cache
def agents() -> tuple[tuple[str, Sequence[str]], ...]:
    """Kinds of persons and the words for them."""
    return tuple((name, tuple(patterns)) for name, patterns in table()["agents"].items())
