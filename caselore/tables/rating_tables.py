"""Risk rating forms come in; a release in memory and its tables go out, protected and written as all tables are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from caselore.codebook.codebook import Codebook, CodeDefinition, Field
from caselore.release.columns import TABLES
from caselore.release.folder import Release
from caselore.tables.compute import compute_all
from caselore.tables.rating import CAVEAT, FIELD, Form, compared, grouped, kinds
from caselore.tables.result import Result, half_up, ratio
from caselore.tables.table import Answers, Group, Groups, Table, Whole
from caselore.tables.write import write_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = "Cafcass, study of serious case reviews, 2014"
LAW = "law_type"
INCIDENT = "incident_category"
TOTAL = "rating_total"
MOST_GROUPS = 30
"""A column with more values than this names cases one by one, and is no group."""


def write_rating(forms: Sequence[Form], out: Path | str, book: Codebook, *, smallest: int | None) -> tuple[Path, ...]:
    """Write the tables of the forms; counts from 1 to below `smallest` are hidden, None shows all."""
    manifest = {"title": "Risk rating", "cases": {"released": len(forms)}}
    return write_tables(rating_tables(forms, book, smallest=smallest), out, manifest=manifest)


def rating_tables(forms: Sequence[Form], book: Codebook, *, smallest: int | None) -> list[Result]:
    """Incident types, mean total by each group, and the levels of each category, protected together."""
    columns = [name for name in forms[0].groups if _divides(forms, name)]
    own = _codebook(forms, columns, book)
    tables = list(_declared(forms, columns, own, smallest or 1))
    results = compute_all(tables, _release(forms, columns), book=own, smallest=smallest)
    return [_compared(_noted(result), forms) for result in results]


def _divides(forms: Sequence[Form], name: str) -> bool:
    values = {form.groups[name] for form in forms}
    return 1 < len(values) <= min(MOST_GROUPS, max(2, len(forms) // 2))


def _declared(forms: Sequence[Form], columns: Sequence[str], book: Codebook, smallest: int) -> Iterator[Table]:
    if INCIDENT in columns:
        title = "Type of the index incident"
        yield Table(
            id="incident-type", title=title, rows=Answers(INCIDENT, order="count"), source=SOURCE, chapter="Patterns"
        )
    for name in columns:
        yield _mean(name, f"rating-by-{name.replace('_', '-')}", Answers(name), book)
        if kinds(forms, name) and min(map(len, grouped(forms, name).values())) >= smallest:
            # what kinds leave over could be a hidden group, so they are told only where none is hidden
            yield _mean(name, f"rating-by-kind-of-{name.replace('_', '-')}", _kinds(forms, name), book)
    if not columns:
        yield _mean("", "rating", Whole(), book)
    for code in book.fields[FIELD].codes.values() if any(form.levels for form in forms) else ():
        yield Table(
            id=f"levels-{code.id.replace('_', '-')}",
            title=f"Risk levels: {code.label}",
            rows=Answers(f"rating_{code.id}"),
            chapter="Levels by category",
            source=SOURCE,
            notes=("Silence of the papers is another answer than none indicated, and adds nothing to a total.",),
        )


def _mean(name: str, id_: str, rows: Answers | Groups | Whole, book: Codebook) -> Table:
    kind = "kind of " if isinstance(rows, Groups) else ""
    by = f" by {kind}{book.fields[name].label.lower()}" if name else ""
    return Table(
        id=id_,
        title=f"Mean risk rating{by}",
        rows=rows,
        number=Answers(TOTAL),
        measures=("n", "mean", "median", "total"),
        chapter="Risk rating",
        source=SOURCE,
        notes=(CAVEAT,),
        chart="none",
    )


def _kinds(forms: Sequence[Form], name: str) -> Groups:
    """The kinds that several values of a column share, such as all of private law."""
    joined = kinds(forms, name).items()
    return Groups(
        tuple(Group(_key(kind), kind, tuple((name, _key(one)) for one in parts)) for kind, parts in joined),
        label=f"Kind of {_label(name).lower()}",
    )


def _noted(result: Result) -> Result:
    """A table of means with the sum behind each mean that is shown, and whether the printed mean is exact."""
    if not result.table.number:
        return result
    shown = [
        (row.label, result.cell(row.key, measure="n"), result.cell(row.key, measure="total")) for row in result.rows
    ]
    told = [_exactly(label, int(total.value or 0), int(n.value)) for label, n, total in shown if n.value]
    return replace(result, notes=(*result.notes, f"The sums behind the means: {'; '.join(told)}."))


def _compared(result: Result, forms: Sequence[Form]) -> Result:
    """A table of means with the test of its groups; none where a group is hidden, for a test can give it away."""
    name = result.table.rows.field if isinstance(result.table.rows, Answers) else ""
    if not result.table.number or not name or result.suppressed:
        return result
    found = compared(forms, name)
    return replace(result, notes=(*result.notes, found.said(), *found.warnings))


def _exactly(label: str, total: int, n: int) -> str:
    """``Private law 26/5, exactly 5.2``, or four decimals where the mean has more than one."""
    exact = 10 * total % n == 0
    return (
        f"{label} {total}/{n}{', exactly' if exact else ' ='} {half_up(ratio(Fraction(total, n)), 1 if exact else 4)}"
    )


def _release(forms: Sequence[Form], columns: Sequence[str]) -> Release:
    """The forms as the four views of a release; what a form says was coded by people."""
    cases = [{"case_id": form.case, "status": "validated"} for form in forms]
    codes = [row for form in forms for row in _codes(form, columns)]
    held: Mapping[str, list[dict[str, Any]]] = {"cases": cases, "codes": codes}
    frames = {name: pa.Table.from_pylist(held.get(name, []), schema=schema) for name, schema in TABLES.items()}
    return Release(Path("forms"), {}, frames)


def _codes(form: Form, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    yield _code(form, TOTAL, str(form.total), value=float(form.total))
    for name in columns:
        if form.groups[name]:
            yield _code(form, name, _key(form.groups[name]))
    for category, level in form.levels.items():
        yield _code(form, f"rating_{category}", _key(level))


def _code(form: Form, field: str, code: str, value: float | None = None) -> dict[str, Any]:
    told = {"case_id": form.case, "field": field, "answer": "present", "code": code, "value": value}
    return {**told, "status": "validated", "confidence": 1.0, "coder": "form", "evidence": 0}


def _codebook(forms: Sequence[Form], columns: Sequence[str], book: Codebook) -> Codebook:
    """The codebook with a field for each column of the forms and each category of the rating."""
    fields = dict(book.fields)
    for name in columns:
        values = sorted({form.groups[name] for form in forms} - {""})
        fields[name] = _field(name, _label(name), {_key(one): one for one in values})
    for code in book.fields[FIELD].codes.values():
        fields[f"rating_{code.id}"] = _field(
            f"rating_{code.id}", code.label, {_key(level.id): level.label for level in code.levels.values()}
        )
    fields[TOTAL] = Field(TOTAL, "Risk rating", "number", "forms")
    return Codebook(fields, book.versions, book.thesaurus)


def _field(name: str, label: str, codes: Mapping[str, str]) -> Field:
    defined = {key: CodeDefinition(key, text, "", "form") for key, text in codes.items()}
    return Field(name, label, "choice", "forms", codes=defined)


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _key(text: str) -> str:
    """A value as a code; the states of an answer keep clear of it."""
    return "is_" + (re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "empty")
