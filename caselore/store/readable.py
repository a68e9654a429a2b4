"""Places that a search found come in; those whose words the viewer may read go out: nobody finds a name by asking.

What a viewer reads is told by readings, such as the masking of names. A place stays if the words that are looked for
are still found in what is read, by the database's own way of matching words.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from django.db import connection
from django.db.models import Q

from caselore.store.connect import is_postgresql
from caselore.store.models import Case, Passage
from caselore.store.nearby import Window
from caselore.store.terms import all_of, word_for_word

Reading = Callable[[Case, str], str]
"""A case and words of it -> as much of the words as the viewer may read."""

TOKENS = "porter unicode61 remove_diacritics 2"
"""How the index of passages parts words into tokens in SQLite."""

MANY = 100
"""Places beyond which words that no reading takes away are not looked for one by one: so many tell of nobody."""

AT_ONCE = 200
"""Places whose passages are asked for at once: SQLite takes a thousand alternatives."""

Read = tuple[Case, list[Passage]]
"""A case and the passages of a place in it."""


def readable(places: Sequence[Window], terms: Sequence[str], readings: Sequence[Reading]) -> list[Window]:
    """Those of the places that have all the terms in one of the readings, the cheapest of which is tried first."""
    left = [(n, *read) for n, read in enumerate(read_of(places)) if read is not None]
    kept: set[int] = set()
    for reading in readings:
        texts = ["\n".join(reading(case, each.text) for each in passages) for _, case, passages in left]
        held = having(texts, terms)
        kept |= {n for (n, *_), has in zip(left, held, strict=True) if has}
        left = [row for row, has in zip(left, held, strict=True) if not has]
    return [place for n, place in enumerate(places) if n in kept]


def having(texts: Sequence[str], terms: Sequence[str]) -> list[bool]:
    """Which of the texts have all the terms, as the open database matches them."""
    if not texts:
        return []
    return _in_postgresql(texts, terms) if is_postgresql() else _in_sqlite(texts, terms)


def _in_sqlite(texts: Sequence[str], terms: Sequence[str]) -> list[bool]:
    """By an index of their own, in memory."""
    database = sqlite3.connect(":memory:")
    try:
        database.execute(f"CREATE VIRTUAL TABLE t USING fts5 (text, content='', tokenize='{TOKENS}')")
        database.executemany("INSERT INTO t (rowid, text) VALUES (?, ?)", enumerate(texts))
        held = {row for (row,) in database.execute("SELECT rowid FROM t WHERE t MATCH ?", [all_of(terms)])}
    finally:
        database.close()
    return [n in held for n in range(len(texts))]


def _in_postgresql(texts: Sequence[str], terms: Sequence[str]) -> list[bool]:
    also, patterns = word_for_word(terms)
    sql = (
        "SELECT p.n FROM unnest(%s::text[]) WITH ORDINALITY p(text, n) "
        f"WHERE to_tsvector('english', p.text) @@ to_tsquery('english', %s){also}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(texts), all_of(terms), *patterns])
        held = {row for (row,) in cursor.fetchall()}
    return [n in held for n in range(1, len(texts) + 1)]


def read_of(places: Sequence[Window]) -> list[Read | None]:
    """The case and the passages of each of these places; None of a place that is gone."""
    cases = Case.objects.select_related("document").defer("document__text", "document__pages", "document__sections")
    known = cases.in_bulk({place.case for place in places})
    firsts = Passage.objects.in_bulk({place.passage for place in places})
    rest: dict[tuple[str, int], Passage] = {}
    wider = [place for place in places if place.count > 1 and place.passage in firsts]
    for begin in range(0, len(wider), AT_ONCE):
        after = Q(pk__in=[])
        for place in wider[begin : begin + AT_ONCE]:
            first = firsts[place.passage]
            after |= Q(document=first.document_id, number__range=(first.number + 1, first.number + place.count - 1))
        rest |= {(row.document_id, row.number): row for row in Passage.objects.filter(after)}
    return [
        (known[place.case], [first, *(rest[first.document_id, first.number + n] for n in range(1, place.count))])
        if (first := firsts.get(place.passage)) and place.case in known
        else None
        for place in places
    ]
