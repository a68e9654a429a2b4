"""The sequences of decisions as columns that a table can name: steps, transitions, and the path of a case.

A transition is a step and the one that directly follows it in the same case (the directly-follows relation of
W. van der Aalst, "Process Mining", 2016, ch. 6); a path is the order of a case's steps, whole or its first few.
"""

from __future__ import annotations

ARROW = ">"
"""Between two decisions in the key of a transition or a path."""

PREFIXES = (2, 3, 4)
"""How many first steps the columns `path_2`, `path_3`, `path_4` of a case hold."""

STEPS = """
SELECT ix, row_number() OVER follows AS step, decision_type, agency,
       lead(decision_type) OVER follows AS next_type, lead(agency) OVER follows AS next_agency
FROM (SELECT ix, step AS printed, decision_type, agency FROM decisions JOIN ids USING (case_id))
WINDOW follows AS (PARTITION BY ix ORDER BY printed)"""
"""SQL for the steps of every case, numbered from 1 without holes, each with the next."""

TRANSITIONS = f"""
SELECT ix, decision_type, next_type, agency, next_agency, decision_type || '{ARROW}' || next_type AS transition
FROM steps WHERE next_type IS NOT NULL"""


def path(length: int | None = None) -> str:
    """SQL for (ix, value): the first `length` decisions of each case in order, or all of them."""
    kept = "" if length is None else f" WHERE step <= {length}"
    return f"SELECT ix, string_agg(decision_type, '{ARROW}' ORDER BY step) AS value FROM steps{kept} GROUP BY ix"


CASE_COLUMNS = {
    "steps": "SELECT ids.ix, count(step) AS value FROM ids LEFT JOIN steps USING (ix) GROUP BY ids.ix",
    "decision_types": "SELECT ix, decision_type AS value FROM steps",
    "first_step": "SELECT ix, decision_type AS value FROM steps WHERE step = 1",
    "last_step": "SELECT ix, decision_type AS value FROM steps WHERE next_type IS NULL",
    "path": path(),
    **{f"path_{length}": path(length) for length in PREFIXES},
}
"""What a case's decisions add to its columns, each as SQL for (ix, value)."""
