"""What one viewer sees of one case: its passes are read once, and every question about them is answered from that.

The rules are those of `visibility`, which puts them to the database for many cases at once; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from caselore.store.models import Assignment, Case, Coder, Pass
from caselore.store.permissions import may
from caselore.store.prepared import Prepared
from caselore.store.visibility import FIRST_KINDS


@dataclass(frozen=True, slots=True)
class PassSeen:
    """One pass of the case; `coder` is an id, `name` the coder's."""

    id: str
    coder: str
    name: str
    number: int
    kind: str
    state: str
    machine: bool

    @classmethod
    def of(cls, row: Pass) -> PassSeen:
        """The same of a row with its coder."""
        return cls(row.pk, row.coder_id, row.coder.name, row.number, row.kind, row.state, row.machine)

    @property
    def is_first_open(self) -> bool:
        """Whether it is a person's first pass, still under way."""
        return not self.machine and self.state == "open" and self.kind in FIRST_KINDS

    @property
    def is_in(self) -> bool:
        """Whether it is a person's and submitted."""
        return not self.machine and self.state == "submitted"


@dataclass(frozen=True, slots=True)
class Sight:
    """`seen` are the passes that the viewer may see, by id; `own` the ids of his own ones, the newest first."""

    viewer: Coder
    case: Case
    seen: Mapping[str, PassSeen]
    own: tuple[str, ...]
    hides_proposals: bool
    shows_others: bool

    @property
    def reading(self) -> PassSeen | None:
        """The viewer's newest pass."""
        return self.seen.get(self.own[0]) if self.own else None


_PASSES = Prepared(
    lambda case: (
        Pass.objects.filter(case=case)
        .order_by("pk")
        .values_list("pk", "coder_id", "coder__name", "number", "kind", "state", "machine")
    )
)
_ASSIGNMENTS = Prepared(
    lambda case: Assignment.objects.filter(case=case, withdrawn=False).values_list("coder_id", "blind_first")
)


def sight_of(viewer: Coder, case: Case) -> Sight:
    """What the viewer sees of the case as it stands now."""
    passes = [PassSeen(*row) for row in _PASSES(case=case.pk)]
    given = dict(_ASSIGNMENTS(case=case.pk))
    hides, shows = _hides_proposals(viewer, case, passes, given), _shows_others(viewer, passes, given)
    reads = may(viewer, "read") and not case.withdrawn
    seen = {each.id: each for each in passes if reads and _sees(viewer, each, not hides, shows)}
    own = sorted((each for each in passes if each.coder == viewer.pk), key=lambda each: -each.number)
    return Sight(viewer, case, seen, tuple(each.id for each in own), hides, shows)


def _sees(viewer: Coder, reading: PassSeen, proposals: bool, others: bool) -> bool:
    if reading.coder == viewer.pk:
        return True
    if reading.machine:
        return proposals
    return others and (reading.state == "submitted" or reading.kind == "second_look")


def _hides_proposals(viewer: Coder, case: Case, passes: Iterable[PassSeen], given: Mapping[str, bool]) -> bool:
    """Blind first for this viewer, who codes and has submitted nothing yet."""
    if not may(viewer, "code") or not (case.blind_first or given.get(viewer.pk, False)):
        return False
    return viewer.pk not in _submitted(passes)


def _shows_others(viewer: Coder, passes: Iterable[PassSeen], given: Mapping[str, bool]) -> bool:
    """Nobody owes a first pass or has one open; of who settles or releases it is his own pass alone that counts."""
    opened = {each.coder for each in passes if each.is_first_open}
    owed = given.keys() - _submitted(passes)
    if may(viewer, "adjudicate") or may(viewer, "release"):
        return viewer.pk not in opened | owed
    return not opened and not owed


def _submitted(passes: Iterable[PassSeen]) -> set[str]:
    return {each.coder for each in passes if each.is_in}
