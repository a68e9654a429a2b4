"""What differs between two versions of a book, the version it deserves, and the codings it touches."""

from __future__ import annotations

from pathlib import Path

import pytest

from caselore.codebook.changes import Change, changes, next_version, suggested_bump, touched
from caselore.codebook.codebook import Codebook, load

BASE = """
book: ours
version: "1.0.0"
title: Ours
fields:
  weather:
    label: Weather
    kind: choice
    question: What was the weather?
    default: dry
    codes:
      dry: {label: dry, definition: It was dry., source: us, cues: [dry]}
      wet: {label: wet, definition: It rained., source: us, cues: [rain*]}
  height: {label: Height, kind: number, question: How high?, unit: m, least: 0, most: 9, source: us}
"""


@pytest.fixture
def book(tmp_path: Path):  # type: ignore[no-untyped-def]
    def make(*swaps: tuple[str, str]) -> Codebook:
        text = BASE
        for old, new in swaps:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / f"{abs(hash(swaps))}.yaml"
        path.write_text(text)
        return load(path)

    return make


@pytest.mark.parametrize(
    ("swap", "what", "bump"),
    [
        (("It was dry.", "It had not rained for a day."), "redefined", "major"),
        (("label: dry", "label: no rain"), "relabelled", "patch"),
        (("cues: [dry]", "cues: [dry, arid]"), "cues changed", "minor"),
        (("cues: [dry]", "cues: [{cue: dry, weight: 0.2}]"), "cues changed", "minor"),
        (("cues: [dry]", "not_cues: [dry]"), "cues changed", "minor"),
        (("default: dry", "default: wet"), "default changed", "major"),
        (("kind: choice\n", "kind: choice\n    answers: [unclear]\n"), "answers changed", "major"),
        (("What was", "How was"), "question changed", "minor"),
        (("most: 9", "most: 8"), "range changed", "major"),
        (("      wet:", "      damp:"), "code removed", "major"),
        (("  height:", "  depth:"), "field removed", "major"),
        (
            ("definition: It rained.", "definition: It rained., example: Wet again."),
            "example changed",
            "patch",
        ),
    ],
)
def test_a_change_is_named_and_weighed(book, swap: tuple[str, str], what: str, bump: str) -> None:  # type: ignore[no-untyped-def]
    found = changes(book(), book(swap))
    assert what in [change.what for change in found]
    assert suggested_bump(found) == bump


def test_nothing_differs_from_itself(book) -> None:  # type: ignore[no-untyped-def]
    assert changes(book(), book()) == ()
    assert suggested_bump(()) == "none"


def test_a_change_reads_as_a_sentence(book) -> None:  # type: ignore[no-untyped-def]
    (found,) = changes(book(), book(("label: dry", "label: no rain")))
    assert str(found) == "weather.dry relabelled: dry -> no rain"


def test_versions_follow() -> None:
    assert [next_version("1.2.3", bump) for bump in ("none", "patch", "minor", "major")] == [
        "1.2.3",
        "1.2.4",
        "1.3.0",
        "2.0.0",
    ]


def test_the_codings_that_a_change_touches() -> None:
    found = (
        Change("redefined", "weather", "dry"),
        Change("relabelled", "weather", "wet"),
        Change("kind changed", "height"),
        Change("code added", "agencies", "drone_team"),
        Change("levels changed", "risk_rating", "neglect"),
    )
    codings = [
        ("weather", "wet"),
        ("weather", "dry"),
        ("height", "3"),
        ("agencies", "police"),
        ("agencies", ""),
        ("risk_rating", "neglect.high"),
        ("risk_rating", "other.high"),
    ]
    assert touched(found, iter(codings)) == (
        ("weather", "dry"),
        ("height", "3"),
        ("agencies", ""),
        ("risk_rating", "neglect.high"),
    )
