"""In: what coders said of cases, a row an answer, and which cases each of them read. Out: the same field by field, as
reliability data of people among themselves and of people with each machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np

from caselore.agreement.reliability import Reliability
from caselore.codebook.codebook import Codebook, Field
from caselore.records import AnswerState, Evidence

YES, NO = "yes", "no"
"""The two values of a code in a field of several."""

UNKNOWN: frozenset[AnswerState] = frozenset({"unclear", "withheld"})
"""Answers to a whole field of several codes that leave every code open."""

ORDERED_CODES = frozenset(
    {
        ("yes", "in_part", "no"),
        ("single", "small", "medium", "large"),
        ("mostly_description", "balanced", "mostly_analysis"),
        ("none_seen", "slight", "serious"),
    }
)
"""Codes of a choice that stand in an order, which a codebook does not say."""

SEVERAL = frozenset({"multi", "matrix"})
COMPARED = SEVERAL | {"choice", "scale", "number", "sequence"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of one coder. With another answer than ``present`` and no code it speaks of the whole field.

    `code` is a number in digits in a field of kind `number`, ``category.level`` in a scale. In a sequence the answers
    stand in order, and `agency` took the step.
    """

    case: str
    field: str
    coder: str
    code: str = ""
    answer: AnswerState = "present"
    agency: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A coder read a case, ``[start, end)`` of the text of that sha256.

    `fields` are those to which the coder's silence is an answer (nothing to give); None: every field.
    """

    coder: str
    case: str
    machine: bool = False
    at: date | None = None
    sha256: str = ""
    start: int = 0
    end: int = 0
    fields: frozenset[str] | None = None

    def answers(self, field: str) -> bool:
        """Whether silence on this field is an answer."""
        return self.fields is None or field in self.fields


@dataclass(frozen=True, slots=True)
class Group:
    """Whose agreement: people among themselves, or people with one machine (`machine` names it)."""

    name: str
    people: tuple[str, ...]
    machine: str = ""


Cells = dict[tuple[str, str], dict[str, Hashable]]
"""What each coder said of (case, code); the code is empty where the field itself is the question."""


def read_from(answers: Iterable[Answer], machines: Iterable[str] = ()) -> tuple[Reading, ...]:
    """Readings where only answers are known: every coder read each case to the end that he answered anything of."""
    known = frozenset(machines)
    return tuple(Reading(coder, case, coder in known) for coder, case in sorted({(a.coder, a.case) for a in answers}))


def groups(readings: Sequence[Reading]) -> tuple[Group, ...]:
    """Every group that read a case in common; machines among themselves only where no person read anything."""
    cases: dict[str, set[str]] = defaultdict(set)
    for each in readings:
        cases[each.coder].add(each.case)
    machines = sorted({each.coder for each in readings if each.machine})
    people = tuple(sorted(cases.keys() - set(machines)))
    found = []
    if any(cases[one] & cases[other] for one, other in combinations(people, 2)):
        found.append(Group("human-human", people))
    found += [
        Group(f"human-machine ({machine})", people, machine)
        for machine in machines
        if any(cases[person] & cases[machine] for person in people)
    ]
    if not people and len(machines) > 1:
        found.append(Group("machine-machine", tuple(machines)))
    return tuple(found)


def cells(field: Field, answers: Sequence[Answer], readings: Sequence[Reading]) -> Cells:
    """What each reader said of the questions of one field (not a sequence, not words)."""
    said: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for answer in answers:
        if answer.field == field.id:
            said[answer.coder, answer.case].append(answer)
    codes = _codes(field, answers)
    table: Cells = {}
    for reading in readings:
        mine = said.get((reading.coder, reading.case), [])
        if mine or reading.answers(field.id):
            for code, value in _values(field, codes, mine).items():
                table.setdefault((reading.case, code), {})[reading.coder] = value
    return table


def _codes(field: Field, answers: Sequence[Answer]) -> tuple[str, ...]:
    """The codes of a field of several, or the categories of a scale, that anyone gave, in the codebook's order."""
    given = {each.code for each in answers if each.field == field.id and each.code and each.answer == "present"}
    if field.kind == "scale":
        given = {code.partition(".")[0] for code in given}
    elif field.kind not in SEVERAL:
        return ()
    order = {code: n for n, code in enumerate(field.codes)}
    return tuple(sorted(given, key=lambda code: (order.get(code, len(order)), code)))


def _values(field: Field, codes: Sequence[str], mine: Sequence[Answer]) -> Mapping[str, Hashable]:
    if field.kind in SEVERAL:
        return _several(codes, mine)
    if field.kind == "scale":
        whole = next((each.answer for each in mine if each.answer != "present"), "")
        rated = {each.code.partition(".")[0]: each.code.partition(".")[2] for each in mine if "." in each.code}
        return {**(dict.fromkeys(codes, whole) if whole else {}), **rated}
    first = next(iter(mine), None)
    if first is None:
        return {"": field.default or "not_mentioned"}
    if first.answer != "present":
        return {"": first.answer}
    if field.kind != "number":
        return {"": first.code}
    number = as_number(first.code)
    return {} if number is None else {"": number}


