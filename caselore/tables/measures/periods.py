"""Periods of publication that tables are divided into where nobody names others: five years each."""

from __future__ import annotations

from caselore.tables.table import Band, Bands, Column

PERIODS = Bands(
    Column("year"),
    (
        Band("before-2000", "Before 2000", below=2000),
        *(Band(f"{first}-{first + 4}", f"{first} to {first + 4}", first, first + 5) for first in range(2000, 2050, 5)),
    ),
    label="Year of publication",
)
"""Bands in which no review stands have no column in a table of a measure."""
