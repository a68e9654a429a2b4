"""In: proposals and gold codings of the same cases. Out: how well they agree, per field and per code, with intervals
and with every case in which they differ.

Totals are those of the project's scoring script: single fields by the surest code with a default, fields of several
codes by micro F1, decisions by type. Intervals are percentile bootstraps over cases (Efron and Tibshirani 1993).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from caselore.agreement.gold import GoldCase, fold_title, match_cases
from caselore.agreement.intervals import at_an_end, draws
from caselore.errors import EvaluationError
from caselore.records import Code, Evidence, Proposal

SINGLE_DEFAULTS: Mapping[str, str] = {
    "outcome": "other",
    "nature_of_death": "not_clear",
    "nature_of_harm": "other",
    "source_of_harm": "not_clear",
    "incident_context": "not_clear",
    "child_protection_plan": "not_stated",
    "review_model": "not_stated",
}
"""Fields that hold one code, and the code that a proposer means by saying nothing."""

ASKED_IF_CODED = frozenset({"nature_of_death", "nature_of_harm"})
"""Fields that count only where gold answers them."""

MULTIPLE = (
    "child_age_band",
    "child_gender",
    "agencies",
    "risk_indicators",
    "integrity_flags",
    "learning_themes",
    "recommendation_type",
)

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CodeScore:
    """One code: how often it was rightly given, given without cause, and missed."""

    code: str
    right: int
    extra: int
    missed: int
    interval: Interval

    @property
    def precision(self) -> float | None:
        """Of those given the share that is right; None if none was given."""
        return self.right / (self.right + self.extra) if self.right + self.extra else None

    @property
    def recall(self) -> float | None:
        """Of those in gold the share that was given; None if gold has none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else None

    @property
    def f1(self) -> float:
        """2 right / (2 right + extra + missed); 1 where there was nothing to find and nothing was given."""
        return float(_f1(np.array(self.right), np.array(self.extra), np.array(self.missed)))


