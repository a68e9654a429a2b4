"""Likeness to examples: the files of examples, the weights that ship, and what is proposed on words no cue knows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from caselore.documents.sections import sections
from caselore.proposers.casetext import CaseText
from caselore.proposers.evidence import verify_all
from caselore.proposers.exemplars import Examples, reading
from caselore.proposers.exemplars import model as models
from caselore.proposers.exemplars.deciding import FIELDS as DECIDED
from caselore.proposers.exemplars.sentences import FIELDS, sentences
from caselore.proposers.exemplars.shipped import fingerprint, texts
from caselore.proposers.exemplars.training import fitted
from caselore.proposers.phrases import MOST_WORDS
from caselore.proposers.proposer import propose_case, proposers, shipped
from caselore.records import Case, Document, Proposal

HEAD = "2019 - Northby - Child A\n\n"


@pytest.fixture(scope="module")
def examples() -> Examples:
    return Examples(shipped())


def _document(text: str) -> tuple[Document, Case]:
    document = Document("r.txt", "text/plain", "0" * 64, text, "plain@1", sections=sections(text))
    return document, Case("r", "r.txt", "0" * 64, 0, len(text))


def _proposed(proposer: Any, text: str) -> Proposal:
    proposal: Proposal = proposer.propose(CaseText(*_document(text)))
    return proposal


def _codes(proposer: Any, text: str, field: str) -> set[str]:
    return {code.code for code in _proposed(proposer, text).codes if code.field == field}


def test_every_example_names_codes_of_the_codebook() -> None:
    book = shipped()
    for one in sentences():
        for field, code in one.codes:
            assert code in book.fields[field].codes, (one.words, code)


@pytest.mark.parametrize("field", FIELDS.values())
def test_every_code_has_examples_in_several_styles(field: str) -> None:
    styles: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    for one in sentences():
        for own, code in one.codes:
            if own == field:
                styles.setdefault(code, set()).add(one.style)
                counts[code] += 1
    for code in shipped().fields[field].codes:
        assert counts[code] >= 12, code
        assert len(styles[code]) >= 2, code


def test_no_example_is_given_twice() -> None:
    seen = Counter((one.words.lower(), one.codes) for one in sentences())
    assert [words for (words, _), count in seen.items() if count > 1] == []


def test_the_weights_that_ship_were_made_from_these_examples() -> None:
    shipped_weights = models.shipped()
    assert shipped_weights.examples == fingerprint(texts(openings=False)), (
        "run python -m caselore.proposers.exemplars.training"
    )
    made = fitted(sentences(), shipped_weights.keys)
    assert np.array_equal(made.terms.hashes, shipped_weights.terms.hashes)
    assert np.allclose(made.weights, shipped_weights.weights, atol=2e-3)


def test_a_model_reads_back_as_it_was_written(tmp_path: Path) -> None:
    made = models.shipped()
    models.save(made, tmp_path / "w.npz")
    back = models.read(tmp_path / "w.npz")
    assert back.keys == made.keys
    assert np.array_equal(back.weights, made.weights)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("the paediatric ward knew of her seizures and the nursery was never informed.", "information_not_shared"),
        ("Nobody sat with the twins to find out how they felt.", "child_not_heard"),
        ("the boyfriend came and went, and no professional had met or asked about him.", "men_overlooked"),
        ("the plan had been running for thirty months without any change.", "plan_not_implemented_or_drift"),
    ],
)
def test_words_that_no_example_has_are_coded_by_likeness(examples: Examples, words: str, code: str) -> None:
    assert words not in {one.words for one in sentences()}
    assert code in _codes(examples, f"{HEAD}Learning: {words}\n", "integrity_flags")


@pytest.mark.parametrize(
    "words",
    [
        "Death of a 6-month-old boy in March 2016.",
        "The family moved to the town in 2011 and lived with her parents.",
        "The health visitor saw the baby each week and was welcomed.",
    ],
)
def test_plain_narrative_carries_no_code(examples: Examples, words: str) -> None:
    assert _proposed(examples, f"{HEAD}Background: {words}\n").codes == ()


def test_kinds_of_action_come_from_recommendations_only(examples: Examples) -> None:
    words = "provide training for all midwives in asking about violence."
    assert _codes(examples, f"{HEAD}Recommendations: {words}\n", "recommendation_type") == {"training"}
    assert _codes(examples, f"{HEAD}Background: {words}\n", "recommendation_type") == set()


def test_evidence_verifies_and_is_short(examples: Examples) -> None:
    path = Path(__file__).parent / "blind_one.yaml"
    for review in yaml.safe_load(path.read_text("utf-8"))["reviews"]:
        document, case = _document(review["text"])
        proposal = examples.propose(CaseText(document, case))
        verify_all(proposal, document)
        for code in proposal.codes:
            assert code.coder == examples.id
            assert 1 <= len(code.evidence) <= 2
            assert 0 < code.confidence <= (0.99 if code.field in DECIDED else 0.9)
            assert all(len(each.quote.split()) <= MOST_WORDS + 1 for each in code.evidence)


def test_the_rules_keep_their_codes_and_evidence(examples: Examples) -> None:
    both = proposers(["rules", "examples"])
    for review in yaml.safe_load((Path(__file__).parent / "blind_two.yaml").read_text("utf-8"))["reviews"]:
        document, case = _document(review["text"])
        alone = {(code.field, code.code): code for code in both[0].propose(CaseText(document, case)).codes}
        merged = {(code.field, code.code): code for code in propose_case(document, case, both).codes}
        for key, code in alone.items():
            assert merged[key].confidence >= code.confidence
            kept = merged[key].evidence
            assert all(any(e.start < k.end and k.start < e.end for k in kept) for e in code.evidence)


def test_a_codebook_without_the_fields_gets_nothing() -> None:
    book = shipped()
    less = replace(book, fields={k: v for k, v in book.fields.items() if k not in FIELDS.values()})
    assert _proposed(Examples(less), f"{HEAD}Learning: nobody asked the boy.\n").codes == ()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_it_and_all_evidence_verifies(text: str) -> None:
    document, case = _document(f"Learning: {text}")
    verify_all(Examples(shipped()).propose(CaseText(document, case)), document)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["nobody", "asked", "the", "boy", "about", "his", "father"]), max_size=9), max_size=6
    )
)
def test_a_sentence_scores_the_same_alone_and_among_others(said: list[list[str]]) -> None:
    model = models.shipped()
    together = model.scores(reading.words(said))
    assert together.shape == (len(said), len(model.keys))
    for row, sentence in enumerate(said):
        assert np.allclose(model.scores(reading.words([sentence]))[0], together[row], atol=1e-5)


@pytest.mark.parametrize(("one", "other"), [("assessed", "assessments"), ("worry", "worries"), ("sharing", "share")])
def test_endings_are_folded(one: str, other: str) -> None:
    assert reading.stem(one) == reading.stem(other)


FLOORS = {"integrity_flags": 0.45, "learning_themes": 0.45, "recommendation_type": 0.45}


@pytest.mark.parametrize("field", FLOORS)
def test_likeness_alone_keeps_its_precision_on_reviews_it_did_not_learn_from(examples: Examples, field: str) -> None:
    """Measured .80 to .86 when written; the floor leaves room for later examples."""
    kind = {own: short for short, own in FIELDS.items()}[field]
    right = given_ = wanted = 0
    for name in ("blind_one.yaml", "blind_two.yaml", "blind_three.yaml"):
        for review in yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))["reviews"]:
            got, want = _codes(examples, review["text"], field), set(review[kind])
            right, given_, wanted = right + len(got & want), given_ + len(got), wanted + len(want)
    assert right / given_ > 0.7
    assert 2 * right / (given_ + wanted) > FLOORS[field]