def _several(codes: Sequence[str], mine: Sequence[Answer]) -> Mapping[str, Hashable]:
    if any(not each.code and each.answer in UNKNOWN for each in mine):
        return {}
    given = {each.code for each in mine if each.answer == "present"}
    return {code: YES if code in given else NO for code in codes}


def as_number(code: str) -> float | None:
    """The number that a code is, if it is one."""
    try:
        return float(code)
    except ValueError:
        return None


def values_of(field: Field, table: Cells) -> tuple[Hashable, ...]:
    """What could be said of a field: its codes in their order, and the answer states that were given."""
    said = {value for row in table.values() for value in row.values()}
    if field.kind in SEVERAL:
        return (NO, YES)
    if field.kind == "number":
        numbers = sorted(value for value in said if isinstance(value, float))
        return (*numbers, *sorted(map(str, said - set(numbers))))
    if field.kind == "scale":
        levels = {level: each.value for code in field.codes.values() for level, each in code.levels.items()}
        steps = sorted(levels, key=lambda level: (levels[level], level))
        return (*steps, *sorted(map(str, said - levels.keys())))
    return (*field.codes, *sorted(map(str, said - set(field.codes))))


def steps_of(field: Field, values: Sequence[Hashable]) -> dict[Hashable, int]:
    """The place of each value that stands in the field's order, of numbers in theirs; answer states stand in none."""
    if field.kind == "number":
        return {value: n for n, value in enumerate(value for value in values if isinstance(value, float))}
    if not ordered(field):
        return {}
    known = set(field.codes) | {level for code in field.codes.values() for level in code.levels}
    return {value: n for n, value in enumerate(value for value in values if value in known)}


def ordered(field: Field) -> bool:
    """Whether the values of a field stand in an order."""
    return field.kind == "scale" or tuple(field.codes) in ORDERED_CODES


def matrix(table: Cells, group: Group, values: Sequence[Hashable]) -> Reliability:
    """The reliability data of a group; intervals resample cases.

    People with a machine: a row for every person and unit, what the person said beside what the machine said.
    """
    at = {value: n for n, value in enumerate(values)}
    if not group.machine:
        owners = [case for case, _ in table]
        told = [[at.get(row.get(coder), -1) for coder in group.people] for row in table.values()]
        coders = group.people
    else:
        beside = [
            (case, at[row[person]], at[row[group.machine]])
            for (case, _), row in table.items()
            for person in group.people
            if person in row and group.machine in row
        ]
        owners, told, coders = (
            [case for case, _, _ in beside],
            [[one, two] for _, one, two in beside],
            ("people", group.machine),
        )
    number = {case: n for n, case in enumerate(dict.fromkeys(owners))}
    cells_ = np.array(told, dtype=np.int64).reshape(len(told), len(coders))
    return Reliability(cells_, tuple(values), coders, np.array([number[case] for case in owners], dtype=np.int64))


def answered_on(table: Cells, group: Group, readings: Sequence[Reading]) -> list[date | None]:
    """Of each row of `matrix`, when the last of its coders read the case; None where a date is missing."""
    at = {(each.coder, each.case): each.at for each in readings}
    days: list[date | None] = []
    for (case, _), row in table.items():
        if not group.machine:
            days.append(_last(at.get((coder, case)) for coder in group.people if coder in row))
        else:
            days += [at.get((person, case)) for person in group.people if person in row and group.machine in row]
    return days


def _last(days: Iterable[date | None]) -> date | None:
    known = list(days)
    return max((day for day in known if day), default=None) if all(known) else None


def compared(codebook: Codebook, answers: Sequence[Answer]) -> tuple[Field, ...]:
    """The fields that somebody answered and that can be compared, in the codebook's order."""
    said = {each.field for each in answers}
    return tuple(f for f in codebook.fields.values() if f.id in said and f.kind in COMPARED)


def sets(field: Field, table: Cells) -> Cells:
    """A field of several codes as one question a case, answered by a set of codes."""
    whole: dict[tuple[str, str], dict[str, set[str]]] = {}
    for (case, code), row in table.items():
        for coder, value in row.items():
            chosen = whole.setdefault((case, ""), {}).setdefault(coder, set())
            if value == YES:
                chosen.add(code)
    return {key: {coder: frozenset(codes) for coder, codes in row.items()} for key, row in whole.items()}


def in_order(said: Hashable) -> list[str]:
    """By what sets of codes are sorted: a set's own words stand in another order in every run."""
    return sorted(map(str, said)) if isinstance(said, frozenset) else [str(said)]


def days_known(days: Sequence[date | None]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which rows have a day."""
    return np.array([day is not None for day in days], dtype=np.bool_)
