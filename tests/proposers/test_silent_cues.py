"""No cue is silently never tried: what its expression matches, the matcher finds, in shipped and in made-up cues."""

from __future__ import annotations

import random
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from caselore.codebook.codebook import Codebook, CodeDefinition, Cue, Field
from caselore.codebook.cues import Choice, Gap, Node, Phrase, Slot, Word, parse_cue, regex
from caselore.proposers.matcher import Matcher
from caselore.proposers.proposer import shipped
from caselore.proposers.wordings import Thesaurus, wordings


class Speaker:
    """Says a cue at random: a text that its expression should match."""

    def __init__(self, thesaurus: Thesaurus, seed: int) -> None:
        self.thesaurus, self.chance = thesaurus, random.Random(seed)

    def phrase(self, phrase: Phrase) -> str:
        said = ""
        for item, joined in zip(phrase.items, phrase.joined, strict=True):
            word = self.node(item)
            said += word if joined or not word else f" {word}"
        return said.strip()

    def node(self, node: Node) -> str:
        if isinstance(node, Word):
            return node.text + ("xy" if node.prefix and self.chance.random() < 0.5 else "")
        if isinstance(node, Slot):
            return self.phrase(parse_cue(self.chance.choice(self.thesaurus[node.name])).root)
        if isinstance(node, Gap):
            return " ".join(["qqq"] * self.chance.randint(0, min(2, node.most)))
        if isinstance(node, Choice):
            return self.phrase(self.chance.choice(node.options))
        return self.phrase(node.item) if self.chance.random() < 0.5 else ""


def found(matcher: Matcher, entry: int, text: str) -> bool:
    """Whether the matcher finds its cue of that number in a passage that is the whole text."""
    hits = matcher._hits(text, [0], [len(text)]).get(0)
    if hits is None:
        return False
    trigger = matcher._entries[entry].trigger
    placed = {place[0] for place in hits.cues} | {place[0] for place in hits.vetoes}
    return entry in placed or any(each.trigger is trigger for each in hits.triggers if trigger)


def unheard(matcher: Matcher, thesaurus: Thesaurus, *, seed: int, times: int) -> list[tuple[str, str]]:
    """Cues, and words that their expressions match and the matcher does not find."""
    speaker, silent = Speaker(thesaurus, seed), []
    for number, entry in enumerate(matcher._entries):
        expression = re.compile(regex(entry.pattern, thesaurus))
        for _ in range(times):
            text = f"zz {speaker.phrase(parse_cue(entry.pattern).root)} zz"
            if expression.search(text) and not found(matcher, number, text):
                silent.append((entry.pattern, text))
    return silent


def test_every_shipped_cue_and_trigger_is_heard() -> None:
    codebook = shipped()
    assert unheard(Matcher(codebook), codebook.thesaurus, seed=1, times=1) == []


def _alone(pattern: str) -> Matcher:
    code = CodeDefinition("code", "a code", "one that tests use", "test", cues=(Cue(pattern),))
    return Matcher(Codebook({"field": Field("field", "Field", "multi", "test", codes={"code": code})}, {}, {}))


WORDS = st.sampled_from(["plan", "drift*", "share", "information", "late", "abus*", "co"])


def _joined(parts: list[str]) -> str:
    return " ".join(parts)


ITEMS = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda options: f"({'|'.join(options)})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]} ..3 late)"),
        inner.map(lambda one: f"plan [{one}] late"),
        inner.map(lambda one: f"{one} ..4 share"),
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ITEMS, min_size=1, max_size=3).map(_joined), st.integers(0, 9))
def test_an_alternative_may_hold_a_gap(pattern: str, seed: int) -> None:
    matcher = _alone(pattern)
    assert wordings(parse_cue(pattern), {}).phrases
    assert [each for each in unheard(matcher, {}, seed=seed, times=4) if each[0] == pattern] == []
