"""Quotations that justify their code: each once, with the family where the code is of one. All texts are fictional."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.documents.sections import sections
from caselore.documents.source import source_type
from caselore.proposers.casetext import CaseText
from caselore.proposers.proposer import Proposer, propose_case, proposers
from caselore.proposers.quoting import distinct, household, tells_of_family
from caselore.records import Case, Document, Evidence, Proposal

TITLE = "2031 - Tarnbeck - Child Z\n\n"


@pytest.fixture(scope="module")
def crew() -> tuple[Proposer, ...]:
    return proposers(["facts", "rules", "recommendations"])


def document(text: str) -> tuple[Document, Case]:
    made = Document("made.txt", "text/plain", "ab" * 32, text, "plain@1", sections=sections(text))
    return made, Case(TITLE.strip(), "made.txt", "ab" * 32, 0, len(text), source_type(TITLE, text))


def proposed(crew: tuple[Proposer, ...], body: str) -> Proposal:
    return propose_case(*document(TITLE + body), crew)


def quotes(found: Proposal, field: str, code: str) -> list[str]:
    return [each.quote for one in found.codes if (one.field, one.code) == (field, code) for each in one.evidence]


def test_a_family_by_the_kind_of_harm_is_quoted_with_who_was_there(crew: tuple[Proposer, ...]) -> None:
    found = proposed(
        crew,
        "Skull fracture of a 5-month-old boy in March 2030, thought to be non-accidental.\n"
        "Background: The baby lived with his parents and an older sister above a shop.\n"
        "Learning: bruises in babies who do not crawl need a second opinion.\n",
    )
    said = quotes(found, "incident_context", "family")
    assert len(said) == 2
    assert "lived with his parents" in said[0]
    assert "fracture" in " ".join(said)


def test_words_that_name_the_doer_need_no_second_quotation(crew: tuple[Proposer, ...]) -> None:
    found = proposed(crew, "Death of a 2-year-old girl in May 2030, who was beaten by her stepfather.\n")
    said = quotes(found, "incident_context", "family")
    assert len(said) == 1
    assert "stepfather" in said[0]


def test_a_family_that_nothing_tells_of_is_less_sure(crew: tuple[Proposer, ...]) -> None:
    bare = proposed(crew, "Non-accidental leg fracture of a 7-month-old infant.\n")
    told = proposed(crew, "Non-accidental leg fracture of a 7-month-old infant who lived with her mother.\n")
    sure = [
        next(code.confidence for code in one.codes if (code.field, code.code) == ("incident_context", "family"))
        for one in (bare, told)
    ]
    assert sure[0] < 0.5 < sure[1]


def test_abuse_in_the_family_is_not_quoted_by_the_injury_alone(crew: tuple[Proposer, ...]) -> None:
    found = proposed(
        crew,
        "Non-accidental injuries to an 8-week-old girl in June 2030.\n"
        "Background: Mother was 19 and had left care the year before. Charges against the father were dropped.\n",
    )
    said = quotes(found, "risk_indicators", "intra_familial_abuse")
    assert any(tells_of_family(each.lower()) for each in said)
    assert any("injuries" in each for each in said)


def test_a_sudden_killing_in_the_family_is_quoted_with_its_doer(crew: tuple[Proposer, ...]) -> None:
    found = proposed(
        crew,
        "Deaths of a 6-year-old boy and his sister in 2030 at the hands of their father, who then took his own life.\n",
    )
    assert "father" in " ".join(quotes(found, "nature_of_death", "overt_homicide_familial"))


def test_a_theme_is_quoted_from_the_learning_and_not_from_the_story(crew: tuple[Proposer, ...]) -> None:
    found = proposed(
        crew,
        "Neglect of two brothers.\nKey issues: drug dealing in the flat was not looked into.\n"
        "Learning: what drug use means for a child's day should be asked at every visit.\n",
    )
    said = quotes(found, "learning_themes", "substance_misuse")
    assert said
    assert not any("dealing" in each for each in said)


@pytest.mark.parametrize(
    "words",
    [
        "the implications of the diabetes were not clear to the people working with the child.",
        "assessment of the boy had been put off for want of staff.",
        "support after adoption was withdrawn too soon.",
    ],
)
def test_a_child_who_is_only_mentioned_is_not_heard(crew: tuple[Proposer, ...], words: str) -> None:
    found = proposed(crew, f"Neglect of a boy.\nLearning: {words}\n")
    assert not quotes(found, "learning_themes", "voice_of_the_child")


def test_a_keyword_is_quoted_only_where_the_text_says_nothing(crew: tuple[Proposer, ...]) -> None:
    body = "Death of a 3-month-old girl.\n{told}Keywords: infant deaths, alcohol misuse, housing\n"
    alone = proposed(crew, body.format(told=""))
    both = proposed(crew, body.format(told="Background: her father misused alcohol and had been drinking.\n"))
    assert quotes(alone, "risk_indicators", "substance_use") == ["alcohol misuse"]
    assert "alcohol misuse" not in quotes(both, "risk_indicators", "substance_use")


def test_a_kind_of_action_is_quoted_with_its_clause(crew: tuple[Proposer, ...]) -> None:
    found = proposed(
        crew, "Neglect of a boy.\nRecommendations: the board should build the skills of staff in asking about debt.\n"
    )
    said = quotes(found, "recommendation_type", "training")
    assert said
    assert all(len(each.split()) > 2 for each in said)


def test_a_denial_before_the_words_is_quoted_with_them(crew: tuple[Proposer, ...]) -> None:
    clause = "Nobody at the clinic had thought to ask about domestic abuse before the second baby was due that summer"
    found = proposed(crew, f"Neglect of a boy.\nLearning: {clause}.\n")
    shown = quotes(found, "learning_themes", "domestic_abuse")
    assert shown
    assert all(each.startswith("Nobody") for each in shown)


def test_who_cared_is_told_before_a_mere_mention() -> None:
    made, case = document(
        f"{TITLE}Injury to a baby.\nBackground: Mother is a nurse. He was left alone with his uncle.\n"
    )
    told = household(CaseText(made, case))
    assert told is not None
    assert (made.text[slice(*told[0])], told[1]) == ("alone with his uncle", 0)


def test_no_words_of_a_family_give_no_place() -> None:
    assert household(CaseText(*document(f"{TITLE}Injury to a baby.\nBackground: The ward was full.\n"))) is None


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=8)


@given(SPANS)
def test_distinct_keeps_no_two_of_which_one_says_the_other(spans: list[tuple[int, int]]) -> None:
    found = [Evidence("a", "b", "c", start, start + length, "x" * length) for start, length in spans]
    kept = distinct(found)
    assert set(kept) <= set(found)
    assert bool(kept) == bool(found)
    for each in found:
        assert any(each.start < other.end and other.start < each.end for other in kept)
