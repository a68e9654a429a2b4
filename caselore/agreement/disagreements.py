"""In: what coders said of cases. Out: every question on which they differ, the gravest first, with who said what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import fsum

from caselore.agreement.answers import NO, YES, Answer, Reading, as_number, cells, compared, steps_of, values_of
from caselore.agreement.sequences import Sequel, distance
from caselore.codebook.codebook import Codebook, Field
from caselore.records import Evidence

NEAR: Mapping[frozenset[Hashable], float] = {
    frozenset({"absent", "not_mentioned"}): 0.25,  # both say that the code does not hold
    frozenset({"not_mentioned", "not_applicable"}): 0.25,
    frozenset({"absent", "not_applicable"}): 0.25,
    frozenset({"unclear", "not_mentioned"}): 0.5,
    frozenset({"unclear", "withheld"}): 0.5,
}
"""How grave a difference between two answer states is; every other pair of answers weighs 1."""


NO_DECISION = "no decision"
"""How an empty sequence is told."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one coder said, with the words behind it."""

    coder: str
    machine: bool
    value: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One question answered differently. `weight` is the mean gravity over pairs of coders, from 0 to 1.

    `code` is empty where the field itself was the question. `people` says whether people differ among themselves.
    """

    case: str
    field: str
    code: str
    said: tuple[Said, ...]
    weight: float
    people: bool


def disagreements(
    answers: Sequence[Answer], readings: Sequence[Reading], codebook: Codebook
) -> tuple[Disagreement, ...]:
    """Every disagreement of two coders or more, those among people first, then by weight, field and case."""
    found: list[Disagreement] = []
    machines = {each.coder for each in readings if each.machine}
    for field in compared(codebook, answers):
        found += _of_steps(field, answers, readings, machines) if field.kind == "sequence" else []
        found += _of_field(field, answers, readings, machines) if field.kind != "sequence" else []
    return tuple(sorted(found, key=lambda each: (not each.people, -each.weight, each.field, each.case, each.code)))


def _of_field(
    field: Field, answers: Sequence[Answer], readings: Sequence[Reading], machines: set[str]
) -> Iterator[Disagreement]:
    table = cells(field, answers, readings)
    order = steps_of(field, values_of(field, table)) if field.kind != "number" else {}
    words = _words(field, answers)
    for (case, code), row in table.items():
        if len(set(row.values())) < 2:
            continue
        said = tuple(
            Said(coder, coder in machines, _shown(value), _first(words, coder, case, code, _shown(value)))
            for coder, value in sorted(row.items())
        )
        pairs = [_gravity(one, other, order) for one, other in combinations(row.values(), 2)]
        yield Disagreement(case, field.id, code, said, fsum(pairs) / len(pairs), _people(row, machines))


def _words(field: Field, answers: Sequence[Answer]) -> dict[tuple[str, str, str], tuple[Evidence, ...]]:
    found: dict[tuple[str, str, str], tuple[Evidence, ...]] = {}
    for each in answers:
        if each.field == field.id and each.evidence:
            found[each.coder, each.case, _key(field, each)] = each.evidence
    return found


def _first(
    words: Mapping[tuple[str, str, str], tuple[Evidence, ...]], coder: str, case: str, *keys: str
) -> tuple[Evidence, ...]:
    return next((found for key in keys if (found := words.get((coder, case, key)))), ())


def _key(field: Field, answer: Answer) -> str:
    """By what the words of an answer are found: its code, of a scale the category, else the answer state."""
    if answer.answer != "present":
        return answer.answer
    if field.kind == "number" and (number := as_number(answer.code)) is not None:
        return _shown(number)
    return answer.code.partition(".")[0] if field.kind == "scale" else answer.code


def _shown(value: Hashable) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _people(row: Mapping[str, Hashable], machines: set[str]) -> bool:
    return len({value for coder, value in row.items() if coder not in machines}) > 1


def _gravity(one: Hashable, other: Hashable, order: Mapping[Hashable, int]) -> float:
    if one == other:
        return 0.0
    if one in order and other in order:
        return abs(order[one] - order[other]) / (len(order) - 1)
    return 1.0 if {one, other} == {YES, NO} else NEAR.get(frozenset({one, other}), 1.0)


def told(field: Field, answers: Sequence[Answer], readings: Sequence[Reading]) -> dict[str, dict[str, Sequel]]:
    """By case, by coder, the sequence told of a field of kind `sequence`; a silent reader tells of no decision."""
    steps: dict[tuple[str, str], list[tuple[str, str | None]]] = defaultdict(list)
    spoke = set()
    for each in answers:
        if each.field == field.id:
            spoke.add((each.coder, each.case))
            if each.answer == "present":
                steps[each.coder, each.case].append((each.code, each.agency))
    found: dict[str, dict[str, Sequel]] = {}
    for reading in readings:
        if reading.answers(field.id) or (reading.coder, reading.case) in spoke:
            mine = tuple(steps.get((reading.coder, reading.case), ()))
            found.setdefault(reading.case, {})[reading.coder] = mine
    return found


def _of_steps(
    field: Field, answers: Sequence[Answer], readings: Sequence[Reading], machines: set[str]
) -> Iterator[Disagreement]:
    words: dict[tuple[str, str], tuple[Evidence, ...]] = defaultdict(tuple)
    for each in answers:
        if each.field == field.id:
            words[each.coder, each.case] += each.evidence
    for case, row in told(field, answers, readings).items():
        pairs = [distance(one, other) for one, other in combinations(row.values(), 2)]
        if any(pairs):
            said = tuple(
                Said(coder, coder in machines, _course(steps), words[coder, case])
                for coder, steps in sorted(row.items())
            )
            yield Disagreement(case, field.id, "", said, sum(pairs) / len(pairs), _people(row, machines))


def _course(steps: Sequel) -> str:
    return " > ".join(f"{step} ({agency})" if agency else step for step, agency in steps) or NO_DECISION
