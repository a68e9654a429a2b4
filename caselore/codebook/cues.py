"""The grammar of cues: a pattern that a researcher writes comes in; its tree, its regular expression on folded
text and the literal words it cannot match without go out.

    pattern := item+             a space matches any run of white space or hyphens; nothing: the parts are joined
    item    := word | word*      whole words; `*` any ending
             | (a|b c|d)         alternatives
             | [a b]             optional; [a|b] one of them or nothing
             | .. | ..8          a gap of up to 4 (8) words inside one clause
             | <parent>          any term of that list of the thesaurus
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NoReturn

from caselore.errors import CodebookError

Thesaurus = Mapping[str, tuple[str, ...]]

GAP = 4
"""Words that `..` may leap over when no number follows it."""

LONGEST_GAP = 30

SPACE = r"'?[\s\-]+"
"""Between two words of a cue; the quote is that of a plural's possessive, `parents' separation`."""

BOUNDARY_BEFORE, BOUNDARY_AFTER = r"(?<!\w)", r"(?!\w)"

# A gap leaps over commas and brackets, since lists of agencies and asides are one clause; never over `. ; : ! ?`.
_BREAK = r"'?[\s\-,()\"/]+'?"
_GAP = rf"(?:{_BREAK}[\w&%£][\w'&%]*+){{{{0,{{most}}}}}}?{_BREAK}"

# Characters that folding leaves in a text and that a cue may hold besides letters and digits.
_WORD = re.compile(r"'?[^\W_]+(?:[&'/+.%£$#@_][^\W_]+)*[%+']?|[£$#&]")
_SLOT = re.compile(r"<([^<>]*)>")
_SLOT_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_DIGITS = re.compile(r"\d+")

FOLDS = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"}
)

# Words so common that a search for them would stop at every sentence.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "a an and any as at be been by did for from had has have he her him his in is it its no not of on or"
        " she that the their them they this to was were who with",
    )
)


@dataclass(frozen=True, slots=True)
class Word:
    """One literal; `prefix` when any ending may follow."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """Any term of the thesaurus list `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Gap:
    """From none to `most` words, all in the same clause."""

    most: int = GAP


@dataclass(frozen=True, slots=True)
class Choice:
    """Exactly one of the options."""

    options: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Maybe:
    """The item, or nothing."""

    item: Phrase


Node = Word | Slot | Gap | Choice | Maybe


@dataclass(frozen=True, slots=True)
class Phrase:
    """Items in order; `joined[i]` says that item i follows the one before without a space."""

    items: tuple[Node, ...]
    joined: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class CuePattern:
    """A parsed cue; `slots` names every thesaurus list that it asks for."""

    pattern: str
    root: Phrase
    slots: frozenset[str]


def fold(pattern: str) -> str:
    """The pattern in lower case with straight quotes and hyphens: the form of the text that it meets."""
    return pattern.translate(FOLDS).lower()


@lru_cache(maxsize=65536)
def parse_cue(pattern: str) -> CuePattern:
    """The tree of a cue.

    Raises:
        CodebookError: the pattern does not follow the grammar; the message says at which character.
    """
    reader = _Reader(fold(pattern))
    root = reader.phrase(until="")
    if not _firm(root):
        reader.fail("every part is optional, so the cue would match nothing at all; name one word", 0)
    return CuePattern(pattern, root, frozenset(_slots(root)))


