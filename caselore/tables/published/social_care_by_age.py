"""Whether the case was known to social care, by age."""

from __future__ import annotations

from caselore.tables.table import Answers, Group, Groups, Table

TABLE = Table(
    id="social-care-by-age",
    title="Children's social care at the incident, by age",
    chapter="Agencies and decisions",
    place=22,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 17",
    rows=Answers("social_care_status"),
    columns=Groups(
        (
            Group("under_1", "Under 1 year", (("child_age_band", "under_1"),)),
            Group("1_to_5", "1 to 5 years", (("child_age_band", "1_to_5"),)),
            Group("6_to_10", "6 to 10 years", (("child_age_band", "6_to_10"),)),
            Group("11_and_over", "11 and over", (("child_age_band", "11_to_15"), ("child_age_band", "16_to_17"))),
        ),
        label="Age at the incident",
    ),
    unit="child",
    multi_columns=True,
)
