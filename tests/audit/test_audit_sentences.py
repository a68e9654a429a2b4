"""Pairs of sentences that differ in a figure: the audit is silent on the right one and tells the wrong one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from caselore.audit.audit import audit
from caselore.audit.finding import Finding
from caselore.documents.reader import read

SENTENCES = Path(__file__).parent / "independent" / "sentences.json"
PAIRS = json.loads(SENTENCES.read_text(encoding="utf-8"))["pairs"]

HARM = """Table 1: Kinds of harm (n=80)

Kind\tNumber\t%
Long neglect\t32\t40%
Physical injury\t24\t30%
Poisoning\t16\t20%
Other\t8\t10%

"""
STARS = """Table 1: Visits and letters

Area\tVisits\tWith letter\t% with letter
North\t40\t10\t25%
East\t50\t30\t60%
South\t20\t9\t45%
West\t60\t{}
Centre\t30\t12\t40%

"""
YEARS = """Table 1: Visits, years to March

Year\tVisits\tChange on previous year
2020\t80\t
2021\t60\t-25%
2022\t75\t25%
2023\t90\t{}
2024\t99\t10%

"""


def of_text(tmp_path: Path, text: str) -> list[Finding]:
    path = tmp_path / "report.txt"
    path.write_text(f"A fictional report\n\n1 Findings\n\n{text}\n", encoding="utf-8")
    return [finding for finding in audit(read(path)) if finding.confidence >= 0.5]


@pytest.mark.parametrize(("right", "wrong", "kind"), PAIRS)
def test_the_wrong_sentence_is_told_and_the_right_one_is_not(tmp_path: Path, right: str, wrong: str, kind: str) -> None:
    assert [finding.sum for finding in of_text(tmp_path, right)] == []
    assert kind in [finding.kind for finding in of_text(tmp_path, wrong)]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Harm by long neglect was found for 32 children.", "Harm by long neglect was found for 35 children."),
        ("In kinds of harm, poisoning stood third with 20%.", "In kinds of harm, poisoning stood third with 25%."),
        ("Two fifths of all harm (40%) was long neglect.", "Two fifths of all harm (44%) was long neglect."),
    ],
)
def test_words_that_name_a_row_hold_one_of_its_figures(tmp_path: Path, right: str, wrong: str) -> None:
    assert of_text(tmp_path, HARM + right) == []
    (finding,) = of_text(tmp_path, HARM + wrong)
    assert finding.kind == "contradiction"
    assert finding.also
    assert finding.also.table == "Table 1"


@pytest.mark.parametrize(
    "sentence",
    [
        "Of these, 20 cases of poisoning were at home.",
        "Among the 40 boys, poisoning stood third with 25%.",
        "If poisoning is counted by year, there were 14 children.",
        "In an earlier study poisoning was found for 18 children.",
    ],
)
def test_parts_conditions_and_other_studies_are_no_figures_of_a_row(tmp_path: Path, sentence: str) -> None:
    assert of_text(tmp_path, HARM + sentence) == []


@pytest.mark.parametrize(
    ("table", "right", "wrong", "kind"),
    [(STARS, "21\t35%", "21\t53%", "percentage"), (YEARS, "20%", "26%", "rate")],
)
def test_a_column_that_follows_from_two_others_follows_in_every_row(
    tmp_path: Path, table: str, right: str, wrong: str, kind: str
) -> None:
    assert of_text(tmp_path, table.format(right)) == []
    assert [finding.kind for finding in of_text(tmp_path, table.format(wrong))] == [kind]


def test_a_group_named_once_beside_one_named_often(tmp_path: Path) -> None:
    text = "We read the 140 reviews. All 140 reviews were coded. Of the {} reviews, 30 were long."
    assert of_text(tmp_path, text.format(140)) == []
    assert [finding.recomputed for finding in of_text(tmp_path, text.format(141))] == ["140"]


def test_one_error_is_told_once(tmp_path: Path) -> None:
    text = "Enquiries more than doubled, from 50 to 80."
    assert len(of_text(tmp_path, text)) == 1
