"""Reviews by region."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="region",
    title="Reviews by region",
    chapter="Patterns",
    place=8,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 2",
    rows=Answers("region"),
    columns=Answers("outcome"),
    notes=("With periods and a population, rates a year and per 100,000 children stand beside the counts.",),
)
