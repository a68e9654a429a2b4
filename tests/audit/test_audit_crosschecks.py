"""Words against tables, tables against tables, one fact in two places; every text is fictional."""

from __future__ import annotations

from pathlib import Path

import pytest

from caselore.audit.audit import audit
from caselore.audit.finding import Finding
from caselore.documents.reader import read

STATUS = (
    "Table 1: Whether the plan was open, by age\n\n"
    "\tInfants (n=40)\tSchool age (n=25)\nOpen\t18 (45%)\t9 (36%)\nClosed\t22 (55%)\t16 (64%)\n"
)
PERIODS = (
    "Table 2: Homes\n\n"
    "\tReviews 2002-04 (n=80)\tReviews 2004-06 (n=120)\tReviews 2006-08 (n=90)\n"
    "With parents\t40 (50%)\t66 (55%)\t36 (40%)\nWith relatives\t24 (30%)\t30 (25%)\t27 (30%)\n"
    "In care\t16 (20%)\t24 (20%)\t27 (30%)\n"
)


def of_text(tmp_path: Path, text: str) -> list[Finding]:
    path = tmp_path / "report.txt"
    path.write_text("A fictional report\n\n1 Findings\n\n" + text, encoding="utf-8")
    return [finding for finding in audit(read(path)) if finding.confidence >= 0.5]


@pytest.mark.parametrize(
    ("table", "right", "wrong"),
    [
        (
            STATUS,
            "Eighteen (45%) of the 40 infants had a plan that was open, and a further 22 (55%) one that was closed.",
            "Twenty (50%) of the 40 infants had a plan that was open, and a further 22 (55%) one that was closed.",
        ),
        (
            PERIODS,
            "As Table 2 shows, children living in care made up 20% in 2004-06 and 30% in 2006-08.",
            "As Table 2 shows, children living in care made up 20% in 2004-06 and 27% in 2006-08.",
        ),
        (
            PERIODS,
            "Those outside the home of the parents were 50%, 45% and 60% over the three periods of Table 2.",
            "Those outside the home of the parents were 50%, 45% and 62% over the three periods of Table 2.",
        ),
        (
            PERIODS,
            "Those with relatives were between 25% and 30% of the children (Table 2).",
            "Those with relatives were between 28% and 30% of the children (Table 2).",
        ),
        (
            "Table 3: Kinds of harm (n=26)\n\nKind\tNumber\t%\nLong neglect\t11\t42\nInjury\t8\t31\nPoisoning\t7\t27\n",
            "As Table 3 shows, long neglect was the reason for 11 reviews.",
            "As Table 3 shows, long neglect was the reason for 12 reviews.",
        ),
    ],
)
def test_words_against_their_table(tmp_path: Path, table: str, right: str, wrong: str) -> None:
    assert of_text(tmp_path, f"{table}\n{right}\n") == []
    (finding,) = of_text(tmp_path, f"{table}\n{wrong}\n")
    assert finding.kind == "contradiction"
    assert finding.also
    assert finding.also.table


def test_one_fact_in_two_places(tmp_path: Path) -> None:
    text = "Unplanned endings were recorded for {}% of the foster placements in the county.\n"
    between = "\n2 More\n\nSome other words stand here, about nothing that has a figure.\n\n"
    assert of_text(tmp_path, text.format(31) + between + text.format(31)) == []
    (finding,) = of_text(tmp_path, text.format(31) + between + text.format(34))
    assert (finding.kind, finding.printed, finding.recomputed) == ("contradiction", "34%", "31%")


def test_facts_of_two_periods_are_two_facts(tmp_path: Path) -> None:
    text = "In {}, unplanned endings were recorded for {}% of the foster placements in the county.\n"
    between = "\n2 More\n\nSome other words stand here, about nothing that has a figure.\n\n"
    assert of_text(tmp_path, text.format(2004, 31) + between + text.format(2006, 34)) == []


def test_two_tables_on_one_group_and_period(tmp_path: Path) -> None:
    text = (
        "Table 1: By age\n\nAge\t2008-09 All reviews (n=114)\t2009-10 All reviews (n=60)\n"
        "Infants\t50\t30\nOlder\t64\t30\n\nWords.\n\n"
        "Table 2: Activity\n\n\t2008-09\t2009-10\nAll reviews\t{}\t60\nPlans\t4,010\t4,220\n"
    )
    assert of_text(tmp_path, text.format(114)) == []
    (finding,) = of_text(tmp_path, text.format(116))
    assert (finding.printed, finding.recomputed) == ("n = 114", "116")


def test_the_rate_of_the_whole_is_no_mean_of_rates(tmp_path: Path) -> None:
    text = (
        "Table 1: Rates\n\nArea\tPopulation\tReviews\tRate per 100,000\nNorth\t100,000\t10\t10.0\n"
        "South\t400,000\t20\t5.0\nWest\t50,000\t4\t8.0\nEast\t300,000\t9\t3.0\n\n"
    )
    assert of_text(tmp_path, text + "The average rate was 5.1 per 100,000 children.\n") == []
    (finding,) = of_text(tmp_path, text + "The average rate was 6.5 per 100,000 children.\n")
    assert (finding.kind, finding.printed) == ("rate", "6.5")


COUNTS = (
    "Table 1: Season by age\n\n"
    "\tInfants (n=60)\tOlder (n=60)\nSpring\t20 (33%)\t30 (50%)\nAutumn\t40 (67%)\t30 (50%)\n\n"
)


@pytest.mark.parametrize("value", ["3.43", "3.42", "2.78"])
def test_chi_square_with_or_without_yates(tmp_path: Path, value: str) -> None:
    assert of_text(tmp_path, f"{COUNTS}(χ² = {value}, df = 1)\n") == []


def test_chi_square_that_the_counts_do_not_give(tmp_path: Path) -> None:
    (finding,) = of_text(tmp_path, f"{COUNTS}(χ² = 4.12, df = 1, p = .064)\n")
    assert finding.kind == "test"
    assert "chi-square = 3.43" in finding.sum


def test_an_average_a_year_against_the_row_above(tmp_path: Path) -> None:
    text = PERIODS.replace("With parents", "Deaths").replace("Homes", "Outcome")
    assert of_text(tmp_path, text + "\nThere was an average of 24 deaths per year.\n") == []
    (finding,) = of_text(tmp_path, text + "\nThere was an average of 38 deaths per year.\n")
    assert (finding.kind, finding.recomputed) == ("average", "23.7")


def test_the_mean_of_a_whole_counts_each_group_as_often_as_it_is_large(tmp_path: Path) -> None:
    text = "Table 1: Ratings\n\nLaw\tCases\tMean rating\nCare\t9\t18.3\nContact\t12\t7.6\nOther\t5\t12.0\nAll\t26\t{}\n"
    assert of_text(tmp_path, text.format("12.2")) == []
    (finding,) = of_text(tmp_path, text.format("13.4"))
    assert (finding.kind, finding.recomputed) == ("average", "12.15")
