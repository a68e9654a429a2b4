"""Words and filters come in; the passages that hold them go out, best first, with what was looked for marked.

SQLite's FTS5 and PostgreSQL's tsvector stand behind one function; both stem English words. Where few passages have all
the words, places follow where neighbouring passages have them together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from caselore.errors import NotAllowed
from caselore.store.connect import is_postgresql
from caselore.store.models import Case, Coder, Coding, Passage
from caselore.store.nearby import Window, nearby
from caselore.store.permissions import may
from caselore.store.queries.views import Hit, Hits
from caselore.store.readable import MANY, Reading, read_of, readable
from caselore.store.settled import settled
from caselore.store.terms import LETTERS, all_of, stem, terms_of, word_for_word
from caselore.store.visibility import visible_cases, visible_passes

MOST = 1000
"""Passages counted; beyond that a page says "more than"."""

NEAR = 500
"""Cases that a query names one by one; more are sorted out afterwards."""

FIELDS: Mapping[str, str] = {
    "theme": "learning_themes",
    "age_band": "child_age_band",
    "agency": "agencies",
    "region": "region",
}
"""Filters that are codes of one field."""

FEW = 20
"""Passages that are few: one page of hits; with fewer, neighbouring passages are searched too."""


def search(
    viewer: Coder, words: str, *, filters: Mapping[str, Any] | None = None, limit: int = 20, offset: int = 0,
    readings: Sequence[Reading] = (), untouched: Callable[[], bool] = bool,
) -> Hits:  # fmt: skip
    """Passages with all the words (in "quotes": one after another) of cases that have all the codes.

    After fewer than `FEW` passages come places where neighbouring passages have the words together (`Hit.neighbours`).

    `filters`: year, year_from, year_to, source_type, area (words in title or publisher), theme, age_band, agency,
    region, code (``field:code``, or a list of them). Without words, the passages that are evidence of the codes, or
    else the opening of each case. `readings` tell what the viewer reads of a passage: a place is found, and counted,
    only if the words still stand there; among many places that is not asked of words that are `untouched` by every
    reading. Raises NotAllowed for who may neither read nor read what is released.
    """
    if not (may(viewer, "read") or may(viewer, "read_released")):
        raise NotAllowed(f"{viewer.name} may not search; an administrator can give the role for it.")
    filters = {key: value for key, value in (filters or {}).items() if value not in (None, "", [], ())}
    cases = _filtered(viewer, visible_cases(viewer), filters)
    terms = terms_of(words)
    narrow = bool(filters) or not may(viewer, "read")
    if terms:
        places = _everywhere(terms, list(cases.values_list("pk", flat=True)) if narrow else None)
        if readings and not (len(places) > MANY and untouched()):
            places = readable(places[: MOST + 1], terms, readings)
        total, among, page = len(places), {place.case for place in places}, places[offset : offset + limit]
        near = sum(place.count > 1 for place in places)
    else:
        spots = _by_codes(viewer, cases, filters)
        total, among, near = len(spots), {case for case, _, _ in spots}, 0
        page = [Window(case, passage, 1) for case, passage in _resolved(spots[offset : offset + limit])]
    rows = tuple(_hit(*read, terms) for read in read_of(page) if read is not None)
    return Hits(
        total=min(total, MOST), rows=rows, cases=len(among), more=total > MOST, among=frozenset(among),
        nearby=min(near, MOST),
    )  # fmt: skip


def codes_wanted(filters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The field and code of every filter that asks for a code."""
    given = filters.get("code", [])
    pairs = [tuple(each.partition(":")[::2]) for each in ([given] if isinstance(given, str) else given)]
    pairs += [(field, str(code)) for name, field in FIELDS.items() for code in _several(filters.get(name))]
    return [(field, code) for field, code in pairs if field and code]


def seen_codings(viewer: Coder) -> QuerySet[Coding]:
    """Codings that stand and that the viewer may see; for trainers, those that a release told as settled."""
    rows = Coding.objects.filter(retracted=False, answer="present").exclude(origin="rejected")
    if may(viewer, "read"):
        return rows.filter(reading__in=visible_passes(viewer))
    return settled(rows.filter(case__in=visible_cases(viewer)))


def facets(
    viewer: Coder, *, filters: Mapping[str, Any] | None = None, among: Iterable[str] | None = None
) -> dict[str, list[tuple[str, int]]]:
    """Values to browse by with their numbers of cases: year, source_type, theme, age_band, agency, region.

    `among` narrows them to these cases, such as `Hits.among`.
    """
    cases = _filtered(viewer, visible_cases(viewer), filters or {})
    if among is not None:
        cases = cases.filter(pk__in=list(among))
    found: dict[str, list[tuple[str, int]]] = {}
    for name in ("year", "source_type"):
        counted = cases.exclude(**{f"{name}__isnull": True}).values_list(name).annotate(n=Count("pk")).order_by(name)
        found[name] = [(str(value), n) for value, n in counted]
    narrow = bool(filters) or among is not None
    codings = seen_codings(viewer).filter(case__in=cases) if narrow else seen_codings(viewer)
    rows = codings.filter(field__in=FIELDS.values()).values_list("field", "code")
    counted = list(rows.annotate(n=Count("case", distinct=True)).order_by("-n", "code"))
    for name, field in FIELDS.items():
        found[name] = [(code, n) for of, code, n in counted if of == field]
    return found


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple, set)) else [value] if value not in (None, "") else []


