"""In: the sheet of one field. Out: how its scores become probabilities, and figures of folds left out.

Readers' scores are of cases that they did not see; the map from scores to probabilities, the stack and the decision
whether to stack at all are learned without the fold that they are judged on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caselore.proposers.classifier.calibration import Calibration, brier, calibrate
from caselore.proposers.classifier.conformal import COVERAGE, Region, region
from caselore.proposers.classifier.scoring import Score, Sheet, chosen, given, score
from caselore.proposers.classifier.stacking import RULES, Stack, learn_stack

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class FieldModel:
    """What a field needs beside the readers; `calibration` is None where none of its codes was frequent enough."""

    calibration: Calibration | None
    stack: Stack
    region: Region


@dataclass(frozen=True, slots=True)
class FieldFigures:
    """How a field did on folds left out.

    `stacked_on` is the share of folds in which the classifier moved the rules at all. `covered` is the share of true
    answers that remained possible (wanted: `COVERAGE`), `abstained` that of codes on which more than one did.
    """

    field: str
    cases: int
    codes: int
    learned: int
    rules: Score
    classifier: Score
    stacked: Score
    stacked_on: float
    brier_rules: float
    brier_stacked: float
    covered: float
    abstained: float


def learn_field(sheet: Sheet) -> tuple[FieldModel, FieldFigures]:
    """The field's maps from all cases, their region from folds left out; and the figures of folds left out."""
    everyone = np.ones(len(sheet.folds), dtype=bool)
    calibration = _calibration(sheet, everyone)
    stack = learn_stack(sheet, _chances(sheet, calibration), everyone)
    crossed = cross_fitted(sheet)
    bounds = region(crossed.stacked[sheet.asked].ravel(), sheet.truth[sheet.asked].ravel())
    return FieldModel(calibration, stack, bounds), figures_of(sheet, crossed)


@dataclass(frozen=True)
class Crossed:
    """Probabilities for cases left out, of the classifier and of the stack, and the share of folds that stacked."""

    alone: Numbers
    stacked: Numbers
    moved: float


def figures_of(sheet: Sheet, crossed: Crossed) -> FieldFigures:
    """Rules, classifier and stack side by side, each case judged by what was learned without its fold."""
    rules = RULES.probability(sheet, np.full(sheet.truth.shape, np.nan))
    asked = sheet.asked
    truth = sheet.truth[asked].ravel()
    said, covered, abstained = _judged(sheet, crossed.stacked)
    return FieldFigures(
        field=sheet.field,
        cases=int(asked.sum()),
        codes=int(sheet.truth[asked].any(axis=0).sum()),
        learned=int(sheet.learned.sum()),
        rules=score(chosen(rules, sheet), sheet),
        classifier=score(_chosen_alone(crossed.alone, sheet), sheet),
        stacked=score(said, sheet),
        stacked_on=crossed.moved,
        brier_rules=brier(rules[asked].ravel(), truth),
        brier_stacked=brier(crossed.stacked[asked].ravel(), truth),
        covered=covered,
        abstained=abstained,
    )


def cross_fitted(sheet: Sheet) -> Crossed:
    """Each fold judged by what was learned without it."""
    alone, stacked = np.full(sheet.truth.shape, np.nan), np.zeros(sheet.truth.shape)
    moved = []
    for fold in np.unique(sheet.folds):
        hold = sheet.folds == fold
        calibration = _calibration(sheet, ~hold)
        chances = _chances(sheet, calibration)
        stack = learn_stack(sheet, chances, ~hold)
        alone[hold], stacked[hold] = chances[hold], stack.probability(sheet, chances)[hold]
        moved.append(not stack.is_rules)
    return Crossed(alone, stacked, float(np.mean(moved)))


def _calibration(sheet: Sheet, among: Flags) -> Calibration | None:
    rows = among & sheet.asked
    if not sheet.learned.any() or not rows.any():
        return None
    scores = sheet.scores[rows][:, sheet.learned]
    return calibrate(scores.reshape(-1, 2), sheet.truth[rows][:, sheet.learned].ravel())


def _chances(sheet: Sheet, calibration: Calibration | None) -> Numbers:
    out = np.full(sheet.truth.shape, np.nan)
    if calibration is not None:
        out[:, sheet.learned] = calibration.probability(sheet.scores[:, sheet.learned])
    return out


def _chosen_alone(chances: Numbers, sheet: Sheet) -> Flags:
    """The classifier with nothing else: what it does not know it does not give, and of a choice it says the default."""
    known = np.nan_to_num(chances, nan=0.0)
    if sheet.default is not None:
        known[:, sheet.default] = np.maximum(known[:, sheet.default], 0.01)
    return chosen(known, sheet)


def _judged(sheet: Sheet, stacked: Numbers) -> tuple[Flags, float, float]:
    """What the regions of the other folds make of each fold: codes given, share covered, share abstained on."""
    out = np.zeros(sheet.truth.shape, dtype=bool)
    covered, abstained = out.copy(), out.copy()
    for fold in np.unique(sheet.folds):
        hold, rest = sheet.folds == fold, sheet.asked & (sheet.folds != fold)
        bounds = region(stacked[rest].ravel(), sheet.truth[rest].ravel(), COVERAGE)
        chances = stacked[hold]
        out[hold] = given(stacked, sheet, bounds.sure(stacked))[hold]
        covered[hold] = np.where(sheet.truth[hold], chances >= bounds.present_from, chances <= bounds.absent_to)
        abstained[hold] = bounds.abstains(chances)
    return out, float(covered[sheet.asked].mean()), float(abstained[sheet.asked].mean())
