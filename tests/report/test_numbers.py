"""A number in prose is bound to its cell, and a sentence with a number of its own is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from caselore.errors import TableError
from caselore.report.numbers import Bound, NotThere, bind, in_sentence, ranking
from caselore.tables.result import Result


def words(sentence: str, results: dict[str, Result], manifest: Mapping[str, Any]) -> str:
    return "".join(part if isinstance(part, str) else part.shown for part in bind(sentence, results, manifest))


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("{outcome/death/all/count} of {outcome/base/all/count}", "14 of 20"),
        ("{outcome/death/all/column_percent} died", "70% died"),
        ("{risk-indicators/#1/all/label} in {risk-indicators/#1/all/count}", "domestic abuse in 12"),
        ("{risk-indicators/#2/all/label} in {risk-indicators/#2/all/count}", "substance use (parent or child) in 6"),
        ("{release/counts.cases} cases", "20 cases"),
    ],
)
def test_a_sentence_reads_its_cells(
    sentence: str, read: str, results: dict[str, Result], manifest: Mapping[str, Any]
) -> None:
    assert words(sentence, results, manifest) == read


def test_a_bound_number_keeps_its_address_and_value(results: dict[str, Result]) -> None:
    (number,) = bind("{risk-indicators/#1/all/count}", results, {})
    assert number == Bound("12", 12, "risk-indicators/domestic_abuse/all/count")


@pytest.mark.parametrize("loose", ["In 2018 there were {outcome/death/all/count}.", "More than 3 of them."])
def test_a_number_of_its_own_is_refused(loose: str, results: dict[str, Result]) -> None:
    with pytest.raises(TableError, match="of its own"):
        bind(loose, results, {})


@pytest.mark.parametrize(
    "address",
    [
        "no-table/death/all/count",
        "outcome/no_row/all/count",
        "outcome/death/all/mean",
        "outcome/death",
        "outcome/#9/all/count",
        "release/no.such.entry",
    ],
)
def test_what_is_not_there_is_said_so(address: str, results: dict[str, Result], manifest: Mapping[str, Any]) -> None:
    with pytest.raises(NotThere):
        bind(f"{{{address}}}", results, manifest)


def test_ranking_is_by_count_and_leaves_out_nought(results: dict[str, Result]) -> None:
    ranked = ranking(results["risk-indicators"], "all")
    assert [line.key for line in ranked] == ["domestic_abuse", "substance_use"]


@pytest.mark.parametrize(
    ("label", "read"),
    [
        ("Police", "police"),
        ("Crown Prosecution Service", "Crown Prosecution Service"),
        ("GP", "GP"),
        ("", ""),
        ("Arrest → No action", "arrest → no action"),
    ],
)
def test_labels_within_a_sentence(label: str, read: str) -> None:
    assert in_sentence(label) == read
