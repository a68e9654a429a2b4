"""What tables can count and name: the units, the columns of each and of cases, as SQL that reads a release's views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from caselore.errors import TableError
from caselore.tables import paths
from caselore.tables.table import Answers, Column, Unit

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
    "recommendations": "SELECT ix, value FROM advised",
    "steps": "SELECT ix, coalesce(n, 0) AS value FROM ids LEFT JOIN "
    "(SELECT case_id, count(*) AS n FROM decisions GROUP BY case_id) USING (case_id)",
}
"""Columns of a case that a table can name, each as SQL for (ix, value); those of `paths` come beside them."""

TEMPORARY: dict[str, str] = {
    "advice": "SELECT ix, types, addressees, level, smart, time_frame FROM recommendations JOIN ids USING (case_id)",
    "advised": "SELECT ix, coalesce(n, 0) AS value FROM ids LEFT JOIN "
    "(SELECT case_id, count(*) AS n FROM recommendations GROUP BY case_id) USING (case_id) "
    "WHERE n > 0 OR case_id IN (SELECT case_id FROM codes WHERE field = 'recommendation_type')",
}
"""Tables made when first read; `ids` has the cases, numbered by `ix`. Where no kind of recommendation was asked for,
nobody looked for any."""

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

KEY = "CASE answer WHEN 'present' THEN code ELSE answer END AS key"
"""SQL for the key of a row of codes: its code, or the state that it is in."""


def values_of(axis: Answers | Column) -> str:
    """SQL for (ix, value) of an axis that speaks of cases; raises TableError where there is no such column."""
    if isinstance(axis, Column):
        if axis.name not in CASE_COLUMNS:
            known = ", ".join(sorted((*CASE_COLUMNS, *paths.CASE_COLUMNS)))
            raise TableError(f"A case has no column {axis.name!r}; choose from {known}.")
        return CASE_COLUMNS[axis.name]
    return (
        "SELECT ix, coalesce(value::VARCHAR, code) AS value FROM codes JOIN ids USING (case_id) "
        f"WHERE field = {literal(axis.field)} AND answer = 'present'"
    )


def own_values(column: str) -> str:
    """SQL for (unit, key) of a column of recommendations."""
    value = f"unnest(list_distinct({column}))" if column in MANY_VALUED else column
    return f"SELECT rowid AS unit, ({value})::VARCHAR AS key FROM advice"


def within(value: str, at_least: float, below: float) -> str:
    """SQL for a number within half-open bounds."""
    bounds = [f"{value} >= {at_least}"] if at_least > -inf else []
    bounds += [f"{value} < {below}"] if below < inf else []
    return " AND ".join(bounds) or "TRUE"


def literal(text: str) -> str:
    """A string as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Sequence[str]) -> str:
    """Strings as an SQL list for IN; an empty one holds nothing."""
    return "(" + (", ".join(map(literal, texts)) or "NULL") + ")"
