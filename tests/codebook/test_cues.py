"""The grammar of cues: what a pattern matches, what it must contain, and how a mistake is explained."""

from __future__ import annotations

import contextlib
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.codebook.cues import (
    Choice,
    CuePattern,
    Gap,
    Maybe,
    Phrase,
    Slot,
    Word,
    anchors,
    parse_cue,
    regex,
)
from caselore.errors import CodebookError

LISTS = {
    "parent": ("mother", "mother's partner", "step(father|mother)", "carer*"),
    "body": ("police", "health visitor*"),
}


def matches(pattern: str, text: str) -> bool:
    return re.search(regex(pattern, LISTS), text) is not None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("neglect", "signs of neglect, mostly"),
        ("neglect*", "he was neglected"),
        ("co-sleeping", "co sleeping"),
        ("co sleeping", "co-sleeping"),
        ("Co–Sleeping", "co-\nsleeping"),
        ("officer* ..3 (attended|visited)", "officers then later visited"),
        ("officer* ..3 (attended|visited)", "officers attended"),
        ("lack of .. information", "lack of assessment, planning and information"),
        ("(health visitor|midwife) did", "the health visitor did"),
        ("[very] bad", "bad"),
        ("[very] bad", "very bad"),
        ("home [un]safe", "home unsafe"),
        ("home [un]safe", "home safe"),
        ("did [not|never] come", "did never come"),
        ("did [not|never] come", "did come"),
        ("alcohol[ic] drink*", "alcoholic drinks"),
        ("bruis(e|es|ing)", "bruising"),
        ("[step]father", "stepfather"),
        ("no [clear] plan .. [the] child", "no plan for this child"),
        ("<parent> hit", "mother's partner hit"),
        ("<parent> hit", "mothers partner hit"),
        ("<parent> hit", "the stepfather hit"),
        ("<parent> separation", "carers' separation"),
        ("<body> ..2 <parent>", "health visitors saw the mother"),
        ("(child|children)'s service*", "children's services"),
        ("'s death", "the mother's death"),
        ("drug* (and|&) alcohol", "drugs & alcohol"),
        ("board[s]", "boards"),
        ("a&e", "taken to a&e twice"),
        ("s.47", "a s.47 enquiry"),
    ],
)
def test_a_cue_matches(pattern: str, text: str) -> None:
    assert matches(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("neglect", "neglected"),
        ("father", "grandfather"),
        ("officer* ..3 visited", "officers on the following monday visited"),
        ("officer* ..3 visited", "officers left. they visited"),
        ("officer* ..3 visited", "officers left; they visited"),
        ("home [un]safe", "homesafe"),
        ("bruis(e|es|ing)", "bruis e"),
        ("<parent> hit", "brother hit"),
    ],
)
def test_a_cue_does_not_match(pattern: str, text: str) -> None:
    assert not matches(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "place", "mend"),
    [
        ("", 1, "write a word"),
        ("officer* (attended|visited", 10, "never closed"),
        ("officer [then", 9, "never closed"),
        ("<parent", 1, "never closed"),
        ("<Parent 1>", 1, "no name of a list"),
        ("(a|)", 4, "nothing stands here"),
        ("a)", 2, "without its"),
        ("a | b", 3, "only inside brackets"),
        ("a * b", 3, "follow a word directly"),
        ("a ... b", 3, "two dots"),
        ("a ..99 b", 3, "1 to 30"),
        ("a .. .. b", 1, "two gaps in a row"),
        ("a .. [b] .. c", 1, "only an optional part"),
        (".. a", 1, "between two words"),
        ("a .. [b]", 1, "always there"),
        ("[a] [b]", 1, "optional"),
        ("a, b", 2, "comma"),
        ("a ^ b", 3, "no meaning"),
        ("boards?", 7, "`board[s]`"),
    ],
)
def test_a_mistake_is_explained_at_its_place(pattern: str, place: int, mend: str) -> None:
    with pytest.raises(CodebookError, match=re.escape(mend)) as caught:
        parse_cue(pattern)
    assert f"character {place}:" in str(caught.value)


