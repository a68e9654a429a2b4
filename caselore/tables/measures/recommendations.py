"""The recommendations of a release and their group ids come in; what was asked for again, and since when, goes out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from caselore.tables.measures.measure import Cells, Derivation, Ground, made, share, text
from caselore.tables.measures.periods import PERIODS
from caselore.tables.result import HIDDEN, Cell, Line, Result, counted

CHAPTER = "Learning and recommendations"
MOST = 40
SOURCE = "Triennial analysis of serious case reviews 2011 to 2014, section 9.3"
_ALIKE = (
    "Recommendations ask for the same if their words and pairs of words, weighed by rarity, point the same way; the "
    "words are compared when a release is made and are not in it."
)

Row = tuple[str | None, int, int | None, Sequence[str], Sequence[str]]
"""Group, case, year of publication, types, addressees."""


def repeated(ground: Ground) -> Iterator[Result]:
    """Recommendations that several reviews make: by how many, what kind, to whom, first and last made."""
    found = _rows(ground)
    made_ = sum(n for _, n, _ in _totals(ground)) if found else 0
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        if row[0]:
            groups[row[0]].append(row)
    least = max(2, ground.smallest or 2)
    shown = {key: rows for key, rows in groups.items() if _reviews(rows) >= least}
    if not shown:
        return
    order = sorted(shown, key=lambda key: (-_reviews(shown[key]), key))[:MOST]
    kinds = {key: _commonest(shown[key], 3, "recommendation_type", ground) for key in order}
    cells: Cells = {}
    for key in order:
        rows = shown[key]
        years = sorted({row[2] for row in rows if row[2]})
        cells[key, "all", "reviews"] = counted(_reviews(rows))
        cells[key, "all", "count"] = counted(len(rows))
        cells[key, "all", "asked_of"] = text(_commonest(rows, 4, "addressee", ground) or "[x]")
        cells[key, "all", "first_year"] = text(str(years[0]) if years else "[x]")
        cells[key, "all", "last_year"] = text(str(years[-1]) if years else "[x]")
    yield made(
        "repeated-recommendations",
        "Recommendations made again and again",
        rows=[Line(key, f"{key}: {kinds[key] or 'type not known'}") for key in order],
        cells=cells,
        measures=("reviews", "count", "asked_of", "first_year", "last_year"),
        like=ground.get("recommendation-kinds"),
        heading="Group, and the type that most of it is of",
        chapter=CHAPTER,
        place=20,
        source=SOURCE,
        of=("recommendation", "recommendations"),
        notes=(
            _ALIKE,
            f"{len(groups):,} groups hold {sum(map(len, groups.values())):,} of {made_:,} recommendations; "
            f"{len(order)} groups are shown, none that fewer than {least} reviews make.",
        ),
    )


def made_before(ground: Ground) -> Iterator[Result]:
    """For each period of publication, how many of its recommendations an earlier review had made already."""
    found = [row for row in _rows(ground) if row[2] is not None]
    first: dict[str, int] = {}
    for group, _, year, *_ in found:
        if group and year is not None:
            first[group] = min(year, first.get(group, year))
    if not first:
        return
    total, before, reviews = Counter[str](), Counter[str](), Counter[str]()
    for year, made_, by in _totals(ground):
        total[_band(year)] += made_
        reviews[_band(year)] += by
    for group, _, year, *_ in found:
        before[_band(year)] += bool(group and year is not None and first[group] < year)
    bands = [one for one in PERIODS.bands if total[one.id]]
    cells: Cells = {}
    for one in bands:
        few = reviews[one.id] < (ground.smallest or 1)
        whole = HIDDEN if few else counted(total[one.id])
        part = HIDDEN if few else _counted(before[one.id], total[one.id], ground)
        cells[one.id, "all", "count"], cells[one.id, "all", "before"] = whole, part
        cells[one.id, "all", "column_percent"] = share(part, whole)
    yield made(
        "recommendations-made-before",
        "Recommendations that an earlier review had made already, by period of publication",
        rows=[Line(one.id, one.label) for one in bands],
        cells=cells,
        measures=("count", "before", "column_percent"),
        like=ground.get("recommendation-kinds"),
        heading="Year of publication",
        chapter=CHAPTER,
        place=21,
        source=SOURCE,
        of=("recommendation", "recommendations"),
        notes=(
            _ALIKE,
            "Made before: a review of this release that was published in an earlier year asks for the same.",
        ),
    )


def _band(year: int | None) -> str:
    """The period of a year; empty where none is known."""
    return next((one.id for one in PERIODS.bands if year is not None and one.at_least <= year < one.below), "")


def _counted(count: int, of: int, ground: Ground) -> Cell:
    """A count of so many, hidden where it is small, or where what is left of them is."""
    smallest = ground.smallest or 0
    return HIDDEN if 0 < count < smallest or 0 < of - count < smallest else counted(count)


def _reviews(rows: Sequence[Row]) -> int:
    return len({row[1] for row in rows})


def _commonest(rows: Sequence[Row], part: int, field: str, ground: Ground) -> str:
    """The label of the code that most of the rows have."""
    codes: Counter[str] = Counter(code for row in rows for code in row[part])  # type: ignore[union-attr]
    if not codes:
        return ""
    code = min(codes, key=lambda one: (-codes[one], one))
    known = ground.book.fields[field].codes if field in ground.book.fields else {}
    return known[code].label if code in known else code.replace("_", " ")


def _rows(ground: Ground) -> list[Row]:
    """The recommendations of the cohort that are in a group; none in a release of before there were groups."""
    frame = ground.frame
    names = {str(name) for name, *_ in frame.rows("DESCRIBE recommendations")}
    if "repeat_group" not in names:
        return []
    frame.connection.register("cohort", pa.table({"ix": np.flatnonzero(frame.mask())}))
    found: list[tuple[Any, ...]] = frame.rows(
        "SELECT r.repeat_group, ix, ids.year, coalesce(r.types, []), coalesce(r.addressees, []) "
        "FROM recommendations AS r JOIN ids USING (case_id) JOIN cohort USING (ix) "
        "WHERE r.repeat_group IS NOT NULL"
    )
    return [(group, case, year, types, addressees) for group, case, year, types, addressees in found]


def _totals(ground: Ground) -> list[tuple[int | None, int, int]]:
    """For each year of publication, the recommendations of the cohort and the reviews that make them."""
    found = ground.frame.rows(
        "SELECT ids.year, count(*), count(DISTINCT ix) FROM recommendations JOIN ids USING (case_id) "
        "JOIN cohort USING (ix) GROUP BY ids.year ORDER BY ids.year"
    )
    return [(year, made_, by) for year, made_, by in found]


DERIVATIONS = (Derivation((), repeated), Derivation((), made_before))
