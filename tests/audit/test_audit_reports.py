"""The audit as a whole: silent on consistent reports, and it finds errors of every kind seeded into them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from caselore.audit.audit import audit
from caselore.audit.finding import KINDS, Finding
from caselore.documents.reader import read

LAYOUTS = ("tabs", "bars", "markdown", "spaces", "packed", "stacked", "docx", "pdf", "pdf-unruled")
LEAST = 0.5


def of_text(tmp_path: Path, text: str) -> list[Finding]:
    path = tmp_path / "report.txt"
    path.write_text("A fictional report\n\n1 Findings\n\n" + text, encoding="utf-8")
    return [finding for finding in audit(read(path)) if finding.confidence >= LEAST]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", [11, 12])
def test_nothing_is_found_in_a_consistent_report(fictional: ModuleType, tmp_path: Path, layout: str, seed: int) -> None:
    document = read(fictional.render(fictional.write_report(seed), layout, tmp_path))
    assert [finding.sum for finding in audit(document) if finding.confidence >= LEAST] == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_seeded_errors_of_every_kind_are_found_and_nothing_else(
    fictional: ModuleType, tmp_path: Path, layout: str
) -> None:
    seeded, found, stray = Counter[str](), Counter[str](), 0
    for seed in (21, 22):
        report = fictional.write_report(seed, dict.fromkeys(fictional.ERRORS, 2))
        findings = [f for f in audit(read(fictional.render(report, layout, tmp_path))) if f.confidence >= LEAST]
        for each in report.seeded:
            seeded[each.kind] += 1
            found[each.kind] += any(_points_at(f, each.words, each.table) for f in findings)
        stray += sum(not any(_points_at(f, s.words, s.table) for s in report.seeded) for f in findings)
    assert set(seeded) == set(KINDS)
    assert sum(found.values()) >= 0.9 * sum(seeded.values())
    assert all(found.values())
    assert stray == 0


def _points_at(finding: Finding, words: str, table: str) -> bool:
    said = " ".join((finding.where.words, finding.printed, finding.sum, finding.where.cell))
    said += finding.also.words if finding.also and not table else ""
    return (not table or finding.where.table == table) and words in said.replace("n = ", "n=")


def test_a_finding_stands_where_it_says(fictional: ModuleType, tmp_path: Path) -> None:
    report = fictional.write_report(31, dict.fromkeys(fictional.ERRORS, 2))
    document = read(fictional.render(report, "pdf", tmp_path))
    findings = audit(document)
    assert findings
    for finding in findings:
        page = next(page for page in document.pages if page.number == finding.where.page)
        assert page.start <= finding.where.start < page.end
        words = " ".join(document.text[finding.where.start : finding.where.end].split())
        assert finding.where.words in words or finding.where.cell
    assert [f.confidence for f in findings] == sorted((f.confidence for f in findings), reverse=True)


TRUE = (
    "Of the 26 reviews, 19 (73%) were about a death, and the remaining seven (27%) about serious harm.",
    "In this study 73% of children (n=19) had been known to services; nationally 41% of children are.",
    "Three quarters (20 of 26; 77%) of reviews named neglect. Of the 19 fatal reviews, 11 (58%) named debt.",
    "The children were 18 boys and 16 girls, a total of 34 children.",
    "The number of deaths fell from 14 in 2009 to 9 in 2010, a fall of 36%.",
    "There were 31 visits. Where the age was known, 17% were to infants.",
    "A small group of 12 families was seen, accounting for 7% of all families in the county.",
    "Referrals rose from 12% to 15%, an increase of 3 percentage points.",
    "Of the 40 families, 12 had debts, 15 had moved and 9 were in both groups.",
    "There were 37 interviews. According to Marrow et al (2001), 12.5% of adults are carers.",
    "The difference was significant (χ² = 3.84, df = 1, p = .05; t(28) = 2.05, p < .05).",
    "Nearly half (46%) had debts; over a third (38%) had moved; one in five (21%) had done neither.",
    "The school said that “attendance had dropped to 51% of the 38 sessions (12%)”.",
)


@pytest.mark.parametrize("sentence", TRUE)
def test_true_sentences_pass(tmp_path: Path, sentence: str) -> None:
    assert of_text(tmp_path, sentence + "\n") == []


FALSE = (
    ("Of the 26 reviews, 19 (70%) were about a death.", "percentage", "73.1%"),
    ("Nine of the 20 families (40%) had debts.", "percentage", "45.0%"),
    ("There were 31 visits in the month. 17% were to infants.", "impossible_percentage", "5/31 = 16.1%"),
    ("Of the 45 plans, 20 were closed, 14 were extended, and the remaining 12 were open.", "sum", "46"),
    ("Of the 26 children, 15 were boys and 10 were girls.", "sum", "25"),
    ("Over the three years a total of 1,200 referrals came in, an average of 480 a year.", "average", "400"),
    ("The 90 actions in these 20 plans were read. There was a mean of 5.2 actions per plan.", "average", "4.5"),
    ("The number rose from 50 to 60, an increase of 25%.", "rate", "20%"),
    ("Enquiries more than doubled, from 50 to 80.", "rate", "1.6"),
    ("In the county over half (44%) of families had debts.", "wording", "50%"),
    ("The majority (38%) of families had debts.", "wording", "half"),
    ("Visits were longer (t(40) = 2.10, p = .012).", "test", "0.042"),
    ("Boys were seen more often (χ² = 5.02, df = 1, p = .25).", "test", "0.025"),
)


@pytest.mark.parametrize(("sentence", "kind", "recomputed"), FALSE)
def test_false_sentences_are_told_with_the_sum(tmp_path: Path, sentence: str, kind: str, recomputed: str) -> None:
    (finding,) = of_text(tmp_path, sentence + "\n")
    assert finding.kind == kind
    assert recomputed in finding.recomputed
    assert finding.where.words in sentence


def test_several_answers_are_not_added(tmp_path: Path) -> None:
    text = (
        "Table 1: What families named\n\nFactor\tFamilies (n=40)\nDebt\t30 (75%)\nMoves\t25 (63%)\nIllness\t12 (30%)\n"
    )
    assert of_text(tmp_path, text) == []


def test_hidden_small_counts_are_not_added(tmp_path: Path) -> None:
    text = "Table 1: By area\n\nArea\tGirls\tBoys\nNorth\t12\t9\nSouth\t<5\t8\nWest\t7\t*\nTotal\t22\t19\n"
    assert of_text(tmp_path, text) == []


def test_a_base_row_is_no_total(tmp_path: Path) -> None:
    text = (
        "Table 1: Services used (percentages)\n\nService\tAll\tBoys\nNurse\t62\t67\nSchool\t35\t33\nHousing\t18\t22\n"
        "Debt advice\t50\t56\nBase\t34\t18\n"
    )
    assert of_text(tmp_path, text) == []
    (finding,) = of_text(tmp_path, text.replace("\t22\n", "\t24\n"))
    assert (finding.kind, finding.printed) == ("impossible_percentage", "24%")


def test_a_list_of_cases_is_tallied(tmp_path: Path) -> None:
    kinds = ["Care", "Care", "Contact", "Care", "Other", "Contact", "Other", "Care", "Contact", "Care"]
    scores = [12, 14, 5, 9, 3, 7, 6, 15, 2, 11]
    rows = "".join(f"{i}\t{k}\t{s}\n" for i, (k, s) in enumerate(zip(kinds, scores, strict=True), 1))
    text = f"Table 1: The cases\n\nCase\tLaw\tScore\n{rows}\nThen.\n\nTable 2: By law\n\nLaw\tCases\tMean score\n"
    right = "Care\t5\t12.2\nContact\t3\t4.7\nOther\t2\t4.5\n"
    assert of_text(tmp_path, text + right) == []
    found = of_text(tmp_path, text + right.replace("4.7", "5.9").replace("Other\t2", "Other\t3"))
    assert {(f.kind, f.recomputed) for f in found} == {("average", "4.67"), ("contradiction", "2")}


def test_rates_below_counts_must_imply_one_population(tmp_path: Path) -> None:
    text = (
        "Table 1: Activity\n\nMeasure\t2009-10\t2010-11\nEnquiries\t89,300\t90,100\nRate per 100,000\t794.9\t800.0\n"
        "Plans\t39,100\t42,700\nRate per 100,000\t348.0\t379.1\nReviews\t116\t62\nRate per 100,000\t1.03\t0.62\n"
        "Deaths\t73\t45\nRate per 100,000\t0.65\t0.40\n"
    )
    (finding,) = of_text(tmp_path, text)
    assert (finding.kind, finding.printed) == ("rate", "0.62")


def test_the_national_report(shared: Path) -> None:
    """On the real report: nothing in the tables that the transcript of its tables does not bear out."""
    findings = audit(read(next((shared / "seeds").glob("003_*.txt"))))
    in_tables = [(f.where.table, f.printed) for f in findings if f.kind == "percentage" and f.where.table]
    assert in_tables == [("Table 4", "60 (22%)"), ("Table 8", "21 (8%)"), ("Table 13", "221 (76%)")]
