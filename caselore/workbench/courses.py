"""Passes of a case come in; their sequences of decisions abreast, and the order that an adjudicator makes, go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caselore.agreement.abreast import Line, abreast
from caselore.errors import StoreError
from caselore.store.actions.spans import Span
from caselore.store.books import DECISIONS, codebook
from caselore.store.models import Adjudication, SettledStep, Step
from caselore.store.queries import PassView, Settling
from caselore.workbench.sides import Cited, Place, alone, newest
from caselore.workbench.wording import code_label

MOST_SENT = 1000
"""Steps of an order that is sent; what is beyond is refused before it is read."""


@dataclass(frozen=True, slots=True)
class Told:
    """One coder's step: its place in his order, the words that he cites, and `whose` it is in short."""

    id: str
    number: int
    decision: str
    label: str
    agency: str
    agency_label: str
    cited: tuple[Cited, ...]
    reason: str
    coder: str


@dataclass(frozen=True, slots=True)
class Abreast:
    """One line: a step of each coder or None, and in words how they stand to each other; `group`: what moves as one."""

    cells: tuple[tuple[str, Told | None], ...]
    mark: str
    says: str
    group: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A step of the order that is being made, or of one that is settled: what it is taken from, and whose that is."""

    decision: str
    agency: str
    taken: str
    whose: str
    label: str = ""
    agency_label: str = ""
    cited: tuple[Cited, ...] = ()
    reason: str = ""
    group: int | str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """The settled order."""

    id: str
    steps: tuple[Chosen, ...]
    says: str
    reason: str
    by: str
    at: object


@dataclass(frozen=True, slots=True)
class Course:
    """The section of the page about the sequence of decisions."""

    coders: tuple[tuple[str, str], ...]
    """Name and the kind of the pass."""
    lines: tuple[Abreast, ...]
    differs: bool
    alone: str
    """Who told a sequence, where others told none and that is no difference."""
    version: int
    settled: Settled | None
    chosen: tuple[Chosen, ...]
    also: tuple[tuple[str, str], ...]
    """Answers of coders to the field as a whole."""
    decisions: tuple[tuple[str, str], ...]
    agencies: tuple[tuple[str, str], ...]

    @property
    def open(self) -> bool:
        """Whether coders differ and nobody has settled it."""
        return self.differs and self.settled is None


def course_of(settling: Settling, place: Place, typed: Sequence[Mapping[str, Any]] | None = None) -> Course:
    """The sequences of a case; `typed` is an order that was sent and refused, to be shown again."""
    passes = newest(settling.passes)
    told = [[_told(step, n, each.coder, place) for n, step in enumerate(each.sequence, 1)] for each in passes]
    found = abreast([tuple((step.decision_type, step.agency or None) for step in each.sequence) for each in passes])
    lines = [_line(n, line, found, told, passes) for n, line in enumerate(found)]
    live = [each for each in settling.adjudications if each.field == DECISIONS and each.holds and not each.code]
    by_id = {step.id: (step, line.group) for line in lines for _, step in line.cells if step is not None}
    return Course(
        tuple((each.coder, each.reading.kind) for each in passes), tuple(lines), DECISIONS in settling.differing,
        alone({each.coder: each.sequence for each in passes}), settling.versions.get(DECISIONS, 0),
        _settled(live[-1], by_id, place) if live else None,
        _agreed(lines) if typed is None else _typed(typed, by_id),
        tuple((each.coder, code_label(DECISIONS, said.code, said.answer))
              for each in passes for said in each.codings.get(DECISIONS, ()) if said.origin != "rejected"),
        _codes(DECISIONS), _codes("agencies"),
    )  # fmt: skip


def sent(posted: Any) -> list[dict[str, Any]]:
    """The order as a form sends it: `from` (ids of steps), `type` and `agency`, once for each step. Raises
    StoreError."""
    columns = [posted.getlist(name) for name in ("from", "type", "agency")]
    if len({len(column) for column in columns}) > 1 or len(columns[0]) > MOST_SENT:
        raise StoreError("The order was not understood; load the page again.")
    return [
        {"taken": taken.split(), "decision_type": decision, "agency": agency}
        for taken, decision, agency in zip(*columns, strict=True)
    ]


def _told(step: Step, number: int, coder: str, place: Place) -> Told:
    return Told(
        step.pk, number, step.decision_type, code_label(DECISIONS, step.decision_type), step.agency,
        _agency(step.agency), _cited(step.evidence, place), step.reason, coder,
    )  # fmt: skip


def _agency(code: str) -> str:
    return code_label("agencies", code) if code else "agency not stated"


def _cited(evidence: Sequence[Mapping[str, Any]], place: Place) -> tuple[Cited, ...]:
    return tuple(place.cited(Span(each["start"], each["end"], each["quote"])) for each in evidence)


def _line(
    number: int, line: Line, every: Sequence[Line], told: Sequence[Sequence[Told]], passes: Sequence[PassView]
) -> Abreast:
    cells = tuple(
        (each.coder, None if at is None else told[column][at])
        for column, (each, at) in enumerate(zip(passes, line.at, strict=True))
    )
    there = every[line.elsewhere].at if line.elsewhere is not None else ()
    also = [told[column][at] for column, at in enumerate(there) if at is not None]
    group = number if line.elsewhere is None else min(number, line.elsewhere)
    return Abreast(cells, line.mark, _says(line, [step for _, step in cells if step], also), group)


def _says(line: Line, here: Sequence[Told], there: Sequence[Told]) -> str:
    if line.mark == "same":
        return "the same"
    if line.mark == "agency":
        return "the agency differs"
    if line.mark == "moved":
        return "moved: " + ", ".join(f"{step.coder}’s step {step.number}" for step in there)
    return f"only {', '.join(step.coder for step in here)}"


def _agreed(lines: Sequence[Abreast]) -> tuple[Chosen, ...]:
    """The steps that all tell alike: with these an order begins."""
    alike = [(line.group, [step for _, step in line.cells if step]) for line in lines if line.mark == "same"]
    return tuple(_chosen(steps, steps[0].decision, steps[0].agency, group) for group, steps in alike)


def _typed(typed: Sequence[Mapping[str, Any]], by_id: Mapping[str, tuple[Told, int]]) -> tuple[Chosen, ...]:
    rows = [(each, [by_id[pk] for pk in each["taken"] if pk in by_id]) for each in typed]
    return tuple(
        _chosen([step for step, _ in known], each["decision_type"], each["agency"], known[0][1])
        for each, known in rows
        if known
    )


def _chosen(steps: Sequence[Told], decision: str, agency: str, group: int) -> Chosen:
    whose = ", ".join(f"{step.coder} {step.number}" for step in steps)
    return Chosen(decision, agency, " ".join(step.id for step in steps), whose, group=group)


def _settled(row: Adjudication, by_id: Mapping[str, tuple[Told, int]], place: Place) -> Settled:
    steps = tuple(_of(step, by_id, place) for step in row.steps.all())
    says = "" if steps else code_label(DECISIONS, "", row.answer)
    return Settled(row.pk, steps, says, row.reason, row.adjudicator.name, row.at)


def _of(step: SettledStep, by_id: Mapping[str, tuple[Told, int]], place: Place) -> Chosen:
    """A settled step; whose it is can be told while the passes stand as they were."""
    known = [by_id[pk][0] for pk in step.taken if pk in by_id]
    return Chosen(
        step.decision_type, step.agency, "", ", ".join(f"{each.coder} {each.number}" for each in known),
        code_label(DECISIONS, step.decision_type), _agency(step.agency), _cited(step.evidence, place), step.reason,
    )  # fmt: skip


def _codes(field: str) -> tuple[tuple[str, str], ...]:
    """Every code of a field with its label, by label."""
    known = codebook().fields.get(field)
    rows = [(code.id, code.label) for code in known.codes.values()] if known else []
    return tuple(sorted(rows, key=lambda row: row[1].casefold()))
