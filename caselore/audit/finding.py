"""The records of an audit: where a figure stands, and what is wrong with it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

Kind = Literal[
    "percentage",
    "impossible_percentage",
    "sum",
    "rate",
    "contradiction",
    "test",
    "average",
    "wording",
]

KINDS: dict[Kind, str] = {
    "percentage": "Percentages that do not fit their count and base",
    "impossible_percentage": "Percentages that no count gives on the stated base",
    "sum": "Parts that do not add to their total",
    "rate": "Rates, ratios and changes that do not fit the figures they come from",
    "contradiction": "The same fact given differently",
    "test": "Test statistics that do not follow from the printed figures",
    "average": "Averages that do not follow from printed totals",
    "wording": "Words that do not fit the figure beside them",
}
"""Every kind of finding, in the order in which they are shown, with its heading."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands: offsets in the text as read, the words there, page, section and table if known."""

    start: int
    end: int
    words: str
    page: int | None = None
    section: str = ""
    table: str = ""
    cell: str = ""

    def named(self) -> str:
        """The place in a few words: "page 3, Table 2, row 'North', column 'Visits'"."""
        page = f"page {self.page}" if self.page else f"character {self.start:,}"
        return ", ".join(part for part in (page, self.table or self.section, self.cell) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure that does not agree with others. `sum` is the arithmetic on one line; `confidence` from 0 to 1.

    `tolerance` says which rounding was allowed; `also` is the other place, where two places disagree.
    """

    kind: Kind
    printed: str
    recomputed: str
    sum: str
    sentence: str
    confidence: float
    where: Place
    tolerance: str = ""
    also: Place | None = None

    def as_dict(self) -> dict[str, object]:
        """The finding for machines, nested places included."""
        return {**asdict(self), "place": self.where.named()}
