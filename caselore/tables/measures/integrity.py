"""Protected counts of integrity flags come in; prevalence with intervals and what meets more than by chance go out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import inf

from caselore.tables.compute import LEFT_BARE
from caselore.tables.inference import Inference, discoveries, probability
from caselore.tables.measures.lists import LISTED, drill_down
from caselore.tables.measures.measure import Cells, Derivation, Ground, bounds, figure, interval, made, share, text
from caselore.tables.measures.periods import PERIODS
from caselore.tables.result import HIDDEN, Cell, Line, Result
from caselore.tables.table import Answers, Pairs, Table
from caselore.tables.tests import chi_square, exact

FIELD = "integrity_flags"
RATE = 0.05
MOST_PAIRS = 30
MOST_EXACT = 10_000
"""Up to so many reviews pairs are tested by Fisher's exact test; beyond, Pearson's chi-square says the same sooner."""

BY_PERIOD = Table(
    id="flags-by-period",
    title="Integrity flags by period of publication",
    chapter="Record integrity",
    rows=Answers(FIELD, order="count"),
    columns=PERIODS,
    multi_response=True,
)
EVERY_PAIR = Table(
    id="every-flag-pair",
    title="Integrity flags that meet",
    rows=Pairs(FIELD),
    measures=("count",),
    multi_response=True,
)

WILSON = "Intervals of 95% are E. Wilson's (1927): they take the reviews for a sample of such reviews."
SHOWN = "Worked out of counts that are shown; what rests on a count that is not shown is not shown either."


def prevalence(ground: Ground) -> Iterator[Result]:
    """Each flag with its share of the reviews and Wilson's interval."""
    base = ground.get("integrity-flags")
    if base is None:
        return
    cells: Cells = {}
    rows = [row for row in base.rows_of("category") if row.key in ground.book.fields[FIELD].codes]
    for row in rows:
        count = base.cell(row.key)
        cells[row.key, "all", "count"] = count
        cells[row.key, "all", "column_percent"] = base.cell(row.key, measure="column_percent")
        low, high = bounds(count, base.cell("base"))
        cells[row.key, "all", "low"], cells[row.key, "all", "high"] = low, high
    cells["base", "all", "count"] = base.cell("base")
    yield made(
        "flags-prevalence",
        "How common each integrity flag is, with intervals",
        rows=(*rows, *base.rows_of("base")),
        cells=cells,
        measures=("count", "column_percent", "low", "high"),
        like=base,
        place=2,
        notes=(base.bases, WILSON),
    )


def divided(ground: Ground) -> Iterator[Result]:
    """The share of each flag, with its interval, in reviews of one kind, with one agency, of one period."""
    for table, id_, title, place in (
        ("flags-by-kind-of-review", "flags-share-by-kind", "Share of reviews with each flag, by kind of review", 4),
        ("flags-by-agency", "flags-share-by-agency", "Share of reviews with each flag, by agency in the review", 6),
        (BY_PERIOD.id, "flags-share-by-period", "Share of reviews with each flag, by period of publication", 7),
    ):
        if (result := ground.get(table)) is not None:
            yield _divided(result, id_, title, place, ground)


def _divided(result: Result, id_: str, title: str, place: int, ground: Ground) -> Result:
    columns = [one for one in result.columns if one.kind == "category" and _counts(result, one)]
    rows = [row for row in result.rows_of("category") if row.key in ground.book.fields[FIELD].codes]
    cells: Cells = {}
    for column in columns:
        base = result.cell("base", column.key)
        for row in rows:
            count = result.cell(row.key, column.key)
            cells[row.key, column.key, "column_percent"] = share(count, base)
            cells[row.key, column.key, "interval"] = interval(count, base)
    held = [row for row in rows if any(cells[row.key, one.key, "column_percent"].value for one in columns)]
    return made(
        id_,
        title,
        rows=held,
        columns=[replace(one, label=f"{one.label} (n = {result.cell('base', one.key).shown})") for one in columns],
        cells=cells,
        measures=("column_percent", "interval"),
        like=result,
        column_heading=result.column_heading,
        place=place,
        notes=(*(note for note in result.notes if not note.startswith(LEFT_BARE)), WILSON),
    )


