"""In: prose and tables. Out: figures whose words name one row of a table near, and that are near its cells, not equal.

The tie is looser than a base or a period (`crosscheck`): the words that set a row apart from the others stand right
beside the figure, most of its label in the sentence. So no cell of the table may hold the figure, no run of rows may
add to it, and a figure of a part ("of these, 12") is left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from caselore.audit.claims import Claim, subjects
from caselore.audit.crosscheck import NAMED
from caselore.audit.finding import Finding
from caselore.audit.mentions import Mention
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence
from caselore.audit.repeats import MANNER
from caselore.audit.tables import Row, Table
from caselore.audit.wording import stems

REACH = 4000
"""Characters between a table and prose that speaks of it without naming it."""

FAR_LABEL = 3
"""Words that a label must share with a sentence that stands anywhere in the report."""

MOST_OF_LABEL = 0.75
NEAR_POINTS = 11.0
NEAR_SHARE = 0.35
NAMED_TABLE = 0.65
CLOSE_BY = 0.55
ANYWHERE = 0.5
_PART = re.compile(
    r"^(?:Of|Among|Amongst|In|For) (?:these|those|them|the (?:remaining|other)|which|whom"
    r"|\S+ of (?:these|those|them))\b"
)
_PART_INSIDE = re.compile(r"\bof (?:these|whom|which|those|them)\b|\bof the <C\d+> |\bother\b|\bfurther\b|\balso\b")
_VAGUE = re.compile(
    r"(?P<how>more than|over|at least|nearly|almost|under|less than|fewer than|up to|about|around"
    r"|some|approximately|just over|just under|roughly)\s+$"
)
_CONDITION = re.compile(
    r"\b(?:if|whether|when|sub-?sets?|sub-?samples?|region as a whole|population|most likely|same"
    r"|where\b[^.]{0,60}\b(?:known|available|recorded|stated|clear|given|noted|determined)"
    r"|of those (?:who|where|with|for))\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"%|\bper ?cent", re.IGNORECASE)
_BREAK = re.compile(r"[,;:]|\band\b|\bwhile\b|\bbut\b")
_ASIDE = re.compile(r",? (?:most of (?:them|whom)|of (?:whom|which|them)|including)\b.*")
_PER = re.compile(r"\b[nN]\s?=\s?$|\bper (?:head of )?$|\baged?\s$|[£$€]$")
_SPAN = re.compile(r"\b(\d{1,2})(?: years?)?(?:\s?[-–]\s?| to | and )(\d{1,2})\b")
_UNDER = re.compile(
    r"\b(?:under|below|less than|younger than)(?: the age of)? (?:one|1)\b(?! ?\d)|\binfan(?:ts?|cy)\b|\b0 ?[-–] ?1\b"
)
_OVER = re.compile(r"\b(\d{1,2}) ?(?:\+|(?:years )?(?:and|or) (?:over|above|older))")


@lru_cache(maxsize=20_000)
def key(words: str) -> frozenset[str]:
    """The telling words of a label or a sentence, with age bands as words of their own."""
    lower = words.lower().replace("–", "-")
    bands = {f"{a}-{b}" for a, b in _SPAN.findall(lower)} | {f"{n}+" for n in _OVER.findall(lower)}
    return stems(lower) | bands | ({"0-1"} if _UNDER.search(lower) else set())


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that say one thing (count, percentage), the words right beside them, and whether a base is said."""

    figures: tuple[Mention, ...]
    words: str
    base: float | None
    close: str = ""
    """The words up to the next comma or "and" on each side."""


def check_row_claims(
    paragraph: Sequence[Sentence], found: Sequence[Claim], tables: Sequence[Table], locator: Locator
) -> Iterator[Finding]:
    """Findings on the figures of one paragraph against the rows that their words name."""
    named = {re.sub(r"\s+", " ", name).lower() for s in paragraph for name in NAMED.findall(s.text)}
    for sentence in paragraph:
        if sentence.quoted or sentence.elsewhere or _of_a_part(sentence):
            continue
        groups = list(groups_of(sentence, found))
        for group in groups:
            told: list[tuple[float, Finding]] = []
            held = -1.0
            for table in tables:
                level = _level(table, sentence, named)
                tie = level + len(_headings(table) & key(sentence.text))
                agrees, wrong = _judged(group, groups, table, sentence, level, locator)
                held = max(held, tie) if agrees else held
                told += [(tie, wrong)] if wrong else []
            best = max(told, key=lambda each: each[0], default=None)
            if best and best[0] > held:  # no table that speaks of it as much holds the figure
                yield best[1]


def _headings(table: Table) -> frozenset[str]:
    return key(f"{table.caption} {' '.join(table.columns)}")


