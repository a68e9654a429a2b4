"""Age by gender, of reviews about one child."""

from __future__ import annotations

from caselore.tables.table import UNANSWERED, Answers, Table

TABLE = Table(
    id="age-by-gender",
    title="Age at the incident by gender",
    chapter="Patterns",
    place=4,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 7",
    rows=Answers("child_age_band"),
    columns=Answers("child_gender"),
    unit="child",
    multi_response=True,
    multi_columns=True,
    measures=("count", "column_percent", "row_percent"),
    missing=UNANSWERED,
    chart="heat",
)
