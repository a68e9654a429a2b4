"""Category of the child protection plan."""

from __future__ import annotations

from caselore.tables.table import UNANSWERED, Answers, Table, Where

TABLE = Table(
    id="plan-category",
    title="Category of the child protection plan",
    chapter="Child, family and environment",
    place=7,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 14",
    rows=Answers("plan_category"),
    where=(
        Where(Answers("child_protection_plan"), ("current", "past"), label="the child was, or had been, on a plan"),
    ),
    multi_response=True,
    missing=UNANSWERED,
)
