"""In: the examples. Out: the weights that ship. ``python -m caselore.proposers.exemplars.training`` writes them anew.

A ridge regression for all codes of a field (`classifier.linear`); its scores for styles left out are made log odds,
each code's drawn towards its field's, because a style that was never seen is what every new review is.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from caselore.proposers.classifier.linear import fit
from caselore.proposers.classifier.logistic import logistic
from caselore.proposers.exemplars.model import FILE, Likeness, save
from caselore.proposers.exemplars.reading import Floats, learn_terms, rows, split, words
from caselore.proposers.exemplars.sentences import Key, Sentence, sentences
from caselore.proposers.exemplars.shipped import fingerprint, texts

Numbers = NDArray[np.float64]

PENALTY = 3.0
"""Found on styles left out, between 0.3 and 10."""

LEVEL_SPREAD, SLOPE_SPREAD = 0.3, 0.1
"""How far a code's level and slope may stand from its field's (standard deviations of the prior)."""


def learn(found: tuple[Sentence, ...]) -> Likeness:
    """The weights from all examples, calibrated on styles left out."""
    keys = tuple(sorted({key for one in found for key in one.codes}))
    slope, level = calibrated(found, left_out(found, keys), keys)
    plain = fitted(found, keys)
    return Likeness(plain.terms, keys, plain.weights, plain.base, slope, level, fingerprint(texts(openings=False)))


def targets(found: tuple[Sentence, ...], keys: tuple[Key, ...]) -> Numbers:
    """Sentences x codes: 1 where a sentence carries a code."""
    column = {key: n for n, key in enumerate(keys)}
    out = np.zeros((len(found), len(keys)))
    for row, one in enumerate(found):
        out[row, [column[key] for key in one.codes]] = 1
    return out


def left_out(found: tuple[Sentence, ...], keys: tuple[Key, ...]) -> Floats:
    """The scores of each sentence by weights that saw no sentence of its style."""
    styles = np.array([one.style for one in found])
    out = np.zeros((len(found), len(keys)), np.float32)
    for style in sorted(set(styles)):
        held = np.flatnonzero(styles == style)
        model = fitted(tuple(one for one in found if one.style != style), keys)
        out[held] = model.scores(words(split(found[row].words for row in held)))
    return out


def calibrated(found: tuple[Sentence, ...], scores: Floats, keys: tuple[Key, ...]) -> tuple[Floats, Floats]:
    """A slope and a level for each code, drawn towards those of its field."""
    slope, level = np.zeros(len(keys), np.float32), np.zeros(len(keys), np.float32)
    wanted = targets(found, keys)
    for field in sorted({field for field, _ in keys}):
        own = [n for n, key in enumerate(keys) if key[0] == field]
        used = answers(found, field)
        every = scores[used][:, own].astype(np.float64)
        flat = np.column_stack([every.ravel(), np.ones(every.size)])
        common = logistic(flat, wanted[used][:, own].ravel(), spread=np.array([100.0, 10.0]))
        for n, mine in zip(own, every.T, strict=True):
            start = mine * common[0] + common[1]
            moves = np.column_stack([mine * common[0], np.ones(len(mine))])
            moved = logistic(moves, wanted[used, n], start=start, spread=np.array([SLOPE_SPREAD, LEVEL_SPREAD]))
            slope[n], level[n] = common[0] * (1 + moved[0]), common[1] + moved[1]
    return slope, level


def answers(found: tuple[Sentence, ...], field: str) -> NDArray[np.bool_]:
    """Which sentences say of a field what they carry: recommendations alone were not asked for their themes."""
    only_types = [{own for own, _ in one.codes} == {"recommendation_type"} for one in found]
    return ~np.array(only_types) if field == "learning_themes" else np.ones(len(found), dtype=bool)


def fitted(found: tuple[Sentence, ...], keys: tuple[Key, ...]) -> Likeness:
    """The weights that these sentences teach, not calibrated; one regression for all codes of a field."""
    read = words(split(one.words for one in found))
    terms = learn_terms(read)
    every, wanted = rows(read, terms), targets(found, keys)
    weights = np.zeros((every.shape[1], len(keys)), np.float32)
    base, one = np.zeros(len(keys), np.float32), np.ones(len(keys), np.float32)
    for field in sorted({field for field, _ in keys}):
        own = [n for n, key in enumerate(keys) if key[0] == field]
        linear = fit(every, wanted[:, own], np.flatnonzero(answers(found, field)), penalty=PENALTY)
        weights[:, own], base[own] = linear.weights, linear.level
    return Likeness(terms, keys, weights, base, one, 0 * one, "")


if __name__ == "__main__":
    save(learn(sentences()), Path(__file__).with_name(FILE))
