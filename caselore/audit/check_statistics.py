"""In: text and tables. Out: test statistics that do not follow from the counts, or p-values not from the statistic.

p from the statistic as in statcheck (Nuijten et al., 2016): an interval of p for all values that round to the printed
statistic. Chi-square from counts: of the whole table, of every pair of columns, of a column against the others, of each
row against the rest, with and without Yates's correction; Fisher's exact test for two by two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from scipy import stats

from caselore.audit.finding import Finding
from caselore.audit.places import Locator
from caselore.audit.rounding import within
from caselore.audit.table_parts import parts
from caselore.audit.tables import MISSING, Table
from caselore.records import Document

_NUM = r"(?P<x>-?(?:\d{1,3}(?:,\d{3})+|\d+)?\.?\d+)"
_CHI = r"(?:\$?\\?chi\^?\{?2\}?\$?|[χΧ]\s?\^?[²2]|\b[Xx]²|\b[Cc]hi[- ]{0,2}[Ss]quared?d?(?: test)?|\bchi2)"
_IS = (
    r"\s*(?:statistic|value|test)?\s*(?:\((?:df\s*=?\s*)?(?P<df>\d+)(?:,\s*[nN]\s*=\s*[\d,]+)?\)|"
    r"\[(?P<dfb>\d+)\])?\s*\$?\s*(?:=|of|was|:|,|is)?\s*\$?\s*"
)
_TESTS = {
    "chi-square": re.compile(_CHI + _IS + _NUM),
    "t": re.compile(r"\bt\s?(?:\((?P<df>\d+(?:\.\d+)?)\)\s*=|=)\s*" + _NUM),
    "F": re.compile(r"\bF\s?\((?P<df>\d+),\s*(?P<df2>\d+)\)\s*=\s*" + _NUM),
    "z": re.compile(r"\b[zZ]\s*=\s*" + _NUM),
    "r": re.compile(r"\br\s?(?:\((?P<df>\d+)\)\s*=|=)\s*" + _NUM),
}
_P = re.compile(
    r"\bp\b[\s$]*(?:-?value)?\s*(?:of|was)?\s*(?P<sign>[=<>≤≥]|&lt;|&gt;)\s*\$?\s*(?P<p>0?\.\d+)", re.IGNORECASE
)
_DF = re.compile(
    r"\b(?:d\.?\s?f\.?|degrees? of freedom)\s*(?:=|of|:|was)?\s*\$?(\d+)|(\d+)\s+(?:d\.?f\.?\b|degrees? of freedom)",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\b[nN]\s?=\s?(\d+)")
_NAMED = re.compile(r"\b(Table\s+[A-Z]?\.?\d+(?:\.\d+)*)", re.IGNORECASE)
REACH = 160
"""Characters after a statistic in which its df and p stand."""

MOST_DF = 20
CONFIDENCE = {"p with df": 0.85, "p without df": 0.65, "counts": 0.7, "counts in the words": 0.5, "df": 0.75}


@dataclass(frozen=True, slots=True)
class Printed:
    """One test as printed; `start` and `end` are offsets in the text."""

    name: str
    value: float
    decimals: int
    df: float | None
    df2: float | None
    p: float | None
    sign: str
    p_decimals: int
    start: int
    end: int


def printed_tests(text: str) -> Iterator[Printed]:
    """Every test statistic of a text."""
    for name, pattern in _TESTS.items():
        for match in pattern.finditer(text):
            after = text[match.end() : match.end() + REACH]
            stop = min((m.start() for other in _TESTS.values() if (m := other.search(after))), default=REACH)
            around = after[:stop].split("\n\n")[0]
            groups = match.groupdict()
            p = _P.search(around)
            df = _DF.search(around) or _DF.search(text[max(0, match.start() - 30) : match.start()])
            given = groups.get("df") or groups.get("dfb") or (df[1] or df[2] if df else None)
            if not given and name == "r" and (size := _SIZE.search(around)):
                given = str(int(size[1]) - 2)  # the degrees of freedom of a correlation
            if not given and name in ("t", "r"):
                continue
            digits = len(match["x"].partition(".")[2])
            end = match.end() + (p.end() if p else 0)
            yield Printed(
                name,
                float(match["x"].replace(",", "")),
                digits,
                float(given) if given else None,
                float(groups["df2"]) if groups.get("df2") else None,
                float(p["p"]) if p else None,
                p["sign"] if p else "",
                len(p["p"].partition(".")[2]) if p else 0,
                match.start(),
                end,
            )


def p_of(test: Printed, value: float, df: float) -> float:
    """The two-sided p of a statistic (upper tail for chi-square and F)."""
    value = abs(value)
    if test.name == "chi-square":
        return float(stats.chi2.sf(value, df))
    if test.name == "F":
        return float(stats.f.sf(value, df, test.df2 or 1))
    if test.name == "t":
        return float(2 * stats.t.sf(value, df))
    if test.name == "r":
        return float(2 * stats.t.sf(value * (df / max(1e-12, 1 - value**2)) ** 0.5, df))
    return float(2 * stats.norm.sf(value))


def check_statistics(document: Document, tables: Sequence[Table], locator: Locator) -> Iterator[Finding]:
    """Findings on every test statistic of the document."""
    for test in printed_tests(document.text):
        counts = list(_against_counts(test, document.text, tables, locator)) if test.name == "chi-square" else []
        if not any("p belongs" in finding.sentence for finding in counts):
            yield from _against_p(test, locator)
        yield from counts


def _against_p(test: Printed, locator: Locator) -> Iterator[Finding]:
    if test.p is None:
        return
    free = [test.df] if test.df else [1.0] if test.name == "z" else [float(df) for df in range(1, MOST_DF)]
    if any(_p_fits(test, df) for df in free):
        return
    name = "p with df" if test.df or test.name == "z" else "p without df"
    df = free[0]
    value = p_of(test, test.value, df)
    stated = f"df = {df:g}" if test.df else "any df" if test.name != "z" else "two-sided"
    yield Finding(
        kind="test",
        printed=f"p {test.sign} {test.p:g}",
        recomputed=f"p = {value:.{max(test.p_decimals, 3) + 1}f}",
        sum=(
            f"{test.name} = {test.value:g}, {stated}: p = {value:.{max(test.p_decimals, 3) + 1}f}, "
            f"printed p {test.sign} {test.p:g}"
        ),
        sentence=f"The printed p does not belong to this {test.name} ({stated}).",
        confidence=CONFIDENCE[name],
        where=locator.words(test.start, test.end),
        tolerance="every statistic that rounds to the printed one; p rounded or cut off",
    )


def _p_fits(test: Printed, df: float) -> bool:
    half = 0.5 * 10.0**-test.decimals
    high, low = p_of(test, max(0.0, abs(test.value) - half), df), p_of(test, abs(test.value) + half, df)
    p, step = test.p or 0.0, 10.0**-test.p_decimals
    if test.sign in ("<", "≤", "&lt;"):
        return low < p + 1e-12
    if test.sign in (">", "≥", "&gt;"):
        return high > p
    return low <= p + step and high >= p - step / 2


Counts = list[list[float]]


def _against_counts(test: Printed, text: str, tables: Sequence[Table], locator: Locator) -> Iterator[Finding]:
    table = _table_of(test, text, tables)
    grid = counts_of(table) if table else []
    if not table or len(grid) < 2 or len(grid[0]) < 2:
        return
    candidates = list(_comparisons(grid))
    known = counts_of(table, missing=False)
    if known != grid and len(known) >= 2 and len(known[0]) >= 2:
        candidates += [(f"{name}, without what is missing", value, df) for name, value, df in _comparisons(known)]
    if any(within(value, test.value, test.decimals) for _, value, _ in candidates):
        yield from _df_of(test, table, candidates, locator)
        return
    whole = candidates[0]
    adjacent = 0 <= test.start - table.end < 200
    same_df = test.df is not None and test.df == (len(grid) - 1) * (len(grid[0]) - 1)
    small = len(grid) == len(grid[0]) == 2
    if not adjacent and not same_df and not small:
        return
    level = CONFIDENCE["counts"] if adjacent or same_df else CONFIDENCE["counts in the words"]
    right_p = bool(test.p) and same_df and _p_fits(replace(test, value=whole[1]), float(whole[2]))
    near = min(candidates, key=lambda each: abs(each[1] - test.value)) if not same_df else whole
    yield Finding(
        kind="test",
        printed=f"chi-square {test.value:g}",
        recomputed=f"{near[1]:.{max(2, test.decimals)}f} ({near[0]})",
        sum=(
            f"{table.name}, {near[0]}: chi-square = {near[1]:.{max(2, test.decimals)}f}, df = {near[2]}, "
            f"printed {test.value:g}"
        ),
        sentence=f"No comparison of counts of {table.name} gives this chi-square, with Yates's correction or without"
        f"{'; the printed p belongs to the recomputed one' if right_p else ''}.",
        confidence=CONFIDENCE["p with df"] if right_p else level,
        where=locator.words(test.start, test.end),
        tolerance=(
            "whole table, pairs of columns, one column against the others, one row against the others; Yates or not"
        ),
        also=locator.words(table.start, table.end, table=table.name),
    )


def _df_of(
    test: Printed, table: Table, candidates: list[tuple[str, float, int]], locator: Locator
) -> Iterator[Finding]:
    right = {df for _, value, df in candidates if within(value, test.value, test.decimals)}
    if test.df is not None and test.df not in right:
        df = min(right)
        yield Finding(
            kind="test",
            printed=f"df = {test.df:g}",
            recomputed=f"df = {df}",
            sum=f"{table.name}: chi-square = {test.value:g} has df = {df}, printed {test.df:g}",
            sentence="The statistic follows from the table, its degrees of freedom do not.",
            confidence=CONFIDENCE["df"],
            where=locator.words(test.start, test.end),
            tolerance="none",
        )


def _table_of(test: Printed, text: str, tables: Sequence[Table]) -> Table | None:
    """The table that a statistic speaks of: named in its sentence, or ended just above it."""
    first = max(text.rfind("\n", 0, test.start), text.rfind(". ", 0, test.start)) + 1
    last = text.find("\n", test.end)
    stop = text.find(". ", test.end)
    end = min(each for each in (last, stop, len(text)) if each >= 0)
    named = _NAMED.search(text, first, end)
    if named:
        label = re.sub(r"\s+", " ", named[1]).lower()
        return next((table for table in tables if table.label.lower() == label), None)
    return next((table for table in reversed(tables) if 0 <= test.start - table.end < 120), None)


def counts_of(table: Table, *, missing: bool = True) -> Counts:
    """The counts of a table, rows by columns, without totals, parts and total columns, and without what is missing."""
    within = parts(table)
    rows = [row for i, row in enumerate(table.rows) if not row.is_total and i not in within]
    rows = rows if missing else [row for row in rows if not row.is_missing]
    keep = [
        j
        for j in range(len(table.columns))
        if not re.match(r"(?:total|all|overall)\b", table.columns[j], re.IGNORECASE)
        and (missing or not MISSING.search(table.columns[j]))
        and all(row.cells[j].count is not None and not row.cells[j].count_decimals for row in rows)
    ]
    return [[row.cells[j].count or 0 for j in keep] for row in rows] if len(rows) >= 2 else []


def _comparisons(grid: Counts) -> Iterator[tuple[str, float, int]]:
    """Every comparison that a table allows: its name, chi-square and df; the whole table first."""
    width = len(grid[0])
    choices: list[tuple[str, Counts]] = [("whole table", grid)]
    choices += [
        (f"columns {a + 1} and {b + 1}", [[row[a], row[b]] for row in grid]) for a, b in combinations(range(width), 2)
    ]
    if width > 2:
        for first in range(width):
            for last in range(first + 1, width + 1):
                if 0 < last - first < width:
                    merged = [[sum(row[first:last]), sum(row[:first]) + sum(row[last:])] for row in grid]
                    choices.append((f"columns {first + 1}-{last} against the others", merged))
    for name, counts in choices:
        yield from _chi_squares(name, counts)
        for r in range(len(counts)) if len(counts) > 2 else ():
            others = [sum(row[c] for i, row in enumerate(counts) if i != r) for c in range(len(counts[0]))]
            yield from _chi_squares(f"{name}, row {r + 1} against the others", [counts[r], others])
    if width >= 4:
        for r in range(len(grid)):
            for a, b in combinations(range(0, width - 1, 2), 2):
                yield from _chi_squares(
                    f"row {r + 1}, columns {a + 1}-{a + 2} by {b + 1}-{b + 2}", [grid[r][a : a + 2], grid[r][b : b + 2]]
                )


def _chi_squares(name: str, counts: Counts) -> Iterator[tuple[str, float, int]]:
    kept = [row for row in counts if sum(row)]
    if len(kept) < 2 or any(sum(row[c] for row in kept) == 0 for c in range(len(kept[0]))):
        return
    small = len(kept) == len(kept[0]) == 2
    for yates in (False, True) if small else (False,):
        found = stats.chi2_contingency(kept, correction=yates)
        yield f"{name}{', Yates' if yates else ''}", float(found.statistic), int(found.dof)
