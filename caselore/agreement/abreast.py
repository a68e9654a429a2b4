"""In: the sequences of decisions that several coders tell of one case. Out: their steps abreast, line by line.

Sequences are aligned one after another (`align`), each with what the ones before it made; a step that stands in
another place of another sequence is found afterwards and told as moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from caselore.agreement.sequences import Sequel, align, step_cost

Mark = Literal["same", "agency", "moved", "only"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the position in each sequence (None: it has no such step here), and how they stand to each other.

    `mark`: ``same`` in all; in all but by another ``agency``; ``moved``: those that lack it have it in the line
    `elsewhere`; ``only`` in some.
    """

    at: tuple[int | None, ...]
    mark: Mark
    elsewhere: int | None = None


def abreast(told: Sequence[Sequel]) -> tuple[Line, ...]:
    """The steps of all sequences, each once, in lines that keep every sequence's own order."""
    lines: list[list[int | None]] = []
    for column, sequence in enumerate(told):
        leads, before = tuple(_lead(line, told) for line in lines), lines
        lines = []
        for each in align(leads, sequence):
            line: list[int | None] = [None] * column if each.one is None else before[each.one]
            lines.append([*line, each.other])
    partner = _moved(lines, told)
    return tuple(Line(tuple(line), _mark(n, line, told, partner), partner.get(n)) for n, line in enumerate(lines))


def _lead(line: Sequence[int | None], told: Sequence[Sequel]) -> tuple[str, str | None]:
    return next(told[column][at] for column, at in enumerate(line) if at is not None)


def _mark(number: int, line: Sequence[int | None], told: Sequence[Sequel], partner: dict[int, int]) -> Mark:
    if None in line:
        return "moved" if number in partner else "only"
    return "same" if len({told[column][at] for column, at in enumerate(line) if at is not None}) == 1 else "agency"


def _moved(lines: Sequence[Sequence[int | None]], told: Sequence[Sequel]) -> dict[int, int]:
    """Line -> the line in which sequences that lack its step have the same one; steps of one agency first."""
    short = [n for n, line in enumerate(lines) if None in line]
    pairs = [
        (step_cost(_lead(lines[one], told), _lead(lines[other], told)), one, other)
        for place, one in enumerate(short)
        for other in short[place + 1 :]
        if not any(a is not None and b is not None for a, b in zip(lines[one], lines[other], strict=True))
    ]
    found: dict[int, int] = {}
    for cost, one, other in sorted(pairs):
        if cost < 1 and one not in found and other not in found:
            found |= {one: other, other: one}
    return found
