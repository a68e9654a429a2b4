"""In: a case. Out: the codes whose examples its clauses are like, with the words that weighed most as evidence.

A second way beside the rules: it knows no phrase and reads what was never written as a cue. A case is as likely to hold
a code as its likest clause; the odds are divided where a text is long and had many chances to seem so.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from caselore.codebook.codebook import Codebook
from caselore.proposers.casetext import CaseText
from caselore.proposers.classifier.logistic import sigmoid
from caselore.proposers.exemplars.facing import Openings
from caselore.proposers.exemplars.model import Likeness, shipped
from caselore.proposers.exemplars.reading import WORD, settings, words
from caselore.proposers.exemplars.units import Unit, units
from caselore.proposers.phrases import phrase
from caselore.proposers.rules import barred
from caselore.records import Code, Evidence, Proposal

VERSION = "1.0"

AT_ONCE = 2000
"""Units read at a time, which bounds the memory that a report of a thousand pages takes."""

Numbers = NDArray[np.float64]


class Examples:
    """The proposer ``examples``: fields for which the codebook has example sentences, and facts taught by openings."""

    id = f"examples@{VERSION}"

    def __init__(self, codebook: Codebook) -> None:
        fields = settings()["fields"]
        self._model: Likeness = shipped()
        self._columns = [
            n
            for n, (field, code) in enumerate(self._model.keys)
            if field in fields and field in codebook.fields and code in codebook.fields[field].codes
        ]
        self._columns.sort(key=lambda n: self._place(codebook, n))
        self._openings = Openings(codebook, self.id)
        self._at_least = np.array([fields[field]["propose_at"] for field, _ in self._model.keys])

    def propose(self, text: CaseText) -> Proposal:
        """The codes of one case, in the order of the codebook."""
        facts = self._openings.codes(text)
        found = units(text)
        if not found:
            return Proposal(case=text.case, codes=facts)
        chances = self.chances(found)
        likely = chances.max(axis=0) >= self._at_least
        closed = barred(text)
        used = [n for n in self._columns if likely[n] and self._model.keys[n] not in closed]
        codes = tuple(self._code(text, found, chances[:, n], n) for n in used)
        return Proposal(case=text.case, codes=(*facts, *codes))

    def chances(self, found: Sequence[Unit]) -> Numbers:
        """Units x codes, as probabilities; 0 where the unit stands in a section that the field is not read in."""
        said = settings()
        said_words = [unit.words for unit in found]
        parts = [self._model.odds(words(said_words[n : n + AT_ONCE])) for n in range(0, len(found), AT_ONCE)]
        odds = np.concatenate(parts).astype(np.float64)
        odds -= max(0.0, log(len(found) / said["free_units"]))
        sections = [unit.passage.section for unit in found]
        for field, own in said["fields"].items():
            closed = np.array([section not in own["sections"] for section in sections])
            less = np.array([said["discount"].get(section, {}).get(field, 0.0) for section in sections])
            mine = np.array([key[0] == field for key in self._model.keys])
            odds[:, mine] -= less[:, None]
            odds[np.ix_(closed, mine)] = -np.inf
        return sigmoid(odds)

    def _code(self, text: CaseText, found: Sequence[Unit], chances: Numbers, column: int) -> Code:
        said, (field, code) = settings(), self._model.keys[column]
        order = np.argsort(-chances, kind="stable")[: said["quotes"]]
        best = [int(n) for n in order if chances[n] >= self._at_least[column]]
        return Code(
            field=field,
            code=code,
            confidence=round(min(float(chances[best[0]]), said["surest"]), 3),
            coder=self.id,
            evidence=tuple(self._quotation(text, found[n], column) for n in best),
        )

    def _quotation(self, text: CaseText, unit: Unit, column: int) -> Evidence:
        """The phrase around the run of words that speaks most for the code."""
        run = int(settings()["quoted_words"])
        places = [found.span() for found in WORD.finditer(text.folded, unit.start, unit.end)]
        starts = range(max(1, len(places) - run + 1))
        if len(starts) > 1:
            windows = words([unit.words[n : n + run] for n in starts])
            first = int(np.argmax(self._model.scores(windows, slice(column, column + 1))))
        else:
            first = 0
        start, end = places[first][0], places[min(first + run, len(places)) - 1][1]
        return text.evidence(*phrase(text.text, unit.passage, start, end))

    def _place(self, codebook: Codebook, column: int) -> tuple[int, int]:
        field, code = self._model.keys[column]
        return list(settings()["fields"]).index(field), list(codebook.fields[field].codes).index(code)
