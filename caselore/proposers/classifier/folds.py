"""In: the group of each case. Out: the fold of each, such that a group stays together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FOLDS = 5


def draw_folds(groups: Sequence[str], seed: int) -> tuple[NDArray[np.int64], bool]:
    """The fold of each case, and whether groups were kept together: not where there are fewer groups than folds.

    Large groups are dealt first, each to the smallest fold so far.
    """
    grouped = len(set(groups)) >= FOLDS
    names = list(groups) if grouped else [str(n) for n in range(len(groups))]
    sizes = Counter(names)
    order = [str(name) for name in np.random.default_rng(seed).permutation(sorted(sizes))]
    filled = [0] * FOLDS
    fold: dict[str, int] = {}
    for name in sorted(order, key=lambda one: -sizes[one]):
        fold[name] = filled.index(min(filled))
        filled[fold[name]] += sizes[name]
    return np.array([fold[name] for name in names], dtype=np.int64), grouped
