"""Reviews by the number of children in the authority."""

from __future__ import annotations

from caselore.tables.table import Answers, Band, Bands, Table

TABLE = Table(
    id="authority-size",
    title="Reviews by the number of children in the authority",
    chapter="Patterns",
    place=9,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 3",
    rows=Bands(
        Answers("authority_children"),
        (
            Band("0-50000", "Under 50,000", 0, 50_000),
            Band("50000-100000", "50,000 to under 100,000", 50_000, 100_000),
            Band("100000-150000", "100,000 to under 150,000", 100_000, 150_000),
            Band("150000-200000", "150,000 to under 200,000", 150_000, 200_000),
            Band("200000+", "200,000 and more", 200_000),
        ),
        label="Children in the authority",
    ),
    columns=Answers("outcome"),
)
