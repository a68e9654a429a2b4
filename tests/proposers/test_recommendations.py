"""Recommendations as records: found in every form a report gives them, the review's own, and each once.

All texts are fictional and ours.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from caselore.documents.cases import cases
from caselore.documents.reader import read
from caselore.documents.sections import sections
from caselore.proposers.casetext import CaseText
from caselore.proposers.evidence import verify
from caselore.proposers.proposer import shipped
from caselore.proposers.recommendations import Recommendations
from caselore.records import Case, Document, Recommendation


@pytest.fixture(scope="module")
def proposer() -> Recommendations:
    return Recommendations(shipped())


def _text(words: str) -> CaseText:
    document = Document("r.txt", "text/plain", "0" * 64, words, "plain@1", sections=sections(words))
    return CaseText(document, Case("A review", "r.txt", "0" * 64, 0, len(words)))


def _made(proposer: Recommendations, words: str) -> tuple[Recommendation, ...]:
    text = _text(words)
    made = proposer.propose(text).recommendations
    for each in made:
        verify(each.evidence, text.document)
    return made


BODY = "\n\n".join(
    f"The review heard from the family and from staff. This is paragraph {n} of the story." for n in range(8)
)

LABELLED = f"""Overview report on Child Wren

1. Introduction

{BODY}

7. Recommendations

Recommendation 1: The Safeguarding Board should review its protocol on late bookings within six months.

Recommendation 2

The hospital trust must audit forty maternity records and report to the Board.

Recommendation 3 – All agencies should:
• keep one chronology
• share it with the core group

8. Conclusion

