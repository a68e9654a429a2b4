"""Year of the incident by outcome."""

from __future__ import annotations

from caselore.tables.table import Answers, Column, Table

TABLE = Table(
    id="incident-year-by-outcome",
    title="Year of the incident by outcome",
    chapter="Patterns",
    place=51,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 19, rows D and E, and figure 5",
    rows=Column("incident_year"),
    columns=Answers("outcome"),
)