def _counts(result: Result, column: Line) -> bool:
    return bool(result.cell("base", column.key).value)


def met(ground: Ground) -> Iterator[Result]:
    """Pairs of flags: how often they meet, lift, odds ratio, Fisher's exact p and its q over all pairs tested."""
    single, pairs = ground.get("integrity-flags"), ground.get(EVERY_PAIR.id)
    if single is None or pairs is None:
        return
    found = dict(_tested(single, pairs))
    if not found:
        return
    adjusted = dict(zip(found, discoveries(list(found.values()), rate=RATE), strict=True))
    order = sorted(adjusted, key=lambda row: (adjusted[row].p, row.label))[:MOST_PAIRS]
    cells = {at: cell for row in order for at, cell in _pair(row, adjusted[row], single, pairs).items()}
    named = next(iter(found.values())).test
    better = sum((one.q or 1) <= RATE for one in adjusted.values())
    yield made(
        "flags-met",
        "Integrity flags that meet more, or less, than by chance",
        rows=order,
        cells=cells,
        measures=("count", "lift", "odds_ratio", "odds_low", "odds_high", "p", "q"),
        like=single,
        heading="Two flags of one review",
        place=3,
        notes=(
            f"{named}, two-sided, of {len(found)} pairs; q after Benjamini and Hochberg (1995). {better} "
            f"pairs have a q of {RATE:g} or less. The {len(order)} with the smallest p are shown.",
            "Odds ratio with B. Woolf's 95% interval, half a review added to every cell where one is empty. Lift: how "
            "many times as often the two meet as they would by chance.",
            "Longer reviews hold more of every flag, so flags that meet need not have to do with each other.",
            SHOWN,
        ),
    )


def _tested(single: Result, pairs: Result) -> Iterator[tuple[Line, Inference]]:
    n = single.cell("base").numerator or 0
    for row in pairs.rows_of("category"):
        if "+" not in row.key:
            continue
        one, other = (single.cells.get((key, "all", "count")) for key in row.key.split("+"))
        both = pairs.cell(row.key)
        if one is None or other is None or None in (both.numerator, one.numerator, other.numerator):
            continue
        a, b, c = both.numerator or 0, one.numerator or 0, other.numerator or 0
        test = exact if n <= MOST_EXACT else chi_square
        yield row, test([[a, b - a], [c - a, n - b - c + a]], about=row.label)


def _pair(row: Line, test: Inference, single: Result, pairs: Result) -> Cells:
    both = pairs.cell(row.key)
    one, other = (single.cell(key).numerator or 0 for key in row.key.split("+"))
    n, met_ = single.cell("base").numerator or 0, both.numerator or 0
    odds = next((effect for effect in test.effects if effect.name == "odds ratio"), None)
    at = (row.key, "all")
    return {
        (*at, "count"): both,
        (*at, "lift"): figure(met_ * n / (one * other) if one * other else None, places=1),
        (*at, "odds_ratio"): text("∞") if odds and odds.value == inf else figure(odds.value if odds else None),
        (*at, "odds_low"): figure(odds.low if odds else None),
        (*at, "odds_high"): figure(odds.high if odds else None),
        (*at, "p"): _p(test.p),
        (*at, "q"): _p(test.q),
    }


def _p(value: float | None) -> Cell:
    return text("[x]") if value is None or value != value else Cell(value, probability(value))


def not_shared(ground: Ground) -> Iterator[Result]:
    """The cases behind the flag "information not shared", by id and public citation."""
    base = ground.get("integrity-flags")
    _, code = LISTED[0]
    if base is None or base.cells.get((code, "all", "count"), HIDDEN).value is None:
        return
    label = ground.book.fields[FIELD].codes[code].label
    yield from drill_down(
        ground, FIELD, code, id_="information-not-shared", title=f"Reviews that find: {label}", place=8
    )


DERIVATIONS = (
    Derivation((), prevalence),
    Derivation((BY_PERIOD,), divided),
    Derivation((EVERY_PAIR,), met),
    Derivation((), not_shared),
)