@dataclass(frozen=True, slots=True)
class FieldScore:
    """One field. `score` is accuracy over `cases` (kind ``single``) or micro F1 (``multiple``, ``sequence``).

    `order` of a sequence is the F1 of the longest common subsequence: steps that are right and in the right order.
    """

    field: str
    kind: Literal["single", "multiple", "sequence"]
    score: float
    interval: Interval
    cases: int
    right: int
    extra: int
    missed: int
    codes: tuple[CodeScore, ...] = ()
    order: float | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A code that one side has and the other has not; `quote` is gold's, `evidence` the proposal's."""

    case: str
    title: str
    field: str
    kind: Literal["extra", "missed", "wrong"]
    code: str
    instead_of: str = ""
    quote: str = ""
    evidence: tuple[Evidence, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True)
class Evaluation:
    """Everything a reader asks of an evaluation; `missing` are titles of gold that no proposal was found for."""

    fields: Mapping[str, FieldScore]
    differences: tuple[Difference, ...]
    cases: int
    found: int
    missing: tuple[str, ...]
    quotations: int
    quotations_not_found: int
    resamples: int = 0
    seed: int = 0


@dataclass
class _Tally:
    """Counts of one field: rows are cases, columns codes."""

    right: list[dict[str, int]] = field(default_factory=list)
    extra: list[dict[str, int]] = field(default_factory=list)
    missed: list[dict[str, int]] = field(default_factory=list)

    def add(self, got: Counter[str], want: Counter[str]) -> None:
        self.right.append(dict(got & want))
        self.extra.append(dict(got - want))
        self.missed.append(dict(want - got))

    def codes(self) -> list[str]:
        return sorted({code for rows in (self.right, self.extra, self.missed) for row in rows for code in row})

    def counts(self, codes: Sequence[str]) -> tuple[Counts, Counts, Counts]:
        """Three arrays, cases x codes."""
        shape = (len(self.right), len(codes))
        arrays = [
            np.array([[row.get(code, 0) for code in codes] for row in rows], dtype=np.int64).reshape(shape)
            for rows in (self.right, self.extra, self.missed)
        ]
        return arrays[0], arrays[1], arrays[2]


def evaluate(
    proposals: Iterable[Proposal], gold: Sequence[GoldCase], *, resamples: int = 1000, seed: int = 0
) -> Evaluation:
    """Compare proposals with gold, case by case.

    Args:
        proposals: of any cases; those that gold does not code are left aside.
        gold: cases as `read_gold` gives them.
        resamples: bootstrap samples of cases for the intervals; 0 gives intervals of no width.
        seed: of the resampling.

    Raises:
        EvaluationError: gold holds no case, or none of them is among the proposals.
    """
    hits = match_cases(proposals, gold)
    if not hits:
        raise EvaluationError("None of the proposed cases is in the gold file; propose from the documents it codes.")
    drawn = draws(len(gold), resamples, seed)
    differences: list[Difference] = []
    fields = {name: _single(name, gold, hits, drawn, differences) for name in SINGLE_DEFAULTS}
    fields |= {name: _multiple(name, gold, hits, drawn, differences) for name in MULTIPLE}
    fields["decisions"] = _decisions(gold, hits, drawn, differences)
    quotations, bad = _quotations(gold, hits)
    return Evaluation(
        fields=fields,
        differences=tuple(differences),
        cases=len(gold),
        found=len(hits),
        missing=tuple(case.title for case in gold if case.id not in hits),
        quotations=quotations,
        quotations_not_found=bad,
        resamples=resamples,
        seed=seed,
    )


def _interval(scores: NDArray[np.float64], score: float, cases: int) -> Interval:
    """Of the draws; exact where all of so many cases are right or all wrong, in which draws have no width."""
    end = at_an_end(score, cases) if len(scores) > 1 else None
    if end is not None:
        return Interval(end.lower or 0.0, 1.0 if end.upper is None else end.upper)
    low, high = np.nanpercentile(scores, [2.5, 97.5])
    return Interval(float(low), float(high))


def _f1(right: Counts, extra: Counts, missed: Counts) -> NDArray[np.float64]:
    whole = 2 * right + extra + missed
    return np.where(whole == 0, 1.0, 2 * right / np.maximum(whole, 1))


def _of(proposal: Proposal | None, name: str) -> list[Code]:
    codes = proposal.codes if proposal else ()
    return [code for code in codes if code.field == name and code.answer == "present"]


def _single(
    name: str, gold: Sequence[GoldCase], hits: Mapping[str, Proposal], drawn: Counts, out: list[Difference]
) -> FieldScore:
    right, asked = np.zeros(len(gold), np.int64), np.zeros(len(gold), np.int64)
    tally = _Tally()
    for row, case in enumerate(gold):
        want = case.single.get(name)
        if want is None and name in ASKED_IF_CODED:
            tally.add(Counter(), Counter())
            continue
        best = max(_of(hits.get(case.id), name), key=lambda code: (code.confidence, code.code), default=None)
        got = best.code if best else SINGLE_DEFAULTS[name]
        asked[row], right[row] = 1, got == want
        tally.add(Counter([got]), Counter([want or ""]))
        if got != want:
            out.append(_wrong(case, name, got, best, want))
    whole = drawn @ asked
    scores = np.where(whole == 0, np.nan, drawn @ right / np.maximum(whole, 1))
    n, hit = int(asked.sum()), int(right.sum())
    return FieldScore(
        field=name,
        kind="single",
        score=hit / n if n else 1.0,
        interval=_interval(scores, hit / n, n) if n else Interval(0.0, 1.0),
        cases=n,
        right=hit,
        extra=n - hit,
        missed=n - hit,
        codes=_code_scores(tally, drawn),
    )


def _wrong(case: GoldCase, name: str, got: str, best: Code | None, want: str | None) -> Difference:
    return Difference(
        case=case.id,
        title=case.title,
        field=name,
        kind="wrong",
        code=got,
        instead_of=want or "",
        evidence=best.evidence if best else (),
        confidence=best.confidence if best else None,
    )


def _multiple(
    name: str, gold: Sequence[GoldCase], hits: Mapping[str, Proposal], drawn: Counts, out: list[Difference]
) -> FieldScore:
    tally = _Tally()
    for case in gold:
        got = {code.code: code for code in _of(hits.get(case.id), name)}
        want = case.multiple.get(name, {})
        tally.add(Counter(list(got)), Counter(list(want)))
        for code in sorted(got.keys() - want.keys()):
            found = got[code]
            words, sure = found.evidence, found.confidence
            out.append(Difference(case.id, case.title, name, "extra", code, evidence=words, confidence=sure))
        missed = sorted(want.keys() - got.keys())
        out.extend(Difference(case.id, case.title, name, "missed", code, quote=want[code]) for code in missed)
    return _micro(name, "multiple", tally, drawn)


def _micro(
    name: str, kind: Literal["multiple", "sequence"], tally: _Tally, drawn: Counts, order: float | None = None
) -> FieldScore:
    codes = tally.codes()
    right, extra, missed = (counts.sum(axis=1) for counts in tally.counts(codes))
    totals = [int(counts.sum()) for counts in (right, extra, missed)]
    score, spoken = float(_f1(*(np.array(total) for total in totals))), int((right + extra + missed > 0).sum())
    return FieldScore(
        field=name,
        kind=kind,
        score=score,
        interval=_interval(_f1(drawn @ right, drawn @ extra, drawn @ missed), score, spoken),
        cases=len(right),
        right=totals[0],
        extra=totals[1],
        missed=totals[2],
        codes=_code_scores(tally, drawn),
        order=order,
    )


def _code_scores(tally: _Tally, drawn: Counts) -> tuple[CodeScore, ...]:
    codes = tally.codes()
    right, extra, missed = tally.counts(codes)
    scores = _f1(drawn @ right, drawn @ extra, drawn @ missed)
    whole = _f1(right.sum(axis=0), extra.sum(axis=0), missed.sum(axis=0))
    spoken = (right + extra + missed > 0).sum(axis=0)
    return tuple(
        CodeScore(
            code,
            right=int(right[:, n].sum()),
            extra=int(extra[:, n].sum()),
            missed=int(missed[:, n].sum()),
            interval=_interval(scores[:, n], float(whole[n]), int(spoken[n])),
        )
        for n, code in enumerate(codes)
    )


def _decisions(
    gold: Sequence[GoldCase], hits: Mapping[str, Proposal], drawn: Counts, out: list[Difference]
) -> FieldScore:
    tally, in_order, steps = _Tally(), 0, 0
    for case in gold:
        proposal = hits.get(case.id)
        given = proposal.sequence if proposal else ()
        got = [step.decision_type for step in given]
        want = [decision for decision, _, _ in case.decisions]
        tally.add(Counter(got), Counter(want))
        in_order += _common(got, want)
        steps += len(got) + len(want)
        over, under = Counter(got) - Counter(want), Counter(want) - Counter(got)
        for code in sorted(over):
            step = [each for each in given if each.decision_type == code][-1]
            out.append(Difference(case.id, case.title, "decisions", "extra", code, evidence=step.evidence))
        for code in sorted(under):
            quote = next(words for decision, _, words in case.decisions if decision == code)
            out.append(Difference(case.id, case.title, "decisions", "missed", code, quote=quote))
    return _micro("decisions", "sequence", tally, drawn, order=2 * in_order / steps if steps else 1.0)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for step in one:
        before = row[:]
        for n, there in enumerate(other, 1):
            row[n] = before[n - 1] + 1 if step == there else max(row[n - 1], before[n])
    return row[-1]


def _quotations(gold: Sequence[GoldCase], hits: Mapping[str, Proposal]) -> tuple[int, int]:
    """How many quotations were given, and how many of them do not stand in the case's text."""
    texts = {case.id: fold_title(case.text) for case in gold}
    quotes = [
        (id_, evidence.quote) for id_, proposal in hits.items() for code in proposal.codes for evidence in code.evidence
    ]
    return len(quotes), sum(fold_title(quote) not in texts[id_] for id_, quote in quotes)
