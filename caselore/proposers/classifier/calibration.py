"""In: scores of folds left out, and answers. Out: a map from scores to probabilities.

Logistic (Platt 1999) where there are few answers; followed by an isotonic step where there are at least a thousand,
because below that isotonic regression overfits (Niculescu-Mizil and Caruana 2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caselore.proposers.classifier.logistic import logistic, sigmoid

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

ENOUGH_FOR_STEPS = 1_000
"""Answers ``present`` from which on steps are fitted."""

LEAST, MOST = 0.002, 0.998
LEVEL_SPREAD = 10.0


@dataclass(frozen=True)
class Calibration:
    """`slope` has a number for every score; `steps` are two rows of equal length, given and meant, or empty."""

    slope: Numbers
    level: float
    steps: Numbers

    def probability(self, scores: Numbers) -> Numbers:
        """The probability of each row of scores (..., scores) -> (...)."""
        chance = sigmoid(scores @ self.slope + self.level)
        if self.steps.size:
            chance = np.interp(chance, self.steps[0], self.steps[1])
        return np.asarray(np.clip(chance, LEAST, MOST))


def calibrate(scores: Numbers, answers: Flags) -> Calibration:
    """Fit on rows of scores (rows x scores) that were made without their own answers."""
    width, empty = scores.shape[1], np.empty((2, 0))
    if answers.all() or not answers.any():
        share = (answers.sum() + 0.5) / (len(answers) + 1)
        return Calibration(np.zeros(width), float(np.log(share / (1 - share))), empty)
    spread = np.maximum(scores.std(axis=0), 1e-9)
    rows = np.column_stack([scores / spread, np.ones(len(scores))])
    found = logistic(rows, answers.astype(float), spread=np.append(np.ones(width), LEVEL_SPREAD))
    plain = Calibration(found[:-1] / spread, float(found[-1]), empty)
    if answers.sum() < ENOUGH_FOR_STEPS:
        return plain
    return Calibration(plain.slope, plain.level, _steps(plain.probability(scores), answers))


def _steps(chances: Numbers, answers: Flags) -> Numbers:
    from sklearn.isotonic import IsotonicRegression

    fitted = IsotonicRegression(out_of_bounds="clip").fit(chances, answers)
    return np.vstack([fitted.X_thresholds_, fitted.y_thresholds_])


def brier(chances: Numbers, answers: Flags) -> float:
    """The mean squared distance of probabilities from what was so (Brier 1950); 0 is perfect."""
    return float(np.mean((chances - answers) ** 2)) if len(answers) else 0.0
