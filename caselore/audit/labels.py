"""In: prose and tables. Out: figures in prose that name a row in its very words and are near a cell of it, not equal.

The weakest tie between words and table: no base, no period. So the paragraph must name the table, or stand near it, the
label must be told in full, and no cell of the row may hold the figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from caselore.audit.crosscheck import NAMED
from caselore.audit.finding import Finding
from caselore.audit.mentions import Mention
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence
from caselore.audit.rounding import percentage
from caselore.audit.tables import Row, Table

SHORTEST = 8
"""Letters of a label that is telling enough in its very words."""

NEAR_POINTS = 5.0
NEAR_SHARE = 0.2
NEAR_COUNT = 3
NAMED_TABLE = 0.55
REACH = 60
"""Characters between the figure and the label."""


def check_labels(paragraph: Sequence[Sentence], tables: Sequence[Table], locator: Locator) -> Iterator[Finding]:
    """Findings on the figures of one paragraph that stand right beside the label of a row of a table it names."""
    named = {re.sub(r"\s+", " ", name).lower() for s in paragraph for name in NAMED.findall(s.text)}
    for table in (t for t in tables if t.label.lower() in named):
        for sentence in paragraph:
            if not sentence.quoted and not sentence.elsewhere:
                yield from _in_sentence(sentence, table, locator)


def _in_sentence(sentence: Sentence, table: Table, locator: Locator) -> Iterator[Finding]:
    figures = [m for m in sentence.tagged.mentions if m.kind in "CP" and m.value > 1]
    told = _told(sentence.text, table)
    for row in told:
        place = re.search(re.escape(row.label), sentence.text, re.IGNORECASE)
        if not place or len(told) > 1:
            continue
        if len(figures) == 1 and min(abs(figures[0].start - place.end()), abs(place.start() - figures[0].end)) <= REACH:
            yield from _judged(figures[0], row, table, sentence, locator)


def _told(words: str, table: Table) -> list[Row]:
    lower = words.lower()
    return [
        row
        for row in table.rows
        if len(row.label) >= SHORTEST
        and not row.is_total
        and re.search(rf"(?<!\w){re.escape(row.label.lower())}", lower)
    ]


def _judged(figure: Mention, row: Row, table: Table, sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    cells = [(j, value) for j in range(len(row.cells)) for value in _values(table, row, j, figure.kind)]
    everywhere = [v for r in table.rows for j in range(len(r.cells)) for v in _values(table, r, j, figure.kind)]
    if not cells or any(abs(value - figure.value) <= 0.51 for value in everywhere):
        return
    j, value = min(cells, key=lambda cell: abs(cell[1] - figure.value))
    apart = abs(value - figure.value)
    near = apart <= NEAR_POINTS if figure.kind == "P" else apart <= min(NEAR_COUNT, NEAR_SHARE * value)
    if near and (len({v for _, v in cells}) == 1 or apart <= 2):
        yield Finding(
            kind="contradiction",
            printed=figure.text,
            recomputed=row.cells[j].text,
            sum=f"prose {figure.text}, {table.name} {row.cells[j].text} (row {row.label!r})",
            sentence=f"The words name the row {row.label!r} of {table.name}, which does not hold {figure.text}.",
            confidence=NAMED_TABLE,
            where=locator.words(sentence.start, sentence.end),
            tolerance="half a point; none for counts",
            also=locator.cell(table, row, j),
        )


def _values(table: Table, row: Row, column: int, kind: str) -> list[float]:
    cell, base = row.cells[column], table.bases[column] or table.base
    if kind == "C":
        return [cell.count] if cell.count is not None else []
    if cell.percent is not None:
        return [cell.percent]
    return [float(percentage(cell.count, base))] if cell.count is not None and base else []
