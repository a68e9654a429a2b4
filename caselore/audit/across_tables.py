"""In: tables and prose. Out: one figure that two tables give differently, and overall rates that a table denies.

A heading "2009-10 All reviews (n=40)" and the cell of another table under 2009-10 in the row "All reviews" are one
fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from caselore.audit.finding import Finding
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence
from caselore.audit.rounding import ALL_RULES, shown, within
from caselore.audit.table_rates import overall_rates, per
from caselore.audit.tables import N_EQUALS, Row, Table
from caselore.audit.wording import stems

NEAR = 0.05
"""Two figures of one fact differ by at most this share; further apart they are of different things."""

CLOSE = 0.02
SMALLEST = 20
REACH = 6000
CONFIDENCE = 0.55
RATE_NEAR = 0.3
RATE = 0.5

_PERIOD = re.compile(r"(?:19|20)\d\d\s?[-–/]\s?\d{2,4}|(?:19|20)\d\d")
_LEAD = re.compile(r"^[A-Z0-9]{1,2}[).]\s+")
_ALL = re.compile(r"\b(?:all|total|overall)\b", re.IGNORECASE)
_RATE = re.compile(r"\brates?\b[^<>.;]{0,60}? <(D\d+)>(?: (?:deaths|reviews|cases|\w+))? per ")


def check_across_tables(tables: Sequence[Table], locator: Locator) -> Iterator[Finding]:
    """Findings on the n of a heading against the cell of another table for the same period and the same group."""
    for one, other in combinations(tables, 2):
        for a, b in ((one, other), (other, one)):
            yield from _headings(a, b, locator)


def check_group_heads(tables: Sequence[Table], locator: Locator) -> Iterator[Finding]:
    """The n of a heading that names no period against the one row that other tables give for that group."""
    for one in tables:
        for j, words in enumerate(one.columns):
            n, group = one.bases[j], stems(N_EQUALS.sub("", words))
            if n is None or not group or _PERIOD.search(f"{words} {one.caption}"):
                continue
            rows = [
                (table, row, c, cell.count)
                for table in tables
                if table is not one
                for row in table.rows
                if stems(row.label) == group and not row.is_part
                for c, cell in enumerate(row.cells)
                if cell.count
            ]
            near = [each for each in rows if 0 < abs(each[3] - n) <= max(1, CLOSE * n)]
            if n >= SMALLEST and near and not any(count == n for *_, count in rows):
                yield _head(one, words, n, near[0], locator)


def _head(one: Table, words: str, n: int, other: tuple[Table, Row, int, float], locator: Locator) -> Finding:
    table, row, column, count = other
    return Finding(
        kind="contradiction",
        printed=f"n = {n}",
        recomputed=shown(count),
        sum=f"{one.name}, {words!r}: {n}; {table.name}, row {row.label!r}: {shown(count)}",
        sentence="Two tables give different sizes for one group; a note should say who was left out.",
        confidence=CONFIDENCE - 0.05,
        where=locator.words(one.start, one.rows[0].start, table=one.name, cell=f"column {words!r}"),
        tolerance="none: counts",
        also=locator.cell(table, row, column),
    )


def _headings(one: Table, other: Table, locator: Locator) -> Iterator[Finding]:
    for j, words in enumerate(one.columns):
        n, period = one.bases[j], _PERIOD.findall(words)
        if n is None or len(set(period)) != 1:
            continue
        columns = [c for c, head in enumerate(other.columns) if _PERIOD.findall(head) == [head.strip()] == [period[0]]]
        group = _group(N_EQUALS.sub("", words))
        for row in other.rows:
            if columns and group and _group(row.label) == group:
                count = row.cells[columns[0]].count
                if count and count != n and abs(count - n) <= NEAR * n:
                    yield Finding(
                        kind="contradiction",
                        printed=f"n = {n}",
                        recomputed=shown(count),
                        sum=(
                            f"{one.name}, {words!r}: {n}; {other.name}, {row.label!r}, "
                            f"{other.columns[columns[0]]}: {shown(count)}"
                        ),
                        sentence="Two tables give different figures for one group and period.",
                        confidence=CONFIDENCE,
                        where=locator.words(one.start, one.rows[0].start, table=one.name, cell=f"column {words!r}"),
                        tolerance="none: counts",
                        also=locator.cell(other, row, columns[0]),
                    )


def _group(words: str) -> tuple[bool, frozenset[str]] | None:
    """What a heading is of: all, or the telling words; None if it says neither."""
    plain = _PERIOD.sub(" ", _LEAD.sub("", words))
    plain = re.sub(
        r"\((?:rate|number)[^)]*\)|\b(?:average|annual|numbers?|frequency)\b", " ", plain, flags=re.IGNORECASE
    )
    everything, telling = bool(_ALL.search(plain)), stems(plain)
    return (everything, telling) if everything or telling else None


def check_overall_rates(prose: Sequence[Sentence], tables: Sequence[Table], locator: Locator) -> Iterator[Finding]:
    """Rates for the whole in prose against the whole of the rate table near it."""
    known = {id(table): overall_rates(table) for table in tables}
    for sentence in prose:
        unit = per(sentence.text)
        if not unit or sentence.quoted or sentence.elsewhere:
            continue
        for match in _RATE.finditer(sentence.tagged.text):
            rate = sentence.tagged.get(match[1])
            for table in tables:
                rates = known[id(table)]
                near = abs(table.start - sentence.start) < REACH and unit in (per(c) for c in table.columns)
                named = any(row.label and row.label.lower() in sentence.text.lower() for row in table.rows)
                if rates and near and not named and not any(within(r, rate.value, rate.decimals) for _, r in rates):
                    words, value = rates[0]
                    if abs(value - rate.value) <= RATE_NEAR * value:
                        yield Finding(
                            kind="rate",
                            printed=rate.text,
                            recomputed=shown(value, rate.decimals + 1),
                            sum=(
                                f"{table.name}, all rows: {words} = {shown(value, rate.decimals + 1)}, "
                                f"printed {rate.text}"
                            ),
                            sentence=(
                                f"The whole of {table.name} gives another rate; a mean of rates is "
                                f"not the rate of the whole."
                            ),
                            confidence=RATE,
                            where=locator.words(sentence.start, sentence.end),
                            tolerance=ALL_RULES,
                            also=locator.words(table.start, table.end, table=table.name),
                        )
