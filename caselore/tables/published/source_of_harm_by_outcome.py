"""Source of harm by outcome."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="source-of-harm-by-outcome",
    title="Source of the harm by outcome",
    chapter="Nature of the harm",
    place=4,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 22",
    rows=Answers("source_of_harm"),
    columns=Answers("outcome"),
    chart="heat",
)
