"""In: probabilities of folds left out, and answers. Out: which answers remain possible at a stated coverage.

Cross-conformal prediction (Vovk 2015) with thresholds of each answer by itself, so that coverage holds among the codes
that are there and among those that are not (Vovk 2012); more than one answer left means that the classifier abstains.
The guarantee assumes that new cases come from where the validated ones came from. It is over all codes of a field
together: of a code seen five times nothing can be promised alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

COVERAGE = 0.9


@dataclass(frozen=True, slots=True)
class Region:
    """Of a code, ``present`` remains possible from `present_from` on, ``absent`` up to `absent_to`."""

    present_from: float
    absent_to: float

    def sure(self, chances: Numbers) -> Flags:
        """Where ``present`` alone remains."""
        return np.asarray((chances >= self.present_from) & (chances > self.absent_to))

    def abstains(self, chances: Numbers) -> Flags:
        """Where both answers remain, or neither."""
        return np.asarray((chances >= self.present_from) == (chances <= self.absent_to))


def region(chances: Numbers, answers: Flags, coverage: float = COVERAGE) -> Region:
    """The thresholds at which the true answer remains for a share `coverage` of new codes, whichever it is."""
    return Region(
        present_from=_lowest(chances[answers], coverage),
        absent_to=1 - _lowest(1 - chances[~answers], coverage),
    )


def _lowest(chances: Numbers, coverage: float) -> float:
    """The chance of the true answer that all but a share ``1 - coverage`` reach; 0 where too few are known to say."""
    rank = int(np.floor((1 - coverage) * (len(chances) + 1)))
    return float(np.sort(chances)[rank - 1]) if rank else 0.0
