"""Young people of 11 and over."""

from __future__ import annotations

from caselore.tables.table import Answers, Group, Groups, Table, Where

OLDER = ("11_to_15", "16_to_17")

TABLE = Table(
    id="young-people",
    title="Reviews about young people of 11 and over",
    chapter="Child, family and environment",
    place=14,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 23",
    rows=Groups(
        (
            Group("mental_ill_health", "Mental ill health", (("risk_indicators", "mental_ill_health"),)),
            Group("self_harm", "Self-harm or suicidality", (("risk_indicators", "self_harm_or_suicidality"),)),
            Group("substance_use", "Substance use", (("risk_indicators", "substance_use"),)),
            Group("domestic_abuse", "Domestic abuse", (("risk_indicators", "domestic_abuse"),)),
        ),
        label="Mentioned of the young person or a parent",
    ),
    columns=Groups(
        (
            Group("11_to_15", "11 to 15 years", (("child_age_band", "11_to_15"),)),
            Group("16_to_17", "16 and 17 years", (("child_age_band", "16_to_17"),)),
        ),
        label="Age",
    ),
    unit="child",
    where=(Where(Answers("child_age_band"), OLDER, label="the index child was 11 to 17 years old"),),
    multi_response=True,
    multi_columns=True,
    notes=("The report counts what was said of the young person; these codes hold for a young person or a parent.",),
)
