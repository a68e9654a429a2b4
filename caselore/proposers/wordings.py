"""In: a parsed cue. Out: its wordings where they can be listed, else the phrases of its rarest stretch.

A cue whose wordings can be listed needs no regular expression: the automaton finds it whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from caselore.codebook.cues import Choice, CuePattern, Gap, Maybe, Node, Phrase, Slot, Word, anchors, parse_cue
from caselore.errors import CodebookError

MOST_WORDINGS = 240
"""A cue with more wordings than this is left to its expression; it bounds the size of the automaton."""

MOST_OPEN = 8
"""So many wordings with a starred word inside may be tried one by one; an expression is quicker for more."""

TOO_COMMON = 60.0
"""Phrases expected in more places than this are not worth looking for beside rarer ones."""

_COMMON = dict.fromkeys(
    (
        *("the", "a", "an", "of", "to", "in", "and", "or", "was", "were", "be", "been", "had", "has", "have", "is"),
        *("by", "with", "for", "on", "at", "from", "not", "no", "that", "this", "which", "who", "as", "their", "they"),
        *("he", "she", "his", "her", "him", "them", "it", "its", "did", "made", "more", "when", "after", "before"),
    ),
    40.0,
) | dict.fromkeys(
    (
        *("child", "children", "mother", "father", "parent", "parents", "care", "family", "home", "school", "health"),
        *("service", "services", "social", "police", "support", "death", "years", "abuse", "case", "plan", "partner"),
        *("review", "risk", "agencies", "professional", "practitioner", "worker", "staff", "information", "baby"),
    ),
    8.0,
)
"""How often a word stands in a review, next to a word of no note (1.0): a guess that only costs or saves time."""

Thesaurus = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wordings:
    """Phrases with single spaces, ``*`` for any ending of a word. `whole`: each one is the cue itself.

    If not whole, one of `phrases` stands wherever the cue does, and one of `others` too, if there are any.
    """

    phrases: tuple[str, ...]
    whole: bool
    others: tuple[str, ...] = ()


def wordings(pattern: CuePattern, thesaurus: Thesaurus) -> Wordings:
    """All wordings of a cue, or else the fixed phrases of its two rarest stretches."""
    listed = _phrase(pattern.root, thesaurus)
    open_ended = sum("*" in phrase[:-1] for phrase in listed)
    if listed and open_ended <= MOST_OPEN:
        return Wordings(_distinct(listed), whole=True)
    found = []
    for start, end, stretch in _stretches(pattern.root):
        goes_on = end < len(pattern.root.items) and pattern.root.joined[end]  # "sign[s] of": the word may be longer
        phrases = _distinct(_fixed(phrase + "*" * goes_on) for phrase in _phrase(stretch, thesaurus))
        if phrases and all(phrases):
            found.append((_places(phrases), start, end, phrases))
    if not found:
        return Wordings(tuple(f"{word}*" for word in sorted(anchors(pattern, thesaurus))), whole=False)
    best = min(found)
    apart = [one for one in found if one[2] <= best[1] or one[1] >= best[2]]
    second = min(apart, default=None)
    others = second[3] if second and second[0] < TOO_COMMON else ()
    return Wordings(best[3], whole=False, others=others)


def _distinct(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrases))


def _fixed(phrase: str) -> str:
    """A phrase up to and with its first star."""
    head, star, _ = phrase.partition("*")
    return head + star


def _places(phrases: tuple[str, ...]) -> float:
    """In how many places one of the phrases is expected: each is as rare as its rarest word."""
    return sum(min(_COMMON.get(word, 4 / len(word)) for word in phrase.rstrip("*").split()) for phrase in phrases)


def _stretches(phrase: Phrase) -> Iterator[tuple[int, int, Phrase]]:
    """Runs of items without gap or option, a starred word ending its run; and each item alone."""
    start = 0
    for n, item in enumerate(phrase.items):
        if isinstance(item, (Gap, Maybe)):
            yield from _slice(phrase, start, n)
            start = n + 1
            continue
        yield from _slice(phrase, n, n + 1)
        if isinstance(item, Word) and item.prefix:
            yield from _slice(phrase, start, n + 1)
            start = n + 1
    yield from _slice(phrase, start, len(phrase.items))


def _slice(phrase: Phrase, start: int, end: int) -> Iterator[tuple[int, int, Phrase]]:
    """The items from `start` to `end`, if they do not continue a word begun before them."""
    if end > start and not phrase.joined[start]:
        yield start, end, Phrase(phrase.items[start:end], (False, *phrase.joined[start + 1 : end]))


def _phrase(phrase: Phrase, thesaurus: Thesaurus) -> list[str]:
    """Every wording of the items in order; none if there is a gap or there are too many."""
    parts: list[list[str]] = []
    size = 1
    for item, joined in zip(phrase.items, phrase.joined, strict=True):
        options = _node(item, thesaurus)
        size *= len(options)
        if not 0 < size <= MOST_WORDINGS:
            return []
        parts.append(options if joined else [" " + option if option else "" for option in options])
    return ["".join(chosen).strip() for chosen in product(*parts)]


def _node(node: Node, thesaurus: Thesaurus) -> list[str]:
    if isinstance(node, Word):
        return _word(node)
    if isinstance(node, Slot):
        terms = _terms(node.name, thesaurus)
        if any("<" in term for term in terms):
            return _options([parse_cue(term).root for term in terms], thesaurus)
        return list(_plain_list(terms))
    if isinstance(node, Choice):
        return _options(node.options, thesaurus)
    if isinstance(node, Maybe):
        inner = _phrase(node.item, thesaurus)
        return [*inner, ""] if inner else []
    return []


@lru_cache(maxsize=512)
def _plain_list(terms: tuple[str, ...]) -> tuple[str, ...]:
    """The wordings of a list that asks for no other list; many cues ask for the same one."""
    return tuple(_options([parse_cue(term).root for term in terms], {}))


def _word(word: Word) -> list[str]:
    text = word.text + "*" if word.prefix else word.text
    return [text, text.replace("'", "")] if "'" in text else [text]


def _terms(name: str, thesaurus: Thesaurus) -> tuple[str, ...]:
    if name not in thesaurus:
        raise CodebookError(f"A cue asks for the list <{name}>, which the thesaurus does not have; add it there.")
    return thesaurus[name]


def _options(options: Iterable[Phrase], thesaurus: Thesaurus) -> list[str]:
    found: list[str] = []
    for option in options:
        listed = _phrase(option, thesaurus)
        if not listed:
            return []
        found.extend(listed)
    return found