def _of_a_part(sentence: Sentence) -> bool:
    """Whether a sentence speaks of a part of the cases, of those known, or of averages and conditions."""
    text = sentence.text
    if _PART.match(text) or _PART_INSIDE.search(_ASIDE.sub("", sentence.tagged.text)):
        return True
    return bool(MANNER.search(text.lower()) or _CONDITION.search(text))


def _level(table: Table, sentence: Sentence, named: set[str]) -> float:
    if table.label.lower() in named:
        return NAMED_TABLE
    if named and not NAMED.search(sentence.text):
        return ANYWHERE
    near = min(abs(table.start - sentence.start), abs(sentence.start - table.end)) < REACH
    return CLOSE_BY if near else ANYWHERE


def groups_of(sentence: Sentence, found: Sequence[Claim]) -> Iterator[Group]:
    """The figures of a sentence in groups, each with the words up to its neighbours."""
    ours = [claim for claim in found if claim.sentence is sentence]
    tied = {
        m.start: claim for claim in ours for m in (claim.percent, claim.count, claim.base) if m and _within(sentence, m)
    }
    groups: list[list[Mention]] = []
    bases = {claim.base.start for claim in ours if claim.base and claim.stated == "claim"}
    last: Claim | None = None
    for mention in sentence.tagged.mentions:
        if mention.kind not in "CPD" or _PER.search(sentence.text[: mention.start]):
            continue
        claim = tied.get(mention.start)
        if claim and claim is last:
            groups[-1].append(mention)
        else:
            groups.append([mention])
        last = claim
    for i, group in enumerate(groups):
        first = groups[i - 1][-1].end if i else 0
        stop = groups[i + 1][0].start if i + 1 < len(groups) else len(sentence.text)
        claim = tied.get(group[0].start)
        base = claim.base.value if claim and claim.base and claim.stated == "claim" else None
        told = tuple(m for m in group if m.start not in bases)
        left, right = sentence.text[first : group[0].start], sentence.text[group[-1].end : stop]
        close = f"{_BREAK.split(left)[-1]} {_BREAK.split(right)[0]}"
        yield Group(told, sentence.text[first:stop], base, close)


def _within(sentence: Sentence, mention: Mention) -> bool:
    return any(each is mention for each in sentence.tagged.mentions)


def _judged(
    group: Group, groups: Sequence[Group], table: Table, sentence: Sentence, level: float, locator: Locator
) -> tuple[bool, Finding | None]:
    """Whether the table holds the figure, and what is wrong if it does not."""
    rows = list(rows_named(table, group.words, sentence.text))
    if len(rows) > 1:
        rows = list(rows_named(table, group.close, sentence.text))
    if len(rows) != 1 or (group.base and group.base not in _totals(table)):
        return False, None
    row = rows[0]
    everyone = [each for other in groups for each in rows_named(table, other.words, sentence.text)]
    whole = key(row.label) <= key(group.words)
    wrong = [_against(figure, row, everyone if whole else table.rows, table, sentence) for figure in group.figures]
    judged = [each for each in wrong if each is not None]
    off = [each for each in judged if each]
    if len(off) < len(judged):
        return True, None  # one figure of the pair agrees: that they do not fit each other is told elsewhere
    if not off or not _tied(row, table, sentence, level, group.figures):
        return False, None
    figure, column = off[0]
    return False, Finding(
        kind="contradiction",
        printed=figure.text,
        recomputed=row.cells[column].text,
        sum=f"prose {figure.text}, {table.name} {row.cells[column].text} (row {row.label!r})",
        sentence=f"The words speak of {row.label!r}; {table.name} does not give {figure.text} for it.",
        confidence=level,
        where=locator.words(sentence.start, sentence.end),
        tolerance="half a point; none for counts",
        also=locator.cell(table, row, column),
    )


def _tied(row: Row, table: Table, sentence: Sentence, level: float, figures: Sequence[Mention]) -> bool:
    """Whether the words speak of the row as a whole, and of this table."""
    said, label = key(sentence.text), key(row.label)
    ages = {word for word in key(_ASIDE.sub("", sentence.text)) if word[0].isdigit()}
    if ages - {word for each in table.rows for word in key(each.label)} - key(table.caption):
        return False  # of one age only
    groups = {m.value for m in subjects(sentence) if m not in figures}
    if groups and not groups & _totals(table):
        return False
    caption = key(table.caption) & said
    if level == ANYWHERE:
        return len(label & said) >= FAR_LABEL and bool(caption)
    return len(label & said) > 1 or bool(caption - label) or bool(ages)


def rows_named(table: Table, beside: str, whole: str) -> Iterator[Row]:
    """Rows whose distinguishing words stand beside a figure, and most of whose label stands in the sentence."""
    said, near = key(whole), key(beside)
    rows = [row for row in table.rows if not row.is_total and any(cell.numeric for cell in row.cells)]
    tally = Counter(word for row in rows for word in key(row.label))
    named = []
    for row in rows:
        label = key(row.label)
        own = {word for word in label if tally[word] == 1} or label
        if label and own <= near and len(label & said) >= MOST_OF_LABEL * len(label):
            named.append(row)
    longest = [row for row in named if not any(key(row.label) < key(other.label) for other in named)]
    yield from longest


