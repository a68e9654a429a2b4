"""Whether the case was open to social care."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="social-care-status",
    title="Children's social care at the incident, by outcome",
    chapter="Agencies and decisions",
    place=21,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 16",
    rows=Answers("social_care_status"),
    columns=Answers("outcome"),
)
