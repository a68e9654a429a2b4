"""In: training cases and a codebook. Out: a model, with the figures that its folds left out gave.

Two readers learn: one of passages, from the words that coders quoted and from the codebook's own definitions and
examples, and one of whole cases. Their scores for cases left out are calibrated and stacked on the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from caselore.codebook.codebook import Codebook, CodeDefinition
from caselore.errors import ClassifierError
from caselore.proposers.classifier import linear
from caselore.proposers.classifier.cases import Pass, TrainingCase
from caselore.proposers.classifier.features import Features, count, learn_features, together
from caselore.proposers.classifier.fields import FieldFigures, FieldModel, learn_field
from caselore.proposers.classifier.folds import FOLDS, draw_folds
from caselore.proposers.classifier.model import Model
from caselore.proposers.classifier.reading import mean_vector, quotable, sentence_vectors, words
from caselore.proposers.classifier.scoring import Sheet
from caselore.proposers.classifier.signals import Key, Signal, signals
from caselore.proposers.proposer import Proposer, merge
from caselore.records import Passage

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_CASES = 10
LEAST_WITH, LEAST_WITHOUT = 5, 2
"""A code is learned from so many cases with it and so many without; rarer ones are left to the rules."""

LEARNED_KINDS = frozenset({"multi", "choice"})
BASE = ("facts", "rules")
"""Proposers that the stack stands on."""

Told = Callable[[str, int, int], None]
"""Hears what is being done, how far it is, and of how many."""


@dataclass(frozen=True)
class _Corpus:
    """Rows of all training cases. `owner` says whose each passage is, -1 for the words of the codebook."""

    features: Features
    passages: sparse.csr_matrix
    whole: sparse.csr_matrix
    owner: NDArray[np.int64]
    quoted: Numbers
    held: Numbers


def train(
    cases: Sequence[TrainingCase],
    codebook: Codebook,
    base: Sequence[Proposer],
    *,
    passes: Sequence[Pass],
    vectors: bool = False,
    seed: int = 0,
    told: Told = lambda stage, done, whole: None,
) -> Model:
    """Learn from validated cases.

    Args:
        cases: with settled answers; fields that the codebook does not have, or of other kinds, are left aside.
        base: the proposers that the stack stands on; they are asked about every case.
        passes: what the cases are from, to be named in the model.
        vectors: read passages by sentence vectors too (extra `embed`).
        seed: of the folds.

    Raises:
        ClassifierError: there are too few cases, or no code is frequent enough to learn.
    """
    if len(cases) < LEAST_CASES:
        raise ClassifierError(
            f"{len(cases)} validated cases are too few to learn from; validate {LEAST_CASES} or more, then train."
        )
    said = []
    for n, case in enumerate(cases):
        proposal = merge(case.text.case, [each.propose(case.text) for each in base], codebook)
        said.append(signals(case.text, proposal, codebook))
        told("Asking the rules", n + 1, len(cases))
    keys = learnable(cases, codebook)
    if not keys:
        raise ClassifierError(
            f"No code is in {LEAST_WITH} of the {len(cases)} validated cases and absent from {LEAST_WITHOUT}; "
            "validate more cases, then train."
        )
    folds, grouped = draw_folds([case.group for case in cases], seed)
    corpus = _corpus(cases, codebook, keys, vectors)
    scores = _left_out(corpus, folds, told)
    sheets = [
        _sheet(name, cases, codebook, said, keys, scores, folds) for name in _fields(cases, codebook)
    ]  # fmt: skip
    learned: dict[str, FieldModel] = {}
    figures: dict[str, FieldFigures] = {}
    for n, sheet in enumerate(sheets):
        learned[sheet.field], figures[sheet.field] = learn_field(sheet)
        told("Weighing against the rules", n + 1, len(sheets))
    everyone = np.arange(len(corpus.owner)), np.arange(len(cases))
    return Model(
        features=corpus.features,
        keys=tuple(keys),
        quoted=tuple(bool(n) for n in corpus.quoted[corpus.owner >= 0].sum(axis=0) >= LEAST_WITH),
        passage=linear.fit(corpus.passages, corpus.quoted, everyone[0]),
        whole=linear.fit(corpus.whole, corpus.held, everyone[1]),
        fields=learned,
        passages=int(np.median(np.bincount(corpus.owner[corpus.owner >= 0], minlength=len(cases)))),
        books={book: codebook.versions[book] for book in {codebook.fields[name].book for name in learned}},
        base=tuple(each.id for each in base),
        passes=tuple(passes),
        figures=figures,
        grouped=grouped,
        seed=seed,
    )


def learnable(cases: Sequence[TrainingCase], codebook: Codebook) -> list[Key]:
    """Codes that are in enough cases and absent from enough, in the order of the codebook."""
    keys = []
    for name in _fields(cases, codebook):
        asked = [case.answers[name] for case in cases if name in case.answers]
        for code in codebook.fields[name].codes:
            held = sum(code in answer for answer in asked)
            if held >= LEAST_WITH and len(asked) - held >= LEAST_WITHOUT:
                keys.append((name, code))
    return keys


def _fields(cases: Sequence[TrainingCase], codebook: Codebook) -> list[str]:
    answered = {name for case in cases for name in case.answers}
    return [name for name, field in codebook.fields.items() if name in answered and field.kind in LEARNED_KINDS]


def _corpus(cases: Sequence[TrainingCase], codebook: Codebook, keys: list[Key], vectors: bool) -> _Corpus:
    places = [quotable(case.text) for case in cases]
    texts = [words(case.text, some) for case, some in zip(cases, places, strict=True)]
    defined = [(text, n) for n, (name, code) in enumerate(keys) for text in definitions(codebook, name, code)]
    owner = np.repeat(np.arange(-1, len(cases)), [len(defined), *map(len, texts)])
    flat = [text for text, _ in defined] + [text for some in texts for text in some]
    dense = sentence_vectors(flat) if vectors else None
    middles = None if dense is None else np.vstack([mean_vector(dense[owner == n]) for n in range(len(cases))])
    counted = count(flat)
    features = learn_features(counted, 0 if dense is None else dense.shape[1])
    rows, wholes = (
        features.rows(counted, dense),
        features.rows(together(counted, owner, len(cases)), middles),
    )
    quoted = np.zeros((len(flat), len(keys)))
    quoted[np.arange(len(defined)), [n for _, n in defined]] = 1
    first = len(defined)
    for case, some in zip(cases, places, strict=True):
        quoted[first : first + len(some)] = _quoted(case, some, keys)
        first += len(some)
    held = np.array([[code in case.answers.get(name, ()) for name, code in keys] for case in cases], dtype=float)
    return _Corpus(features, rows, wholes, owner, quoted, held)


def definitions(codebook: Codebook, field: str, code: str) -> list[str]:
    """What the codebook says of a code, as passages that hold it."""
    about: CodeDefinition = codebook.fields[field].codes[code]
    said = (f"{about.label}. {about.definition}", about.include, about.example)
    return [text.lower() for text in said if text.strip(" .")]


def _quoted(case: TrainingCase, passages: Sequence[Passage], keys: Sequence[Key]) -> Numbers:
    """Passages x keys: 1 where a quotation for the code stands in the passage."""
    out = np.zeros((len(passages), len(keys)))
    for column, (name, code) in enumerate(keys):
        for start, end in case.answers.get(name, {}).get(code, ()):
            out[[n for n, one in enumerate(passages) if one.start < end and start < one.end], column] = 1
    return out


def _left_out(corpus: _Corpus, folds: NDArray[np.int64], told: Told) -> Numbers:
    """Cases x keys x 2: the best passage's and the whole case's score, by readers that did not see the case."""
    out = np.zeros((len(folds), corpus.held.shape[1], 2))
    of_passage = np.where(corpus.owner >= 0, folds[corpus.owner], -1)
    for fold in range(FOLDS):
        learn, hold = np.flatnonzero(of_passage != fold), np.flatnonzero(of_passage == fold)
        reader = linear.fit(corpus.passages, corpus.quoted, learn)
        out[folds == fold, :, 0] = reader.level
        best = np.full(out.shape[:2], -np.inf)
        np.maximum.at(best, corpus.owner[hold], reader.scores(corpus.passages[hold]))
        out[:, :, 0] = np.where(np.isfinite(best), best, out[:, :, 0])
        reader = linear.fit(corpus.whole, corpus.held, np.flatnonzero(folds != fold))
        out[folds == fold, :, 1] = reader.scores(corpus.whole[np.flatnonzero(folds == fold)])
        told("Learning, a fold left out", fold + 1, FOLDS)
    return out


def _sheet(
    name: str,
    cases: Sequence[TrainingCase],
    codebook: Codebook,
    said: Sequence[object],
    keys: Sequence[Key],
    scores: Numbers,
    folds: NDArray[np.int64],
) -> Sheet:
    field = codebook.fields[name]
    heard: list[dict[Key, Signal]] = [dict(one) for one in said]  # type: ignore[call-overload]
    met = {code for case in cases for code in case.answers.get(name, ())} | {
        code for one in heard for known, code in one if known == name
    }
    single = field.kind == "choice"
    codes = tuple(code for code in field.codes if code in met or (single and code == field.default))
    known = {key: n for n, key in enumerate(keys)}
    silent = Signal(0.0)
    signal = [[one.get((name, code), silent) for code in codes] for one in heard]
    columns = [known.get((name, code), -1) for code in codes]
    padded = np.concatenate([scores, np.full((len(cases), 1, 2), np.nan)], axis=1)
    return Sheet(
        field=name,
        codes=codes,
        single=single,
        default=codes.index(field.default) if single and field.default in codes else None,
        truth=np.array([[code in case.answers.get(name, ()) for code in codes] for case in cases], dtype=bool),
        asked=np.array([name in case.answers for case in cases]),
        folds=folds,
        confidence=np.array([[one.confidence for one in row] for row in signal]),
        matches=np.array([[float(one.matches) for one in row] for row in signal]),
        doubtful=np.array([[one.doubtful for one in row] for row in signal]),
        scores=padded[:, columns],
    )
