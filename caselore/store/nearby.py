"""Words come in; places where all of them stand in neighbouring passages go out, where no one passage has them all.

A passage is a sentence, so what is told in two sentences is found by neither. Every term is looked up in the index of
the open database by itself; which passages are neighbours is worked out on the numbers of the passages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

from caselore.store.connect import is_postgresql
from caselore.store.terms import all_of, word_for_word

REACH = 3
"""Passages within which all words have to stand."""

Bits = npt.NDArray[np.bool_]
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """`count` passages of a case, one after another, of which `passage` is the first."""

    case: str
    passage: int
    count: int


def nearby(terms: Sequence[str], cases: Iterable[str] | None, *, most: int) -> list[Window]:
    """At most so many of the shortest windows with all the terms, two passages before three, in the order of the texts.

    `cases`: in these, or in any. No window holds a shorter one, so none holds a passage that has all the terms.
    """
    line = _line()
    if len(terms) < 2 or not len(line.ids):
        return []
    inside = line.of(set(cases)) if cases is not None else np.ones(len(line.ids), dtype=np.bool_)
    left, has = inside, []
    for term in terms:
        has.append(_has(line.ids, term) & inside)
        left = left & _within_reach(has[-1])
        if not left.any():  # with every term fewer places are left, mostly none before the last is looked up
            return []
    return [Window(line.case_at(at), int(line.ids[at]), count) for at, count in _shortest(has, most)]


def _within_reach(has: Bits) -> Bits:
    """Where a window that begins there could have it."""
    return np.logical_or.reduce([_ahead(has, step) for step in range(REACH)])


@dataclass(frozen=True, slots=True)
class Line:
    """The passages of cases as one long line of ids, with a gap (0) after each case that no window spans."""

    ids: Ids
    begins: Ids
    """Where each case begins on the line, and where the line ends."""
    cases: tuple[str, ...]

    def case_at(self, at: int) -> str:
        """The case in which the passage at this place of the line stands."""
        return self.cases[int(np.searchsorted(self.begins, at, side="right")) - 1]

    def of(self, cases: Set[str]) -> Bits:
        """Which places of the line are of these cases."""
        return np.repeat(np.array([case in cases for case in self.cases], dtype=np.bool_), np.diff(self.begins))


def _shortest(has: Sequence[Bits], most: int) -> list[tuple[int, int]]:
    """Where windows begin and how many passages they have; of those that overlap the first, and shorter ones first."""
    wide, whole = list(has), [np.logical_and.reduce(has)]
    found: list[tuple[int, int]] = []
    taken: set[int] = set()
    for count in range(2, REACH + 1):
        wide = [each | _ahead(one, count - 1) for each, one in zip(wide, has, strict=True)]
        every = np.logical_and.reduce(wide)
        for at in np.flatnonzero(every & ~whole[-1] & ~_ahead(whole[-1], 1)).tolist():
            places = range(at, at + count)
            if len(found) < most and taken.isdisjoint(places):
                found.append((at, count))
                taken.update(places)
        whole.append(every)
    return found


def _ahead(bits: Bits, step: int) -> Bits:
    """What stands so many places further on."""
    if not step:
        return bits
    return np.concatenate([bits[step:], np.zeros(step, dtype=np.bool_)])


def _has(ids: Ids, term: str) -> Bits:
    """Which of these passages have the term."""
    also, patterns = word_for_word([term])
    if is_postgresql():
        sql = (
            f"SELECT string_agg(p.id::text, ' ') FROM store_passage p WHERE p.words @@ to_tsquery('english', %s){also}"
        )
    else:
        sql = "SELECT group_concat(rowid, ' ') FROM store_passage_words WHERE store_passage_words MATCH %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [all_of([term]), *patterns])
        (told,) = cursor.fetchone()
    found = np.zeros(int(ids.max()) + 1, dtype=np.bool_)
    if told:
        there = np.fromstring(told, dtype=np.int64, sep=" ")
        found[there[there < len(found)]] = True
    return found[ids]


BOUNDS = """
SELECT MIN(p.id), MAX(p.id), MIN(p.id - p.number), MAX(p.id - p.number), MIN(p.number), MAX(p.number), c.document_id,
 c.id FROM store_case c
JOIN store_passage p ON p.document_id = c.document_id AND p.start >= c.start AND p.start < c."end"
WHERE NOT c.withdrawn GROUP BY c.id, c.document_id ORDER BY 1, 2, 8
"""
"""The first and the last passage of every case."""

STATE = (
    "SELECT (SELECT MAX(id) FROM store_passage), (SELECT COUNT(*) FROM store_case), (SELECT MAX(id) FROM store_case),"
    " (SELECT COUNT(*) FROM store_withdrawal), (SELECT COUNT(*) FROM store_withdrawal WHERE retracted)"
)
"""What moves on when a document is added, taken out or taken back: passages and the bounds of cases never change."""

_kept: dict[tuple[object, ...], Line] = {}


def _line() -> Line:
    """The line of the open study, made anew when documents came in or went."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        state = (str(connection.settings_dict["NAME"]), *cursor.fetchone())
        if state not in _kept:
            cursor.execute(BOUNDS)
            made = _joined(cursor.fetchall())
            _kept.clear()
            _kept[state] = made
            return made
    return _kept.get(state) or _line()


def _joined(rows: Sequence[Sequence[Any]]) -> Line:
    gap = np.zeros(REACH - 1, dtype=np.int64)
    parts = [np.concatenate([_passages(row), gap]) for row in rows]
    begins = np.concatenate([[0], np.cumsum([len(part) for part in parts], dtype=np.int64)])
    ids = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
    return Line(ids, begins.astype(np.int64), tuple(row[-1] for row in rows))


def _passages(row: Sequence[Any]) -> Ids:
    """The ids of a case's passages in their order: one after another, as a text is kept in one go; else as they are."""
    first, last, least, most, begin, end, document, _ = row
    if least == most:
        return np.arange(first, last + 1, dtype=np.int64)
    return np.array(list(_ids(document, begin, end)), dtype=np.int64)


def _ids(document: str, first: int, last: int) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM store_passage WHERE document_id = %s AND number BETWEEN %s AND %s ORDER BY number",
            [document, first, last],
        )
        yield from (pk for (pk,) in cursor.fetchall())
