"""Passes and cases come in; how much is decided in them and how much is left goes out: one definition for all pages.

A decision is an answer of a person that stands: a code accepted, rejected, amended or added, a field answered as a
whole, or a step of the sequence. Left to decide is what machines propose, each code of a field once however many of
them propose it, and each step, of what the person has not answered.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from caselore.store.books import DECISIONS
from caselore.store.models import Coding, Pass, Step


@dataclass(frozen=True, slots=True)
class Left:
    """Of one case: what is proposed, and how much of it has no answer yet."""

    proposed: int
    left: int


def standing(passes: QuerySet[Pass]) -> tuple[QuerySet[Coding], QuerySet[Step]]:
    """The decisions in passes of persons, as codings and steps."""
    inside = passes.filter(machine=False).values("pk")
    return (
        Coding.objects.filter(reading__in=inside, retracted=False),
        Step.objects.filter(reading__in=inside),
    )


def decided(passes: QuerySet[Pass]) -> Counter[str]:
    """Pass -> its decisions."""
    found: Counter[str] = Counter()
    rows: Any
    for rows in standing(passes):
        found.update(dict(rows.order_by().values_list("reading_id").annotate(n=Count("pk"))))
    return found


def left(readings: Mapping[str, str | None]) -> dict[str, Left]:
    """Case -> what is proposed and left of it; `readings` are the cases, each with the person's pass if any."""
    cases, own = list(readings), [each for each in readings.values() if each]
    codes, steps = _codes(cases, own), _steps(cases, own)
    return {
        case: Left(
            codes[case].proposed + steps[case].proposed, codes[case].left + steps[case].left
        )
        for case in cases
    }  # fmt: skip


def _codes(cases: list[str], own: list[str]) -> dict[str, Left]:
    rows = Coding.objects.filter(retracted=False).exclude(field=DECISIONS)
    proposed: dict[str, dict[tuple[str, ...], set[str]]] = defaultdict(lambda: defaultdict(set))
    machine = rows.filter(case__in=cases, reading__machine=True)
    for case, pk, *key in machine.values_list("case_id", "pk", "field", "answer", "code"):
        proposed[case][tuple(key)].add(pk)
    said, amended = set(), set()
    told = rows.filter(reading__in=own).values_list("case_id", "field", "answer", "code", "origin", "answers_to_id")
    for case, field, answer, code, origin, answers_to in told:
        said.add((case, field, answer, code))
        if origin == "amended":
            amended.add(answers_to)
    return defaultdict(lambda: Left(0, 0), {
        case: Left(len(keys), sum((case, *key) not in said and not pks & amended for key, pks in keys.items()))
        for case, keys in proposed.items()
    })  # fmt: skip


def _steps(cases: list[str], own: list[str]) -> dict[str, Left]:
    columns = ("case_id", "decision_type", "evidence")
    proposed: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    machine = Step.objects.filter(case__in=cases, reading__machine=True).values_list(*columns)
    for case, decision, evidence in machine:
        proposed[case].append((case, decision, *_starts(evidence)))
    told = Step.objects.filter(reading__in=own).values_list(*columns)
    taken = {(case, decision, *_starts(evidence)) for case, decision, evidence in told}
    return defaultdict(lambda: Left(0, 0), {
        case: Left(len(every), sum(each not in taken for each in every)) for case, every in proposed.items()
    })  # fmt: skip


def _starts(evidence: Iterable[Mapping[str, Any]]) -> Iterable[int]:
    return (int(span["start"]) for span in evidence)
