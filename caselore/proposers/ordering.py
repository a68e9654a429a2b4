"""In: proposals with confidences, and which cases are validated. Out: the next case, the work left, when to stop.

Plain functions of records; the workbench calls them. Uncertainty and diversity together (Settles 2009; Carbonell and
Goldstein 1998): a case is worth a person's time if its codes are in doubt and it is unlike those already seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from caselore.records import Code, Proposal

Numbers = NDArray[np.float64]

DIVERSITY = 0.5
"""What likeness to cases already seen takes away, from 0 (nothing) to 1 (all)."""

CERTAINTY = 0.95
"""Two-sided, of the interval of the work left."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One code of one case (its place in the sequence of proposals), and how unsure it is: 0 sure, 1 even."""

    case: int
    code: Code
    uncertainty: float


@dataclass(frozen=True, slots=True)
class Next:
    """A case to validate: its place in the sequence of proposals, why, and what it is worth."""

    case: int
    uncertainty: float
    novelty: float
    worth: float


@dataclass(frozen=True, slots=True)
class WorkLeft:
    """Cases still to validate until the data as a whole reach an agreement: expected, and its interval.

    `agreement` is that of proposals with coders, on which it rests; `measured` says whether it comes from validated
    cases or only from the proposals' own confidence.
    """

    cases: int
    low: int
    high: int
    agreement: float
    measured: bool


def uncertainty(confidence: float) -> float:
    """The entropy of a yes or no of that probability, in bits."""
    if confidence <= 0 or confidence >= 1:
        return 0.0
    other = 1 - confidence
    return float(-(confidence * np.log2(confidence) + other * np.log2(other)))


def doubts(proposals: Sequence[Proposal], *, validated: Collection[int] = ()) -> list[Doubt]:
    """Every code of the cases not yet validated, the most doubtful first: the next passages to look at."""
    found = [
        Doubt(n, code, uncertainty(code.confidence))
        for n, proposal in enumerate(proposals)
        if n not in validated
        for code in _open(proposal)
    ]
    return sorted(found, key=lambda one: -one.uncertainty)


def next_cases(
    proposals: Sequence[Proposal], count: int = 1, *, validated: Collection[int] = (), diversity: float = DIVERSITY
) -> list[Next]:
    """The cases to validate next, best first, each chosen in the light of those chosen before it.

    Args:
        proposals: of all cases of the study; a case is known by its place here.
        count: how many cases to name; fewer are named if fewer are left.
        validated: places of cases that are done.
        diversity: how much likeness to cases done or chosen counts against a case, from 0 to 1.
    """
    unsure = np.array([_mean_uncertainty(proposal) for proposal in proposals])
    rows = _rows(proposals)
    likest = np.zeros(len(proposals))
    for n in validated:
        likest = np.maximum(likest, rows @ rows[n])
    left = [n for n in range(len(proposals)) if n not in validated]
    chosen: list[Next] = []
    while left and len(chosen) < count:
        worth = unsure[left] * (1 - diversity * likest[left])
        best = left[int(np.argmax(worth))]
        chosen.append(Next(best, float(unsure[best]), float(1 - likest[best]), float(worth.max())))
        likest = np.maximum(likest, rows @ rows[best])
        left.remove(best)
    return chosen


def work_left(
    proposals: Sequence[Proposal], wanted: float, *, validated: Collection[int] = (), right: int = 0, wrong: int = 0
) -> WorkLeft:
    """How many cases more until codes agree with coders at the rate `wanted`, validated cases agreeing by definition.

    Args:
        proposals: of all cases of the study.
        wanted: the share of codes that shall agree in the data as a whole, e.g. 0.98.
        validated: places of cases that are done.
        right: proposed codes that coders accepted, in cases drawn at random; with cases chosen because they were
            doubtful the estimate errs towards more work.
        wrong: proposed codes that they rejected or changed, and codes that they added.
    """
    left = [proposal for n, proposal in enumerate(proposals) if n not in validated]
    measured = right + wrong > 0
    if measured:
        middle = (right + 0.5) / (right + wrong + 1)
        tail = (1 - CERTAINTY) / 2
        worst, best = beta.ppf([tail, 1 - tail], right + 0.5, wrong + 0.5)  # Jeffreys' interval
    else:
        sure = [code.confidence for proposal in left for code in _open(proposal)]
        middle = worst = best = float(np.mean(sure)) if sure else 1.0
    expected, low, high = (_needed(len(proposals), len(left), wanted, float(rate)) for rate in (middle, best, worst))
    return WorkLeft(expected, low, high, agreement=float(middle), measured=measured)


def _needed(cases: int, left: int, wanted: float, rate: float) -> int:
    """The least m with (done + m + (left - m) rate) / cases >= wanted."""
    if rate >= 1:
        return 0
    done = cases - left
    short = wanted * cases - done - left * rate
    return int(min(left, max(0, np.ceil(short / (1 - rate) - 1e-9))))


def _open(proposal: Proposal) -> Iterator[Code]:
    return (code for code in proposal.codes if code.status == "proposed" and code.answer == "present")


def _mean_uncertainty(proposal: Proposal) -> float:
    """Of its codes; a case with none may have been overlooked altogether, and counts as half unsure."""
    found = [uncertainty(code.confidence) for code in _open(proposal)]
    return float(np.mean(found)) if found else 0.5


def _rows(proposals: Sequence[Proposal]) -> Numbers:
    """Cases by their codes, weighted by confidence, each row of length 1: likeness is the cosine."""
    columns: dict[tuple[str, str], int] = {}
    for proposal in proposals:
        for code in proposal.codes:
            columns.setdefault((code.field, code.code), len(columns))
    rows = np.zeros((len(proposals), max(len(columns), 1)))
    for n, proposal in enumerate(proposals):
        for code in proposal.codes:
            rows[n, columns[code.field, code.code]] = code.confidence
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, length, out=np.zeros_like(rows), where=length > 0))
