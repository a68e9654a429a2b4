"""A line of `caselore propose` and the proposal it was made of say the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.errors import EvaluationError
from caselore.proposers.lines import from_line, to_line
from caselore.records import Case, Code, Evidence, Proposal, Recommendation, Source, Step

TEXT = st.text(max_size=20)
EVIDENCE = st.builds(
    Evidence, st.just("a" * 64), st.just("b" * 64), st.just("plain@1"), st.integers(0, 99), st.integers(0, 99), TEXT
)
CONFIDENCE = st.integers(0, 100).map(lambda n: n / 100)
CODES = st.builds(
    Code, TEXT, TEXT, CONFIDENCE, TEXT, st.tuples(EVIDENCE), reason=TEXT, answer=st.sampled_from(["present", "unclear"])
)
STEPS = st.builds(Step, TEXT, st.none() | TEXT, CONFIDENCE, TEXT, st.tuples(EVIDENCE))
RECOMMENDATIONS = st.builds(Recommendation, TEXT, EVIDENCE, st.tuples(TEXT), st.tuples(TEXT), TEXT, st.tuples(TEXT))
CASES = st.builds(
    Case,
    TEXT,
    TEXT,
    st.just("a" * 64),
    st.integers(0, 9),
    st.integers(0, 9),
    TEXT,
    st.none() | st.integers(1900, 2100),
    st.builds(Source, TEXT, TEXT),
    st.none() | st.integers(0, 9),
)
PROPOSALS = st.builds(
    Proposal, CASES, st.tuples(CODES), st.lists(STEPS, max_size=2).map(tuple), st.lists(RECOMMENDATIONS).map(tuple)
)


@given(PROPOSALS)
def test_a_line_reads_back_as_the_proposal(proposal: Proposal) -> None:
    assert from_line(json.dumps(to_line(proposal))) == proposal


def test_the_keys_that_other_programs_rely_on() -> None:
    evidence = Evidence("a" * 64, "b" * 64, "plain@1", 3, 9, "police")
    proposal = Proposal(
        Case("Child Z", "made-up.txt", "a" * 64, 0, 40),
        codes=(Code("agencies", "police", 0.9, "rules@1.0", (evidence,)),),
        sequence=(Step("assessment", None, 0.5, "rules@1.0", (evidence,)),),
    )
    line = to_line(proposal)
    assert {"title", "document", "sha256", "start", "end"} <= line["case"].keys()
    assert {"field", "code", "confidence", "proposer", "evidence"} <= line["codes"][0].keys()
    assert line["codes"][0]["evidence"] == [{"start": 3, "end": 9, "quote": "police"}]
    assert {"decision_type", "agency", "evidence"} <= line["sequence"][0].keys()


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"case": {}}', "not json", '{"case": 3, "codes": []}'])
def test_a_damaged_line_is_named(line: str) -> None:
    with pytest.raises(EvaluationError, match=r"line 7 of x\.jsonl"):
        from_line(line, place="line 7 of x.jsonl")
