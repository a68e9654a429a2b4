"""Age in the bands of the national statistics, for rates."""

from __future__ import annotations

from caselore.tables.table import Answers, Band, Bands, Table

TABLE = Table(
    id="age-rates",
    title="Age of the child in the bands of the national statistics",
    chapter="Patterns",
    place=7,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 5",
    rows=Bands(
        Answers("child_age"),
        (
            Band("0", "Under 1 year", 0, 12),
            Band("1-4", "1 to 4 years", 12, 60),
            Band("5-9", "5 to 9 years", 60, 120),
            Band("10-14", "10 to 14 years", 120, 180),
            Band("15-17", "15 to 17 years", 180, 216),
        ),
        label="Age at the incident",
    ),
    columns=Answers("outcome"),
    unit="child",
)
