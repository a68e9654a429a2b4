"""Highest level of social care ever."""

from __future__ import annotations

from caselore.tables.table import Answers, Table, Where

TABLE = Table(
    id="highest-social-care-level",
    title="Highest level of social care ever",
    chapter="Agencies and decisions",
    place=23,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 18",
    rows=Answers("highest_social_care_level"),
    where=(
        Where(
            Answers("social_care_status"),
            ("open", "closed", "below_threshold"),
            label="the child was at some time known to social care",
        ),
    ),
)
