"""In: the openings and the rules' answers to them. Out: the weights that ship.

``python -m caselore.proposers.exemplars.teaching`` writes them anew. The rules had not met the openings, but for a file
that says so, whose openings teach nothing of how far to trust the rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from caselore.documents.sections import sections
from caselore.proposers.casetext import CaseText
from caselore.proposers.exemplars.deciding import (
    CONTEXT,
    FILE,
    SOURCE,
    WHAT,
    Decider,
    Taught,
    heard,
    save,
    shared_features,
)
from caselore.proposers.exemplars.openings import Opening, openings
from caselore.proposers.exemplars.shipped import fingerprint, texts
from caselore.proposers.exemplars.telling import Told, told
from caselore.proposers.facts import Facts
from caselore.proposers.proposer import shipped
from caselore.records import Case, Document

Numbers = NDArray[np.float64]
Rows: TypeAlias = Any
"""A sparse table of scipy, which has no types."""

PENALTIES = {WHAT: (0.5, 0.1), SOURCE: (2.0, 1.0), CONTEXT: (1.0, 0.1)}
"""For each question what weights by code and shared weights cost; found on styles left out."""

LEAST = 2
"""Openings that a feature must stand in."""

ANSWERS: dict[str, Callable[[Opening], str]] = {
    WHAT: lambda one: one.what,
    SOURCE: lambda one: one.source,
    CONTEXT: lambda one: one.context,
}


@dataclass(frozen=True)
class Lesson:
    """An opening with its features; `shared` by question and code."""

    opening: Opening
    told: Told
    shared: dict[str, dict[str, dict[int, float]]]


def lessons(found: Sequence[Opening]) -> list[Lesson]:
    """Openings as the rules and the reader of features see them."""
    facts = Facts(shipped())
    codes = {question: tuple(sorted({answer(one) for one in found})) for question, answer in ANSWERS.items()}
    out = []
    for one in found:
        words = f"2019 - Anonymous - Child X\n\n{one.words}"
        document = Document("r.txt", "text/plain", "0" * 64, words, "plain@1", sections=sections(words))
        text = CaseText(document, Case("2019 - Anonymous - Child X", "r.txt", "0" * 64, 0, len(words)))
        reading, answers = facts.found(text)
        rules = {} if one.known_to_rules else heard(answers)
        read = told(reading, rules)
        shared = {question: shared_features(question, codes[question], read, rules) for question in ANSWERS}
        if one.known_to_rules:
            shared |= {question: {} for question in (WHAT, CONTEXT)}
            shared[SOURCE] = {code: dict(own) for code, own in read.people.items()}
        out.append(Lesson(one, read, shared))
    return out


def teach(found: Sequence[Lesson]) -> Taught:
    """The weights of all questions."""
    return Taught({question: decider(found, question) for question in ANSWERS}, fingerprint(texts(openings=True)))


def decider(found: Sequence[Lesson], question: str) -> Decider:
    """The weights of one question."""
    answers = [ANSWERS[question](one.opening) for one in found]
    codes = tuple(sorted(set(answers)))
    marks = _known(Counter(name for one in found for name in one.told.plain), LEAST)
    own = [[one.shared[question].get(code, {}) for one in found] for code in codes]
    shared_marks = _known(Counter(name for rows in own for row in rows for name in row), LEAST)
    meaning = sparse.csr_matrix(np.array([one.told.meaning for one in found]))
    plain = sparse.hstack([_table([one.told.plain for one in found], marks), meaning]).tocsr()
    shared = [_table(rows, shared_marks) for rows in own]
    wanted = np.array([codes.index(answer) for answer in answers])
    weights, common, base = _fitted(plain, shared, wanted, PENALTIES[question])
    split = len(marks)
    return Decider(
        codes,
        np.array(marks, np.uint32),
        weights[:split].astype(np.float32),
        weights[split:].astype(np.float32),
        base.astype(np.float32),
        np.array(shared_marks, np.uint32),
        common.astype(np.float32),
    )


def _known(counts: Counter[int], least: int) -> list[int]:
    return sorted(name for name, count in counts.items() if count >= least)


def _table(rows: Sequence[dict[int, float]], marks: Sequence[int]) -> Rows:
    column = {name: n for n, name in enumerate(marks)}
    cells = [(n, column[name], value) for n, row in enumerate(rows) for name, value in row.items() if name in column]
    at, to, values = zip(*cells, strict=True) if cells else ((), (), ())
    return sparse.csr_matrix((values, (at, to)), shape=(len(rows), len(marks)))


def _fitted(
    plain: Rows, shared: Sequence[Rows], wanted: NDArray[np.int64], penalties: tuple[float, float]
) -> tuple[Numbers, Numbers, Numbers]:
    """The mode of the posterior by a quasi-Newton method: weights by code, shared weights, levels."""
    (count, width), codes, common = plain.shape, len(shared), shared[0].shape[1]
    target = np.zeros((count, codes))
    target[np.arange(count), wanted] = 1
    turned, turned_shared = plain.T.tocsr(), [each.T.tocsr() for each in shared]
    dear, cheap = penalties

    def cost(found: Numbers) -> tuple[float, Numbers]:
        weights, own, base = _parts(found, width, codes, common)
        odds = plain @ weights + base + np.column_stack([each @ own for each in shared])
        odds -= odds.max(axis=1, keepdims=True)
        chance = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
        loss = -np.log(np.maximum(chance[np.arange(count), wanted], 1e-12)).sum()
        loss += 0.5 * dear * (weights**2).sum() + 0.5 * cheap * (own**2).sum() + 0.05 * (base**2).sum()
        off = chance - target
        slope_own = sum((each @ off[:, n] for n, each in enumerate(turned_shared)), cheap * own)
        return float(loss), np.concatenate(
            [(turned @ off + dear * weights).ravel(), slope_own, off.sum(0) + 0.1 * base]
        )

    start = np.zeros(width * codes + common + codes)
    answer = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return _parts(answer.x, width, codes, common)


def _parts(found: Numbers, width: int, codes: int, common: int) -> tuple[Numbers, Numbers, Numbers]:
    stop = width * codes
    return found[:stop].reshape(width, codes), found[stop : stop + common], found[stop + common :]


if __name__ == "__main__":
    save(teach(lessons(openings())), Path(__file__).with_name(FILE))