def _totals(table: Table) -> set[float]:
    """The bases that a table allows for what is said of a row."""
    out = {float(n) for n in (*table.bases, table.base) if n}
    rows = [row for row in table.rows if not row.is_total]
    for j in range(len(table.columns)):
        if not table.bases[j]:
            out.add(sum(row.cells[j].count or 0 for row in rows))
        out |= {row.cells[j].count or 0 for row in table.rows if row.is_total}
    return out


def _against(
    figure: Mention, row: Row, others: Sequence[Row], table: Table, sentence: Sentence
) -> tuple[Mention, int] | tuple[()] | None:
    """The figure and the column it misses; empty where it agrees, None where nothing can be compared."""
    if figure.value < 2 or (figure.kind == "C" and figure.text[0].isalpha() and figure.value < 3):
        return None
    vague = _VAGUE.search(sentence.text[: figure.start].lower())
    cells = [(j, value) for j in range(len(row.cells)) for value in _values(table, row, j, figure)]
    if not cells:
        return None
    every = [v for r in (row, *others) for j in range(len(r.cells)) for v in _values(table, r, j, figure)]
    every += list(_sums(table, row, figure, several=len({id(each) for each in others}) > 1)) + list(
        _shares(table, row, figure)
    )
    if any(_same(figure, value, vague["how"] if vague else "") for value in every):
        return ()
    j, value = min(cells, key=lambda cell: abs(cell[1] - figure.value))
    apart = abs(value - figure.value)
    if figure.kind == "P":
        return (figure, j) if apart <= NEAR_POINTS else None
    return (figure, j) if apart <= NEAR_SHARE * value else None


def _same(figure: Mention, value: float, how: str) -> bool:
    slack = 0.51 * 10.0**-figure.decimals if figure.kind in "PD" else 0.0
    apart = value - figure.value
    reach = 8.0 if figure.kind == "P" else 0.15 * figure.value
    if how in ("more than", "over", "at least", "just over"):
        return -slack <= apart <= reach
    if how in ("nearly", "almost", "under", "less than", "fewer than", "up to", "just under"):
        return -reach <= apart <= slack
    if how:
        return abs(apart) <= reach
    return abs(apart) <= slack


def _values(table: Table, row: Row, column: int, figure: Mention) -> list[float]:
    cell, base = row.cells[column], table.bases[column] or table.base
    if figure.kind == "P":
        if cell.percent is not None:
            return [cell.percent]
        if _PERCENT.search(table.columns[column]) and cell.count is not None:
            return [cell.count]
        return [100 * cell.count / base] if cell.count is not None and base and not cell.count_decimals else []
    if cell.count is None or _PERCENT.search(table.columns[column]):
        return [cell.second] if cell.second is not None and figure.kind == "D" else []
    if figure.kind == "D":
        return [value for value in (cell.count if cell.count_decimals else None, cell.second) if value is not None]
    return [cell.count] if not cell.count_decimals else []


def _sums(table: Table, row: Row, figure: Mention, *, several: bool) -> Iterator[float]:
    """Sums over runs of rows that hold the row, of counts and percentages; the row without others."""
    rows = [each for each in table.rows if not each.is_total]
    at = rows.index(row) if row in rows else 0
    ordered = any(word[0].isdigit() for word in key(row.label))
    for j in range(len(row.cells)):
        for a in range(at + 1) if ordered or several else ():
            for b in range(at + 1, len(rows) + 1):
                values = [_values(table, each, j, figure)[:1] for each in rows[a:b]]
                yield sum(value[0] for value in values if value)
    if figure.kind == "C":
        counts = [cell.count or 0 for cell in row.cells if not cell.count_decimals]
        for a in range(len(counts)):
            for b in range(a + 2, len(counts) + 1):
                yield sum(counts[a:b])


def _shares(table: Table, row: Row, figure: Mention) -> Iterator[float]:
    """Shares of the cells of a row in each other, in the totals of their columns, and what is left to 100."""
    if figure.kind != "P":
        return
    counts = [
        cell.count
        for cell, words in zip(row.cells, table.columns, strict=True)
        if cell.count and not cell.count_decimals and not _PERCENT.search(words)
    ]
    for one in counts:
        yield from (100 * one / other for other in counts if other > one)
        yield from (100 * one / total for total in _totals(table) if total >= one)
        yield 100 * one / (sum(counts) or 1)
    yield from (100 - value for j in range(len(row.cells)) for value in _values(table, row, j, figure))
