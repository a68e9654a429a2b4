"""Decision steps by the agency that took them."""

from __future__ import annotations

from caselore.tables.table import Column, Table

TABLE = Table(
    id="decision-steps-by-agency",
    title="Decision steps by the agency that took them",
    chapter="Agencies and decisions",
    place=4,
    source="Coded layer, decisions",
    rows=Column("agency", codes_of="agencies", order="count"),
    unit="step",
)
