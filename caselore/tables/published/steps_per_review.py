"""How many decisions a review reports."""

from __future__ import annotations

from caselore.tables.table import Column, Table, Whole

TABLE = Table(
    id="steps-per-review",
    title="Decisions reported in a review",
    chapter="Agencies and decisions",
    source="Coded layer, decisions",
    rows=Whole(),
    number=Column("steps"),
    measures=("n", "median", "lowest", "highest", "mean", "total"),
    chart="none",
)
