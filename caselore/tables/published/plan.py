"""Child protection plan."""

from __future__ import annotations

from caselore.tables.table import Answers, Table

TABLE = Table(
    id="child-protection-plan",
    title="Child protection plan",
    chapter="Child, family and environment",
    place=6,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 13",
    rows=Answers("child_protection_plan"),
)