class _Reader:
    """Walks once over a folded pattern; every complaint names the character, counted from 1."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def fail(self, message: str, at: int | None = None) -> NoReturn:
        place = (self.at if at is None else at) + 1
        raise CodebookError(f"cue {self.text!r}, character {place}: {message}")

    def phrase(self, until: str) -> Phrase:
        start, spaced = self.at, True
        items: list[Node] = []
        joined: list[bool] = []
        while self.at < len(self.text) and (char := self.text[self.at]) not in until:
            if char.isspace() or char == "-":
                self.at, spaced = self.at + 1, True
                continue
            items.append(self.item(char))
            joined.append(not spaced)
            spaced = False
        self.check(items, start)
        return Phrase(tuple(items), tuple(joined))

    def check(self, items: list[Node], start: int) -> None:
        """A gap needs a part on either side that is always there, else it would leap from or to nothing."""
        if not items:
            self.fail("nothing stands here; write a word, or take the brackets out", start)
        gaps = [n for n, item in enumerate(items) if type(item) is Gap]
        if not gaps:
            return
        firm = [n for n, item in enumerate(items) if isinstance(item, (Word, Slot, Choice))]
        if not firm:
            self.fail("a gap stands between two words", start)
        if any(not firm[0] < n < firm[-1] for n in gaps):
            self.fail("a gap stands between two words that are always there, not at the beginning or end", start)
        if any(after - before == 1 for before, after in pairwise(gaps)):
            self.fail("two gaps in a row; write one with a larger number, such as `..8`", start)
        if any(all(isinstance(item, Maybe) for item in items[n + 1 : m]) for n, m in pairwise(gaps)):
            self.fail("between two gaps stands only an optional part; write two cues, with it and without it", start)

    def item(self, char: str) -> Node:
        if char == "(":
            return self.choice()
        if char == "[":
            return self.maybe()
        if char == "<":
            return self.slot()
        if self.text.startswith("..", self.at):
            return self.gap()
        return self.word()

    def choice(self) -> Choice:
        return Choice(self.options(")"))

    def maybe(self) -> Maybe:
        options = self.options("]")
        return Maybe(options[0] if len(options) == 1 else Phrase((Choice(options),), (False,)))

    def options(self, close: str) -> tuple[Phrase, ...]:
        start, options = self.at, []
        while True:
            self.at += 1
            options.append(self.phrase(until="|" + close))
            if self.at >= len(self.text):
                self.fail(f"the `{self.text[start]}` opened here is never closed; add `{close}`", start)
            if self.text[self.at] == close:
                self.at += 1
                return tuple(options)

    def slot(self) -> Slot:
        found = _SLOT.match(self.text, self.at)
        if not found:
            self.fail("the `<` opened here is never closed; add `>`")
        if not _SLOT_NAME.match(found[1]):
            self.fail(f"`{found[0]}` is no name of a list; use small letters, digits and `_`")
        self.at = found.end()
        return Slot(found[1])

    def gap(self) -> Gap:
        start = self.at
        self.at += 2
        if self.text.startswith(".", self.at):
            self.fail("a gap is two dots, `..`, or two dots and a number, `..8`", start)
        digits = _DIGITS.match(self.text, self.at)
        if not digits:
            return Gap()
        self.at = digits.end()
        if not 1 <= int(digits[0]) <= LONGEST_GAP:
            self.fail(f"a gap leaps over 1 to {LONGEST_GAP} words, not {digits[0]}", start)
        return Gap(int(digits[0]))

    def word(self) -> Word:
        found = _WORD.match(self.text, self.at)
        if not found:
            self.fail(
                _COMPLAINTS.get(self.text[self.at], f"`{self.text[self.at]}` has no meaning in a cue; take it out")
            )
        self.at = found.end()
        prefix = self.text.startswith("*", self.at)
        self.at += prefix
        return Word(found[0], prefix)


_COMPLAINTS = {
    ")": "a `)` without its `(`; take it out or open the bracket",
    "]": "a `]` without its `[`; take it out or open the bracket",
    ">": "a `>` without its `<`; take it out or open the slot",
    "|": "`|` parts alternatives only inside brackets, `(a|b)`",
    "*": "`*` must follow a word directly, as in `neglect*`",
    ".": "a gap is two dots, `..`, or two dots and a number, `..8`",
    "?": "`?` has no meaning in a cue; for an optional ending write it in square brackets, `board[s]`",
    ",": "a comma has no meaning in a cue; use a gap `..`, or write two cues",
}


def _firm(phrase: Phrase) -> bool:
    """Whether the phrase always holds at least one word."""
    return any(
        isinstance(item, (Word, Slot)) or (isinstance(item, Choice) and all(map(_firm, item.options)))
        for item in phrase.items
    )


def _slots(phrase: Phrase) -> Iterator[str]:
    for item in phrase.items:
        if isinstance(item, Slot):
            yield item.name
        elif isinstance(item, Choice):
            for option in item.options:
                yield from _slots(option)
        elif isinstance(item, Maybe):
            yield from _slots(item.item)


def _terms(name: str, thesaurus: Thesaurus) -> tuple[str, ...]:
    try:
        return thesaurus[name]
    except KeyError:
        raise CodebookError(f"cue: the thesaurus has no list `{name}`; add it or mend `<{name}>`") from None


def regex(pattern: str | CuePattern, thesaurus: Thesaurus) -> str:
    """A regular expression that finds the cue in folded text (lower case, straight quotes and hyphens).

    Raises:
        CodebookError: a syntax error, or a slot that the thesaurus does not have.
    """
    parsed = parse_cue(pattern) if isinstance(pattern, str) else pattern
    first = parsed.root.items[0]
    inside = isinstance(first, Word) and first.text.startswith("'")  # "'s death" stands behind a word
    return ("" if inside else BOUNDARY_BEFORE) + _phrase_regex(parsed.root, thesaurus) + BOUNDARY_AFTER


def _phrase_regex(phrase: Phrase, thesaurus: Thesaurus) -> str:
    """A space stands exactly between the parts that are there.

    While `opening` (at the beginning, after a gap) an optional part brings the space behind it, later the one
    before it.
    """
    parts: list[str] = []
    opening = True
    for n, (item, joined) in enumerate(zip(phrase.items, phrase.joined, strict=True)):
        glued = n + 1 < len(phrase.items) and phrase.joined[n + 1]
        before = "" if joined or opening else SPACE
        if isinstance(item, Gap):
            parts.append(_GAP.format(most=item.most))
            opening = True
        elif not isinstance(item, Maybe):
            parts.append(before + _node_regex(item, thesaurus))
            opening = False
        else:
            inner = _phrase_regex(item.item, thesaurus)
            parts.append(_maybe_regex(inner, before, opening=opening, glued=glued))
    return "".join(parts)


def _maybe_regex(inner: str, before: str, *, opening: bool, glued: bool) -> str:
    """`glued`: the next part follows without a space, so the space before stands even if the part is absent."""
    if opening:
        return f"(?:{inner}{'' if glued else SPACE})?"
    return f"{before}(?:{inner})?" if glued else f"(?:{before}{inner})?"


def _node_regex(node: Node, thesaurus: Thesaurus) -> str:
    if isinstance(node, Word):
        return re.escape(node.text).replace("'", "'?") + (r"[\w']*+" if node.prefix else "")
    if isinstance(node, Slot):
        return _slot_regex(node.name, thesaurus)
    assert isinstance(node, Choice)
    return "(?:" + "|".join(_phrase_regex(option, thesaurus) for option in node.options) + ")"


def _slot_regex(name: str, thesaurus: Thesaurus) -> str:
    """Longest term first, so that `mother's partner` wins over `mother`."""
    terms = sorted(_terms(name, thesaurus), key=lambda term: (-len(term), term))
    return "(?:" + "|".join(_phrase_regex(parse_cue(term).root, thesaurus) for term in terms) + ")"


def anchors(pattern: str | CuePattern, thesaurus: Thesaurus) -> frozenset[str]:
    """Literal strings of which at least one stands in the folded text wherever the cue matches.

    They may be parts of words (`bruis` for `bruis(e|ing)`): search them as substrings.
    """
    parsed = parse_cue(pattern) if isinstance(pattern, str) else pattern
    return _phrase_anchors(parsed.root, thesaurus)


def _phrase_anchors(phrase: Phrase, thesaurus: Thesaurus) -> frozenset[str]:
    offers = [_node_anchors(item, thesaurus) for item in phrase.items]
    return max((offer for offer in offers if offer), key=_rarity, default=frozenset())


def _node_anchors(node: Node, thesaurus: Thesaurus) -> frozenset[str]:
    if isinstance(node, Word):
        return frozenset({max(node.text.split("'"), key=len)})
    if isinstance(node, Slot):
        return _union((parse_cue(term).root for term in _terms(node.name, thesaurus)), thesaurus)
    if isinstance(node, Choice):
        return _union(node.options, thesaurus)
    return frozenset()


def _union(phrases: Iterable[Phrase], thesaurus: Thesaurus) -> frozenset[str]:
    """The anchors of all alternatives together; none if one alternative has none."""
    offers = [_phrase_anchors(phrase, thesaurus) for phrase in phrases]
    return frozenset().union(*offers) if all(offers) else frozenset()


def _rarity(offer: frozenset[str]) -> tuple[int, int]:
    """How rarely the literals are expected to be met: long ones first, then few of them."""
    return min(0 if word in _COMMON else min(len(word), 6) for word in offer), -len(offer)
