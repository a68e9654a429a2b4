"""Words that tell of a service that fell short: where they reach, who did it, what only looks like it. All made up."""

from __future__ import annotations

import hashlib

import pytest

from caselore.codebook.codebook import Codebook, CodeDefinition, Cue, Field
from caselore.proposers.casetext import CaseText
from caselore.proposers.matcher import Matcher
from caselore.records import Case, Document


def found(text: str, topic: str, *, need: bool = True, field: str = "field") -> bool:
    """Whether a cue for the topic holds that needs a shortfall (or, with `need` false, that tells it itself)."""
    cue = Cue(
        topic,
        allow=frozenset({"negated", "omitted", "hypothetical"} if not need else {"negated", "omitted"}),
        need=frozenset({"shortfall"} if need else ()),
    )
    code = CodeDefinition("code", "a code", "for tests", "test", cues=(cue,))
    book = Codebook({field: Field(field, "Field", "multi", "test", codes={"code": code})}, {}, {})
    sha = hashlib.sha256(text.encode()).hexdigest()
    document = Document("made-up.txt", "text/plain", sha, text, "plain@1")
    return bool(Matcher(book).matches(CaseText(document, Case("t", "made-up.txt", sha, 0, len(text)))))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Nobody asked about the lodger.", "asked"),
        ("No agency had read the files.", "read"),
        ("None of them saw the girl.", "saw"),
        ("The lodger was never asked about.", "asked"),
        ("The father had not been visited.", "visited"),
        ("The mother was not told of his past.", "told"),
        ("The nurse did not think to weigh the baby.", "weigh"),
        ("The plan was weak and came too late.", "plan"),
        ("Visits were sporadic.", "visits"),
        ("Letters went unanswered.", "letters"),
        ("A lack of curiosity, challenge and supervision.", "supervision"),
        ("Staff could not see the other hospital's notes.", "notes"),
        ("Workers were reluctant to ask about faith.", "faith"),
        ("The school only learned of the order in May.", "learned"),
        ("A meeting should have been held.", "meeting"),
        ("The review fell through.", "review"),
        ("It gave no thought to where the baby slept.", "where the baby slept"),
    ],
)
def test_a_shortfall_reaches_its_topic(text: str, topic: str) -> None:
    assert found(text, topic)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("The nurse asked about the lodger.", "asked"),
        ("The mother did not tell the midwife.", "tell"),
        ("The mother, who was sixteen, had not told the midwife.", "told"),
        ("The parents never asked for help.", "asked"),
        ("The records showed no delay in referral.", "referral"),
        ("There was no lack of supervision.", "supervision"),
        ("It was not only the school that was told.", "told"),
        ("There was no evidence that notes were withheld.", "notes"),
        ("The records were good. Nobody came to the inquest.", "records"),
        ("The child should not be seen with her father.", "child .. seen"),
        ("If the plan is not reviewed, ask why.", "plan .. reviewed"),
        ("The attack could not have been predicted.", "predicted"),
        ("The father was not English and spoke Polish.", "father"),
    ],
)
def test_what_only_looks_like_a_shortfall(text: str, topic: str) -> None:
    assert not found(text, topic)


@pytest.mark.parametrize(("field", "holds"), [("integrity_flags", False), ("another_field", True)])
def test_a_field_of_services_asks_who_did_it(field: str, holds: bool) -> None:
    cue = "did not tell the midwife"
    assert found("The mother did not tell the midwife.", cue, need=False, field=field) is holds
    assert found("The mother's social worker did not tell the midwife.", cue, need=False, field=field)
    assert found("The mother and her doctor, who was ill, did not tell the midwife.", cue, need=False, field=field)


def test_a_shortfall_changes_no_cue_that_does_not_ask_for_it() -> None:
    code = CodeDefinition("code", "a code", "for tests", "test", cues=(Cue("drank"),))
    book = Codebook({"field": Field("field", "Field", "multi", "test", codes={"code": code})}, {}, {})
    text = "Nobody asked whether he drank, which he did; he drank."
    sha = hashlib.sha256(text.encode()).hexdigest()
    document = Document("made-up.txt", "text/plain", sha, text, "plain@1")
    matches = Matcher(book).matches(CaseText(document, Case("t", "made-up.txt", sha, 0, len(text))))
    assert [match.stances for match in matches] == [frozenset()]
