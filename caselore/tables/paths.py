"""The sequences of decisions as columns that a table can name: steps, transitions, and the path of a case.

A transition is a step and the one that directly follows it in the same case (the directly-follows relation of
W. van der Aalst, "Process Mining", 2016, ch. 6); a path is the order of a case's steps, whole or its first few.
"""

from __future__ import annotations

ARROW = ">"
"""Between two decisions in the key of a transition or a path."""

PREFIXES = (2, 3, 4)
"""How many first steps the columns `path_2`, `path_3`, `path_4` of a case hold."""

STEPS = "SELECT case_id, step, decision_type, agency FROM decisions"

TRANSITIONS = f"""
SELECT case_id, step, decision_type, next_type, agency, next_agency,
       decision_type || '{ARROW}' || next_type AS transition
FROM (
    SELECT case_id, step, decision_type, agency,
           lead(decision_type) OVER follows AS next_type, lead(agency) OVER follows AS next_agency
    FROM decisions WINDOW follows AS (PARTITION BY case_id ORDER BY step)
) WHERE next_type IS NOT NULL"""


def path(length: int | None = None) -> str:
    """SQL for (case_id, value): the first `length` decisions of each case in order, or all of them."""
    kept = "" if length is None else f" WHERE step <= {length}"
    return (
        f"SELECT case_id, string_agg(decision_type, '{ARROW}' ORDER BY step) AS value "
        f"FROM {_NUMBERED}{kept} GROUP BY case_id"
    )


_NUMBERED = (  # printed step numbers can have holes
    "(SELECT case_id, decision_type, row_number() OVER (PARTITION BY case_id ORDER BY step) AS step FROM decisions)"
)

CASE_COLUMNS = {
    "steps": "SELECT case_id, count(step) AS value FROM cases LEFT JOIN decisions USING (case_id) GROUP BY case_id",
    "decision_types": "SELECT DISTINCT case_id, decision_type AS value FROM decisions",
    "first_step": "SELECT case_id, arg_min(decision_type, step) AS value FROM decisions GROUP BY case_id",
    "last_step": "SELECT case_id, arg_max(decision_type, step) AS value FROM decisions GROUP BY case_id",
    "path": path(),
    **{f"path_{length}": path(length) for length in PREFIXES},
}
"""What a case's decisions add to its columns, each as SQL for (case_id, value)."""
