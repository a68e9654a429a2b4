"""In: a passage and the weights of a code. Out: the few words of the passage that weigh most."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from caselore.proposers.casetext import CaseText
from caselore.proposers.classifier.features import Features
from caselore.proposers.phrases import phrase
from caselore.records import Passage

_WORD = re.compile(r"\w\w+")


def best_words(text: CaseText, passage: Passage, features: Features, weights: NDArray[np.float32]) -> tuple[int, int]:
    """Start and end of a quotation around the heaviest word, within its clause as the rules quote too."""
    places = list(_WORD.finditer(text.folded, passage.start, passage.end))
    if not places:
        return passage.start, passage.end
    columns = features.words([place.group() for place in places])
    worth = np.where(columns >= 0, weights[columns] * features.blocks[0].idf[columns], 0.0)
    best = places[int(np.argmax(worth))]
    return phrase(text.text, passage, best.start(), best.end())
