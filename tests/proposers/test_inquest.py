"""What a coroner found: suicide or not, and how old the deceased was; the reports are made up."""

from __future__ import annotations

import hashlib

import pytest

from caselore.codebook.codebook import load
from caselore.documents.sections import sections
from caselore.proposers.casetext import CaseText
from caselore.proposers.facts import Facts
from caselore.records import Case, Document

FACTS = Facts(load("case_facts"))


def codes(text: str) -> dict[str, list[str]]:
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = Document("made up", "text/plain", digest, text, "plain@1", (), sections(text, ()))
    proposal = FACTS.propose(CaseText(document, Case("1", "made up", digest, 0, len(text), "PFD")))
    found: dict[str, list[str]] = {}
    for code in proposal.codes:
        found.setdefault(code.field, []).append(code.code)
    return found


OPENED = "On 4 May 2019 I commenced an investigation into the death of Ada Marlowe Finch{}. "


@pytest.mark.parametrize(
    "conclusion",
    [
        "The conclusion of the inquest was suicide.",
        "I recorded that she took her own life.",
        "The jury found that Ada killed herself.",
        "She hanged herself with the intention of ending her life.",
    ],
)
def test_a_finding_of_suicide_is_proposed(conclusion: str) -> None:
    assert codes(OPENED.format(", aged 15") + conclusion)["nature_of_death"] == ["suicide"]


@pytest.mark.parametrize(
    "conclusion",
    [
        "The conclusion of the inquest was misadventure. She had hanged herself.",
        "The conclusion was accidental death. There had been earlier attempts to take her own life.",
        "She died of hanging. It could not be determined whether she intended to take her own life.",
        "I returned an open conclusion; the risk of suicide had not been assessed.",
        "The conclusion of the inquest was natural causes.",
        "The conclusion of the inquest was road traffic collision.",
    ],
)
def test_no_finding_of_suicide_is_no_suicide(conclusion: str) -> None:
    assert "nature_of_death" not in codes(OPENED.format(", aged 15") + conclusion)


def test_of_an_adult_nothing_is_said_of_maltreatment_or_context() -> None:
    found = codes(OPENED.format(", 63") + "She fell on the ward and died of a head injury; her son was with her.")
    assert found["child_age_band"] == ["18_and_over"]
    assert not {"nature_of_death", "source_of_harm", "incident_context"} & set(found)


@pytest.mark.parametrize(
    ("text", "band"),
    [
        (OPENED.format("") + "Ada was 17 years old when she died on 1 May 2019.", "16_to_17"),
        (OPENED.format(" (DOB 02.03.2004 DOD 01.05.2019)") + "She died at home.", "11_to_15"),
        (
            OPENED.format(", date of birth 2 March 1927, who died on 1 May 2019") + "She died in hospital.",
            "18_and_over",
        ),
        (OPENED.format(", 15 years of age") + "She was known to a team.", "11_to_15"),
        (OPENED.format("") + "The conclusion was suicide. Ada was a pupil at the school.", "11_to_15"),
        (OPENED.format(", aged 28") + "Her first attempt was before she was 10 years old.", "18_and_over"),
    ],
)
def test_the_age_of_the_deceased_is_read_as_coroners_put_it(text: str, band: str) -> None:
    assert codes(text)["child_age_band"] == [band]
