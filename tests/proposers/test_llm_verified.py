"""No code without words that stand in the text: what the verifier accepts, mends and drops."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.codebook.codebook import Codebook
from caselore.proposers.casetext import CaseText
from caselore.proposers.evidence import verify
from caselore.proposers.llm.account import Account, total
from caselore.proposers.llm.answers import Statement
from caselore.proposers.llm.verified import Verifier, confidence, fault, known_code
from caselore.records import Code


def judged(text: CaseText, book: Codebook, *said: Statement) -> tuple[list[Code], Account]:
    account = Account()
    return Verifier(text, book.fields, account, coder="llm@1.0/m").codes(said), account


def police(quote: str, **more: object) -> Statement:
    return Statement("agencies", "police", (quote,), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("between the health visitor and the police", "between the health visitor and the police"),
        ("Between the Health Visitor  and\nthe police", "between the health visitor and the police"),
        ("“between the health visitor and the police”.", "between the health visitor and the police"),
        ("mother’s partner was convicted", "mother's partner was convicted"),
        ("convicted of murder. [7] The child was subject", "convicted of murder. The child was subject"),
        ("Information was not shared ... police", "Information was not shared"),
        ("Information was not shard between the health visitor and", "Information was not shared between the"),
        ("police", "police"),
    ],
    ids=["exact", "folded", "quoted", "apostrophe", "numbered", "cut", "slip", "word"],
)  # fmt: skip
def test_a_quotation_is_taken_from_the_text(fiction: CaseText, book: Codebook, quote: str, stands: str) -> None:
    (code,), account = judged(fiction, book, police(quote))
    (evidence,) = code.evidence
    assert evidence.quote.startswith(stands)
    verify(evidence, fiction.document)
    assert (account.kept, account.dropped) == (1, {})


@pytest.mark.parametrize(
    ("quote", "why"),
    [
        ("the lighthouse keeper telephoned the harbour master", "not_found"),
        ("Information was shared between the health visitor and the police", "not_found"),
        ("Death of a 14-month-old girl in March 2018", "not_found"),
        ("the police informed the health visitor", "not_found"),
        ("son", "not_found"),
        ("", "no_quotation"),
        ("...", "no_quotation"),
        ("of the", "empty_quotation"),
        ("not stated", "empty_quotation"),
        ("word " * 60, "long_quotation"),
    ],
)
def test_no_code_without_words_of_the_text(fiction: CaseText, book: Codebook, quote: str, why: str) -> None:
    codes, account = judged(fiction, book, police(quote))
    assert codes == []
    assert account.dropped == {why: 1}
    (lost,) = account.lost
    assert (lost["field"], lost["code"], lost["why"]) == ("agencies", "police", why)


def test_a_code_without_any_quotation_is_dropped(fiction: CaseText, book: Codebook) -> None:
    codes, account = judged(fiction, book, Statement("agencies", "police"))
    assert codes == []
    assert account.dropped == {"no_quotation": 1}


def test_one_quotation_of_several_is_enough(fiction: CaseText, book: Codebook) -> None:
    said = Statement("agencies", "police", ("nowhere to be found in here", "the police"))
    (code,), account = judged(fiction, book, said)
    assert [each.quote for each in code.evidence] == ["the police"]
    assert account.dropped == {}


def test_the_passage_tells_which_of_several_places_is_meant(fiction: CaseText, book: Codebook) -> None:
    number = next(n for n, p in enumerate(fiction.passages, 1) if "heroin" in fiction.quote(p.start, p.end))
    (first,), _ = judged(fiction, book, police("The mother"))
    (meant,), _ = judged(fiction, book, police("mother", passage=number))
    passage = fiction.passages[number - 1]
    assert passage.start <= meant.evidence[0].start < passage.end
    assert first.evidence[0].start < passage.start
    (far,), _ = judged(fiction, book, police("The mother", passage=9999))
    assert far.evidence


def test_a_quotation_of_a_neighbouring_case_is_not_found(fiction: CaseText, book: Codebook) -> None:
    from dataclasses import replace

    middle = fiction.text.index("Learning")
    first = CaseText(fiction.document, replace(fiction.case, end=middle))
    codes, account = judged(first, book, police("between the health visitor and the police"))
    assert codes == []
    assert account.dropped == {"not_found": 1}


def test_codes_outside_the_codebook_are_dropped_and_counted(fiction: CaseText, book: Codebook) -> None:
    codes, account = judged(
        fiction,
        book,
        Statement("agencies", "clairvoyants", ("the police",)),
        Statement("children", "many", ("girl",)),
        Statement("incident_year", "20018", ("2018",)),
    )
    assert codes == []
    assert account.dropped == {"not_in_codebook": 3}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("health_gp", "health_gp"),
        ("Health GP", "health_gp"),
        ("general practice", "health_gp"),
        ("gp", None),
        ("", None),
        ("police officers", None),
    ],
)
def test_a_code_may_be_meant_by_its_label(book: Codebook, said: str, code: str | None) -> None:
    assert known_code(said, book.fields["agencies"]) == code


@pytest.mark.parametrize(
    ("said", "code"), [("2018", "2018"), ("2018.0", "2018"), ("-1", None), ("٢٠١٨", None), ("3000", None), ("x", None)]
)
def test_numbers_are_digits_in_their_range(book: Codebook, said: str, code: str | None) -> None:
    assert known_code(said, book.fields["incident_year"]) == code


def test_what_silence_means_is_not_proposed(fiction: CaseText, book: Codebook) -> None:
    codes, account = judged(
        fiction,
        book,
        Statement("review_model", "not_stated", ("the police",)),
        Statement("incident_year", "", answer="not_mentioned"),
        Statement("agencies", "", ("nobody",), answer="absent"),
    )
    assert codes == []
    assert (account.silent, account.dropped) == (3, {})


def test_an_answer_state_needs_words_too(fiction: CaseText, book: Codebook) -> None:
    (unclear,), account = judged(
        fiction,
        book,
        Statement("incident_year", "", ("in March 2018",), answer="unclear"),
        Statement("incident_year", "", ("on a day in winter",), answer="withheld"),
    )
    assert (unclear.answer, unclear.code, unclear.evidence[0].quote) == ("unclear", "", "in March 2018")
    assert unclear.confidence < 0.3  # below any code that the rules propose
    assert account.dropped == {"not_found": 1}


def test_steps_keep_their_order_and_agency(fiction: CaseText, book: Codebook) -> None:
    account = Account()
    verifier = Verifier(fiction, book.fields, account, coder="llm@1.0/m")
    steps = verifier.steps(
        [
            Statement("decision_type", "assessment", ("assessed her in June",), agency="children's social care"),
            Statement("decision_type", "referral_made", ("referred the mother to social care",), agency="midwives"),
            Statement("decision_type", "returned_home", ("went home in the end",)),
        ]
    )
    assert [(each.decision_type, each.agency) for each in steps] == [
        ("assessment", "childrens_social_care"),
        ("referral_made", None),
    ]
    assert account.dropped == {"not_found": 1}


@given(st.none() | st.floats(0, 1), st.lists(st.floats(-50, 0), max_size=3), st.booleans())
def test_confidence_is_bounded_whatever_a_model_states(stated: float | None, logs: list[float], near: bool) -> None:
    tokens = [(f'"{"police" if n == 0 else "x"}"', log) for n, log in enumerate(logs)]
    said = Statement("agencies", "police", confidence=stated, at=1)
    assert 0.25 <= confidence(said, tokens, near=near) <= 0.8


def test_log_probabilities_count_before_what_is_stated() -> None:
    said = Statement("agencies", "police", confidence=1.0, at=1)
    sure, unsure = [('"', -0.0), ("pol", -0.01), ("ice", -0.01), ('"', -9.0)], [('"police"', math.log(0.1))]
    assert confidence(said) == 0.8
    assert confidence(said, sure) == pytest.approx(0.79, abs=0.01)
    assert confidence(said, unsure) == pytest.approx(0.35)
    assert confidence(Statement("agencies", "police", at=-1), unsure) == 0.55


def test_faults_of_a_quotation_alone() -> None:
    assert [fault(words) for words in ("GP", "A&E", "a boy", "17", "—", "the")] == [
        "",
        "",
        "",
        "",
        "no_quotation",
        "empty_quotation",
    ]


def test_accounts_add_up() -> None:
    one, two = Account(questions=2, kept=1), Account(questions=3)
    two.drop("not_found", case="c", field="f")
    one.drop("not_found", case="c", field="f")
    whole = total([one.as_dict(), two.as_dict()])
    assert (whole.questions, whole.kept, whole.dropped, len(whole.lost)) == (5, 1, {"not_found": 2}, 2)
