"""Openings: their files, the weights that ship, and the facts that they give where the rules are silent or unsure."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caselore.documents.sections import sections
from caselore.proposers.evidence import verify_all
from caselore.proposers.exemplars import deciding, teaching
from caselore.proposers.exemplars.openings import NATURE_OF, openings
from caselore.proposers.exemplars.shipped import fingerprint, texts
from caselore.proposers.proposer import propose_case, proposers, shipped
from caselore.records import Case, Document, Proposal

HEAD = "2019 - Northby - Child A\n\n"


def _proposed(words: str, *, names: tuple[str, ...] = ("facts", "examples")) -> tuple[Document, Proposal]:
    text = HEAD + words
    document = Document("r.txt", "text/plain", "0" * 64, text, "plain@1", sections=sections(text))
    case = Case("2019 - Northby - Child A", "r.txt", "0" * 64, 0, len(text))
    return document, propose_case(document, case, proposers(names))


def test_every_opening_names_codes_of_the_codebook_that_agree() -> None:
    fields = shipped().fields
    for one in openings():
        assert one.outcome in fields["outcome"].codes
        assert one.source in fields["source_of_harm"].codes, one.words
        assert one.context in fields["incident_context"].codes, one.words
        nature = NATURE_OF.get(one.outcome)
        assert one.nature in fields[nature].codes if nature else one.nature == "-", one.words


def test_openings_are_many_and_varied() -> None:
    found = [one for one in openings() if not one.known_to_rules]
    assert len(found) >= 600
    assert len({one.style for one in found}) >= 10
    for question in (lambda one: one.what, lambda one: one.source):
        for answer, count in Counter(map(question, found)).items():
            assert count >= 10, answer


def test_the_weights_that_ship_were_made_from_these_openings() -> None:
    assert deciding.shipped().examples == fingerprint(texts(openings=True)), (
        "run python -m caselore.proposers.exemplars.teaching"
    )


def test_weights_are_made_alike_twice_and_read_back(tmp_path: Path) -> None:
    some = teaching.lessons(openings()[::11])
    made = teaching.teach(some)
    again = teaching.teach(some)
    deciding.save(made, tmp_path / "w.npz")
    back = deciding.read(tmp_path / "w.npz")
    for name, one in made.deciders.items():
        assert np.array_equal(one.plain, again.deciders[name].plain)
        assert back.deciders[name].codes == one.codes
        assert np.allclose(back.deciders[name].plain, one.plain, atol=2e-3)


@pytest.mark.parametrize(
    ("words", "field", "code"),
    [
        ("Little Ned was two when mum's new man lost his temper and hit him so hard that he never woke up. "
         "The man is behind bars.", "source_of_harm", "mothers_partner_or_father_figure"),
    ],
)  # fmt: skip
def test_facts_that_no_cue_knows_come_from_likeness(words: str, field: str, code: str) -> None:
    assert words not in {one.words for one in openings()}
    _, proposal = _proposed(words)
    assert code in {each.code for each in proposal.codes if each.field == field}


def test_a_nature_never_stands_beside_another_outcome() -> None:
    for one in openings()[::7]:
        _, proposal = _proposed(one.words)
        said = {code.field: code.code for code in proposal.codes}
        for outcome, field in NATURE_OF.items():
            assert field not in said or said.get("outcome", outcome) == outcome, one.words


def test_what_likeness_says_is_signed_and_verifies() -> None:
    signed = 0
    for one in openings()[::5]:
        document, proposal = _proposed(one.words, names=("facts", "rules", "examples"))
        verify_all(proposal, document)
        own = [code for code in proposal.codes if code.coder == "examples@1.0" and code.field in deciding.FIELDS]
        assert all(code.evidence and code.confidence < 1 for code in own)
        signed += len(own)
    assert signed > 50


@pytest.mark.parametrize("source", ["DHR", "PFD"])
def test_reviews_of_adults_are_left_to_the_rules(source: str) -> None:
    text = HEAD + "She went from the cliff. She was fourteen. Her father found a note."
    document = Document("r.txt", "text/plain", "0" * 64, text, "plain@1", sections=sections(text))
    case = Case("r", "r.txt", "0" * 64, 0, len(text), source)
    codes = propose_case(document, case, proposers(["examples"])).codes
    assert not [code for code in codes if code.field in deciding.FIELDS]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
@settings(max_examples=40, deadline=None)
def test_any_text_is_answered_with_words_of_its_own(words: str) -> None:
    document, proposal = _proposed(words)
    verify_all(proposal, document)
