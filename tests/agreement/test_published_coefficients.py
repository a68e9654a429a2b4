"""Coefficients of agreement equal published worked examples, and what ready packages compute of their data.

The small tables here are published facts: Krippendorff 2011 (four observers, twelve units), Fleiss 1971 (thirty
patients, six psychiatrists), two tables of Gwet 2014 (four diagnoses; three abstractors), the unitised continuum of
Krippendorff 2019, figure 12.11, and that of Krippendorff 2004.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from math import nan
from pathlib import Path
from typing import Any

import pytest

from caselore.agreement.alpha import krippendorff_alpha
from caselore.agreement.intervals import Method
from caselore.agreement.kappa import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    percent_agreement,
    scott_pi,
)
from caselore.agreement.reliability import (
    Coefficient,
    Reliability,
    from_contingency,
    from_distribution,
    reliability,
)
from caselore.agreement.spans import Continuum, Span, unitised_alpha

ROWS, TABLE = Method("analytic"), Method("analytic", large_sample=True)

MEASURES: dict[str, Callable[..., Coefficient]] = {
    "gwet": gwet_ac,
    "fleiss": fleiss_kappa,
    "krippendorff": krippendorff_alpha,
    "conger": conger_kappa,
    "bp": brennan_prediger,
    "cohen": cohen_kappa,
    "scott": scott_pi,
}

PRINTED = 5.1e-6
"""The packages print five digits."""

KRIPPENDORFF = [
    [1, 1, nan, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [nan, 5, 5, 5], [nan, nan, 1, 1], [nan, nan, 3, nan],
]  # fmt: skip

FLEISS = [
    [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0], [2, 0, 4, 0, 0],
    [0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6], [1, 0, 0, 5, 0], [1, 1, 0, 4, 0],
    [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1], [0, 0, 5, 0, 1], [3, 0, 0, 1, 2], [5, 1, 0, 0, 0],
    [0, 2, 0, 4, 0], [1, 0, 2, 0, 3], [0, 0, 0, 0, 6], [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0],
    [1, 0, 0, 4, 1], [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0], [1, 0, 5, 0, 0], [0, 0, 0, 0, 6],
]  # fmt: skip

DIAGNOSES = [[40, 4, 4, 17], [6, 25, 2, 13], [4, 1, 21, 12], [15, 5, 9, 45]]
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]


@pytest.mark.parametrize(
    ("metric", "alpha"),
    [
        ("nominal", 0.743421052631579),
        ("ordinal", 0.8153875037548814),
        ("interval", 0.8491071428571428),
        ("ratio", 0.7974027747116121),
    ],
)
def test_krippendorff_2011(metric: Any, alpha: float) -> None:
    found = krippendorff_alpha(reliability(KRIPPENDORFF), metric=metric)
    assert found.value == pytest.approx(alpha, abs=1e-9)
    assert (found.units, found.coders, found.pairable) == (11, 4, 40)


def test_fleiss_1971() -> None:
    assert fleiss_kappa(from_distribution(FLEISS)).value == pytest.approx(0.43024452006014074, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("gwet", 0.77544, 0.14295),
        ("fleiss", 0.76117, 0.15302),
        ("krippendorff", 0.74342, 0.14557),
        ("conger", 0.76282, 0.14917),
        ("bp", 0.77273, 0.14472),
    ],
)
def test_gwet_2014_four_raters_with_missing_values(name: str, value: float, error: float) -> None:
    found = MEASURES[name](reliability(KRIPPENDORFF), method=ROWS)
    assert found.value == pytest.approx(value, abs=PRINTED)
    assert found.error == pytest.approx(error, abs=PRINTED)


@pytest.mark.parametrize(
    ("table", "name", "value", "error"),
    [
        (ABSTRACTORS, "cohen", 0.79641, 0.05891),
        (ABSTRACTORS, "gwet", 0.84933, 0.04322),
        (ABSTRACTORS, "scott", 0.79624, 0.05905),
        (ABSTRACTORS, "krippendorff", 0.79726, 0.05905),
        (ABSTRACTORS, "bp", 0.835, 0.04693),
        (DIAGNOSES, "cohen", 0.4315, 0.04597),
        (DIAGNOSES, "gwet", 0.45616, 0.04345),
        (DIAGNOSES, "scott", 0.43034, 0.04623),
        (DIAGNOSES, "krippendorff", 0.43162, 0.04623),
        (DIAGNOSES, "bp", 0.44993, 0.04396),
    ],
)
def test_gwet_2014_tables_of_two_coders(table: list[list[int]], name: str, value: float, error: float) -> None:
    found = MEASURES[name](from_contingency(table), method=TABLE)
    assert found.value == pytest.approx(value, abs=PRINTED)
    assert found.error == pytest.approx(error, abs=PRINTED)


def test_weighted_kappa_by_hand() -> None:
    """Of the table 10, 2, 1 / 1, 8, 3 / 0, 2, 6: linear weights 1, 1/2, 0 by pencil; quadratic 1, 3/4, 0."""
    data = from_contingency([[10, 2, 1], [1, 8, 3], [0, 2, 6]])
    rows, columns = [13, 12, 8], [11, 12, 10]
    for weighting, near in (("linear", 0.5), ("quadratic", 0.75)):
        weight = [[1, near, 0], [near, 1, near], [0, near, 1]]
        observed = (24 + near * (2 + 1 + 3 + 2)) / 33
        expected = sum(weight[i][j] * rows[i] * columns[j] for i in range(3) for j in range(3)) / 33**2
        found = cohen_kappa(data, weighting=weighting)  # type: ignore[arg-type]
        assert found.value == pytest.approx((observed - expected) / (1 - expected), abs=1e-12)


ALEX = (Span(0, 7, "1"), Span(7, 13, "2"), Span(30, 32, "5"), Span(32, 37, "6"), Span(37, 44, "6"), Span(44, 60, "7"))
PAUL = (Span(0, 7, "1"), Span(7, 13, "3"), Span(13, 21, "5"), Span(32, 44, "6"))
SUZAN = (Span(0, 7, "1"), Span(7, 13, "4"), Span(13, 21, "5"), Span(32, 37, "6"), Span(37, 41, "6"), Span(41, 44, "6"))
FIGURE = Continuum(60, {"Alex": ALEX, "Paul": PAUL, "Suzan": SUZAN})


@pytest.mark.parametrize(("variant", "alpha"), [("unitising", 0.510), ("boundaries", 0.413), ("coding", 0.724)])
def test_krippendorff_2019_unitising(variant: Any, alpha: float) -> None:
    """The book prints .413 where its own numbers give .4136."""
    assert unitised_alpha([FIGURE], variant=variant).value == pytest.approx(alpha, abs=7e-4)


@pytest.mark.parametrize(("value", "alpha"), [("1", 1), ("2", 0), ("3", 0), ("4", 0), ("5", 1), ("6", 1), ("7", None)])
def test_krippendorff_2019_single_values(value: str, alpha: float | None) -> None:
    assert unitised_alpha([FIGURE], value=value).value == (None if alpha is None else pytest.approx(alpha))


def _number(cell: str) -> object:
    try:
        return float(cell)
    except ValueError:
        return cell or None


def _data(path: Path) -> tuple[Reliability, Method]:
    lines = list(csv.reader(path.read_text("utf-8").splitlines()))
    if "_table_" in path.name:
        return from_contingency([[int(cell) for cell in line[1:]] for line in lines[1:]]), TABLE
    first = next((n for n, name in enumerate(lines[0]) if name.lower() in ("unit", "units")), 0) + 1
    return reliability([[_number(cell) for cell in line[first:]] for line in lines[1:]]), ROWS


Leaf = tuple[str, float, float, float]
"""Its place, what the file says, what is computed here, and by how much they may differ."""


def _leaves(folder: Path) -> Iterator[Leaf]:
    for example in json.loads((folder / "expected_values.json").read_text("utf-8"))["examples"]:
        name = Path(example["file"]).name
        if name.startswith("Fleiss1971"):
            value = fleiss_kappa(from_distribution(FLEISS)).value or nan
            yield f"{name} published", example["published_kappa"], round(value, 2), 0
            yield f"{name} computed", example["computed_by_statsmodels"], value, 1e-9
            continue
        data, method = _data(folder / name)
        for metric, alpha in example.get("computed_by_krippendorff_package", {}).items():
            value = krippendorff_alpha(data, metric=metric).value or nan
            yield f"{name} {metric}", alpha, value, 1e-9
            yield f"{name} {metric} published", example["published_alpha"][metric], round(value, 3), 0
        for measure, expected in example.get("coefficients", {}).items():
            found = MEASURES[measure](data, method=method)
            told = {"coefficient_value": found.value, "pa": found.observed, "pe": found.expected, "se": found.error}
            for leaf, number in expected.items():
                yield f"{name} {measure} {leaf}", number, told[leaf] or nan, PRINTED


def _numbers(node: Any) -> int:
    if isinstance(node, dict):
        return sum(_numbers(each) for key, each in node.items() if key != "shape")
    return 1 if isinstance(node, int | float) else 0


WRONG_THERE = "scott pe"
"""The package leaves chance agreement of Scott's pi at 0, which its own agreement and coefficient refute."""


