"""Matches become codes: confidence by weight, place, stance and number; short quotations that verify."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.codebook.codebook import Codebook, CodeDefinition, Cue, Field
from caselore.documents.sections import sections
from caselore.proposers.casetext import CaseText
from caselore.proposers.proposer import proposer, shipped
from caselore.proposers.rules import Rules, mention_weight, own_fields, settings
from caselore.records import Case, Code, Document, Proposal

FILLER = "The road to the mill was mended in the dry summer and nobody spoke of anything else for weeks. "


def case_text(text: str, start: int = 0, end: int | None = None) -> CaseText:
    sha = hashlib.sha256(text.encode()).hexdigest()
    document = Document("made-up.txt", "text/plain", sha, text, "plain@1", sections=sections(text, ()))
    return CaseText(document, Case("2020 - Made-up", "made-up.txt", sha, start, len(text) if end is None else end))


def book(*cues: Cue) -> Codebook:
    code = CodeDefinition("nursery", "nursery", "for tests", "test", cues=cues)
    return Codebook({"places": Field("places", "Places", "multi", "test", codes={"nursery": code})}, {}, {})


def coded(text: str, *cues: Cue) -> Code | None:
    codes = Rules(book(*cues)).propose(case_text(text)).codes
    return codes[0] if codes else None


def test_a_code_has_the_weight_of_its_cue() -> None:
    code = coded("The nursery rang.", Cue("nursery", weight=0.7))
    assert code is not None
    assert (code.field, code.code, code.confidence, code.coder) == ("places", "nursery", 0.7, "rules@1.0")


def test_a_weak_cue_alone_proposes_nothing_but_two_together_do() -> None:
    weak = (Cue("nursery", weight=0.4), Cue("playgroup", weight=0.4))
    assert coded("The nursery rang.", *weak) is None
    assert coded("The nursery rang. A playgroup wrote.", *weak) is not None


def test_the_same_words_again_add_less_than_others() -> None:
    cues = (Cue("nursery", weight=0.4), Cue("playgroup", weight=0.4))
    same = coded("The nursery rang. The nursery wrote. A nursery came.", *cues)
    other = coded("The nursery rang. The playgroup wrote. A nursery came.", *cues)
    assert same is not None
    assert other is not None
    assert same.confidence < other.confidence


def test_one_mention_in_a_long_report_is_not_enough() -> None:
    cue = Cue("nursery", weight=0.8)
    assert coded(FILLER * 5 + "The nursery rang.", cue) is not None
    assert coded(FILLER * 1500 + "The nursery rang.", cue) is None


def test_many_mentions_in_a_long_report_are() -> None:
    text = "".join(f"{FILLER * 20}In week {n} the nursery rang about meal {n}. " for n in range(80))
    assert coded(text, Cue("nursery", weight=0.8)) is not None


def test_a_recommendation_counts_less_for_a_risk_than_an_event() -> None:
    rules = Rules(shipped())

    def risk(text: str) -> float:
        found = rules.propose(case_text(text)).codes
        return max((c.confidence for c in found if c.code == "substance_use"), default=0.0)

    told = risk("Death of a baby. The mother misused drugs.\nLearning: none.\n")
    asked = risk("Death of a baby.\nRecommendations: staff should be trained about parents who misuse drugs.\n")
    assert asked < settings()["propose_at"] <= told


def test_a_glossary_says_nothing_about_the_case() -> None:
    text = "1 Background\n\nThe midwife rang.\n\n2 Glossary\n\nCAMHS: child and adolescent mental health services.\n"
    found = {c.code for c in Rules(shipped()).propose(case_text(text)).codes if c.field == "agencies"}
    assert found == {"health_maternity"}


def test_every_quotation_verifies_and_is_short() -> None:
    text = (
        "2019 - Anytown - Child Q\n\nDeath of a 3-month-old boy by the mother’s partner, who had been violent to her, "
        "and who, as all of the neighbours and the two grandmothers knew well from what they saw and heard in the "
        "street at night, drank heavily.\nLearning: information was not shared with the health visitor.\n"
    )
    proposal = Rules(shipped()).propose(case_text(text))
    assert proposal.codes
    for code in proposal.codes:
        assert 1 <= len(code.evidence) <= settings()["quotes"]
        for evidence in code.evidence:
            assert text[evidence.start : evidence.end] == evidence.quote
            assert len(evidence.quote.split()) <= 12 or code.field not in {"agencies", "risk_indicators"}


def test_a_case_of_a_listing_is_read_alone() -> None:
    text = "Death of a boy. The police came.\n\nDeath of a girl. The midwife came.\n"
    second = text.index("Death of a girl")
    found = Rules(shipped()).propose(case_text(text, second)).codes
    assert {c.code for c in found if c.field == "agencies"} == {"health_maternity"}
    assert all(e.start >= second for c in found for e in c.evidence)


def test_fields_of_other_proposers_are_left_alone() -> None:
    fields = own_fields(shipped())
    assert {"agencies", "risk_indicators"} <= set(fields)
    assert "outcome" not in fields
    assert "decision_type" not in fields


def test_the_register_makes_it() -> None:
    made = proposer("rules")
    assert made.id == "rules@1.0"
    assert isinstance(made.propose(case_text("")), Proposal)


@pytest.mark.parametrize("words", [0, 1500, 10_000, 200_000])
def test_mentions_never_count_more_in_longer_texts(words: int) -> None:
    assert 0 < mention_weight(words + 1000) <= mention_weight(words) <= 1


@given(st.text(alphabet="abc police'’-–\n\t.,;()ſİ hospital neglect", max_size=300))
def test_any_text_gives_quotations_that_verify(text: str) -> None:
    proposal = RULES.propose(case_text(text))
    for evidence in (e for code in proposal.codes for e in code.evidence):
        assert text[evidence.start : evidence.end] == evidence.quote


RULES = Rules(shipped())


def listed(title: str, body: str) -> set[tuple[str, str]]:
    """The codes that the shipped rules propose for an entry of a listing."""
    text = f"{title}\n\n{body}"
    document = Document("made-up.txt", "text/plain", "0" * 64, text, "plain@1", sections=sections(text, ()))
    entry = CaseText(document, Case(title, "made-up.txt", "0" * 64, 0, len(text)))
    return {(code.field, code.code) for code in Rules(shipped()).propose(entry).codes}


BOARD = ("agencies", "safeguarding_partnership")
UNHEARD = ("integrity_flags", "child_not_heard")


def test_the_body_that_publishes_is_no_agency_of_the_case() -> None:
    title = "2019 - Milldale Safeguarding Children Board - Child Z"
    assert BOARD not in listed(title, "Death of a boy aged 4 in a fire.")
    assert BOARD in listed(title, "Recommendations: the Safeguarding Children Board should test its own plan.")
    assert BOARD in listed("2019 - Child Z", "The Safeguarding Children Board was told in May.")


@pytest.mark.parametrize("who", ["Mr Pell, aged 71,", "The patient", "The deceased man"])
def test_no_child_was_unheard_where_none_is_named(who: str) -> None:
    said = "was not given the opportunity to contribute to the plan; their views were not sought"
    assert UNHEARD not in listed("A report", f"Learning: {who} {said}.")
    assert UNHEARD in listed("A report", f"Learning: the girl {said}.")
