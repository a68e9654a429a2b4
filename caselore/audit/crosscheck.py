"""In: claims in prose and tables. Out: claims that speak of a cell and give another figure than it does.

A claim is bound to a cell by its column (the base that both name, or a period right after the figure) and its row (the
words of the label). It is told only if no other cell, and no sum of neighbouring rows, of that column has its figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from caselore.audit.claims import Claim
from caselore.audit.finding import Finding, Place
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence
from caselore.audit.rounding import shown
from caselore.audit.tables import Row, Table
from caselore.audit.wording import stems

NAMED = re.compile(r"\b((?:Table|Figure)\s+(?:[A-Z]?\.?\d+(?:\.\d+)*|[A-Z]\b))", re.IGNORECASE)
NEAR_POINTS = 12.0
NEAR_COUNT = 0.4
WHOLE_LABEL = 0.75
HALF_LABEL = 0.6
BY_NAME = 0.7
VERBATIM = 2.0
"""Share of a label that is named in its very words."""

REACH = 5000
"""Characters between a table and prose that speaks of it without naming it."""

_PERIOD_AFTER = re.compile(r"^,? (?:(?:in|for|over|during|between) |\()(?:the period )?<(Y\d+)>")
_LIST = re.compile(r"<P\d+>(?:, <P\d+>)+,? and <P\d+>")
_RANGE = re.compile(r"\bbetween <(P\d+)> and <(P\d+)>|\bfrom <(P\d+)> to <(P\d+)>(?= of| in)")
_EXCEPT = re.compile(r"\b(?:apart from|except(?: for| in)?|other than|excluding|with the exception of)\b.*")


def check_against_tables(
    paragraph: Sequence[Sentence], found: Sequence[Claim], tables: Sequence[Table], locator: Locator
) -> Iterator[Finding]:
    """Findings on the claims of one paragraph against the tables that it names or that stand near."""
    if not paragraph or not tables:
        return
    named = {re.sub(r"\s+", " ", name).lower() for s in paragraph for name in NAMED.findall(s.text)}
    close = [t for t in tables if t.label.lower() in named]
    around = [t for t in tables if t not in close and abs(t.start - paragraph[0].start) < REACH]
    for claim in found:
        if not claim.sentence.quoted and not claim.sentence.elsewhere:
            yield from _by_base(claim, found, tables, locator)
            yield from _by_period(claim, found, close or around[:0], locator)
    for sentence in paragraph:
        if not sentence.quoted:
            yield from _lists(sentence, [*close, *around], locator)
            yield from _ranges(sentence, [*close, *around], locator)


def _span(claim: Claim, found: Sequence[Claim]) -> tuple[str, str]:
    """The words that belong to a claim: after it up to the next claim, and before it back to the last."""
    ours = [each for each in found if each.sentence is claim.sentence]
    i = ours.index(claim)
    first = claim.count.start if claim.count and claim.count.start < claim.percent.start else claim.percent.start
    stop = len(claim.sentence.text)
    if i + 1 < len(ours):
        following = ours[i + 1]
        stop = min(
            following.percent.start,
            following.count.start if following.count and following.count.start > claim.percent.end else stop,
        )
    begin = ours[i - 1].percent.end if i else 0
    return claim.sentence.text[first:stop], claim.sentence.text[begin:stop]


def _row_of(table: Table, words: str, *, whole: bool) -> tuple[Row, float] | None:
    """The one row whose label the words name, and how much of the label they name."""
    lower = words.lower()
    told = [row for row in table.rows if len(row.label) > 3 and _said(row.label, lower) and not row.is_total]
    if told:
        longest = max(told, key=lambda row: len(row.label))
        if all(row.label.lower() in longest.label.lower() for row in told):
            return longest, VERBATIM
    said = stems(words)
    scored = []
    for row in table.rows:
        label = stems(row.label)
        if label and not row.is_total and any(cell.numeric for cell in row.cells):
            share = len(label & said) / len(label)
            scored.append((share, len(label & said), row))
    scored.sort(key=lambda each: each[:2], reverse=True)
    if not scored or scored[0][0] < (1.0 if whole else 0.5):
        return None
    if len(scored) > 1 and scored[1][:2] == scored[0][:2]:
        return None
    return scored[0][2], scored[0][0]


def _said(label: str, words: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(label.lower())}(?!\w)", words))


def _by_base(claim: Claim, found: Sequence[Claim], tables: Sequence[Table], locator: Locator) -> Iterator[Finding]:
    """A claim whose base is the n of one column: its row must say the same."""
    if not claim.base or not claim.count or claim.stated == "paragraph":
        return
    for table in tables:
        columns = [j for j, n in enumerate(table.bases) if n == claim.base.value]
        if len(columns) != 1:
            continue
        after, around = _span(claim, found)
        bound = _row_of(table, after, whole=True) or _row_of(table, around, whole=True)
        if bound and _about(table, claim.sentence):
            yield from _compared(claim, table, bound, columns[0], locator, WHOLE_LABEL)


def _about(table: Table, sentence: Sentence) -> bool:
    """Whether a sentence shares a word with the caption of a table beyond the label of the row."""
    said = stems(sentence.text)
    return bool(stems(table.caption) & said) or bool(NAMED.search(sentence.text))


def _by_period(claim: Claim, found: Sequence[Claim], tables: Sequence[Table], locator: Locator) -> Iterator[Finding]:
    """A percentage with a period right after it, in a paragraph that names the table."""
    text = claim.sentence.tagged.text
    tag = f"<P{claim.sentence.tagged.mentions.index(claim.percent)}>"
    match = _PERIOD_AFTER.match(text.partition(tag)[2])
    if not match:
        return
    period = claim.sentence.tagged.get(match[1]).text
    for table in tables:
        column = _column(table, period)
        bound = _row_of(table, claim.sentence.text, whole=False)
        if column is not None and bound:
            level = BY_NAME if bound[1] >= 1 else HALF_LABEL
            yield from _compared(claim, table, bound, column, locator, level)


def _column(table: Table, period: str) -> int | None:
    """The column of a period; of several the one whose heading says least besides."""
    wanted = re.sub(r"\s", "", period).replace("–", "-")
    having = [j for j, words in enumerate(table.columns) if wanted in re.sub(r"\s", "", words).replace("–", "-")]
    ranked = sorted(having, key=lambda j: len(stems(table.columns[j])))
    if len(ranked) > 1 and len(stems(table.columns[ranked[0]])) == len(stems(table.columns[ranked[1]])):
        return None
    return ranked[0] if ranked else None


def _compared(
    claim: Claim, table: Table, bound: tuple[Row, float], column: int, locator: Locator, level: float
) -> Iterator[Finding]:
    cell = bound[0].cells[column]
    percent = _percent(table, bound[0], column)
    if percent is None:
        return
    same_percent = abs(percent - claim.percent.value) <= 0.51 + (0.5 if cell.percent is None else 0.0)
    same_count = claim.count is None or cell.count is None or cell.count == claim.count.value
    if (same_percent and same_count) or abs(percent - claim.percent.value) > NEAR_POINTS:
        return
    if claim.count and cell.count and abs(claim.count.value - cell.count) > max(2, NEAR_COUNT * cell.count):
        return
    only = table.rows.index(bound[0]) if bound[1] == VERBATIM else None
    if _elsewhere_in_column(claim, table, column, only):
        return
    said = f"{claim.count.text} ({claim.percent.text})" if claim.count else claim.percent.text
    yield Finding(
        kind="contradiction",
        printed=said,
        recomputed=cell.text,
        sum=f"prose {said}, {table.name} {cell.text} (row {bound[0].label!r}, column {table.columns[column]!r})",
        sentence=f"The words give {said} where {table.name} gives {cell.text}.",
        confidence=level,
        where=locator.words(claim.sentence.start, claim.sentence.end),
        tolerance="half a point",
        also=locator.cell(table, bound[0], column),
    )


def _percent(table: Table, row: Row, column: int) -> float | None:
    cell, base = row.cells[column], table.bases[column]
    if cell.percent is not None:
        return cell.percent
    return 100 * cell.count / base if cell.count is not None and base else None


def _elsewhere_in_column(claim: Claim, table: Table, column: int, only: int | None) -> bool:
    """Whether another row, or a run of rows, has the figure; where one row is named, only a run that holds it."""
    rows = [row for row in table.rows if not row.is_total]
    shares = [_percent(table, row, column) or 0.0 for row in rows]
    counts = [row.cells[column].count or 0.0 for row in rows]
    base = table.bases[column]
    for a in range(len(shares)):
        for b in range(a + 1, len(shares) + 1):
            if only is not None and not a <= only < b:
                continue
            if claim.count is not None:
                if sum(counts[a:b]) == claim.count.value:
                    return True
            elif abs(sum(shares[a:b]) - claim.percent.value) <= 0.51 or (
                base and abs(100 * sum(counts[a:b]) / base - claim.percent.value) <= 0.51
            ):
                return True
    return False


def _lists(sentence: Sentence, tables: Sequence[Table], locator: Locator) -> Iterator[Finding]:
    """ "40%, 45%, 41% and 38%": as many as the table has columns; nearly all are a row, or a run of rows."""
    text = sentence.tagged.text
    for match in _LIST.finditer(text):
        said = [sentence.tagged.get(tag) for tag in re.findall(r"<(P\d+)>", match[0])]
        for table in tables:
            if len(said) != len(table.columns) or len(said) < 3 or None in table.bases:
                continue
            best = min(_runs(table), key=lambda run: _misses(run[1], [m.value for m in said]), default=None)
            if best is None:
                continue
            off = [j for j, m in enumerate(said) if abs(best[1][j] - m.value) > 0.505 * 10.0**-m.decimals]
            if off and len(off) <= len(said) // 3 and all(abs(best[1][j] - said[j].value) < 3 for j in off):
                for j in off:
                    yield _list_finding(sentence, table, locator, said[j].text, (best[0], best[1][j], j))


def _runs(table: Table) -> Iterator[tuple[str, list[float]]]:
    """Rows and runs of rows, with the exact percentage of each column."""
    rows = [row for row in table.rows if not row.is_total and all(cell.count is not None for cell in row.cells)]
    for a in range(len(rows)):
        for b in range(a + 1, len(rows) + 1):
            sums = [sum(row.cells[j].count or 0 for row in rows[a:b]) for j in range(len(table.columns))]
            name = rows[a].label if b == a + 1 else f"{rows[a].label} to {rows[b - 1].label}"
            yield name, [100 * s / (n or 1) for s, n in zip(sums, table.bases, strict=True)]


def _misses(shares: Sequence[float], said: Sequence[float]) -> float:
    return sum(min(abs(a - b), 10.0) for a, b in zip(shares, said, strict=True))


def _list_finding(
    sentence: Sentence, table: Table, locator: Locator, printed: str, exact: tuple[str, float, int]
) -> Finding:
    rows, value, column = exact
    return Finding(
        kind="contradiction",
        printed=printed,
        recomputed=f"{value:.1f}%",
        sum=f"{table.name}, {rows}, {table.columns[column]}: {value:.1f}%, printed {printed}",
        sentence=f"The other figures of the list follow from {table.name} ({rows}), {printed} does not.",
        confidence=BY_NAME,
        where=locator.words(sentence.start, sentence.end),
        tolerance="rounding",
        also=locator.words(table.start, table.end, table=table.name),
    )


def _ranges(sentence: Sentence, tables: Sequence[Table], locator: Locator) -> Iterator[Finding]:
    """ "between 10% and 14%, apart from 1999": every other column of the row must lie within."""
    text, get = sentence.tagged.text, sentence.tagged.get
    for match in _RANGE.finditer(text):
        low, high = (get(tag) for tag in match.groups() if tag)
        spared = _EXCEPT.search(sentence.text)
        for table in tables:
            bound = _row_of(
                table,
                sentence.text[: low.start] + sentence.text[high.end : spared.start() if spared else None],
                whole=True,
            )
            if not bound or len(table.columns) < 3:
                continue
            kept = [j for j in range(len(table.columns)) if not (spared and _names_column(spared[0], table.columns[j]))]
            shares = {j: _percent(table, bound[0], j) for j in kept}
            off = {j: s for j, s in shares.items() if s is not None and not low.value - 0.51 <= s <= high.value + 0.51}
            if off and len(off) <= len(kept) // 2 and all(low.value - 5 < s < high.value + 5 for s in off.values()):
                for j in off:
                    yield _range_finding(sentence, table, locator, bound[0], j, f"{low.text} to {high.text}")


def _names_column(words: str, column: str) -> bool:
    periods = re.findall(r"(?:19|20)\d\d\s?[-–/]\s?\d{2,4}", words)
    return any(period.replace(" ", "") in column.replace(" ", "") for period in periods)


def _range_finding(sentence: Sentence, table: Table, locator: Locator, row: Row, column: int, said: str) -> Finding:
    cell = row.cells[column]
    value = _percent(table, row, column) or 0.0
    also: Place = locator.cell(table, row, column)
    return Finding(
        kind="contradiction",
        printed=said,
        recomputed=f"{shown(value)}%",
        sum=f"range {said}, {table.name} {cell.text} (row {row.label!r}, column {table.columns[column]!r})",
        sentence=f"{table.name} has a figure outside the range that the words give.",
        confidence=BY_NAME - 0.05,
        where=locator.words(sentence.start, sentence.end),
        tolerance="half a point",
        also=also,
    )
