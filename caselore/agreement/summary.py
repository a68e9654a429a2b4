"""In: what coders said of cases, and the codebook. Out: agreement per field and per code, among people and of people
with each machine, with every coefficient that suits the kind of field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from caselore.agreement.alpha import krippendorff_alpha, set_alpha
from caselore.agreement.answers import (
    SEVERAL,
    YES,
    Answer,
    Cells,
    Group,
    Reading,
    answered_on,
    cells,
    compared,
    days_known,
    groups,
    in_order,
    matrix,
    ordered,
    read_from,
    sets,
    steps_of,
    values_of,
)
from caselore.agreement.disagreements import Disagreement, disagreements, told
from caselore.agreement.drift import Trend, trend
from caselore.agreement.intervals import Method
from caselore.agreement.kappa import (
    DEFAULT,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    percent_agreement,
    scott_pi,
    specific_agreement,
)
from caselore.agreement.reliability import Coefficient, Reliability
from caselore.agreement.sequences import order_tau, sequence_alpha, sequence_similarity
from caselore.agreement.spans import Continuum, Span, merged, overlap_f1, unitised_alpha
from caselore.codebook.codebook import Codebook, Field

TOLERANCE = 10
"""Characters by which the ends of two quotations may miss each other and still meet."""


@dataclass(frozen=True, slots=True)
class CodeAgreement:
    """One code of a field of several codes, as a question of yes or no; `given` is how often it was given."""

    code: str
    given: int
    coefficients: tuple[Coefficient, ...]


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """One field in one group. `cases` were read by two coders or more; `spans` is of the words that justify codes."""

    field: str
    kind: str
    group: str
    coders: tuple[str, ...]
    cases: int
    coefficients: tuple[Coefficient, ...]
    codes: tuple[CodeAgreement, ...] = ()
    spans: tuple[Coefficient, ...] = ()
    trend: Trend | None = None

    def coefficient(self, name: str) -> Coefficient | None:
        """The coefficient of this name, if it was computed."""
        return next((each for each in self.coefficients if each.name == name), None)


@dataclass(frozen=True)
class Summary:
    """Everything a reader asks of agreement; fields in the codebook's order, people among themselves first.

    `by_people`: cases that two people or more have read; `beside_machines`: that a person and a machine have.
    """

    fields: tuple[FieldAgreement, ...]
    disagreements: tuple[Disagreement, ...]
    groups: tuple[Group, ...]
    by_people: int
    beside_machines: int
    resamples: int
    seed: int
    notes: tuple[str, ...] = ()

    @property
    def read(self) -> str:
        """How many cases the figures rest on, in a sentence; a machine is no reader."""
        beside = f"; {_cases(self.beside_machines)} by a person and a machine" if self.beside_machines else ""
        return f"{_cases(self.by_people)} read by two people or more{beside}."


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every field is computed from, and how intervals are made."""

    answers: Sequence[Answer]
    read: Sequence[Reading]
    method: Method
    code_method: Method


def summary(
    answers: Sequence[Answer],
    codebook: Codebook,
    *,
    readings: Sequence[Reading] | None = None,
    fields: Sequence[str] = (),
    method: Method = DEFAULT,
    code_method: Method | None = None,
) -> Summary:
    """Agreement of all coders on all fields, or on `fields` only; intervals resample cases.

    `code_method` makes the intervals of single codes, by custom as `method` does.

    Without `readings`, every coder is taken to have read to the end each case of which he answered anything, and to be
    a machine if his name holds an ``@``.
    """
    wanted = [each for each in answers if not fields or each.field in fields]
    machines = {each.coder for each in answers if "@" in each.coder}
    read = tuple(readings) if readings is not None else read_from(answers, machines)
    found = groups(read)
    asked = _Asked(wanted, read, method, code_method or method)
    rows = [
        row
        for field in compared(codebook, wanted)
        for group in found
        if (row := _field(field, group, asked)) is not None
    ]
    people: dict[str, set[str]] = defaultdict(set)
    for each in read:
        if not each.machine:
            people[each.case].add(each.coder)
    by_machines = {each.case for each in read if each.machine}
    return Summary(
        tuple(rows),
        disagreements(wanted, read, codebook),
        found,
        by_people=sum(len(coders) > 1 for coders in people.values()),
        beside_machines=len(by_machines & set(people)),
        resamples=method.resamples if method.interval == "bootstrap" else 0,
        seed=method.seed,
        notes=_plights(read, found),
    )


