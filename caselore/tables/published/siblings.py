"""Brothers and sisters of the child."""

from __future__ import annotations

from caselore.tables.table import Answers, Band, Bands, Table

TABLE = Table(
    id="siblings",
    title="Brothers and sisters of the index child",
    chapter="Child, family and environment",
    place=11,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 9",
    rows=Bands(
        Answers("siblings"),
        (*(Band(str(n), str(n) if n else "No siblings", n, n + 1) for n in range(6)), Band("6+", "6 and more", 6)),
        label="Siblings",
    ),
    notes=("None is counted only where the papers say so; silence stands apart.",),
)
