"""In: what the rules say of each code and what the classifier gives it. Out: one probability of the code.

The stack starts from the rules' confidence and moves it (Wolpert 1992): a logistic regression with that confidence as
offset, its coefficients drawn to zero by a Gaussian prior. Where the move has not shown its worth on folds left out it
is not made at all, so that a handful of cases cannot spoil good rules.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caselore.proposers.classifier.logistic import logistic, logit, sigmoid
from caselore.proposers.classifier.scoring import Sheet, chosen, f1, tally

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

NOT_PROPOSED = 0.05
"""What the rules give a code by silence."""

PRIOR_SPREAD = np.array([0.5, 1.0, 1.0, 0.5, 0.5])
"""How far a coefficient may go: level, classifier where rules are silent, where they speak, matches, stance."""

RESAMPLES = 200


@dataclass(frozen=True)
class Stack:
    """`moves` are the coefficients; all zero is the rules alone."""

    moves: Numbers

    @property
    def is_rules(self) -> bool:
        """Whether it changes nothing."""
        return not self.moves.any()

    def probability(self, sheet: Sheet, chances: Numbers) -> Numbers:
        """Cases x codes; `chances` are the classifier's, not a number where it knows nothing of a code."""
        return sigmoid(offset(sheet) + inputs(sheet, chances) @ self.moves)


RULES = Stack(np.zeros(len(PRIOR_SPREAD)))


def offset(sheet: Sheet) -> Numbers:
    """The rules' confidence as log odds. The default of a choice counts as said where the rules say nothing."""
    sure = np.where(sheet.confidence > 0, np.clip(sheet.confidence, 0.03, 0.97), NOT_PROPOSED)
    if sheet.default is not None:
        silent = ~(sheet.confidence > 0).any(axis=1)
        sure[silent, sheet.default] = 0.5
    return logit(sure)


def inputs(sheet: Sheet, chances: Numbers) -> Numbers:
    """Cases x codes x coefficients."""
    said = sheet.confidence > 0
    heard = np.where(np.isnan(chances), 0.0, logit(np.where(np.isnan(chances), 0.5, chances)))
    return np.stack(
        [
            np.where(np.isnan(chances), 0.0, 1.0),
            np.where(said, 0.0, heard),
            np.where(said, heard, 0.0),
            np.where(said, np.log1p(sheet.matches) - np.log(2), 0.0),
            np.where(said, -sheet.doubtful, 0.0),
        ],
        axis=-1,
    )


def learn_stack(sheet: Sheet, chances: Numbers, among: Flags) -> Stack:
    """The stack from the cases that are `among`; the rules alone unless it did better than they by a standard error."""
    left_out = np.full(sheet.truth.shape, np.nan)
    for fold in np.unique(sheet.folds[among]):
        hold = among & (sheet.folds == fold)
        stack = _fit(sheet, chances, among & ~hold)
        left_out[hold] = stack.probability(sheet, chances)[hold]
    return _fit(sheet, chances, among) if _worth_it(sheet, left_out, among) else RULES


def _worth_it(sheet: Sheet, left_out: Numbers, among: Flags) -> bool:
    rules = tally(chosen(RULES.probability(sheet, left_out * np.nan), sheet), sheet)
    stacked = tally(chosen(np.nan_to_num(left_out), sheet), sheet)
    rows = np.flatnonzero(among & sheet.asked)
    if not len(rows):
        return False
    draws = np.random.default_rng(0).choice(rows, size=(RESAMPLES, len(rows)))
    gains = [f1(stacked[draw]) - f1(rules[draw]) for draw in draws]
    return f1(stacked[rows]) - f1(rules[rows]) > float(np.std(gains))


def _fit(sheet: Sheet, chances: Numbers, among: Flags) -> Stack:
    """The coefficients from the cases that are `among`."""
    rows = among & sheet.asked
    moves_of = inputs(sheet, chances)[rows].reshape(-1, len(PRIOR_SPREAD))
    start, truth = offset(sheet)[rows].ravel(), sheet.truth[rows].ravel().astype(float)
    return Stack(logistic(moves_of, truth, start=start, spread=PRIOR_SPREAD))
