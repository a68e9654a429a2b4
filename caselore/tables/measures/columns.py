"""Decisions in order come in; columns of cases that measures rest on go out, to be counted like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import numpy.typing as npt

from caselore.tables.measures import undone
from caselore.tables.measures.courses import alike
from caselore.tables.paths import Keyed, Steps

Mask = npt.NDArray[np.bool_]
"""Which cases are of the cohort."""

LIKE = "like_course"
"""The column of the shared course of decisions that a case's own is nearest to."""

UNDONE = "undone_"
OPENER = "opener_"
"""Before the name of a pattern: whether its answer came, and the agency that took the step which opened it."""


def _undone(pattern: undone.Undone, steps: Steps, _: Mask) -> Keyed:
    return undone.answered(steps, pattern)


def _opener(pattern: undone.Undone, steps: Steps, _: Mask) -> Keyed:
    return undone.opener(steps, pattern)


COLUMNS: Mapping[str, Callable[[Steps, Mask], Keyed]] = {
    LIKE: alike,
    **{UNDONE + one.id: partial(_undone, one) for one in undone.patterns()},
    **{OPENER + one.id: partial(_opener, one) for one in undone.patterns()},
}
"""Columns that a table can name, beside those of `paths` and `units`."""
