"""Evidence of neglect, by a rule over several fields."""

from __future__ import annotations

from caselore.tables.table import Answers, Group, Groups, Table

TABLE = Table(
    id="neglect-evidence",
    title="Evidence of neglect",
    chapter="Nature of the harm",
    place=8,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 10 and section 2.4.4",
    rows=Groups(
        (
            Group(
                "neglect",
                "Evidence of neglect",
                (
                    ("plan_category", "neglect"),
                    ("nature_of_harm", "neglect"),
                    ("nature_of_death", "extreme_neglect"),
                    ("risk_indicators", "neglect"),
                ),
            ),
        ),
        label="Neglect",
    ),
    columns=Answers("outcome"),
    multi_response=True,
    notes=("A plan for neglect, neglect as the nature of the death or harm, or neglect among the risk indicators.",),
    chart="none",
)
