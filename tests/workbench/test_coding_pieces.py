"""What the coding page shows, without a page: pieces of text, keys, the words of content notes, signs of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import django_ready
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.study import make_study


@pytest.fixture(scope="module", autouse=True)
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The rooms of pages can be entered: they import the models, and those need a Django that is set up."""
    from caselore.store.connect import disconnect

    django_ready.opened(make_study(tmp_path_factory.mktemp("pieces") / "study", title="None", mode="team"), team=True)
    yield
    disconnect()


@given(
    st.text(min_size=1, max_size=60),
    st.lists(
        st.tuples(st.integers(-5, 70), st.integers(0, 40), st.sampled_from(("own", "proposed", "other"))), max_size=8
    ),
    st.integers(0, 1000),
)
def test_pieces_are_the_text_and_carry_just_their_codes(text: str, spans: list[tuple[int, int, str]], at: int) -> None:
    from caselore.workbench.highlights import Highlight, pieces

    marks = [Highlight(at + a, at + a + n, f"c{i}", "f", state) for i, (a, n, state) in enumerate(spans)]
    made = pieces(text, at, marks)
    assert "".join(piece.text for piece in made) == text
    assert all("\r" not in piece.text or piece.is_return for piece in made)
    offset = at
    for piece in made:
        over = {mark.of for mark in marks if mark.start <= offset and mark.end >= offset + len(piece.text) > mark.start}
        assert set(piece.ids.split()) == over
        offset += len(piece.text)


def test_every_key_has_an_act_of_the_script_and_no_key_has_two() -> None:
    from caselore.workbench import keys

    script = (Path(keys.__file__).parent / "static" / "workbench" / "coding.js").read_text(encoding="utf-8")
    for where in keys.KEYS.values():
        for act in where.values():
            assert re.search(rf"\b{act}\b[:,(]", script), act
    for where in ("items", "text"):
        assert not set(keys.KEYS[where]) & set(keys.KEYS["everywhere"])


def test_the_word_list_finds_whole_words_in_any_case() -> None:
    from caselore.workbench.content_notes import topics_of

    assert topics_of("He was STRANGLED.") == ("injuries to a child or adult",)
    assert topics_of("took her own\nlife") == ("suicide or self-harm",)
    assert topics_of("The therapist rapidly drew grapes.") == ()


@given(st.text(alphabet="ab #*_|`[]()>\\\n-é\U0001f600", max_size=80))
def test_signs_of_markdown_are_quiet_and_no_character_is_lost(text: str) -> None:
    from caselore.workbench.markdown_signs import looks, parts

    assert "".join(words for words, _ in parts(text, looks(text))) == text


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("## The incident", [("##", "md-sign"), (" The incident", "")]),
        ("**Sent to:** all", [("**", "md-sign"), ("Sent to:", "md-bold"), ("**", "md-sign"), (" all", "")]),
        ("**Half of it.", [("**", "md-sign"), ("Half of it.", "")]),
        ("| a | b |", [("|", "md-sign"), (" a ", ""), ("|", "md-sign"), (" b ", ""), ("|", "md-sign")]),
        ("|---|:--|", [("|---|:--|", "md-sign")]),
        ("_quite_ so", [("_", "md-sign"), ("quite", "md-italic"), ("_", "md-sign"), (" so", "")]),
        ("2 * 3 * 4, a_b_c, #1, p | q r", [("2 * 3 * 4, a_b_c, #1, p | q r", "")]),
    ],
)
def test_what_is_a_sign_of_markdown(text: str, cut: list[tuple[str, str]]) -> None:
    from caselore.workbench.markdown_signs import looks, parts

    assert list(parts(text, looks(text))) == cut