def test_a_slot_that_the_thesaurus_lacks_is_named() -> None:
    with pytest.raises(CodebookError, match="no list `aunt`"):
        regex("<aunt> said", LISTS)


def test_the_tree_of_a_cue() -> None:
    parsed = parse_cue("<parent> ..3 (hit|slap*) [the] child")
    assert parsed.slots == {"parent"}
    hit, slap, the = (Phrase((word,), (False,)) for word in (Word("hit"), Word("slap", prefix=True), Word("the")))
    assert parsed.root.items == (Slot("parent"), Gap(3), Choice((hit, slap)), Maybe(the), Word("child"))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("neglect*", {"neglect"}),
        ("of the police", {"police"}),
        ("(hit|slap*) him", {"hit", "slap"}),
        ("[very] bad", {"bad"}),
        ("mother's", {"mother"}),
        ("<body> a", {"police", "health"}),
    ],
)
def test_anchors_are_literals_that_must_stand(pattern: str, expected: set[str]) -> None:
    assert anchors(pattern, LISTS) == expected


WORDS = st.sampled_from(["neglect", "mother's", "drift", "a&e", "s.47", "no", "records"])


def _glue(parts: list[str]) -> str:
    return " ".join(parts)


def _patterns() -> st.SearchStrategy[str]:
    atom = st.one_of(WORDS, WORDS.map(lambda word: word + "*"), st.sampled_from(["<parent>", "<body>"]))
    phrase = st.lists(atom, min_size=1, max_size=3).map(_glue)
    choice = st.lists(phrase, min_size=1, max_size=3).map(lambda options: "(" + "|".join(options) + ")")
    maybe = phrase.map(lambda inside: f"[{inside}]")
    middle = st.lists(st.one_of(atom, choice, maybe, st.just("..3")), max_size=4)
    ends = st.one_of(atom, choice)
    return st.tuples(ends, middle, ends).map(lambda three: _glue([three[0], *three[1], three[2]]))


TWO_GAPS = re.compile(r"\.\.3 (\[[^\]]*\] )*\.\.3")
"""Two gaps in a row, or with nothing but an optional part between them: the reader of cues refuses both."""


def _spoken(phrase: Phrase, chance: random.Random) -> str:
    """One text that the phrase means, made at random."""
    out = ""
    for item, joined in zip(phrase.items, phrase.joined, strict=True):
        match item:
            case Word(text, prefix):
                said = text + ("ed" if prefix and text.isalpha() and chance.random() < 0.5 else "")
            case Slot(name):
                said = _spoken(parse_cue(chance.choice(LISTS[name])).root, chance)
            case Choice(options):
                said = _spoken(chance.choice(options), chance)
            case Maybe(inner):
                said = _spoken(inner, chance) if chance.random() < 0.5 else ""
            case Gap(most):
                said = " ".join(["thing"] * chance.randint(0, most))
        out += ("" if joined or not out or not said else chance.choice([" ", "\n", "-", "  "])) + said
    return out


@given(_patterns().filter(lambda pattern: not TWO_GAPS.search(pattern)), st.integers())
def test_what_a_cue_means_is_matched_and_holds_an_anchor(pattern: str, seed: int) -> None:
    parsed: CuePattern = parse_cue(pattern)
    text = "so " + _spoken(parsed.root, random.Random(seed)) + " then"
    assert re.search(regex(parsed, LISTS), text), (pattern, text)
    found = anchors(parsed, LISTS)
    assert found
    assert any(word in text for word in found)


@given(st.text(max_size=40))
def test_any_pattern_is_parsed_or_explained(pattern: str) -> None:
    with contextlib.suppress(CodebookError):
        re.compile(regex(pattern, LISTS))
