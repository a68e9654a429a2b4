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
    "recommendations": "SELECT ix, value FROM advised",
    **paths.CASE_COLUMNS,
}
"""Columns of a case that a table can name, each as SQL for (ix, value)."""

TEMPORARY: dict[str, tuple[str, str]] = {
    "steps": ("", paths.STEPS),
    "transitions": ("steps", paths.TRANSITIONS),
    "advice": (
        "",
        "SELECT ix, types, addressees, level, smart, time_frame FROM recommendations JOIN ids USING (case_id)",
    ),
    "advised": (
        "advice",
        "SELECT ix, coalesce(n, 0) AS value FROM ids LEFT JOIN (SELECT ix, count(*) AS n FROM advice GROUP BY ix) "
        "USING (ix) WHERE n > 0 OR case_id IN (SELECT case_id FROM codes WHERE field = 'recommendation_type')",
    ),  # where no kind of recommendation was asked for, nobody looked for any
}
"""Tables made when first read: the one that each needs, and its SQL. `ids` has the cases, numbered by `ix`."""

MANY_VALUED = frozenset({"types", "addressees", "smart"})
"""Columns of a unit that hold lists; a unit is in a category for each."""


@dataclass(frozen=True, slots=True)
class UnitKind:
    """What is counted: the temporary table of it if it is not a case, its own columns, what to call one and several."""

    table: str
    columns: tuple[str, ...]
    one: str
    many: str


UNITS: dict[Unit, UnitKind] = {
    "case": UnitKind("", (), "review", "reviews"),
    "child": UnitKind("", (), "child", "children"),
    "recommendation": UnitKind(
        "advice", ("types", "addressees", "level", "smart", "time_frame"), "recommendation", "recommendations"
    ),
    "step": UnitKind("steps", ("decision_type", "agency"), "decision", "decisions"),
    "transition": UnitKind(
        "transitions",
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
            raise TableError(f"A case has no column {axis.name!r}; choose from {', '.join(sorted(CASE_COLUMNS))}.")
        return CASE_COLUMNS[axis.name]
    return (
        "SELECT ix, coalesce(value::VARCHAR, code) AS value FROM codes JOIN ids USING (case_id) "
        f"WHERE field = {literal(axis.field)} AND answer = 'present'"
    )


def own_values(column: str, unit: Unit) -> str:
    """SQL for (unit, key) of a column that a unit has itself."""
    value = f"unnest(list_distinct({column}))" if column in MANY_VALUED else column
    return f"SELECT rowid AS unit, ({value})::VARCHAR AS key FROM {UNITS[unit].table}"


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
