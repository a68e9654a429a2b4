"""In: a parsed cue. Out: its wordings where they can be listed, else the phrases of its rarest stretch.

A cue whose wordings can be listed needs no regular expression: the automaton finds it whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from caselore.codebook.cues import Choice, CuePattern, Gap, Maybe, Node, Phrase, Slot, Word, anchors, parse_cue
from caselore.errors import CodebookError

MOST_WORDINGS = 1000
"""A cue with more wordings than this is left to its expression; it bounds the size of the automaton."""

Thesaurus = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wordings:
    """Phrases with single spaces, ``*`` for any ending of a word. `whole`: each one is the cue itself."""

    phrases: tuple[str, ...]
    whole: bool


def wordings(pattern: CuePattern, thesaurus: Thesaurus) -> Wordings:
    """All wordings of a cue, or else fixed phrases one of which stands wherever it matches."""
    listed = _phrase(pattern.root, thesaurus)
    if listed:
        return Wordings(_distinct(listed), whole=True)
    best: tuple[str, ...] = ()
    for stretch in _stretches(pattern.root):
        phrases = _distinct(phrase.split("*")[0].strip() for phrase in _phrase(stretch, thesaurus))
        if phrases and all(phrases) and _rarity(phrases) > _rarity(best):
            best = phrases
    return Wordings(best or tuple(sorted(anchors(pattern, thesaurus))), whole=False)


def _distinct(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrases))


def _rarity(phrases: tuple[str, ...]) -> float:
    """The length of the shortest phrase: a long one is rare; every further phrase costs a little."""
    return min(map(len, phrases)) - len(phrases) / 50 if phrases else -1.0


def _stretches(phrase: Phrase) -> Iterator[Phrase]:
    """Runs of items without gap or option, a starred word ending its run; then each item alone."""
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


def _slice(phrase: Phrase, start: int, end: int) -> Iterator[Phrase]:
    if end > start:
        yield Phrase(phrase.items[start:end], (False, *phrase.joined[start + 1 : end]))


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
        star = "*" if node.prefix else ""
        return list(_distinct((node.text + star, node.text.replace("'", "") + star)))
    if isinstance(node, Slot):
        return _options([parse_cue(term).root for term in _terms(node.name, thesaurus)], thesaurus)
    if isinstance(node, Choice):
        return _options(node.options, thesaurus)
    if isinstance(node, Maybe):
        inner = _phrase(node.item, thesaurus)
        return [*inner, ""] if inner else []
    return []


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
