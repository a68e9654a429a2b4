"""In: prose and tables. Out: the group sizes that a report works with, and sizes that are one of them misprinted."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from caselore.audit.finding import Finding
from caselore.audit.mentions import Mention
from caselore.audit.nouns import noun_after
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence
from caselore.audit.rounding import shown
from caselore.audit.tables import Table

_GROUP = re.compile(
    r"(?:\b(?:the|these|those|all|our|of|concerned?|total of|considers?|covers?|included?|among|across|in) |^)"
    r"<(C\d+)>(?! ?(?:of|per|were|was|had|did)\b)",
    re.IGNORECASE,
)
_OF_GROUP = re.compile(
    r"\b(?:Of|In|Among|For|Across|of|among|for|across|all)(?: the| these| all)* <(C\d+)> (?!of\b|per\b)"
)
SMALLEST = 20
OFTEN = 2
NEAR = 0.02
CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Populations:
    """The sizes of groups, each with how often it is named in prose and the nouns that it counts there."""

    times: dict[float, int]
    nouns: dict[float, frozenset[str]]

    @property
    def bases(self) -> tuple[float, ...]:
        """All sizes, the most often named first."""
        return tuple(sorted(self.times, key=lambda size: -self.times[size]))


def populations(prose: Sequence[Sequence[Sentence]], tables: Sequence[Table]) -> Populations:
    """The group sizes of a report: named twice in its prose, or once and in the heading or total of a table."""
    times: Counter[float] = Counter()
    nouns: dict[float, set[str]] = defaultdict(set)
    for sentence in (s for paragraph in prose for s in paragraph if not s.quoted):
        for match in _GROUP.finditer(sentence.tagged.text):
            mention = sentence.tagged.get(match[1])
            if mention.value >= SMALLEST:
                times[mention.value] += 1
                nouns[mention.value] |= noun_after(sentence.text, mention)
    stated = {float(n) for table in tables for n in (*table.bases, table.base) if n}
    stated |= {
        c.count for t in tables for r in t.rows if r.is_total for c in r.cells if c.count and not c.count_decimals
    }
    times.update({size: 1 for size in stated if size in times})
    kept = {size: n for size, n in times.items() if n >= 2}
    return Populations(kept, {size: frozenset(nouns[size]) for size in kept})


def check_group_sizes(prose: Sequence[Sequence[Sentence]], known: Populations, locator: Locator) -> Iterator[Finding]:
    """A size named once, beside one named often for the same noun, that differs by a case or two."""
    counts: Counter[float] = Counter()
    for sentence in (s for paragraph in prose for s in paragraph):
        counts.update(m.value for m in sentence.tagged.mentions if m.kind == "C")
    for sentence in (s for paragraph in prose for s in paragraph if not s.quoted and not s.elsewhere):
        for match in _OF_GROUP.finditer(sentence.tagged.text):
            mention = sentence.tagged.get(match[1])
            usual = _usual(mention, sentence, known)
            if usual and counts[mention.value] == 1:
                yield _finding(mention, usual, sentence, locator)


def _usual(mention: Mention, sentence: Sentence, known: Populations) -> float | None:
    """The size of the same noun that is named often, and is off by at most two per cent or one."""
    if mention.value < SMALLEST or mention.value in known.times:
        return None
    nouns = noun_after(sentence.text, mention)
    near = [
        size
        for size in known.times
        if known.times[size] >= OFTEN
        and 0 < abs(size - mention.value) <= max(1, NEAR * size)
        and nouns & known.nouns[size]
    ]
    return max(near, key=lambda size: known.times[size], default=None)


def _finding(mention: Mention, usual: float, sentence: Sentence, locator: Locator) -> Finding:
    return Finding(
        kind="contradiction",
        printed=mention.text,
        recomputed=shown(usual),
        sum=f"{mention.text} here, {shown(usual)} elsewhere in the report",
        sentence=f"The group is {shown(usual)} elsewhere; {mention.text} is named nowhere else.",
        confidence=CONFIDENCE,
        where=locator.words(sentence.start, sentence.end),
        tolerance="none: counts",
    )
