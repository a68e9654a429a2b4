"""Ethnicity of the child."""

from __future__ import annotations

from caselore.tables.table import UNANSWERED, Answers, Table

TABLE = Table(
    id="ethnicity",
    title="Ethnicity of the index child",
    chapter="Child, family and environment",
    place=10,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 8",
    rows=Answers("ethnicity"),
    multi_response=True,
    missing=UNANSWERED,
)
