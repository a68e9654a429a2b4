"""How many index children a review is about."""

from __future__ import annotations

from caselore.tables.table import Band, Bands, Column, Table

TABLE = Table(
    id="children",
    title="Index children in a review",
    chapter="Patterns",
    rows=Bands(
        Column("children"),
        (
            Band("1", "One", 1, 2),
            Band("2", "Two", 2, 3),
            Band("3-5", "Three to five", 3, 6),
            Band("6+", "Six and more", 6),
        ),
        label="Index children",
    ),
)
