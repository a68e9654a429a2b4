"""How complete every field is: answered, in which state otherwise, or never put."""

from __future__ import annotations

from caselore.tables.table import Fields, States, Table

TABLE = Table(
    id="completeness",
    title="Completeness of every field",
    chapter="The reviews",
    place=99,
    rows=Fields(),
    columns=States(),
    measures=("count", "row_percent"),
    public=True,
    notes=("Fields of the codebook that were put to no case are left out.",),
    chart="none",
)
