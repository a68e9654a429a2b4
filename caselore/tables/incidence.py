"""Which unit is in which category, as bits or as one place a unit: counting is then adding up bits.

Categories that can meet are one row of bits each, eight units a byte; categories of which a unit has exactly one are
an array of places. Both answer the same questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from caselore.tables.paths import Keyed, Places
from caselore.tables.table import NOT_CODED, STATES, WITHIN

Bools = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint8]

TOGETHER = "together:"
"""Before the marks of a combination: ``together:101`` holds the first code and the third."""

UNTOLD = tuple(state for state in STATES if state not in ("absent", "not_mentioned"))
"""States in which nothing is said of any code of a field."""

_WORD = 64
_FEW = 64
"""Up to so many categories are turned into bits where they meet others that are bits."""

_WINDOW = 64_000_000
"""Bytes of the largest stretch that is scattered at once."""


@dataclass(frozen=True)
class Incidence:
    """`size` units and the `keys` that they are in; every unit is in one or more.

    Either `bits` (keys, bytes) or `places` (units), the place in `keys` of the one that each unit is in.
    """

    keys: tuple[str, ...]
    size: int
    bits: Bits | None = None
    places: npt.NDArray[Any] | None = None

    @cached_property
    def rows(self) -> Bits:
        """The bits, made of the places where need be."""
        if self.bits is not None:
            return self.bits
        assert self.places is not None
        return np.stack([packed(self.places == place) for place in range(len(self.keys))])

    def row(self, key: str) -> Bits:
        """The bits of one category, of none where there is none such."""
        return self.rows[self.keys.index(key)] if key in self.keys else np.zeros(width(self.size), dtype=np.uint8)

    def held(self, key: str) -> Bools:
        """Which units are in one category."""
        if self.places is not None:
            found: Bools = self.places == (self.keys.index(key) if key in self.keys else -1)
            return found
        return unpacked(self.row(key), self.size)

    def held_any(self, keys: Sequence[str]) -> Bools:
        """Which units are in at least one of several categories."""
        return unpacked(any_of([self.row(key) for key in keys if key in self.keys], self.size), self.size)

    def of(self, units: Places) -> Incidence:
        """The same for other units, given the unit here that each of them belongs to."""
        if self.places is not None:
            return Incidence(self.keys, len(units), places=self.places[units])
        rows = [packed(unpacked(row, self.size)[units]) for row in self.rows]
        return Incidence(self.keys, len(units), np.stack(rows))

    def counts(self, mask: Bools) -> dict[str, int]:
        """How many of the masked units are in each category."""
        if self.places is not None:
            found = np.bincount(self.places[mask], minlength=len(self.keys))
        else:
            found = popcount(self.rows & packed(mask))
        return {key: int(count) for key, count in zip(self.keys, found, strict=True)}

    def crossed(self, other: Incidence, mask: Bools) -> dict[tuple[str, str], int]:
        """How many of the masked units are in each category of this and each of the other."""
        found = _crossed(self, other, mask)
        at = zip(*np.nonzero(found), strict=True)
        return {(self.keys[row], other.keys[column]): int(found[row, column]) for row, column in at}


def _crossed(one: Incidence, other: Incidence, mask: Bools) -> npt.NDArray[np.int64]:
    if one.places is not None and other.places is not None:
        both = one.places[mask].astype(np.int64) * len(other.keys) + other.places[mask]
        return np.bincount(both, minlength=len(one.keys) * len(other.keys)).reshape(len(one.keys), len(other.keys))
    if one.places is not None and len(one.keys) > _FEW:
        held = [np.bincount(one.places[unpacked(row, one.size) & mask], minlength=len(one.keys)) for row in other.rows]
        return np.stack(held, axis=1)
    if other.places is not None and len(other.keys) > _FEW:
        return _crossed(other, one, mask).T
    kept = one.rows & packed(mask)
    if one is other:
        return _symmetric(kept)
    theirs = other.rows
    return np.stack([popcount(theirs & row) for row in kept])


def _symmetric(rows: Bits) -> npt.NDArray[np.int64]:
    found = np.zeros((len(rows), len(rows)), dtype=np.int64)
    for place, row in enumerate(rows):
        found[place, place:] = found[place:, place] = popcount(rows[place:] & row)
    return found


def width(size: int) -> int:
    """The bytes of a row of bits, whole words."""
    return -(-size // _WORD) * _WORD // 8


def packed(mask: Bools) -> Bits:
    """A mask as bits."""
    found = np.zeros(width(len(mask)), dtype=np.uint8)
    bits = np.packbits(mask)
    found[: len(bits)] = bits
    return found


def unpacked(bits: Bits, size: int) -> Bools:
    """Bits as a mask."""
    return np.unpackbits(bits, count=size).view(np.bool_)


def popcount(rows: Bits) -> npt.NDArray[np.int64]:
    """How many bits are set in each row."""
    if hasattr(np, "bitwise_count"):
        found: npt.NDArray[np.int64] = np.bitwise_count(rows.view(np.uint64)).sum(axis=-1, dtype=np.int64)
        return found
    slow: npt.NDArray[np.int64] = _SET[rows].sum(axis=-1, dtype=np.int64)
    return slow


_SET = np.array([one.bit_count() for one in range(256)], dtype=np.uint8)


def any_of(rows: Sequence[Bits], size: int) -> Bits:
    """The units that are in any of several rows."""
    found = np.zeros(width(size), dtype=np.uint8)
    for row in rows:
        found |= row
    return found


def placed(keyed: Keyed, *, size: int, lacking: str = "not_mentioned") -> Incidence:
    """Of units, keys, and the key of each; what is said twice counts once, what is not said of a unit is `lacking`."""
    units, keys, places = keyed
    if len(units) <= size and (not len(units) or np.bincount(units, minlength=size).max() <= 1):
        named = tuple(keys) if lacking in keys else (*keys, lacking)
        narrow = np.int16 if len(named) < 2**15 else np.int32
        found = np.full(size, named.index(lacking), dtype=narrow)
        found[units] = places
        return Incidence(named, size, places=found) if lacking in keys else _needed(named, found)
    bits = np.zeros((len(keys), width(size)), dtype=np.uint8)
    scatter(bits, units, places)
    return complete(keys, bits, size, lacking)


def _needed(keys: tuple[str, ...], places: npt.NDArray[Any]) -> Incidence:
    """Without the last category, if no unit is in it."""
    last = len(keys) - 1
    return Incidence(keys if (places == last).any() else keys[:-1], len(places), places=places)


def scatter(bits: Bits, units: Places, places: Places) -> None:
    """Set the bit of each (unit, place); quick where units come in order, sorted into order where they do not."""
    if not len(units):
        return
    low, high = int(units.min()) // _WORD * _WORD, int(units.max()) + 1
    stretch = -(-(high - low) // _WORD) * _WORD
    if stretch * len(bits) > _WINDOW and stretch > _WORD:
        middle = low + stretch // 2 // _WORD * _WORD
        under = units < middle
        scatter(bits, units[under], places[under])
        scatter(bits, units[~under], places[~under])
        return
    found = np.zeros(len(bits) * stretch, dtype=np.bool_)
    found[places.astype(np.int64) * stretch + (units - low)] = True
    bits[:, low // 8 : (low + stretch) // 8] |= np.packbits(found.reshape(len(bits), stretch), axis=1)


def complete(keys: Sequence[str], bits: Bits, size: int, lacking: str) -> Incidence:
    """Rows of bits, with one more for the units that are in no category so far."""
    left = packed(~unpacked(any_of(list(bits), size), size))
    if not left.any():
        return Incidence(tuple(keys), size, bits)
    if lacking in keys:
        bits[list(keys).index(lacking)] |= left
        return Incidence(tuple(keys), size, bits)
    return Incidence((*keys, lacking), size, np.vstack([bits, left]))


def whole(size: int) -> Incidence:
    """Every unit in one category, `all`."""
    return Incidence(("all",), size, places=np.zeros(size, dtype=np.int16))


def combined(field: Incidence, codes: Sequence[str]) -> Incidence:
    """Each unit in the one combination of codes that it holds, or in the state that says nothing of them."""
    marks = ["".join(one) for one in product("01", repeat=len(codes))]
    number = np.zeros(field.size, dtype=np.int16)
    for code in codes:
        number = 2 * number + field.held(code)
    keys = [TOGETHER + one for one in marks]
    untold = [state for state in UNTOLD if state in field.keys]
    for place, state in enumerate(untold, len(keys)):
        number[field.held(state)] = place
    return Incidence((*keys, *untold), field.size, places=number)


def grouped(groups: Sequence[tuple[str, Sequence[tuple[str, str]]]], fields: Mapping[str, Incidence]) -> Incidence:
    """Each unit in every group of which it holds a code, (field, code); else it is not mentioned, or nobody asked.

    A unit is in a state that says nothing (unclear, withheld...) only where all fields of the groups are.
    """
    named = list(dict.fromkeys(field for _, codes in groups for field, _ in codes))
    size = fields[named[0]].size
    rows = {key: any_of([fields[field].row(code) for field, code in codes], size) for key, codes in groups}
    left = ~any_of(list(rows.values()), size)
    told = any_of([~any_of([fields[name].row(one) for one in UNTOLD], size) for name in named], size)
    answered = told & ~fields[named[0]].row("not_mentioned") if len(named) == 1 else np.zeros_like(told)
    rows |= {"absent": left & answered, "not_mentioned": left & told & ~answered}
    left &= ~told
    for state in (one for one in UNTOLD if one != NOT_CODED):
        rows[state] = left & fields[named[0]].row(state)
        left &= ~rows[state]
    rows[NOT_CODED] = left
    return Incidence(tuple(rows), size, np.stack(list(rows.values())) & packed(np.ones(size, dtype=np.bool_)))


def nested(outer: Incidence, inner: Incidence) -> Incidence:
    """Every category of one within every category of another; who is in a state of either is in that state."""
    rows: dict[str, Bits] = {}
    for one in (key for key in outer.keys if key not in STATES):
        within = (key for key in inner.keys if key not in STATES)
        rows |= {f"{one}{WITHIN}{other}": outer.row(one) & inner.row(other) for other in within}
    left = packed(np.ones(outer.size, dtype=np.bool_)) & ~any_of(list(rows.values()), outer.size)
    for state in STATES:
        rows[state] = left & (outer.row(state) | inner.row(state))
        left &= ~rows[state]
    return Incidence(tuple(rows), outer.size, np.stack(list(rows.values())))


def outermost(within: Incidence) -> Incidence:
    """Of nested categories the outer ones, each under its key and ``/``: who is in any category within it."""
    outer = list(dict.fromkeys(key.split(WITHIN)[0] for key in within.keys if WITHIN in key))
    rows = [
        any_of([within.row(key) for key in within.keys if key.startswith(one + WITHIN)], within.size) for one in outer
    ]
    return Incidence(tuple(one + WITHIN for one in outer), within.size, np.stack(rows))
