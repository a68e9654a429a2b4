"""In: proposals and gold codings. Out: per field, how often codes given with a confidence turned out right.

Reliability bins (equal width), the Brier score (Brier 1950) of the codes that were given, and the expected calibration
error, which is the gap between confidence and precision, weighted by the counts of the bins (Guo et al. 2017).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from caselore.agreement.evaluation import MULTIPLE, SINGLE_DEFAULTS
from caselore.agreement.gold import GoldCase, match_cases
from caselore.records import Proposal

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Codes given with a confidence in (low, high]; the first bin holds 0 too.

    `right` of `count` stand in gold; `confidence` is their mean confidence.
    """

    low: float
    high: float
    count: int
    right: int
    confidence: float

    @property
    def precision(self) -> float:
        """The share that gold has; 0 for an empty bin."""
        return self.right / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """The calibration curve of one field; `brier` and `error` are 0 where no code was given."""

    field: str
    bins: tuple[Bin, ...]
    brier: float
    error: float
    count: int


def calibrate(
    proposals: Iterable[Proposal], gold: Sequence[GoldCase], *, bins: int = BINS
) -> Mapping[str, Calibration]:
    """The calibration of every field that gold answers and for which a code was given, decisions excepted.

    A code that nobody gave has no confidence and counts nowhere; recall is told by `evaluate`.
    """
    given: dict[str, list[tuple[float, bool]]] = {name: [] for name in (*SINGLE_DEFAULTS, *MULTIPLE)}
    hits = match_cases(proposals, gold)
    for case in gold:
        for code in hits[case.id].codes if case.id in hits else ():
            right = _right(case, code.field, code.code) if code.answer == "present" else None
            if code.field in given and right is not None:
                given[code.field].append((code.confidence, right))
    return {name: curve(name, pairs, bins=bins) for name, pairs in given.items() if pairs}


def _right(case: GoldCase, name: str, code: str) -> bool | None:
    """Whether gold has the code; None where gold does not answer the field."""
    if name in SINGLE_DEFAULTS:
        want = case.single.get(name)
        return None if want is None else want == code
    return code in case.multiple.get(name, {})


def curve(name: str, pairs: Sequence[tuple[float, bool]], *, bins: int = BINS) -> Calibration:
    """The curve of (confidence from 0 to 1, right or not) pairs."""
    rows: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for sure, right in pairs:
        rows[max(0, min(bins - 1, -int(-sure * bins // 1) - 1))].append((sure, right))
    made = tuple(_bin(n / bins, (n + 1) / bins, row) for n, row in enumerate(rows))
    count = len(pairs)
    brier = sum((sure - right) ** 2 for sure, right in pairs) / count if count else 0.0
    error = sum(each.count * abs(each.precision - each.confidence) for each in made) / count if count else 0.0
    return Calibration(name, made, brier, error, count)


def _bin(low: float, high: float, row: Sequence[tuple[float, bool]]) -> Bin:
    mean = sum(sure for sure, _ in row) / len(row) if row else 0.0
    return Bin(low, high, len(row), sum(right for _, right in row), mean)
