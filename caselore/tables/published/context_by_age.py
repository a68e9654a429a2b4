"""Context by age."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="context-by-age",
    title="Context of the incident by age",
    chapter="Nature of the harm",
    place=6,
    source="Triennial analysis of serious case reviews 2011 to 2014, figure 11",
    rows=Answers("incident_context"),
    columns=Answers("child_age_band"),
    unit="child",
    multi_columns=True,
    chart="heat",
)
