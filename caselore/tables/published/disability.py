"""Disability before the incident."""

from __future__ import annotations

from caselore.tables.table import Answers, Group, Groups, Table

TABLE = Table(
    id="disability",
    title="Disability or long-term health need of the child",
    chapter="Child, family and environment",
    place=13,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 24",
    rows=Groups(
        (
            Group(
                "disability",
                "Disability or long-term health need",
                (("risk_indicators", "child_disability_or_health_need"),),
            ),
        ),
        label="Disability",
    ),
    columns=Answers("outcome"),
    multi_response=True,
    notes=("That a review mentions none does not mean that there was none.",),
    chart="none",
)
