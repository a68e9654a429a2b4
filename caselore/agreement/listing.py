"""In: a summary of agreement. Out: what speaks for a field, and rows for files of figures and of disagreements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from caselore.agreement.reliability import Coefficient
    from caselore.agreement.summary import FieldAgreement, Summary

HEADLINES = (
    "alpha of sets, MASI",
    "alpha of sequences",
    "alpha, ordinal",
    "alpha, interval",
    "alpha, nominal",
)
"""The coefficient that speaks for a field: the first of these that it has."""

KAPPAS = ("Cohen's kappa", "Conger's kappa")
ALIKE = ("percent agreement", "sequence similarity")


def headline(row: FieldAgreement) -> Coefficient | None:
    """The coefficient that speaks for a field."""
    return first_of(row, HEADLINES)


def first_of(row: FieldAgreement, names: tuple[str, ...]) -> Coefficient | None:
    """The first of the named coefficients that a field has."""
    return next((each for name in names if (each := row.coefficient(name))), None)


SURE = 0.05
"""Probability below which a trend is told of one field; of several fields together, it is shared among them."""


def sure_trends(rows: Sequence[FieldAgreement]) -> Iterator[tuple[FieldAgreement, str]]:
    """The trends of a group's fields that are hardly chance, one test a field (Bonferroni)."""
    for row in rows:
        if row.trend and row.trend.p is not None and row.trend.p < SURE / len(rows):
            yield row, row.trend.says


def rounded(value: float, places: int) -> str:
    """A figure as page and command both print it: halves go up, and nothing is -0."""
    told = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return str(told + 0)


FIGURES = (
    "group", "coders", "field", "code", "cases", "given", "coefficient", "value", "lower", "upper", "error",
    "observed", "expected", "units", "interval by", "notes",
)  # fmt: skip


def figure_rows(found: Summary) -> Iterator[list[str]]:
    """A heading, then a row for every coefficient of every field and code; an empty cell is undefined."""
    yield list(FIGURES)
    for row in found.fields:
        head = [row.group, " ".join(row.coders), row.field]
        for each in (*row.coefficients, *row.spans):
            yield [*head, "", str(row.cases), "", *_told(each)]
        for code in row.codes:
            for each in code.coefficients:
                yield [*head, code.code, str(row.cases), str(code.given), *_told(each)]


def _told(each: Coefficient) -> list[str]:
    numbers = (each.value, each.lower, each.upper, each.error, each.observed, each.expected)
    told = ["" if number is None else f"{number:.6f}" for number in numbers]
    return [each.name, *told, str(each.units), each.how, " ".join(each.notes)]


def disagreement_rows(found: Summary, titles: Mapping[str, str]) -> Iterator[list[str]]:
    """A heading, then a row for every disagreement: the case, what each coder said, the words behind it."""
    coders = sorted({said.coder for each in found.disagreements for said in each.said})
    told = [heading for coder in coders for heading in (coder, f"{coder}: words", f"{coder}: place")]
    yield ["case", "title", "field", "code", "weight", "among people", *told]
    for each in found.disagreements:
        by = {said.coder: said for said in each.said}
        cells = [each.case, titles.get(each.case, ""), each.field, each.code, f"{each.weight:.2f}"]
        cells.append("yes" if each.people else "no")
        for coder in coders:
            said = by.get(coder)
            words = said.evidence if said else ()
            cells += [said.value if said else "", " | ".join(e.quote for e in words)]
            cells.append(" ".join(f"{e.start}-{e.end}" for e in words))
        yield cells


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; a negative number is one to a spreadsheet too."""
    if cell[:1] == "-" and cell[1:].replace(".", "", 1).isdecimal():
        return cell
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