def test_every_expected_value(shared: Path) -> None:
    folder = shared / "corpora" / "reliability"
    leaves = list(_leaves(folder))
    listed = json.loads((folder / "expected_values.json").read_text("utf-8"))["examples"]
    assert len(leaves) == sum(map(_numbers, listed)) > 100
    off = [place for place, expected, found, near in leaves if not abs(expected - found) <= near]
    assert [place.split(" ", 1)[1] for place in off] == [WRONG_THERE] * 2


def test_chance_agreement_of_scott_is_what_its_coefficient_needs() -> None:
    for table, printed in ((ABSTRACTORS, 0.79624), (DIAGNOSES, 0.43034)):
        found = scott_pi(from_contingency(table))
        assert found.observed is not None
        assert found.expected is not None
        assert (found.observed - found.expected) / (1 - found.expected) == pytest.approx(printed, abs=PRINTED)


def test_distributions_without_coders_of_the_shared_data(shared: Path) -> None:
    """Three tables of counts come without expected values: the coefficients equal those of their expanded rows."""
    folder = shared / "corpora" / "reliability"
    for name, first in (("dist_4cat", 1), ("dist_g1g2", 2), ("distrib_6raters", 1)):
        lines = list(csv.reader((folder / f"irrCAC_{name}.csv").read_text("utf-8").splitlines()))[1:]
        counts = [[int(cell) for cell in line[first:]] for line in lines]
        by_hand = sum(sum(n * (n - 1) for n in row) / (sum(row) * (sum(row) - 1)) for row in counts if sum(row) > 1)
        found = percent_agreement(from_distribution(counts))
        assert found.value == pytest.approx(by_hand / sum(sum(row) > 1 for row in counts), abs=1e-12)
