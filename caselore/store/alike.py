"""A case comes in; the cases most like it, by the codes that they share and by their words, go out."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import log, sqrt

from django.db import connection

from caselore.store.connect import is_postgresql
from caselore.store.models import Case, Coder, Passage
from caselore.store.search import LETTERS, seen_codings
from caselore.store.visibility import visible_case, visible_cases

CODES = 0.6
"""The share of codes in the likeness; words have the rest."""

TERMS = 12
"""Words of a case that are looked for in others: the longest of those it repeats, which are its subjects."""

DEEP = 300
"""Passages of other cases that are compared."""


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


def _by_codes(viewer: Coder, case: Case) -> tuple[dict[str, float], dict[str, tuple[tuple[str, str], ...]]]:
    """The cosine of cases by their codes, a rare code weighing more; and the codes shared."""
    rows = set(seen_codings(viewer).values_list("case", "field", "code"))
    counts = Counter((field, code) for _, field, code in rows)
    cases = len({other for other, _, _ in rows}) or 1
    weight = {key: log(1 + cases / n) for key, n in counts.items()}
    own = {(field, code) for other, field, code in rows if other == case.pk}
    lengths: dict[str, float] = defaultdict(float)
    common: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for other, field, code in rows:
        lengths[other] += weight[field, code] ** 2
        if (field, code) in own:
            common[other].append((field, code))
    length = sqrt(lengths.get(case.pk, 0.0))
    likeness = {
        other: sum(weight[key] ** 2 for key in keys) / (length * sqrt(lengths[other])) for other, keys in common.items()
    }
    return likeness, {other: tuple(sorted(keys, key=lambda key: -weight[key])) for other, keys in common.items()}


def _by_words(case: Case) -> dict[str, float]:
    """How much of the case's own subjects is spoken of elsewhere, relative to the most."""
    terms = _terms(case)
    if not terms:
        return {}
    joined = 'JOIN store_case c ON c.document_id = p.document_id AND p.start >= c.start AND p.start < c."end"'
    if is_postgresql():
        sql = (
            f"SELECT c.id, ts_rank(p.words, q) AS r FROM store_passage p {joined}, to_tsquery('english', %s) q "
            f"WHERE p.words @@ q AND c.id <> %s ORDER BY r DESC LIMIT {DEEP}"
        )
        query = " | ".join(terms)
    else:
        sql = (
            "SELECT c.id, -w.rank FROM (SELECT rowid, rank FROM store_passage_words "
            f"WHERE store_passage_words MATCH %s ORDER BY rank LIMIT {DEEP}) w "
            f"JOIN store_passage p ON p.id = w.rowid {joined} WHERE c.id <> %s"
        )
        query = " OR ".join(f'"{term}"' for term in terms)
    totals: dict[str, float] = defaultdict(float)
    with connection.cursor() as cursor:
        cursor.execute(sql, [query, case.pk])
        for other, rank in cursor.fetchall():
            totals[other] += rank
    most = max(totals.values(), default=1.0) or 1.0
    return {other: total / most for other, total in totals.items()}


def _terms(case: Case) -> list[str]:
    texts = Passage.objects.filter(document=case.document_id, start__gte=case.start, start__lt=case.end)
    words = Counter(
        word for text in texts.values_list("text", flat=True)[:400] for word in LETTERS.findall(text.lower())
    )
    repeated = [word for word, n in words.items() if n > 1 and len(word) > 6 and word.isascii() and word.isalpha()]
    return sorted(repeated, key=lambda word: (-words[word] * len(word), word))[:TERMS]
