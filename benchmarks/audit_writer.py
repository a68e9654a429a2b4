"""The writer of a fictional report: blocks, subjects, and the errors that it seeds; no word is of a real one."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

ERRORS = (
    "percentage",
    "impossible_percentage",
    "sum",
    "rate",
    "contradiction",
    "test",
    "average",
    "wording",
)
PERIODS = ("2004-06", "2006-08", "2008-10", "2010-12")
SUBJECTS = {
    "Age of the child": ("Under 1 year", "1-4 years", "5-9 years", "10-14 years", "15-17 years"),
    "Home at the time": ("With both parents", "With one parent", "With relatives", "In foster care", "In a hostel"),
    "Agency that first raised concern": ("Health visiting", "School", "Police", "Housing", "Neighbour or friend"),
    "Length of involvement": ("Under one month", "One to six months", "Seven to twelve months", "Over a year"),
    "Outcome of the first contact": ("Advice given", "Assessment started", "Passed to a partner", "No action"),
    "Season of the incident": ("Spring", "Summer", "Autumn", "Winter"),
}
AREAS = ("Northmere", "Eastholt", "Southfen", "Westwold", "Midvale", "Highmoor", "Lowmarsh")
FACTORS = ("Housing difficulty", "Debt", "Substance use", "Isolation", "Parental illness", "Frequent moves")
TRAITS = ("were in poor housing", "had moved in the last year", "lived with one parent", "had a known disability")
WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()


@dataclass(slots=True)
class Grid:
    """A table as it is to be set: caption, rows of cells (the first `heads` are headings), notes below."""

    caption: str
    rows: list[list[str]]
    notes: str = ""


@dataclass(slots=True)
class Seeded:
    """One seeded error: its kind, and words that stand in the place where a finding must point."""

    kind: str
    words: str
    table: str = ""


@dataclass(slots=True)
class Report:
    """Blocks in order, and the errors seeded into them."""

    blocks: list[str | Grid] = field(default_factory=list)
    seeded: list[Seeded] = field(default_factory=list)


@dataclass(slots=True)
class Writer:
    """Writes one report. `faults` maps a kind of error to how many are still to be seeded."""

    random: random.Random
    faults: dict[str, int]
    report: Report = field(default_factory=Report)
    tables: int = 0

    def fault(self, kind: str) -> bool:
        """Whether to seed an error of this kind here."""
        if self.faults.get(kind, 0) > 0 and self.random.random() < 0.6:
            self.faults[kind] -= 1
            return True
        return False

    def say(self, *paragraphs: str) -> None:
        """Add paragraphs."""
        self.report.blocks.extend(paragraphs)

    def seed(self, kind: str, words: str, table: str = "") -> None:
        """Note a seeded error."""
        self.report.seeded.append(Seeded(kind, words, table))

    def table(self, title: str, rows: list[list[str]], notes: str = "") -> str:
        """Add a table and return its label."""
        self.tables += 1
        self.report.blocks.append(Grid(f"Table {self.tables}: {title}", rows, notes))
        return f"Table {self.tables}"

    @property
    def next_label(self) -> str:
        """The label that the next table will have."""
        return f"Table {self.tables + 1}"

    def parts(self, total: int, n: int) -> list[int]:
        """n counts, each at least 2, that add to the total."""
        weights = [self.random.uniform(0.5, 3) for _ in range(n)]
        counts = [2 + int((total - 2 * n) * w / sum(weights)) for w in weights]
        counts[self.random.randrange(n)] += total - sum(counts)
        return counts


def percent(count: float, base: float, digits: int = 0) -> str:
    """A percentage rounded half up."""
    scale = 10**digits
    whole = int(100 * count * scale / base + 0.5 + 1e-9)
    return f"{whole / scale:.{digits}f}%"


def wrong_percent(w: Writer, count: int, base: int) -> str:
    """A percentage that no rounding gives, not far from the right one."""
    right = 100 * count / base
    step = w.random.choice((-4, -3, -2, 2, 3, 4))
    return f"{max(1, round(right) + step)}%"
