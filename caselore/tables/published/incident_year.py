"""Year of the incident."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="incident-year",
    title="Year of the incident",
    chapter="Patterns",
    source="Triennial analysis of serious case reviews 2011 to 2014, table 19",
    rows=Column("incident_year"),
)
