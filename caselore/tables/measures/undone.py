"""Decisions in order and patterns of answers that never came go in; for each case whether the answer came goes out.

What a review does not tell may have been done all the same: "never came" is said of the account, not of the world.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import yaml

from caselore.tables.paths import Keyed, Steps

CAME, NEVER = "came", "never_came"


@dataclass(frozen=True, slots=True)
class Undone:
    """One pattern: what `opens` it, what would answer it, what must follow for it to hold."""

    id: str
    label: str
    opens: tuple[str, ...]
    answers: tuple[str, ...]
    then: tuple[str, ...] = ()
    harmed: bool = False


@cache
def patterns() -> tuple[Undone, ...]:
    """The patterns of `undone.yaml`, in its order."""
    told = yaml.safe_load(files("caselore.tables.measures").joinpath("undone.yaml").read_text("utf-8"))
    return tuple(_pattern(name, told[name]) for name in told)


def _pattern(name: str, told: Mapping[str, Sequence[str]]) -> Undone:
    lists = {part: tuple(told.get(part, ())) for part in ("opens", "answers", "then")}
    return Undone(id=name, label=str(told["label"]), harmed=bool(told.get("harmed")), **lists)


def answered(steps: Steps, pattern: Undone) -> Keyed:
    """For each case with a step that opens: whether the answer came after the last of them, as `CAME` or `NEVER`.

    Where the pattern needs something to follow, and it does not, the answer counts as neither missing nor come: such
    a case is `CAME`, for the pattern does not hold in it.
    """
    opened, place = _last(steps, _among(steps, pattern.opens))
    starts = np.flatnonzero(steps.first)
    ends = np.append(starts[1:], len(steps.cases))
    end = ends[np.searchsorted(starts, place, side="right") - 1]
    came = _any_between(_among(steps, pattern.answers), place + 1, end)
    if pattern.then:
        came = came | ~_any_between(_among(steps, pattern.then), place + 1, end)
    return opened, (CAME, NEVER), (~came).astype(np.int64)


def opener(steps: Steps, pattern: Undone) -> Keyed:
    """For each case with a step that opens: the agency that took the last of them, where it is stated."""
    opened, place = _last(steps, _among(steps, pattern.opens))
    agency = steps.agency[place]
    return opened[agency >= 0], steps.agencies, agency[agency >= 0]


def _among(steps: Steps, names: Sequence[str]) -> npt.NDArray[np.bool_]:
    wanted = np.array([kind in names for kind in steps.kinds] or [False])
    return wanted[steps.kind] if len(steps.kind) else np.zeros(0, dtype=np.bool_)


def _last(steps: Steps, mask: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The cases with a marked step, and the place of the last one of each."""
    place = np.flatnonzero(mask)
    cases = steps.cases[place]
    last = np.append(np.diff(cases) != 0, True)[: len(cases)]
    return cases[last], place[last]


def _any_between(
    mask: npt.NDArray[np.bool_], start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Whether any marked step stands in [start, end)."""
    seen = np.append(0, np.cumsum(mask))
    found: npt.NDArray[np.bool_] = seen[end] > seen[start]
    return found
