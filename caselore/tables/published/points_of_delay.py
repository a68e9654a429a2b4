"""Where reviews say that they were held up."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="points-of-delay",
    title="Where the review was held up, as it says itself",
    chapter="Quality of the reports",
    place=11,
    source="Triennial analysis of serious case reviews 2011 to 2014, section 9.2.2",
    rows=Answers("delay", order="count"),
    multi_response=True,
)
