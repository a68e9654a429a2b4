"""In: two files of proposals on the same gold cases. Out: where they differ, and which of the two is right.

Of every field the answers on which exactly one of the two agrees with gold are counted, and McNemar's exact test
(McNemar 1947; binomial, two-sided) says how likely so uneven a split is if both are equally good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import Literal

from caselore.agreement.evaluation import ASKED_IF_CODED, MULTIPLE, SINGLE_DEFAULTS
from caselore.agreement.gold import GoldCase, match_cases
from caselore.records import Code, Evidence, Proposal

DECISIONS = "decisions"

ALL_FIELDS = (*SINGLE_DEFAULTS, *MULTIPLE, DECISIONS)


@dataclass(frozen=True, slots=True)
class Discord:
    """A code that one of the two gives and the other does not, or two answers to a question of one code.

    `right` is the side that agrees with gold, ``neither`` where both answers to a single question are wrong. `one` and
    `two` are what each said, empty for nothing; `evidence` is that of the side that gave the code (`one`'s first).
    """

    case: str
    title: str
    field: str
    right: Literal["one", "two", "neither"]
    one: str
    two: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Contest:
    """One field: answers that both have right or wrong together, and those that only one has right.

    `p` is McNemar's exact two-sided probability; 1 where they never part.
    """

    field: str
    both_right: int
    only_one: int
    only_two: int
    both_wrong: int
    p: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two proposers on the same cases; `cases` is the number of gold cases that both have."""

    fields: Mapping[str, Contest]
    discords: tuple[Discord, ...]
    cases: int


def compare(one: Iterable[Proposal], two: Iterable[Proposal], gold: Sequence[GoldCase]) -> Comparison:
    """Compare two sets of proposals case by case, on the cases that both hold.

    In a field of several codes every code counts that gold, the first or the second has; a code that none has is no
    question. In a sequence each type of step counts, as often as it occurs.
    """
    first, second = match_cases(one, gold), match_cases(two, gold)
    shared = [case for case in gold if case.id in first and case.id in second]
    discords: list[Discord] = []
    fields: dict[str, Contest] = {}
    for name in ALL_FIELDS:
        counts = {"both": 0, "one": 0, "two": 0, "neither": 0}
        for case in shared:
            for verdict, found in _answers(case, name, first[case.id], second[case.id]):
                counts[verdict] += 1
                discords += found
        fields[name] = Contest(
            name,
            both_right=counts["both"],
            only_one=counts["one"],
            only_two=counts["two"],
            both_wrong=counts["neither"],
            p=mcnemar(counts["one"], counts["two"]),
        )
    return Comparison(fields, tuple(discords), len(shared))


def mcnemar(only_one: int, only_two: int) -> float:
    """The exact two-sided probability of a split at least so uneven if each side is right equally often."""
    whole, less = only_one + only_two, min(only_one, only_two)
    return float(min(1.0, 2 * sum(comb(whole, n) for n in range(less + 1)) / 2**whole))


_Answer = tuple[Literal["both", "one", "two", "neither"], list[Discord]]


def _answers(case: GoldCase, name: str, one: Proposal, two: Proposal) -> Iterable[_Answer]:
    if name in SINGLE_DEFAULTS:
        return _single(case, name, one, two)
    return _several(case, name, _given(name, one), _given(name, two))


def _single(case: GoldCase, name: str, one: Proposal, two: Proposal) -> Iterable[_Answer]:
    want = case.single.get(name)
    if want is None and name in ASKED_IF_CODED:
        return
    codes = [_surest(name, side) for side in (one, two)]
    said = [code.code if code else SINGLE_DEFAULTS[name] for code in codes]
    if said[0] == said[1]:
        yield ("both" if said[0] == want else "neither"), []
        return
    verdict: Literal["one", "two", "neither"] = "one" if said[0] == want else "two" if said[1] == want else "neither"
    shown = next((code.evidence for code in codes if code), ())
    yield verdict, [Discord(case.id, case.title, name, verdict, said[0], said[1], shown)]


def _surest(name: str, proposal: Proposal) -> Code | None:
    found = [code for code in proposal.codes if code.field == name and code.answer == "present"]
    return max(found, key=lambda code: (code.confidence, code.code), default=None)


def _several(
    case: GoldCase, name: str, one: Mapping[str, Sequence[Evidence]], two: Mapping[str, Sequence[Evidence]]
) -> Iterable[_Answer]:
    want = _wanted(case, name)
    for code in sorted(want | one.keys() | two.keys()):
        here, there, asked = code in one, code in two, code in want
        if here == there:
            yield ("both" if here == asked else "neither"), []
            continue
        verdict: Literal["one", "two"] = "one" if here == asked else "two"
        label = code.partition("#")[0]
        shown = tuple(one.get(code) or two.get(code) or ())
        found = Discord(case.id, case.title, name, verdict, label if here else "", label if there else "", shown)
        yield verdict, [found]


def _wanted(case: GoldCase, name: str) -> set[str]:
    if name != DECISIONS:
        return set(case.multiple.get(name, {}))
    return set(_counted([decision for decision, _, _ in case.decisions]))


def _given(name: str, proposal: Proposal) -> dict[str, Sequence[Evidence]]:
    if name != DECISIONS:
        codes = [code for code in proposal.codes if code.field == name and code.answer == "present"]
        return {code.code: code.evidence for code in codes}
    keys = _counted([step.decision_type for step in proposal.sequence])
    return {key: step.evidence for key, step in zip(keys, proposal.sequence, strict=True)}


def _counted(steps: Sequence[str]) -> list[str]:
    """Each step with its number among its like, so that a step taken twice is two answers."""
    return [f"{step}#{steps[:n].count(step) + 1}" for n, step in enumerate(steps)]
