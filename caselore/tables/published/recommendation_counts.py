"""How many recommendations a review makes."""

from __future__ import annotations

from caselore.tables.table import Band, Bands, Column, Table

TABLE = Table(
    id="recommendations-per-review",
    title="Recommendations in a review",
    chapter="Learning and recommendations",
    place=3,
    source="Triennial analysis of serious case reviews 2011 to 2014, section 9.3.1",
    rows=Bands(
        Column("recommendations"),
        (
            Band("none", "None found", 0, 1),
            Band("1-5", "1 to 5", 1, 6),
            Band("6-10", "6 to 10", 6, 11),
            Band("11-20", "11 to 20", 11, 21),
            Band("21+", "21 and more", 21),
        ),
    ),
)