def _cases(n: int) -> str:
    return f"{n} case" if n == 1 else f"{n} cases"


def _plights(read: Sequence[Reading], found: Sequence[Group]) -> tuple[str, ...]:
    if found:
        alone = all(each.machine for each in read)
        return ("No person has finished a pass; only machines are compared.",) if alone else ()
    coders = sorted({each.coder for each in read})
    if len(coders) < 2:
        return ("There is one coder only; agreement needs a second.",) if coders else ("Nobody has coded anything.",)
    return (f"{', '.join(coders)} have no case in common; assign some cases to two of them.",)


def _field(field: Field, group: Group, asked: _Asked) -> FieldAgreement | None:
    if field.kind == "sequence":
        return _steps(field, group, asked)
    table = of_group(field, cells(field, asked.answers, asked.read), group)
    if not table:
        return None
    data = matrix(table, group, values_of(field, table))
    days = answered_on(table, group, asked.read)
    dated = days_known(days)
    when = trend(data.rows(dated), [day for day in days if day]) if dated.any() else None
    row = FieldAgreement(
        field.id,
        field.kind,
        group.name,
        tuple(sorted({coder for said in table.values() for coder in said})),
        len({case for case, _ in table}),
        coefficients_for(field, data, asked.method),
        spans=_spans(field, group, asked),
        trend=when,
    )
    return _with_sets(row, field, group, table, asked) if field.kind in SEVERAL else row


def of_group(field: Field, table: Cells, group: Group) -> Cells:
    """Only what a group's coders said, of units that two of them said something of.

    A code that none of them gave is no question to them: others' codes would make them agree on many a no.
    """
    coders = {*group.people, group.machine}
    kept = {key: {coder: value for coder, value in row.items() if coder in coders} for key, row in table.items()}
    enough = {key: row for key, row in kept.items() if len(row) > 1}
    own = {key: row for key, row in enough.items() if not group.machine or group.machine in row}
    given = {code for (_, code), row in own.items() if YES in row.values()}
    return {key: row for key, row in own.items() if field.kind not in SEVERAL or key[1] in given}


Measure = Callable[..., Coefficient]


def coefficients_for(field: Field, data: Reliability, method: Method = DEFAULT) -> tuple[Coefficient, ...]:
    """Every coefficient that suits the kind of field and the number of coders."""
    if field.kind == "number":
        found = [percent_agreement(data, method=method)]
        data = _in_order(field, data)
        return (*found, *(krippendorff_alpha(data, metric=metric, method=method) for metric in ("interval", "ratio")))
    pair = len(data.coders) == 2
    measures: list[Measure] = [percent_agreement, *((cohen_kappa, scott_pi) if pair else (conger_kappa,))]
    measures += [fleiss_kappa, krippendorff_alpha, gwet_ac, brennan_prediger]
    told_ = [measure(data, method=method) for measure in measures]
    if ordered(field):
        kappa = cohen_kappa if pair else conger_kappa
        data = _in_order(field, data)
        told_ += [kappa(data, weighting=each, method=method) for each in ("linear", "quadratic")]
        told_ += [krippendorff_alpha(data, metric="ordinal", method=method)]
        told_ += [gwet_ac(data, weighting=each, method=method) for each in ("ordinal", "quadratic")]
    return tuple(told_)


def _in_order(field: Field, data: Reliability) -> Reliability:
    """The data without answer states, which stand in no order with the codes."""
    order = steps_of(field, data.values)
    place = np.array([*(order.get(value, -1) for value in data.values), -1])  # the last stands for silence
    return replace(data, cells=place[data.cells], values=tuple(order))


