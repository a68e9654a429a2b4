"""In: what was found so far, in the order of looking. Out: whether that is enough, and how likely it is not.

The statistical stopping rule of Callaghan and Müller-Hansen (2020, Systematic Reviews 9:273): among the documents not
looked at, if more than the tolerable number of relevant ones were left, a random sample would hardly have shown so
few. "Relevant" may be a report on a topic, or a case in which a coder had to change something.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import hypergeom

RECALL = 0.95
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Verdict:
    """`stop` if recall is at least `target` with the confidence asked for.

    `p` is the probability of having seen so few relevant ones if recall were below the target; `recall` is the lower
    bound of recall at that confidence.
    """

    stop: bool
    p: float
    recall: float
    target: float
    confidence: float


def after_sample(
    found_before: int,
    left_before: int,
    sampled: int,
    found: int,
    *,
    target: float = RECALL,
    confidence: float = CONFIDENCE,
) -> Verdict:
    """The rule proper: a random sample from what is left once looking in order seems done.

    Args:
        found_before: relevant ones found before the sample.
        left_before: documents not looked at when the sample began.
        sampled: documents drawn at random from these and looked at.
        found: relevant ones among them.
        target: the recall to reach.
        confidence: one minus the tolerated risk that recall is lower.
    """
    if not 0 <= found <= sampled <= left_before:
        raise ValueError("a sample holds no more than was left, and finds no more than it holds")
    p = _p(found_before, left_before, sampled, found, target)
    bound = _bound(found_before, left_before, sampled, found, 1 - confidence)
    return Verdict(p < 1 - confidence or sampled == left_before, p, bound, target, confidence)


def in_order(
    labels: Sequence[bool], documents: int, *, target: float = RECALL, confidence: float = CONFIDENCE
) -> Verdict:
    """The paper's rule without a sample of its own: the latest documents looked at stand for a random draw.

    They were ranked likelier to be relevant than the rest, so the draw is unfavourable to stopping while the ranking is
    better than chance. Every split of the labels (in the order of looking) is tried and the least p is taken, as the
    paper does; trying many splits makes the stated risk approximate. `after_sample` has no such reserve.
    """
    seen = np.asarray(labels, dtype=bool)
    if len(seen) >= documents:
        return Verdict(True, 0.0, 1.0, target, confidence)
    if not seen.any():
        return Verdict(False, 1.0, 0.0, target, confidence)
    sizes = np.arange(1, len(seen) + 1)
    found = np.cumsum(seen[::-1])
    left = documents - len(seen) + sizes
    before = int(seen.sum()) - found
    missing = _too_many(before, before + found, target)
    p = np.where(missing > left, 0.0, hypergeom.cdf(found, left, np.minimum(missing, left), sizes))
    least = int(np.argmin(p))
    bound = _bound(int(before[least]), int(left[least]), int(sizes[least]), int(found[least]), 1 - confidence)
    return Verdict(float(p[least]) < 1 - confidence, float(p[least]), bound, target, confidence)


def _too_many(before: np.ndarray | int, seen: np.ndarray | int, target: float) -> np.ndarray:
    """The least number of relevant ones among those left at which recall would miss the target."""
    return np.floor(np.asarray(seen) / target + 1e-9).astype(np.int64) + 1 - before


def _p(before: int, left: int, sampled: int, found: int, target: float) -> float:
    missing = int(_too_many(before, before + found, target))
    return 0.0 if missing > left else float(hypergeom.cdf(found, left, missing, sampled))


def _bound(before: int, left: int, sampled: int, found: int, risk: float) -> float:
    """The least recall that is not refuted at the risk: found of all, over the most that may have been there."""
    most = np.arange(found, left - (sampled - found) + 1)
    plausible = most[hypergeom.cdf(found, left, most, sampled) >= risk]
    there = before + int(plausible.max(initial=found))
    return (before + found) / there if there else 1.0
