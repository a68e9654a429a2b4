"""Passages and near-misses of many styles, coded before the rules were read: what the first run gave, and what is kept.

The passages with an even number were run only after the rules had been mended on the others; `FIRST_RUN` is what that
run gave, and what the rules of the day before had given. All passages are fictional.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from caselore.documents.sections import sections
from caselore.proposers.casetext import CaseText
from caselore.proposers.proposer import Proposer, propose_case, proposers, shipped
from caselore.proposers.rules import Rules
from caselore.records import Case, Document, Section

HERE = Path(__file__).parent / "blind"
FIELDS = {"themes": "learning_themes", "flags": "integrity_flags", "types": "recommendation_type"}

BEFORE = {"themes": 0.659, "flags": 0.365, "types": 0.639}
"""Micro F1 of the rules of the day before on the passages with an even number."""

FIRST_RUN = {"themes": 0.766, "flags": 0.758, "types": 0.835}
"""Micro F1 of the first run of the mended rules on them; writer of passages and of rules are the same."""

SLACK = 0.03
"""What a later change may cost on either half before somebody should look at it."""

MOST_WRONG = 0.25
"""Share of near-misses that may be coded wrongly."""


@pytest.fixture(scope="module")
def both() -> tuple[Proposer, ...]:
    return proposers(["rules", "recommendations"])


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(shipped())


def _read(name: str) -> list[dict[str, Any]]:
    (rows,) = yaml.safe_load((HERE / name).read_text("utf-8")).values()
    return list(rows)


def _f1(reviews: list[dict[str, Any]], kind: str, both: tuple[Proposer, ...]) -> float:
    right = given = wanted = 0
    for review in reviews:
        text = review["text"]
        document = Document("r.txt", "text/plain", "0" * 64, text, "plain@1", sections=sections(text))
        proposal = propose_case(document, Case("r", "r.txt", "0" * 64, 0, len(text)), both)
        got = {code.code for code in proposal.codes if code.field == FIELDS[kind]}
        right, given, wanted = right + len(got & set(review[kind])), given + len(got), wanted + len(review[kind])
    return 2 * right / (given + wanted)


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("kind", FIELDS)
def test_the_first_run_is_kept(both: tuple[Proposer, ...], half: int, kind: str) -> None:
    reviews = _read("passages.yaml")[half::2]
    assert len(reviews) == 30
    least = (min(FIRST_RUN[kind], 0.72) if half == 0 else FIRST_RUN[kind]) - SLACK
    assert _f1(reviews, kind, both) > max(least, BEFORE[kind])


def test_few_near_misses_are_coded(rules: Rules) -> None:
    wrong = []
    for one in _read("near_misses.yaml"):
        words, field = one["text"], FIELDS[one["field"]]
        sections_ = (Section(one["section"], "", 0, 0, len(words)),)
        document = Document("s", "text/plain", "0" * 64, words, "test@1", sections=sections_)
        proposal = rules.propose(CaseText(document, Case("", "s", "0" * 64, 0, len(words))))
        if {code.code for code in proposal.codes if code.field == field} - set(one["codes"]):
            wrong.append(words)
    assert len(wrong) <= MOST_WRONG * 60, wrong
