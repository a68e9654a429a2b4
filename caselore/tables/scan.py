"""The codes of a release stream in; who holds what, how many rows say what, and every number go out, in one pass.

Text columns come as dictionaries of their few values, so that counting never touches a string twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from caselore.errors import TableError
from caselore.tables.incidence import Bits, Incidence, complete, scatter, width
from caselore.tables.paths import Places
from caselore.tables.table import NOT_CODED

Numbers = npt.NDArray[np.float64]

COLUMNS = ("case_number", "field", "answer", "code", "status", "value")
TEXTS = ("field", "answer", "code", "status")

ROWS = 1 << 19
"""Rows of one batch."""

_MOST = 4_000_000
"""Up to so many kinds of row are counted in one array; more are sorted."""

MANY = 256
"""A field of numbers with more different ones than this has no category for each, and one for them all."""

SOME_NUMBER = "present"
"""The category of cases that have a number."""


@dataclass
class Scan:
    """What one pass found: `census` counts rows by (field, answer, code, status); the rest is by field."""

    size: int
    census: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    held: dict[str, Incidence] = field(default_factory=dict)
    numbers: dict[str, tuple[Places, Numbers]] = field(default_factory=dict)


class _Keys:
    """The texts met so far, in the order in which they came."""

    def __init__(self) -> None:
        self.place: dict[str, int] = {}
        self.texts: list[str] = []

    def add(self, text: str) -> int:
        """The place of a text, a new one if it was not met."""
        if text not in self.place:
            self.place[text] = len(self.texts)
            self.texts.append(text)
        return self.place[text]

    def places(self, column: Any) -> npt.NDArray[np.int64]:
        """The place of each value of an Arrow column; null is the empty text."""
        coded = column if hasattr(column, "dictionary") else column.dictionary_encode()
        texts = coded.dictionary.to_pylist()
        known = np.array([self.add(one or "") for one in texts], dtype=np.int64)
        indices = coded.indices
        if indices.null_count:
            known = np.append(known, self.add(""))
            indices = indices.fill_null(len(texts))
        found: npt.NDArray[np.int64] = known[indices.to_numpy(zero_copy_only=False)]
        return found


def scan(batches: Iterable[Any], fields: Sequence[str], *, size: int) -> Scan:
    """Read all codes once; `fields` are those whose categories and numbers are wanted, of `size` cases.

    `batches` are Arrow record batches of `COLUMNS`. Raises TableError where a row belongs to no case.
    """
    return _Pass(fields, size).read(batches)


class _Pass:
    """One pass over the codes."""

    def __init__(self, fields: Sequence[str], size: int) -> None:
        self.fields, self.size = fields, size
        self.keys = {name: _Keys() for name in TEXTS}
        self.counted: dict[tuple[int, ...], int] = defaultdict(int)
        self.rows: dict[tuple[str, str], int] = {}
        self.bits: Bits = np.zeros((16, width(size)), dtype=np.uint8)
        self.numbers: dict[str, list[tuple[Places, Numbers]]] = defaultdict(list)

    def read(self, batches: Iterable[Any]) -> Scan:
        for batch in batches:
            if len(batch):
                self.take(batch)
        texts = [self.keys[name].texts for name in TEXTS]
        found = Scan(self.size)
        for key, count in self.counted.items():
            named = tuple(known[place] for known, place in zip(texts, key, strict=True))
            found.census[named] = count  # type: ignore[index]
        found.held = {name: self.incidence(name) for name in self.fields}
        found.numbers = {
            name: (np.concatenate([one for one, _ in parts]), np.concatenate([other for _, other in parts]))
            for name, parts in self.numbers.items()
        }
        return found

    def take(self, batch: Any) -> None:
        cases = batch.column("case_number").to_numpy(zero_copy_only=False)
        if cases.dtype.kind != "i" or cases.min() < 0 or cases.max() >= self.size:
            raise TableError("The release is broken: codes belong to no case; release it again.")
        parts = [self.keys[name].places(batch.column(name)) for name in TEXTS]
        self.collect(batch, cases, parts)
        shape = [len(self.keys[name].place) for name in TEXTS]
        kind = (parts[0] * shape[1] + parts[1]) * shape[2] + parts[2]
        row, there = self.tally(kind, parts[3], shape)
        place = row[kind] if there is None else row[np.searchsorted(there, kind)]
        kept = place >= 0
        scatter(self.bits, cases[kept], place[kept])

    def tally(
        self, kind: Places, status: Places, shape: Sequence[int]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64] | None]:
        """Count the kinds of row; the row of bits of each kind, by kind or by its place among the kinds there are."""
        whole = kind * shape[3] + status
        if np.prod(shape, dtype=np.int64) <= _MOST:
            counts = np.bincount(whole, minlength=int(np.prod(shape)))
            found = np.flatnonzero(counts)
            counts = counts[found]
        else:
            found, counts = np.unique(whole, return_counts=True)
        for key, count in zip(_unravelled(found, shape), counts.tolist(), strict=True):
            self.counted[key] += count
        kinds = np.unique(found // shape[3])
        rows = np.array([self.row(*one) for one in _unravelled(kinds, shape[:3])], dtype=np.int64)
        if np.prod(shape, dtype=np.int64) > _MOST:
            return rows, kinds
        lookup = np.full(int(np.prod(shape[:3])), -1, dtype=np.int64)
        lookup[kinds] = rows
        return lookup, None

    def row(self, field_: int, answer: int, code: int) -> int:
        """The row of bits of a kind of row, -1 where its field is not wanted."""
        name = self.keys["field"].texts[field_]
        if name not in self.fields:
            return -1
        said = self.keys["answer"].texts[answer]
        return self.place(name, self.keys["code"].texts[code] if said == "present" else said)

    def place(self, name: str, key: str) -> int:
        if (name, key) not in self.rows:
            self.rows[name, key] = len(self.rows)
            if len(self.rows) > len(self.bits):
                self.bits = np.vstack([self.bits, np.zeros_like(self.bits)])
        return self.rows[name, key]

    def collect(self, batch: Any, cases: Places, parts: list[Places]) -> None:
        """Take the numbers of a batch; a row with a value is of the same kind whatever its number is."""
        value = batch.column("value").to_numpy(zero_copy_only=False).astype(np.float64)
        present = self.keys["answer"].place.get("present", -1)
        told = np.flatnonzero(np.isfinite(value) & (parts[1] == present))
        for place in np.unique(parts[0][told]).tolist():
            mine = told[parts[0][told] == place]
            name = self.keys["field"].texts[place]
            if name in self.fields:
                self.numbers[name].append((cases[mine].astype(np.int64), value[mine]))
        if len(told):
            parts[2] = parts[2].copy()
            parts[2][told] = self.keys["code"].add(SOME_NUMBER)

    def incidence(self, name: str) -> Incidence:
        """The categories of one field, by key; the cases that no row speaks of are not coded."""
        mine = sorted((key, place) for (field_, key), place in self.rows.items() if field_ == name)
        keys, bits = [key for key, _ in mine], self.bits[[place for _, place in mine]]
        if name in self.numbers and SOME_NUMBER in keys:
            keys, bits = self.numbered(name, keys, bits)
        return complete(keys, bits, self.size, NOT_CODED)

    def numbered(self, name: str, keys: list[str], bits: Bits) -> tuple[list[str], Bits]:
        """The categories of a field of numbers: each number, where there are not too many."""
        cases, values = (np.concatenate(part) for part in zip(*self.numbers[name], strict=True))
        found, places = np.unique(values, return_inverse=True)
        if len(found) > MANY:
            return keys, bits
        each = np.zeros((len(found), bits.shape[1]), dtype=np.uint8)
        scatter(each, cases, places)
        left = [place for place, key in enumerate(keys) if key != SOME_NUMBER]
        return [*(f"{one:g}" for one in found), *(keys[place] for place in left)], np.vstack([each, bits[left]])


def _unravelled(kinds: Places, shape: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The places of each kind in the lists of texts."""
    return zip(*(one.tolist() for one in np.unravel_index(kinds, shape)), strict=True)


def of_census(census: Mapping[tuple[str, str, str, str], int]) -> Iterator[tuple[str, str, str, int]]:
    """(field, answer, status, rows) of a census."""
    for (name, answer, _, status), count in census.items():
        yield name, answer, status, count
