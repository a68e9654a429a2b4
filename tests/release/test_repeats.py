"""Recommendations that ask for the same share a group id, and none of their words. All words here are invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from caselore.records import Evidence, Recommendation
from caselore.release import repeats
from caselore.release.folder import open_release, write_release

SAME = (
    "The partnership should train every midwife in the county to weigh newborn otters twice a week.",
    "The partnership should train all midwives of the county in weighing newborn otters twice each week.",
)
OTHER = "Housing officers must repaint the lighthouse before winter and log the colour of each window."


def asked(review: str, number: int, words: str) -> repeats.Asked:
    evidence = Evidence(review, review, "plain@1", 0, len(words), words)
    return repeats.Asked((review, 0), number, Recommendation("", evidence), 2031)


MADE = [asked("aa", 1, SAME[0]), asked("aa", 2, OTHER), asked("bb", 1, SAME[1])]


def test_what_two_reviews_ask_for_shares_a_group_in_any_order() -> None:
    wanted = {(("aa", 0), 1): "R-0001", (("bb", 0), 1): "R-0001"}
    for seed in range(5):
        mixed = list(MADE)
        Random(seed).shuffle(mixed)
        assert repeats.groups(mixed) == wanted


def test_a_review_that_repeats_itself_makes_no_group() -> None:
    assert repeats.groups([asked("aa", 1, SAME[0]), asked("aa", 2, SAME[1])]) == {}


def test_the_same_record_in_two_reviews_is_two() -> None:
    one = asked("aa", 1, SAME[0])
    assert len(repeats.groups([one, replace(one, place=("bb", 0))])) == 2


def test_more_than_can_be_compared_get_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "MOST", 2)
    assert repeats.groups(MADE) == {}


def test_the_group_reaches_the_release_and_its_layer(tmp_path: Path, book, pair) -> None:
    def with_words(sha256: str, words: str):
        document, proposal = pair(sha256=sha256)
        given = tuple(replace(one, evidence=replace(one.evidence, quote=words)) for one in proposal.recommendations)
        return document, replace(proposal, recommendations=given)

    release = write_release(
        tmp_path / "out", [with_words("ab" * 32, SAME[0]), with_words("12" * 32, SAME[1])], codebook=book
    )
    for opened in (release, open_release(tmp_path / "out" / "layer.json")):
        sql = "SELECT repeat_group, count(*) FROM recommendations GROUP BY 1"
        found = opened.connection().execute(sql).fetchall()
        assert found == [("R-0001", 2)]
    assert not any(b"otter" in path.read_bytes() for path in (tmp_path / "out").iterdir())
