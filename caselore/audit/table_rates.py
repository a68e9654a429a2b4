"""In: a table. Out: rates, ratios, changes and averages that do not follow from the columns or rows beside them.

The formula is not read but found: every formula that the heading allows is tried on all rows, and the one that
explains nearly all is the table's. Where no population is printed, the populations that rates imply must agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, permutations
from statistics import median

from caselore.audit.cells import Cell
from caselore.audit.finding import Finding, Kind
from caselore.audit.places import Locator
from caselore.audit.rounding import ALL_RULES, shown, within
from caselore.audit.tables import Row, Table

PER = re.compile(r"per (?:head of )?(1[,0]{0,3}[,0]*\d{0,3}|million|thousand|hundred)(?= |$|\))", re.IGNORECASE)
PER_WORDS = {"million": 1e6, "thousand": 1e3, "hundred": 100.0}
YEARS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
EXPLAINED = 0.7
FEW = 3
SURE = 0.85
PAIRS = 0.65
IMPLIED = 0.7
SLACK = 0.01
"""Populations that are meant to be one may differ by this share: different dates of the same estimate."""

LARGE = 50
"""A population is at least this many times its count."""

Formula = Callable[[Row], float | None]


@dataclass(frozen=True, slots=True)
class Guess:
    """One formula that a heading allows, in words and as a function of the row."""

    words: str
    compute: Formula
    kind: Kind = "rate"
    columns: tuple[int, ...] = ()
    population: int = 0
    scale: float = 1.0


def check_rates(table: Table, locator: Locator) -> Iterator[Finding]:
    """Findings on derived columns, on rate rows below their counts, and on rates in brackets."""
    for j in range(len(table.columns)):
        guesses = list(_guesses(table, j))
        if guesses:
            yield from _derived(table, j, guesses, locator)
    yield from _rate_rows(table, locator)
    yield from _bracketed(table, locator)


def per(words: str) -> float | None:
    """The number a rate is per: 100,000 in "rate per 100,000"."""
    found = PER.search(words)
    if not found:
        return None
    return PER_WORDS.get(found[1].lower()) or float(found[1].replace(",", ""))


def _guesses(table: Table, j: int) -> Iterator[Guess]:
    heading = table.columns[j].lower()
    counts = [c for c in range(len(table.columns)) if c != j and _whole(table, c)]
    unit = per(heading) or (per(table.caption) if "rate" in heading else None)
    if unit and ("rate" in heading or "per" in heading):
        yield from _rates(table, counts, unit)
    elif "ratio" in heading:
        for a, b in permutations(counts, 2):
            yield Guess(f"{table.columns[a]} / {table.columns[b]}", _divided(a, b))
    elif re.search(r"\bchange|increase|decrease|difference", heading):
        yield from _changes(table, counts, percent="%" in heading or "per cent" in heading or _signs(table, j))
    elif re.search(r"\baverage|\bmean|\bper (?:year|annum|month|case|child|review)", heading):
        yield from _averages(table, counts)


def _signs(table: Table, j: int) -> bool:
    return any("%" in row.cells[j].text for row in table.rows)


def _whole(table: Table, column: int) -> bool:
    cells = [row.cells[column] for row in table.rows if row.cells[column].numeric]
    return len(cells) >= FEW and all(cell.count is not None and not cell.count_decimals for cell in cells)


_IN_THOUSANDS = re.compile(r"\(?(?:in )?(?:thousands?|'?000s?|1,000s)\)?$", re.IGNORECASE)
_IN_MILLIONS = re.compile(r"\(?(?:in )?millions?\)?$", re.IGNORECASE)


def _of_ones(heading: str) -> float:
    """How many people one unit of a column of populations stands for."""
    return 1e3 if _IN_THOUSANDS.search(heading.strip()) else 1e6 if _IN_MILLIONS.search(heading.strip()) else 1.0


def _rates(table: Table, counts: list[int], per_people: float) -> Iterator[Guess]:
    for pop in counts:
        unit = per_people / _of_ones(table.columns[pop])
        small = [c for c in counts if c != pop and _far_below(table, c, pop)]
        choices = [(c,) for c in small] + [s for size in range(2, len(small) + 1) for s in combinations(small, size)]
        for columns in choices[:40]:
            for years in YEARS:
                words = " + ".join(table.columns[c] for c in columns)
                over = f"{table.columns[pop]} x {unit:,.0f}" + (f" / {years} years" if years > 1 else "")
                yield Guess(
                    f"({words}) / {over}", _rate(columns, pop, unit / years), "rate", columns, pop, unit / years
                )


def _far_below(table: Table, column: int, pop: int) -> bool:
    pairs = [(row.cells[column].count, row.cells[pop].count) for row in table.rows]
    ones = _of_ones(table.columns[pop])
    return all(b * ones >= LARGE * a for a, b in pairs if a is not None and b is not None)


def _rate(columns: tuple[int, ...], pop: int, scale: float) -> Formula:
    def compute(row: Row) -> float | None:
        counts = [row.cells[c].count for c in columns]
        base = row.cells[pop].count
        return sum(c for c in counts if c is not None) * scale / base if base and None not in counts else None

    return compute


def _divided(a: int, b: int) -> Formula:
    def compute(row: Row) -> float | None:
        top, bottom = row.cells[a].count, row.cells[b].count
        return top / bottom if top is not None and bottom else None

    return compute


def _changes(table: Table, counts: list[int], *, percent: bool) -> Iterator[Guess]:
    for a, b in permutations(counts, 2):
        first, last = table.columns[a], table.columns[b]

        def compute(row: Row, a: int = a, b: int = b) -> float | None:
            old, new = row.cells[a].count, row.cells[b].count
            if old is None or new is None or (percent and not old):
                return None
            return abs(100 * (new - old) / old) if percent else abs(new - old)

        yield Guess(f"{last} against {first}", compute)


def _averages(table: Table, counts: list[int]) -> Iterator[Guess]:
    for a in counts:
        for years in YEARS[1:]:

            def compute(row: Row, a: int = a, years: int = years) -> float | None:
                total = row.cells[a].count
                return total / years if total is not None else None

            yield Guess(f"{table.columns[a]} / {years}", compute, "average")
    for a, b in permutations(counts, 2):
        yield Guess(f"{table.columns[a]} / {table.columns[b]}", _divided(a, b), "average")
    for first, last in combinations(range(len(counts) + 1), 2):
        run = counts[first:last]
        if len(run) >= 2:
            yield Guess(f"mean of {', '.join(table.columns[c] for c in run)}", _mean_of(run), "average")


def _mean_of(columns: list[int]) -> Formula:
    def compute(row: Row) -> float | None:
        counts = [row.cells[c].count for c in columns]
        return sum(c for c in counts if c is not None) / len(counts) if None not in counts else None

    return compute


def _figure(cell: Cell) -> tuple[float, int] | None:
    """The derived figure of a cell and its decimals."""
    if cell.percent is not None:
        return cell.percent, cell.decimals
    return (cell.count, cell.count_decimals) if cell.count is not None else None


def overall_rates(table: Table) -> list[tuple[str, float]]:
    """The rate of all rows together, for the formula that the rate column of a table follows, and for each count."""
    for j in range(len(table.columns)):
        best, _, known = _best(table, j, list(_guesses(table, j)))
        if best and best.columns and not any(row.is_total for row in table.rows):
            out = []
            for columns in (best.columns, *((c,) for c in best.columns)):
                count = sum(row.cells[c].count or 0 for row in known for c in columns)
                population = sum(row.cells[best.population].count or 0 for row in known)
                out.append((f"{shown(count)} / {population:,.0f} x {best.scale:,.1f}", count / population * best.scale))
            return out
    return []


def _best(table: Table, j: int, guesses: list[Guess]) -> tuple[Guess | None, int, list[Row]]:
    """The guess that explains nearly all rows of a column, how many, and the rows on which it can be computed."""
    rows = [row for row in table.rows if _figure(row.cells[j])]
    best, right = None, 0
    for guess in guesses:
        good = sum(1 for row in rows if _agrees(row, j, guess))
        if good > right:
            best, right = guess, good
    known = [row for row in rows if best and best.compute(row) is not None]
    enough = right >= FEW and right >= EXPLAINED * len(known)
    return (best if enough else None), right, known


def _derived(table: Table, j: int, guesses: list[Guess], locator: Locator) -> Iterator[Finding]:
    best, right, known = _best(table, j, guesses)
    if not best:
        return
    for row in known:
        value, (printed, digits) = best.compute(row), _figure(row.cells[j]) or (0.0, 0)
        if value is not None and not _agrees(row, j, best):
            yield Finding(
                kind=best.kind,
                printed=row.cells[j].text,
                recomputed=shown(value, digits + 1),
                sum=f"{best.words} = {shown(value, digits + 1)}, printed {printed:.{digits}f}",
                sentence=f"{right} of {len(known)} rows follow this formula; the row {row.label!r} does not.",
                confidence=SURE if right >= 2 * FEW or right >= 0.8 * len(known) else 0.7,
                where=locator.cell(table, row, j),
                tolerance=ALL_RULES,
            )


def _agrees(row: Row, j: int, guess: Guess) -> bool:
    value, figure = guess.compute(row), _figure(row.cells[j])
    return value is not None and figure is not None and within(value, figure[0], figure[1])


Span = tuple[float, float]


def _implied(count: float, rate: float, digits: int, unit: float) -> Span | None:
    """The least and the greatest population that a count and its rate allow; round counts may have been rounded."""
    unit_of = 10.0**-digits
    low, high = rate - unit_of / 2, rate + unit_of
    spare = 50.0 if count >= 1000 and count % 100 == 0 else 0.0
    return ((count - spare) / high * unit, (count + spare) / low * unit) if low > 0 else None


def _rate_rows(table: Table, locator: Locator) -> Iterator[Finding]:
    """Rows of rates below rows of counts: in one column all must imply one population."""
    pairs = [
        (upper, lower, unit)
        for upper, lower in zip(table.rows, table.rows[1:], strict=False)
        if "rate" in lower.label.lower() and "rate" not in upper.label.lower() and (unit := per(lower.label))
    ]
    for j in range(len(table.columns)):
        spans = [(upper, lower, span) for upper, lower, unit in pairs if (span := _span(upper, lower, j, unit))]
        if len(spans) >= FEW:
            middle = median(
                (low + high) / 2 for _, _, (low, high) in sorted(spans, key=lambda s: s[2][1] - s[2][0])[:FEW]
            )
            off = [each for each in spans if not each[2][0] * (1 - SLACK) <= middle <= each[2][1] * (1 + SLACK)]
            if len(off) < len(spans) / 2 or len(spans) - len(off) >= FEW:
                for upper, lower, _ in off:
                    yield _implied_finding(table, locator, (upper, lower, j), middle)


def _span(upper: Row, lower: Row, j: int, unit: float) -> Span | None:
    count, rate = upper.cells[j].count, lower.cells[j].count
    if not count or not rate:
        return None
    return _implied(count, rate, lower.cells[j].count_decimals, unit)


def _implied_finding(table: Table, locator: Locator, at: tuple[Row, Row, int], population: float) -> Finding:
    upper, lower, j = at
    unit, cell = per(lower.label) or 1.0, lower.cells[j]
    value = (upper.cells[j].count or 0) / population * unit
    digits = cell.count_decimals
    return Finding(
        kind="rate",
        printed=cell.text,
        recomputed=shown(value, digits + 1),
        sum=(
            f"{upper.cells[j].text} / {population:,.0f} x {unit:,.0f} = {shown(value, digits + 1)}, printed {cell.text}"
            f" (population implied by the other rates of the column)"
        ),
        sentence=(
            f"The rate of {upper.label!r} implies another population than the other rates of {table.columns[j]!r}."
        ),
        confidence=IMPLIED,
        where=locator.cell(table, lower, j),
        tolerance=f"{ALL_RULES}; populations within {SLACK:.0%}",
    )


def _bracketed(table: Table, locator: Locator) -> Iterator[Finding]:
    """Counts with a rate in brackets: cells of one row and one heading must imply one population."""
    unit = per(" ".join(table.columns)) or per(table.caption)
    if not unit or not table.groups:
        return
    checked: list[tuple[Row, int, int, bool]] = []
    for row in table.rows:
        for a, b in combinations(range(len(table.columns)), 2):
            one, two = row.cells[a], row.cells[b]
            if table.groups[a][0] and table.groups[a] == table.groups[b] and one.second and two.second:
                checked.append((row, a, b, _overlap(_second(one, unit), _second(two, unit))))
    wrong = [each for each in checked if not each[3]]
    if len(checked) >= 2 * FEW and len(wrong) <= 0.25 * len(checked):
        for row, a, b, _ in wrong:
            yield _pair(table, locator, (row, a, b), unit)


def _second(cell: Cell, unit: float) -> Span | None:
    count, rate = cell.count or 0, cell.second or 0
    step = 10.0**-cell.decimals
    if rate - step / 2 <= 0:
        return None
    return (count - 0.5) / (rate + step) * unit, (count + 0.5) / (rate - step / 2) * unit


def _overlap(one: Span | None, two: Span | None) -> bool:
    return one is None or two is None or (one[0] * (1 - SLACK) <= two[1] and two[0] * (1 - SLACK) <= one[1])


def _pair(table: Table, locator: Locator, at: tuple[Row, int, int], unit: float) -> Finding:
    row, a, b = at
    one, two = row.cells[a], row.cells[b]
    first, last = ((cell.count or 0) / (cell.second or 1) * unit for cell in (one, two))
    return Finding(
        kind="rate",
        printed=f"{one.text} and {two.text}",
        recomputed=f"populations of {first:,.0f} and {last:,.0f}",
        sum=f"{one.text} implies {first:,.0f}, {two.text} implies {last:,.0f}, per {unit:,.0f}",
        sentence="Two rates of one row under one heading imply different populations.",
        confidence=PAIRS,
        where=locator.cell(table, row, b),
        tolerance=f"{ALL_RULES}; counts rounded; populations within {SLACK:.0%}",
        also=locator.cell(table, row, a),
    )
