"""What tables can count and name: the units, the columns of each and of cases, as SQL that reads a release's views."""

from __future__ import annotations

from dataclasses import dataclass

from caselore.errors import TableError
from caselore.tables import paths
from caselore.tables.table import Column, Unit

PLAIN = (
    "source_type",
    "jurisdiction",
    "year",
    "scale_band",
    "publisher",
    "licence",
    "n_cases",
    "children",
    "incident_year",
    "status",
)

CASE_COLUMNS: dict[str, str] = {
    **{name: f"SELECT ix, {name} AS value FROM ids" for name in PLAIN},
    "incident_financial_year": "SELECT ix, incident_year - (number < 4)::INTEGER AS value FROM ids JOIN "
    "(SELECT case_id, any_value(TRY_CAST(coalesce(value::VARCHAR, code) AS INTEGER)) AS number FROM codes "
    "WHERE field = 'incident_month' AND answer = 'present' GROUP BY case_id) USING (case_id) "
    "WHERE number BETWEEN 1 AND 12 AND incident_year IS NOT NULL",
    "years_to_publication": "SELECT ix, year - incident_year AS value FROM ids WHERE year >= incident_year",
    "recommendations": "",
    "steps": "",
}
"""Columns of a case that a table can name, each as SQL for (ix, value), empty where it is counted
from another table; those of `paths` come beside them."""

ADVISED = "recommendation_type"
"""Where no kind of recommendation was asked for, nobody looked for any."""

MANY_VALUED = frozenset({"types", "addressees", "smart"})
"""Columns of a unit that hold lists; a unit is in a category for each."""


@dataclass(frozen=True, slots=True)
class UnitKind:
    """What is counted, if it is not a case: its own columns; and what to call one and several."""

    columns: tuple[str, ...]
    one: str
    many: str


UNITS: dict[Unit, UnitKind] = {
    "case": UnitKind((), "review", "reviews"),
    "child": UnitKind((), "child", "children"),
    "recommendation": UnitKind(
        ("types", "addressees", "level", "smart", "time_frame"), "recommendation", "recommendations"
    ),
    "step": UnitKind(("decision_type", "agency"), "decision", "decisions"),
    "transition": UnitKind(
        ("decision_type", "next_type", "agency", "next_agency", "transition"),
        "pair of successive decisions",
        "pairs of successive decisions",
    ),
}


def values_of(axis: Column) -> str:
    """SQL for (ix, value) of a column of cases; raises TableError where there is no such column."""
    if axis.name not in CASE_COLUMNS:
        known = ", ".join(sorted((*CASE_COLUMNS, *paths.CASE_COLUMNS)))
        raise TableError(f"A case has no column {axis.name!r}; choose from {known}.")
    return CASE_COLUMNS[axis.name]
