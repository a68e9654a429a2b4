"""Protected counts of decisions come in; whole courses, branches, typical courses and steps that never came go out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from caselore.tables.measures import undone
from caselore.tables.measures.columns import LIKE, OPENER, UNDONE
from caselore.tables.measures.courses import FAR, UNLIKE, Courses, courses, typical
from caselore.tables.measures.measure import (
    Cells,
    Derivation,
    Ground,
    bounds,
    figure,
    interval,
    made,
    share,
    text,
)
from caselore.tables.measures.periods import PERIODS
from caselore.tables.paths import ARROW
from caselore.tables.result import EMPTY, HIDDEN, Cell, Line, Result, counted, percent
from caselore.tables.table import Answers, Axis, Column, Table, Where, Whole

TYPES = "decision_type"
CHAPTER = "Agencies and decisions"
MOST_COURSES = 20
NO_DATES = "Days between two decisions: [x], for a release carries no dates of steps; they could tell whom it is about."
TOLD = (
    "Never came: the account tells of no such step after the last one that asked for it. It may have been taken all "
    "the same."
)


def whole_courses(ground: Ground) -> Iterator[Result]:
    """Courses that several reviews share from the first decision to the last."""
    like = ground.get("decision-paths")
    if like is None:
        return
    found = courses(ground.frame.steps, ground.frame.mask())
    shown = _shareable(found, ground)
    total = int(found.sizes.sum())
    rows = [Line(found.spelled(one), _words(found.spelled(one), ground)) for one in shown]
    cells: Cells = {}
    for one, row in zip(shown, rows, strict=True):
        cells[row.key, "all", "count"] = counted(int(found.sizes[one]), total)
        cells[row.key, "all", "column_percent"] = percent(int(found.sizes[one]), total, places=0)
    cells["base", "all", "count"] = counted(total)
    yield made(
        "decision-courses",
        "Whole courses that several reviews share, from the first decision to the last",
        rows=(*rows, Line("base", "Base: reviews with a decision", "base")),
        cells=cells,
        measures=("count", "column_percent"),
        like=like,
        heading="Course",
        place=10,
        notes=_about_courses(found, len(shown), ground),
    )


def _about_courses(found: Courses, shown: int, ground: Ground) -> Iterator[str]:
    yield f"{len(found.sizes):,} different courses in {int(found.sizes.sum()):,} reviews; {shown} are shown."
    if ground.smallest is not None:
        yield "A course is left out that few reviews share, or whose count would give away how few share another."
    yield NO_DATES


def _shareable(found: Courses, ground: Ground) -> list[int]:
    """The commonest courses that may be shown: with what other tables tell, none gives a small count away."""
    most = [one for one in range(min(len(found.sizes), 4 * MOST_COURSES)) if found.sizes[one] > 1]
    if ground.smallest is None:
        return most[:MOST_COURSES]
    kept = [one for one in most if found.sizes[one] >= ground.smallest][:MOST_COURSES]
    while guilty := _guilty(found, kept, ground):
        kept.remove(guilty[-1])
    return kept


def _guilty(found: Courses, kept: list[int], ground: Ground) -> list[int]:
    """The courses under a total of another table that, without them, would be small."""
    for table, length in (("decision-paths", 3), ("first-decision", 1), ("last-decision", -1)):
        result, under = ground.get(table), defaultdict[str, list[int]](list)
        for one in kept:
            steps = found.spelled(one).split(ARROW)
            under[ARROW.join(steps[:length]) if length > 0 else steps[-1]].append(one)
        for key, members in under.items():
            total = result.cells.get((key, "all", "count")) if result else None
            left = (total.numerator or 0) - sum(int(found.sizes[one]) for one in members) if total else 0
            if total and total.value is not None and 0 < left < (ground.smallest or 0):
                return members
    return []


def _words(key: str, ground: Ground) -> str:
    codes = ground.book.fields[TYPES].codes
    names = [codes[one].label if one in codes else one.replace("_", " ") for one in key.split(ARROW)]
    return " → ".join(name[:1].upper() + name[1:] for name in names)


def branches(ground: Ground) -> Iterator[Result]:
    """After each decision, the two that follow most often, with their share of what follows."""
    follow = ground.get("decision-follow-on")
    if follow is None:
        return
    cells: Cells = {}
    rows = []
    columns = [one for one in follow.columns if one.kind == "category"]
    for row in follow.rows_of("category"):
        count = follow.cell(row.key)
        after = sorted(columns, key=lambda one: -(follow.cell(row.key, one.key).value or 0))
        seen = [one for one in after if follow.cell(row.key, one.key).value]
        if count.value is None or not seen:
            continue
        rows.append(row)
        cells[row.key, "all", "count"] = count
        cells[row.key, "all", "next"], cells[row.key, "all", "next_percent"] = _branch(follow, row, seen[:1])
        cells[row.key, "all", "second"], cells[row.key, "all", "second_percent"] = _branch(follow, row, seen[1:2])
        cells[row.key, "all", "gap"] = EMPTY
    if rows:
        yield made(
            "decision-branches",
            "Where courses branch: what follows a decision most often",
            rows=rows,
            cells=cells,
            measures=("count", "next", "next_percent", "second", "second_percent", "gap"),
            like=follow,
            of=follow.of,
            place=8,
            notes=(
                "Of the decisions after which another is told. Counts that are not shown can hide a branch.",
                NO_DATES,
            ),
        )


def _branch(follow: Result, row: Line, after: list[Line]) -> tuple[Cell, Cell]:
    if not after:
        return EMPTY, EMPTY
    return text(after[0].label), follow.cell(row.key, after[0].key, "row_percent")


TYPICAL = Table(
    id="typical-course",
    title="Reviews by the typical course that theirs is nearest to",
    chapter=CHAPTER,
    rows=Column(LIKE, codes_of=TYPES, label="Typical course"),
)


def typical_courses(ground: Ground) -> Iterator[Result]:
    """Reviews by the shared course that theirs is nearest to, and how far they are from it."""
    counts = ground.get(TYPICAL.id)
    if counts is None:
        return
    found = typical(courses(ground.frame.steps, ground.frame.mask()))
    if not found.centres:
        return
    cells: Cells = {}
    rows = [
        Line(row.key, "Far from all of these" if row.key == UNLIKE else row.label)
        for row in sorted(counts.rows_of("category"), key=lambda row: row.key == UNLIKE)
    ]
    for row in rows:
        cells[row.key, "all", "count"] = counts.cell(row.key)
        cells[row.key, "all", "column_percent"] = counts.cell(row.key, measure="column_percent")
        hidden = counts.cell(row.key).suppressed
        cells[row.key, "all", "distance"] = HIDDEN if hidden else figure(found.mean_distance(row.key))
    cells["base", "all", "count"] = counts.cell("base")
    yield made(
        "typical-courses",
        counts.table.title,
        rows=(*rows, Line("base", "Base: reviews with a decision", "base")),
        cells=cells,
        measures=("count", "column_percent", "distance"),
        like=counts,
        place=11,
        source="Coded layer, decisions",
        notes=(
            "Typical courses are medoids (Kaufman and Rousseeuw 1990) among those that several reviews share, so that "
            "none shows how one review went.",
            "Distance: Levenshtein's edit distance over the length of the longer course, 0 for the same and 1 where "
            f"nothing agrees. Beyond {FAR:g} a review is far from all.",
        ),
    )


HARMED = Where(Answers("outcome"), ("death", "serious_harm"), label="the outcome was death or serious harm")


def _undone_table(one: undone.Undone, columns: Axis, name: str) -> Table:
    return Table(
        id=f"undone-{one.id.replace('_', '-')}{name}",
        title=one.label,
        chapter=CHAPTER,
        rows=Column(UNDONE + one.id),
        columns=columns,
        where=(HARMED,) if one.harmed else (),
        measures=("count",),
    )


def _by_agency(one: undone.Undone) -> Table:
    return _undone_table(one, Column(OPENER + one.id, codes_of="agencies"), "-by-agency")


def _by_period(one: undone.Undone) -> Table:
    return _undone_table(one, PERIODS, "-by-period")


SIMPLE = {one.id: _undone_table(one, Whole(), "") for one in undone.patterns()}
DIVIDED = {one.id: (_by_agency(one), _by_period(one)) for one in undone.patterns()}


def never_came(ground: Ground) -> Iterator[Result]:
    """Each pattern: reviews with the step that asked for an answer, and those where none is told."""
    found = {one: result for one in undone.patterns() if (result := _opened(ground, SIMPLE[one.id])) is not None}
    if not found:
        return
    cells: Cells = {}
    rows = [Line(one.id, one.label) for one in found]
    for one, result in found.items():
        never, base = _never(result, "all"), _base(ground, one, result)
        cells[one.id, "all", "opened"], cells[one.id, "all", "never"] = base, never
        cells[one.id, "all", "column_percent"] = share(never, base)
        cells[one.id, "all", "low"], cells[one.id, "all", "high"] = bounds(never, base)
    yield made(
        "steps-that-never-came",
        "Steps that never came",
        rows=rows,
        cells=cells,
        measures=("opened", "never", "column_percent", "low", "high"),
        like=next(iter(found.values())),
        heading="What is told, and what is not",
        place=12,
        source="Coded layer, decisions",
        notes=(TOLD, "Percentages are of the reviews with the step that opens; the interval is E. Wilson's (1927)."),
    )


def never_came_divided(ground: Ground) -> Iterator[Result]:
    """The same by the agency that took the step which opens, and by period of publication."""
    for which, name, title in (
        (0, "agency", "Steps that never came, by the agency that took the step before"),
        (1, "period", "Steps that never came, by period of publication"),
    ):
        found = {
            one: result for one in undone.patterns() if (result := _opened(ground, DIVIDED[one.id][which])) is not None
        }
        columns = _columns(found)
        if columns:
            yield _crossed(found, columns, f"steps-that-never-came-by-{name}", title, 13 + which)


def _base(ground: Ground, one: undone.Undone, result: Result) -> Cell:
    """The reviews with a step that opens: hidden where it is small, or where the table of decisions hides it."""
    base, types = result.cell("base"), ground.results.get("decision-types")
    told = [types.cells.get((kind, "all", "count")) for kind in one.opens] if types and not one.harmed else []
    few = base.numerator is not None and 0 < base.numerator < (ground.smallest or 0)
    return HIDDEN if few or any(cell is not None and cell.suppressed for cell in told) else base


def _opened(ground: Ground, table: Table) -> Result | None:
    return ground.get(table.id)


def _never(result: Result, column: str) -> Cell:
    return result.cells.get((undone.NEVER, column, "count"), counted(0))


def _columns(found: Mapping[undone.Undone, Result]) -> list[Line]:
    """Columns in which any pattern has a count that is shown."""
    lines = dict.fromkeys(line for result in found.values() for line in result.columns if line.kind == "category")
    return [
        line
        for line in sorted(lines, key=lambda line: line.key)
        if any((cell := result.cells.get(("base", line.key, "count"))) and cell.value for result in found.values())
    ]


def _crossed(found: Mapping[undone.Undone, Result], columns: list[Line], id_: str, title: str, place: int) -> Result:
    cells: Cells = {}
    for one, result in found.items():
        for column in columns:
            base = result.cells.get(("base", column.key, "count"))
            if base is None or base.value == 0:
                continue
            never = _never(result, column.key)
            cells[one.id, column.key, "never"] = never
            cells[one.id, column.key, "opened"] = base
            cells[one.id, column.key, "column_percent"] = share(never, base)
            cells[one.id, column.key, "interval"] = interval(never, base)
    first = next(iter(found.values()))
    kept = {row for row, *_ in cells}
    return made(
        id_,
        title,
        rows=[Line(one.id, one.label) for one in found if one.id in kept],
        columns=columns,
        cells=cells,
        measures=("never", "opened", "column_percent", "interval"),
        like=first,
        heading="What is told, and what is not",
        column_heading=first.column_heading,
        place=place,
        source="Coded layer, decisions",
        notes=(
            TOLD,
            "In each cell: reviews where the step never came, reviews with the step that opens, share, interval.",
        ),
    )


DERIVATIONS = (
    Derivation((), whole_courses),
    Derivation((), branches),
    Derivation((TYPICAL,), typical_courses),
    Derivation(tuple(SIMPLE.values()), never_came),
    Derivation(tuple(table for two in DIVIDED.values() for table in two), never_came_divided),
)
