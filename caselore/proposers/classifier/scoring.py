"""In: probabilities and answers of one field. Out: which codes are given, and how good that is, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]

RESAMPLES = 1_000


@dataclass(frozen=True)
class Sheet:
    """One field of all training cases; every array is cases x codes unless said otherwise.

    `asked` and `folds` have one entry a case. `single` fields hold one code a case, and `default` is the column of
    the code meant by silence, or None. `scores` are cases x codes x 2 (best passage, whole case) from folds left
    out, and not a number where a code was too rare to learn.
    """

    field: str
    codes: tuple[str, ...]
    single: bool
    default: int | None
    truth: Flags
    asked: Flags
    folds: Counts
    confidence: Numbers
    matches: Numbers
    doubtful: Numbers
    scores: Numbers

    @property
    def learned(self) -> Flags:
        """Of each code whether the classifier knows it."""
        return np.asarray(~np.isnan(self.scores[:, :, 0]).all(axis=0))


def chosen(chances: Numbers, sheet: Sheet) -> Flags:
    """The codes given: the likeliest of a field that holds one, else all that are likelier than not."""
    if not sheet.single:
        return np.asarray(chances >= 0.5)
    out = np.zeros(chances.shape, dtype=bool)
    if out.size:
        out[np.arange(len(out)), np.argmax(chances, axis=1)] = True
    return out


def given(chances: Numbers, sheet: Sheet, sure: Flags) -> Flags:
    """The codes proposed: those chosen, but against the silence of the rules only where it is sure.

    Of a single field the rules' code stands (their silence being its default) where another is likelier, not sure.
    """
    found, said = chosen(chances, sheet), sheet.confidence > 0
    if not sheet.single:
        return np.asarray(found & (said | sure))
    stands = said.copy()
    if sheet.default is not None:
        stands[~said.any(axis=1), sheet.default] = True
    allowed = np.any(found & (stands | sure), axis=1, keepdims=True)
    keep = np.any(stands, axis=1, keepdims=True) & ~allowed
    return np.asarray(np.where(keep, stands, found))


def tally(given: Flags, sheet: Sheet) -> Counts:
    """For each case how many codes were right, too many, missed: cases x 3, zeros where it was not asked."""
    truth, asked = sheet.truth, sheet.asked[:, None]
    parts = [(given & truth & asked), (given & ~truth & asked), (~given & truth & asked)]
    return np.stack([part.sum(axis=1) for part in parts], axis=1)


def f1(counts: Counts) -> float:
    """2 right / (2 right + extra + missed) over the rows; for a field of one code this is accuracy."""
    right, extra, missed = counts.sum(axis=0)
    whole = 2 * right + extra + missed
    return float(2 * right / whole) if whole else 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """F1 (accuracy of a single field) on folds left out, and its 95 % bootstrap interval over cases."""

    f1: float
    low: float
    high: float


def score(given: Flags, sheet: Sheet, *, seed: int = 0) -> Score:
    """The score of the codes given, with a percentile bootstrap over cases (Efron and Tibshirani 1993)."""
    counts = tally(given, sheet)[sheet.asked]
    drawn = np.random.default_rng(seed).integers(len(counts), size=(RESAMPLES, len(counts)))
    low, high = np.percentile([f1(counts[draw]) for draw in drawn], [2.5, 97.5])
    return Score(f1(counts), float(low), float(high))