def _with_sets(row: FieldAgreement, field: Field, group: Group, table: Cells, asked: _Asked) -> FieldAgreement:
    """What a field of several codes has beside its codes thrown together: whole sets, and each code."""
    whole = sets(field, table)
    kinds = sorted({value for said in whole.values() for value in said.values()}, key=in_order)
    data = matrix(whole, group, kinds)
    pooled = matrix(table, group, values_of(field, table))
    alphas = (
        set_alpha(data, distance="masi", method=asked.method),
        set_alpha(data, distance="jaccard", method=asked.method),
    )
    both = specific_agreement(pooled, YES, method=asked.method)
    by_code: dict[str, Cells] = defaultdict(dict)
    for key, said in table.items():
        by_code[key[1]][key] = said
    codes = tuple(_code(code, group, own, asked.code_method) for code, own in by_code.items())
    given = tuple(each for each in codes if each.given)
    return replace(row, coefficients=(*alphas, both, *row.coefficients), codes=given)


def _code(code: str, group: Group, own: Cells, method: Method) -> CodeAgreement:
    data = matrix(own, group, ("no", YES))
    kappa = cohen_kappa if len(data.coders) == 2 else conger_kappa
    measures: tuple[Measure, ...] = (percent_agreement, kappa, krippendorff_alpha, gwet_ac, brennan_prediger)
    rows = tuple(measure(data, method=method) for measure in measures)
    given = sum(value == YES for row in own.values() for value in row.values())
    return CodeAgreement(code, given, (specific_agreement(data, YES, method=method), *rows))


def _steps(field: Field, group: Group, asked: _Asked) -> FieldAgreement | None:
    coders = {*group.people, group.machine}
    by_case = {
        case: {coder: steps for coder, steps in row.items() if coder in coders}
        for case, row in told(field, asked.answers, asked.read).items()
    }
    of = {case: case for case in by_case}
    if group.machine:
        of = {f"{case}\n{person}": case for case in by_case for person in group.people}
        by_case = {
            f"{case}\n{person}": {"people": row[person], group.machine: row[group.machine]}
            for case, row in by_case.items()
            for person in group.people
            if person in row and group.machine in row
        }
    shared = {case: row for case, row in by_case.items() if len(row) > 1}
    if not shared:
        return None
    measures = (sequence_similarity, order_tau, sequence_alpha)
    return FieldAgreement(
        field.id,
        field.kind,
        group.name,
        tuple(sorted(coders - {""})),
        len({of[case] for case in shared}),
        tuple(measure(shared, cases=of, method=asked.method) for measure in measures),
    )


def _spans(field: Field, group: Group, asked: _Asked) -> tuple[Coefficient, ...]:
    """Whether coders who gave the same code in a case point to the same words of the same text."""
    texts = {(each.coder, each.case): each for each in asked.read if each.end > each.start}
    marks: dict[tuple[str, str, str], dict[str, tuple[Span, ...]]] = defaultdict(dict)
    for each in asked.answers:
        text = texts.get((each.coder, each.case))
        if each.field == field.id and text and each.code and each.coder in {*group.people, group.machine}:
            found = [
                Span(max(e.start, text.start) - text.start, min(e.end, text.end) - text.start)
                for e in each.evidence
                if e.sha256 == text.sha256 and e.start < text.end and e.end > text.start
            ]
            if found:
                marks[each.case, each.code, text.sha256][each.coder] = merged(found)
    lengths = {(each.case, each.sha256): each.end - each.start for each in asked.read}
    continua = [
        Continuum(lengths[case, sha256], beside, case)
        for (case, _, sha256), coders in marks.items()
        for beside in _beside(group, coders)
    ]
    if not continua:
        return ()
    return unitised_alpha(continua, method=asked.method), overlap_f1(continua, tolerance=TOLERANCE, method=asked.method)


def _beside(group: Group, marks: dict[str, tuple[Span, ...]]) -> list[dict[str, tuple[Span, ...]]]:
    """Whose marks of one code are compared: all people's, or each person's with the machine's."""
    if not group.machine:
        return [marks] if len(marks) > 1 else []
    theirs = marks.pop(group.machine, None)
    return [{"people": own, group.machine: theirs} for own in marks.values()] if theirs else []


def mean_of_codes(row: FieldAgreement, name: str) -> float | None:
    """The plain mean of a coefficient over the codes of a field that have it."""
    known = [each.value for code in row.codes for each in code.coefficients if each.name == name]
    values = [value for value in known if value is not None]
    return float(np.mean(values)) if values else None
