"""A case comes in; the cases most like it, by the codes that they share and by their words, go out."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from math import log, sqrt

from django.db import connection

from caselore.store.connect import is_postgresql
from caselore.store.models import Case, Coder, Passage
from caselore.store.search import JOINED, seen_codings
from caselore.store.terms import LETTERS
from caselore.store.visibility import visible_case, visible_cases

CODES = 0.6
"""The share of codes in the likeness; words have the rest."""

TERMS = 12
"""Words of a case that are looked for in others: the longest of those it repeats, which are its subjects."""

DEEP = 300
"""Passages of other cases that are compared."""

RANKED = 5000
"""Passages that the words may rank: of a case's words the rarest are taken, so that a large study answers as soon."""

Key = tuple[str, str]
"""A field and a code."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A case like another: how much, from 0 to 1, and by which codes (field, code), the rarest first."""

    case: str
    title: str
    year: int | None
    likeness: float
    shared: tuple[tuple[str, str], ...]


def similar_cases(viewer: Coder, case: Case | str, *, limit: int = 10) -> list[Alike]:
    """The cases most like one, the likest first, by what the viewer may see. Raises NotAllowed."""
    found = visible_case(viewer, case.pk if isinstance(case, Case) else case)
    codes, shared = _by_codes(viewer, found)
    words = _by_words(found)
    worth = {other: CODES * codes.get(other, 0.0) + (1 - CODES) * words.get(other, 0.0) for other in {*codes, *words}}
    worth.pop(found.pk, None)
    best = sorted(worth, key=lambda other: (-worth[other], other))
    rows = visible_cases(viewer).in_bulk(best[: 5 * limit])
    return [
        Alike(other, rows[other].title, rows[other].year, round(worth[other], 3), shared.get(other, ()))
        for other in best
        if other in rows
    ][:limit]


def _by_codes(viewer: Coder, case: Case) -> tuple[dict[str, float], dict[str, tuple[Key, ...]]]:
    """The cosine of cases by their codes, a rare code weighing more; and the codes shared."""
    held: dict[str, set[Key]] = defaultdict(set)
    for other, field, code in seen_codings(viewer).values_list("case", "field", "code"):
        held[other].add((field, code))
    own = held.get(case.pk, set())
    if not own:
        return {}, {}
    counts = Counter(chain.from_iterable(held.values()))
    weight = {key: log(1 + len(held) / n) ** 2 for key, n in counts.items()}
    length = {other: sqrt(sum(map(weight.__getitem__, keys))) for other, keys in held.items()}
    common = {other: keys & own for other, keys in held.items()}
    likeness = {
        other: sum(map(weight.__getitem__, keys)) / (length[case.pk] * length[other])
        for other, keys in common.items()
        if keys
    }
    near = sorted(likeness, key=lambda other: -likeness[other])[:DEEP]
    return likeness, {other: tuple(sorted(common[other], key=lambda key: (-weight[key], key))) for other in near}


def _by_words(case: Case) -> dict[str, float]:
    """How much of the case's own subjects is spoken of elsewhere, relative to the most."""
    terms = _rarest(_terms(case))
    if not terms:
        return {}
    if is_postgresql():
        sql = (
            f"SELECT c.id, ts_rank(p.words, q) AS r FROM store_passage p {JOINED}, to_tsquery('english', %s) q "
            f"WHERE p.words @@ q AND c.id <> %s ORDER BY r DESC LIMIT {DEEP}"
        )
        query = " | ".join(terms)
    else:
        sql = (
            "SELECT c.id, -w.rank FROM (SELECT rowid, rank FROM store_passage_words "
            f"WHERE store_passage_words MATCH %s ORDER BY rank LIMIT {DEEP}) w "
            f"JOIN store_passage p ON p.id = w.rowid {JOINED} WHERE c.id <> %s"
        )
        query = " OR ".join(f'"{term}"' for term in terms)
    totals: dict[str, float] = defaultdict(float)
    with connection.cursor() as cursor:
        cursor.execute(sql, [query, case.pk])
        for other, rank in cursor.fetchall():
            totals[other] += rank
    most = max(totals.values(), default=1.0) or 1.0
    return {other: total / most for other, total in totals.items()}


def _rarest(terms: list[str]) -> list[str]:
    """The terms that fewest passages hold, as many as `RANKED` passages allow; what most hold tells none apart."""
    if not terms:
        return []
    one = (
        "store_passage WHERE words @@ to_tsquery('english', %s)"
        if is_postgresql()
        else "store_passage_words WHERE store_passage_words MATCH %s"
    )
    count = f"(SELECT COUNT(*) FROM (SELECT 1 FROM {one} LIMIT {RANKED}) n)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([count] * len(terms))}", terms)
        counts = dict(zip(terms, cursor.fetchone(), strict=True))
    kept: list[str] = []
    left = RANKED
    for term in sorted(terms, key=lambda each: (counts[each], each)):
        if 0 < counts[term] < left:
            kept.append(term)
            left -= counts[term]
    return kept


def _terms(case: Case) -> list[str]:
    texts = Passage.objects.filter(document=case.document_id, start__gte=case.start, start__lt=case.end)
    words = Counter(
        word for text in texts.values_list("text", flat=True)[:400] for word in LETTERS.findall(text.lower())
    )
    repeated = [word for word, n in words.items() if n > 1 and len(word) > 6 and word.isascii() and word.isalpha()]
    return sorted(repeated, key=lambda word: (-words[word] * len(word), word))[:TERMS]
