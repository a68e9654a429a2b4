"""The circumstances that the report's grids mark for young people, as groups of codes; no input, no output."""

from __future__ import annotations

from caselore.tables.table import Group, Groups

_RISKS = (
    ("parents", "Domestic abuse, substance use or neglect", "domestic_abuse substance_use neglect"),
    ("separation", "Acrimonious separation", "parental_separation"),
    ("in_care", "In care or detained", "child_in_care boarding_or_closed_setting"),
    ("missing", "Going missing or unstable housing", "going_missing unstable_housing"),
    ("self_harm", "Mental ill health, self-harm", "mental_ill_health self_harm_or_suicidality"),
    ("carer", "Young carer", "young_carer"),
    ("crime", "Offending", "criminality"),
    ("school", "Absence or exclusion from school", "school_absence_or_exclusion"),
)

GRID = Groups(
    (
        *(
            Group(key, label, tuple(("risk_indicators", code) for code in codes.split()))
            for key, label, codes in _RISKS
        ),
        Group("at_home", "At home", (("living_arrangement", "at_home"),)),
        Group("open_case", "Open to social care", (("social_care_status", "open"),)),
        Group("mental_health_service", "Mental health service involved", (("agencies", "health_mental"),)),
        Group("youth_offending", "Youth offending team involved", (("agencies", "youth_offending"),)),
    ),
    label="Circumstance",
)
"""What tables 26 and 28 mark, as far as there are codes for it; a blank means that it is not mentioned."""

CODES = tuple(code for *_, codes in _RISKS for code in codes.split())
"""The risk indicators among them, for co-occurrence."""
