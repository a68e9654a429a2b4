"""The lists of terms: merged, free of circles, and found by a phrase."""

from __future__ import annotations

from pathlib import Path

import pytest

from caselore.codebook.codebook import load
from caselore.codebook.thesaurus import circle, lists_with, merge_lists
from caselore.errors import CodebookError


def test_lists_of_several_books_hold_the_terms_of_all() -> None:
    assert merge_lists([{"a": ["x", "y"]}, {"a": ["y", "z"], "b": [1]}]) == {
        "a": ("x", "y", "z"),
        "b": ("1",),
    }


def test_a_circle_of_lists_is_found() -> None:
    assert circle({"a": ("<b>",), "b": ("x", "<c> y"), "c": ("<a>",)}) == ("a", "b", "c", "a")
    assert circle({"a": ("<b>",), "b": ("x",), "c": ("<b>", "<a>")}) == ()


def test_a_book_with_a_circle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_text('book: b\nversion: "1.0.0"\ntitle: b\nlists: {up: ["<down>"], down: ["<up>"]}\n')
    with pytest.raises(CodebookError, match="circle: up -> down -> up"):
        load(path)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("CAMHS", "mental_health"),
        ("Health Visitors", "health_visitor"),
        ("mother's partner", "male_partner"),
        ("step-father", "parent"),
        ("IRO", "social_care"),
        ("MARAC", "meeting"),
        ("cin plan", "in_need_plan"),
        ("half-sister", "sibling"),
    ],
)
def test_a_phrase_finds_its_lists(phrase: str, name: str) -> None:
    assert name in lists_with(phrase, load().thesaurus)