The review thanks the family for what they gave.
"""


def test_labelled_recommendations_are_whole_and_numbered(proposer: Recommendations) -> None:
    one, two, three = _made(proposer, LABELLED)
    assert [one.label, two.label, three.label] == ["1", "2", "3"]
    assert one.evidence.quote.startswith("The Safeguarding Board should")
    assert three.evidence.quote.endswith("share it with the core group")
    assert one.addressees == ("safeguarding_partnership",)
    assert one.time_frame == "within six months"
    assert set(one.smart) >= {"specific", "timely"}
    assert "policy_or_procedure" in one.types
    assert two.addressees == ("health_acute",)
    assert two.types == ("audit_or_assurance",)
    assert "measurable" in two.smart
    assert set(three.types) == {"documentation"}


@pytest.mark.parametrize(
    ("listed", "labels"),
    [
        ("1. The Board should review its policy.\n2. The police should train officers.\n", ["1", "2"]),
        ("1) Review the neglect policy.\n2) Train all officers in it.\n", ["1", "2"]),
        ("R1 The Board should review its policy.\nR2 The police should train officers.\n", ["R1", "R2"]),
        ("12.1 The Board should review its policy.\n12.2 The police should train officers.\n", ["12.1", "12.2"]),
        ("(a) the Board should review its policy;\n(b) the police should train officers.\n", ["(a)", "(b)"]),
        ("• The Board should review its policy.\n• Police officers to be trained in it.\n", ["", ""]),
        ("The Board should review its policy.\n\nThe police should train all officers.\n", ["", ""]),
        ("It is recommended that the policy is reviewed.\n\nThat all officers be trained in it.\n", ["", ""]),
    ],
)
def test_every_way_of_numbering(proposer: Recommendations, listed: str, labels: list[str]) -> None:
    made = _made(proposer, f"1. Introduction\n\n{BODY}\n\nRecommendations\n\n{listed}")
    assert [each.label for each in made] == labels


def test_a_summary_is_cut_at_its_semicolons(proposer: Recommendations) -> None:
    words = (
        "2018 – Ashby – Child Wren\n\nDeath of a 2-year-old boy.\nLearning: the need to listen.\n"
        "Recommendations: to the LSCB, develop a neglect toolkit; support staff to challenge each other; "
        "and audit child in need plans.\nKeywords: neglect\n"
    )
    made = _made(proposer, words)
    assert [each.evidence.quote for each in made] == [
        "develop a neglect toolkit",
        "support staff to challenge each other",
        "audit child in need plans.",
    ]
    assert {each.addressees for each in made} == {("safeguarding_partnership",)}
    assert made[2].types == ("audit_or_assurance",)


def test_questions_under_a_finding_are_one_recommendation(proposer: Recommendations) -> None:
    words = (
        f"Findings\n\nFinding 1: Professionals rarely ask about fathers.\n\n{BODY}\n\n"
        "Questions for the Board to consider\n\n"
        "• How will the Board know that fathers are asked about?\n"
        "• What can be done to change the culture of visits?\n\n"
        f"Finding 2: Records are kept apart.\n\n{BODY}\n\n"
        "Questions for the Board to consider\n\n• Is the Board assured that records are linked?\n"
    )
    made = _made(proposer, words)
    assert [each.label for each in made] == ["Finding 1", "Finding 2"]
    assert made[0].evidence.quote.endswith("culture of visits?")


def test_repetitions_contents_and_words_of_others_are_left_out(proposer: Recommendations) -> None:
    listed = (
        "1. The Board should review its protocol on late bookings.\n\n2. The police should train every officer in it.\n"
    )
    words = (
        "Contents\n\n1. Introduction .......... 2\n2. Recommendations .......... 9\n\n"
        f"Executive summary\n\n{BODY}\n\nRecommendations\n\n{listed}\n"
        f"1. Introduction\n\n{BODY}\n\n"
        "An earlier review said:\n\n“Recommendation 1: The council should publish a leaflet on every such case "
        "and should put it into the hands of every parent in the town, at the clinic and at the school gate.”\n\n"
        "Recommendations of the previous review\n\n1. The council should publish a leaflet.\n\n"
        f"9. Recommendations\n\n{listed}\n"
        f"Appendix 1: Action plan\n\n{listed}"
    )
    made = _made(proposer, words)
    assert [each.label for each in made] == ["1", "2"]


def test_paragraph_numbers_are_no_recommendation_numbers(proposer: Recommendations) -> None:
    words = (
        f"1. Introduction\n\n{BODY}\n\n6. Conclusions and recommendations\n\n"
        "6.1. The delay was long. Nobody should have to wait so long again.\n\n"
        "6.2. In the light of this, I recommend:\n\n"
        "1. The department shall set a time limit for every claim.\n\n"
        "6.3. I turn to the second matter, which must be read with the first.\n\n"
        "6.4. Accordingly, I recommend that:\n\n"
        "2. The department shall publish the figures each quarter.\n\n"
        "6.5. I say no more about it.\n"
    )
    made = _made(proposer, words)
    assert [(each.label, each.evidence.quote[-20:]) for each in made] == [
        ("1", "imit for every claim"[-19:] + "."),
        ("2", "e figures each quarter."[-20:]),
    ]


def test_lines_broken_at_a_width_are_one_recommendation(proposer: Recommendations) -> None:
    listed = (
        "1. The Safeguarding Board should review its protocol on\nlate bookings, so that every midwife knows\n"
        "what is to be done when a mother comes late to\nthe clinic, and should do so within six months.\n"
        "2. The police should train every officer in the new\nprotocol and should say by the spring how many\n"
        "have been trained, in which stations, and what\nthey made of it when they were asked about it.\n"
    )
    made = _made(
        proposer, f"Introduction\n\nThe family lived\nin a small town\nby the sea.\n\nRecommendations\n\n{listed}"
    )
    assert [each.label for each in made] == ["1", "2"]
    assert made[0].evidence.quote.endswith("within six months.")


def test_a_report_without_recommendations_has_none(proposer: Recommendations) -> None:
    assert _made(proposer, f"1. Introduction\n\n{BODY}\n\nRecommendations\n\nNo recommendations are made.\n") == ()


def test_kinds_of_action_are_codes_too(proposer: Recommendations) -> None:
    codes = proposer.propose(_text(LABELLED)).codes
    assert {code.field for code in codes} == {"recommendation_type"}
    assert {"policy_or_procedure", "audit_or_assurance", "documentation"} <= {code.code for code in codes}
    assert all(code.evidence for code in codes)


def test_the_inquiry_volume_has_nineteen(proposer: Recommendations, shared: Path) -> None:
    """Its own numbered list, printed twice, and none of those that it quotes from others."""
    document = read(shared / "corpora" / "pdf" / "post-office-horizon-volume-1.pdf")
    (case,) = cases(document)
    made = proposer.propose(CaseText(document, case)).recommendations
    assert [each.label for each in made] == [str(n) for n in range(1, 20)]


@pytest.mark.parametrize(
    ("listed", "labels", "addressees"),
    [
        (
            "For the LSCB\n\n1. Review the neglect policy.\n\n2. Audit its use.\n\n"
            "For the police\n\n1. Train all officers.\n",
            ["1", "2", "1"],
            ["safeguarding_partnership", "safeguarding_partnership", "police"],
        ),
        (
            "**Recommendation One:** The Board should review its policy.\n\n"
            "Recommendation Two: The police should train.\n",
            ["One", "Two"],
            ["safeguarding_partnership", "police"],
        ),
        (
            "Learning point 1: Ask.\n\nRecommendation 1: The Board should seek assurance that workers ask.\n\n"
            "Learning point 2: Listen.\n\nRecommendation 2: The Board should seek assurance that workers listen.\n",
            ["1", "2"],
            ["safeguarding_partnership", "safeguarding_partnership"],
        ),
        (
            "The Partnership should:\n\na) review its policy;\nb) train all officers; and\nc) report in a year.\n",
            ["a", "b", "c"],
            ["safeguarding_partnership"] * 3,
        ),
    ],
)
def test_who_is_to_act_stands_before_the_duty_or_over_the_list(
    proposer: Recommendations, listed: str, labels: list[str], addressees: list[str]
) -> None:
    made = _made(proposer, f"1. Introduction\n\n{BODY}\n\n9. Recommendations\n\n{listed}")
    assert [each.label for each in made] == labels
    assert [each.addressees for each in made] == [(one,) for one in addressees]


def test_a_title_and_its_reasons_belong_to_a_labelled_recommendation(proposer: Recommendations) -> None:
    words = (
        "Recommendations\n\nRecommendation 1: Late bookings\n\n"
        "The review found that midwives did not know the rule.\n\n"
        "The Board should tell every midwife.\n\nRecommendation 2: Training\n\nThe Board should train midwives.\n"
    )
    one, two = _made(proposer, f"1. Introduction\n\n{BODY}\n\n{words}")
    assert one.evidence.quote.startswith("Late bookings")
    assert one.evidence.quote.endswith("tell every midwife.")
    assert one.addressees == two.addressees == ("safeguarding_partnership",)
