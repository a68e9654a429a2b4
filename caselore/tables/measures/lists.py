"""A field and its code come in; the cases that hold it go out, each with what its public citation says.

No words of a review are in a release, so none are here: the citation leads whoever may read it to the review itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa

from caselore.records import STATUSES
from caselore.tables.measures.measure import Cells, Ground, made, text
from caselore.tables.protect import by_citation
from caselore.tables.result import NOT_AVAILABLE, Line, Result
from caselore.tables.table import Answers, Measure

CHAPTER = "Case lists"
LISTED = (("integrity_flags", "information_not_shared"),)
"""Fields and codes whose reviews are listed, so that how many there are of each kind and year is no secret."""

MOST = 500
"""A longer list is cut to the latest, and says so."""

_MEASURES: tuple[Measure, ...] = ("kind", "year", "publisher", "url")


def drill_down(ground: Ground, field: str, code: str, *, id_: str, title: str, place: int) -> Iterator[Result]:
    """The reviews that hold a code, the latest first; nothing where fewer hold it than may be shown.

    Nothing of a cohort either that citations do not tell: its list would say of each review that it meets the filter.
    """
    frame = ground.frame
    held = np.flatnonzero(frame.incidence(Answers(field)).held(code) & frame.mask())
    if not by_citation(frame.cohort) or len(held) < (ground.smallest or 1):
        return
    frame.connection.register("listed", pa.table({"ix": held}))
    found = frame.rows(_CITED)
    cells: Cells = {}
    rows = [Line(case_id, f"{case_id}: {cited or 'no citation'}") for case_id, cited, *_ in found]
    for row, (_, _, kind, year, publisher, url) in zip(rows, found, strict=True):
        label = _label(ground, kind)
        told = zip(_MEASURES, (label, str(year or ""), publisher or "", url or ""), strict=True)
        cells |= {(row.key, "all", measure): text(words or NOT_AVAILABLE) for measure, words in told}
    status = frame.answers.get(field, {})
    total = sum(status.values())
    result = made(
        id_,
        title,
        rows=rows,
        cells=cells,
        measures=_MEASURES,
        heading="Review",
        chapter=CHAPTER,
        place=place,
        source=f"Coded layer, {field}",
        notes=(
            "Citations as published, with every word that may be a person's name masked.",
            *([f"The latest {MOST} of {len(held):,} reviews."] if len(held) > MOST else []),
        ),
    )
    shares = {one: sum(n for (_, at), n in status.items() if at == one) / total for one in STATUSES} if total else {}
    yield replace(result, status={one: part for one, part in shares.items() if part})


def _label(ground: Ground, kind: str | None) -> str:
    known = ground.book.fields["source_type"].codes if "source_type" in ground.book.fields else {}
    return known[kind].label if kind and kind in known else (kind or "")


_CITED = f"""
    SELECT case_id, told.title, told.source_type, told.year, told.publisher, told.url
    FROM listed JOIN ids USING (ix)
    JOIN (SELECT case_id, title, source_type, year, publisher, url FROM cases) AS told USING (case_id)
    ORDER BY told.year DESC NULLS LAST, case_id LIMIT {MOST}
"""