def _filtered(viewer: Coder, cases: QuerySet[Case], filters: Mapping[str, Any]) -> QuerySet[Case]:
    for name, lookup in (("year", "year__in"), ("source_type", "source_type__in")):
        if values := _several(filters.get(name)):
            cases = cases.filter(**{lookup: values})
    if first := filters.get("year_from"):
        cases = cases.filter(year__gte=int(first))
    if last := filters.get("year_to"):
        cases = cases.filter(year__lte=int(last))
    if area := filters.get("area"):
        area = str(area)
        named = Q(title__icontains=area) | Q(document__publisher__icontains=area) | Q(document__title__icontains=area)
        cases = cases.filter(named | Q(document__name__icontains=area))
    for field, code in codes_wanted(filters):
        having = seen_codings(viewer).filter(field=field, code=code).values("case")
        cases = cases.filter(pk__in=having)
    return cases


Place = tuple[str, int]
"""A case and a passage of its document."""

Spot = tuple[str, str, int]
"""A case, its document and a character of it: a place that is read only where a page shows it."""

JOINED = (
    'JOIN store_case c ON c.document_id = p.document_id AND p.start >= c.start AND p.start < c."end" '
    "AND NOT c.withdrawn"
)


def _everywhere(terms: Sequence[str], allowed: Sequence[str] | None) -> list[Window]:
    """Passages with all the terms, the best first; after fewer than `FEW`, neighbours that have them together."""
    found = [Window(case, passage, 1) for case, passage in _by_words(terms, allowed)]
    if len(found) >= FEW or (allowed is not None and not allowed):
        return found
    windows = nearby(terms, allowed, most=MOST + 1 - len(found))
    return found + windows


def _by_words(terms: Sequence[str], allowed: Sequence[str] | None) -> list[Place]:
    """Passages with all the terms, the best first; in the cases given, or in any."""
    if allowed is not None and not allowed:
        return []
    query = all_of(terms)
    near = allowed is not None and len(allowed) <= NEAR
    also, patterns = word_for_word(terms)
    asked = [query, *patterns, *((allowed or []) if near else [])]
    only = also + (f" AND c.id IN ({', '.join(['%s'] * len(allowed or []))})" if near else "")
    if is_postgresql():
        sql = (
            f"SELECT c.id, p.id FROM store_passage p {JOINED}, to_tsquery('english', %s) q "
            f"WHERE p.words @@ q{only} ORDER BY ts_rank(p.words, q) DESC, p.id"
        )
    else:
        sql = (
            f"SELECT c.id, p.id FROM store_passage_words w JOIN store_passage p ON p.id = w.rowid {JOINED} "
            f"WHERE store_passage_words MATCH %s{only} ORDER BY w.rank, p.id"
        )
    if near or allowed is None:
        sql += f" LIMIT {MOST + 1}"
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        found = cursor.fetchall()
    among = set(allowed or [])
    return found if near or allowed is None else [place for place in found if place[0] in among]


def _by_codes(viewer: Coder, cases: QuerySet[Case], filters: Mapping[str, Any]) -> list[Spot]:
    """Where evidence of the codes asked for begins; without codes, the opening of each case, the newest first."""
    wanted = codes_wanted(filters)
    if not wanted:
        rows = cases.order_by(F("year").desc(nulls_last=True), "pk").values_list("pk", "document", "start")
        return list(rows[: MOST + 1])
    asked = Q()
    for field, code in wanted:
        asked |= Q(field=field, code=code)
    # a coding with a reason alone stands at the opening of its case
    at = Coalesce("evidence__start", "case__start")
    spans = seen_codings(viewer).filter(asked, case__in=cases).values_list("case", "case__document", at).distinct()
    return list(spans.order_by(F("case__year").desc(nulls_last=True), "case", at)[: MOST + 1])


def _resolved(spots: Sequence[Spot]) -> list[Place]:
    """The passages at these spots, each once."""
    if not spots:
        return []
    one = '(SELECT MIN(number) FROM store_passage WHERE document_id = %s AND "end" > %s)'
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([one] * len(spots))}", [each for _, *spot in spots for each in spot])
        numbers = cursor.fetchone()
    wanted = {(document, number) for (_, document, _), number in zip(spots, numbers, strict=True)}
    asked = Q()
    for document, number in wanted:
        asked |= Q(document=document, number=number)
    keys = {(row[0], row[1]): row[2] for row in Passage.objects.filter(asked).values_list("document", "number", "pk")}
    places = [
        (case, keys[document, number])
        for (case, document, _), number in zip(spots, numbers, strict=True)
        if number is not None
    ]
    return list(dict.fromkeys(places))


def _hit(case: Case, passages: Sequence[Passage], terms: Sequence[str]) -> Hit:
    document, passage = case.document, passages[0]
    return Hit(
        case=case.pk, title=case.title, document=document.name, passage=passage.number, start=passage.start,
        end=passages[-1].end, page=passage.page, section=passage.section, year=case.year,
        parts=marked(passage.text, terms), source_title=document.title or document.name,
        publisher=document.publisher, url=document.url, licence=document.licence,
        neighbours=tuple(marked(each.text, terms) for each in passages[1:]),
    )  # fmt: skip


def marked(text: str, terms: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    """The text in stretches, each with whether it is one of the words looked for, in whatever inflection."""
    stems = sorted({stem(word) for term in terms for word in LETTERS.findall(term)}, key=len, reverse=True)
    if not stems:
        return ((text, False),)
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, stems)) + r")[^\W_]{0,6}", re.IGNORECASE)
    parts: list[tuple[str, bool]] = []
    last = 0
    for found in pattern.finditer(text):
        parts += [(text[last : found.start()], False), (found.group(), True)]
        last = found.end()
    parts.append((text[last:], False))
    return tuple(part for part in parts if part[0])
