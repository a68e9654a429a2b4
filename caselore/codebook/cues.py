"""The cue grammar: comes in a phrase as a researcher writes it, goes out a parsed cue, its regular
expression, and the fixed phrases one of which a text must hold before the expression is worth trying.

``neglect*`` any ending; ``(a|b)`` alternatives; ``[very]`` optional; ``..`` a gap of up to four words in the
same clause, ``..8`` up to eight; ``<parent>`` any term of a thesaurus list. A space matches white space or hyphens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from caselore.errors import CodebookError

DEFAULT_GAP = 4
MOST_LITERALS = 256
"""A part of a cue with more wordings than this is left to the regular expression."""

SPACE = r"'?[\s\-]+"
_GAP = r"(?:'?[\s\-,()\"/]+'?[\w&%£][\w'&%]*+){{0,{n}}}?'?[\s\-,()\"/]+'?"
_TOKEN = re.compile(r"\s*(\.\.\d*|[()\[\]|]|<[a-z_]+>|[^\s()\[\]|<>]+)")


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `stem` means any ending."""

    text: str
    stem: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to `words` words in the same clause."""

    words: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several phrases; an `optional` choice may be left out."""

    options: tuple[Parsed, ...]
    optional: bool = False


Node = Word | Gap | Choice
Parsed = tuple[Node, ...]
Lists = Mapping[str, Sequence[str]]


def parse_cue(cue: str, lists: Lists | None = None) -> Parsed:
    """The parsed cue; raises CodebookError with the cue and the place where it goes wrong."""
    folded = cue.lower().replace("’", "'").replace("‘", "'").replace("-", " ")
    tokens = [m.group(1) for m in _TOKEN.finditer(folded)]
    nodes, rest = _sequence(tokens, 0, cue, lists or {})
    if rest != len(tokens):
        raise CodebookError(f"The cue {cue!r} has a stray {tokens[rest]!r}.")
    if not any(not isinstance(n, Gap) for n in nodes) or isinstance(nodes[0], Gap) or isinstance(nodes[-1], Gap):
        raise CodebookError(f"The cue {cue!r} must begin and end with a word.")
    return nodes


def _sequence(tokens: list[str], at: int, cue: str, lists: Lists) -> tuple[Parsed, int]:
    nodes: list[Node] = []
    while at < len(tokens) and tokens[at] not in {")", "]", "|"}:
        token = tokens[at]
        if token in {"(", "["}:
            node, at = _choice(tokens, at, cue, lists)
            nodes.append(node)
            continue
        nodes.append(_single(token, cue, lists))
        at += 1
    if not nodes:
        raise CodebookError(f"The cue {cue!r} has an empty part.")
    return tuple(nodes), at


def _choice(tokens: list[str], at: int, cue: str, lists: Lists) -> tuple[Choice, int]:
    close = ")" if tokens[at] == "(" else "]"
    options: list[Parsed] = []
    while True:
        nodes, at = _sequence(tokens, at + 1, cue, lists)
        options.append(nodes)
        if at >= len(tokens) or tokens[at] not in {"|", close}:
            raise CodebookError(f"The cue {cue!r} has a bracket without its {close!r}.")
        if tokens[at] == close:
            return Choice(tuple(options), optional=close == "]"), at + 1


def _single(token: str, cue: str, lists: Lists) -> Node:
    if token.startswith(".."):
        return Gap(int(token[2:] or DEFAULT_GAP))
    if token.startswith("<"):
        terms = lists.get(token[1:-1])
        if not terms:
            raise CodebookError(f"The cue {cue!r} names the list {token}, which the thesaurus does not have.")
        return Choice(tuple(parse_cue(term) for term in terms))
    stem = token.endswith("*")
    word = token.rstrip("*").rstrip("'")
    if not word or "*" in word:
        raise CodebookError(f"The cue {cue!r} has a star that does not end a word.")
    return Word(word, stem)


def pattern(nodes: Parsed) -> str:
    """A regular expression for folded text; compile it once."""
    return r"(?<![\w])" + _pattern(nodes) + r"(?![\w])"


def regex(cue: str, lists: Lists | None = None) -> re.Pattern[str]:
    """The compiled expression of one cue."""
    return re.compile(pattern(parse_cue(cue, lists)))


def _pattern(nodes: Parsed) -> str:
    out = ""
    joined = True  # no separator is due before the next node
    for position, node in enumerate(nodes):
        if isinstance(node, Gap):
            out, joined = out + _GAP.format(n=node.words), True
            continue
        body = _body(node)
        if isinstance(node, Choice) and node.optional:
            out += _optional(body, first=position == 0, joined=joined)
            joined = joined if position == 0 or not joined else True
            continue
        out += body if joined else SPACE + body
        joined = False
    return out


def _optional(body: str, *, first: bool, joined: bool) -> str:
    """An optional part carries its own separator: behind it where one has just been, else before it."""
    return f"(?:{body}{SPACE})?" if first or joined else f"(?:{SPACE}{body})?"


def _body(node: Word | Choice) -> str:
    if isinstance(node, Word):
        text = re.escape(node.text).replace("'", "'?")
        return text + r"[\w']*+" if node.stem else text
    return "(?:" + "|".join(_pattern(option) for option in node.options) + ")"


def literals(nodes: Parsed) -> tuple[str, ...] | None:
    """Every wording of a cue, spaces single, a trailing ``*`` for any ending; None if there is no end of them.

    A word with an apostrophe stands with and without it, as authors write it.
    """
    found = list(_wordings(nodes))
    if not found or any("*" in words[:-1] for words in found):
        return None
    return tuple(dict.fromkeys(found)) if len(found) <= MOST_LITERALS else None


def _wordings(nodes: Parsed) -> Iterator[str]:
    parts = []
    for node in nodes:
        if isinstance(node, Gap):
            return
        options = list(_options(node))
        if not options:
            return
        parts.append(options)
    size = 1
    for options in parts:
        size *= len(options)
    if size <= MOST_LITERALS:
        for chosen in product(*parts):
            yield " ".join(part for part in chosen if part)


def _options(node: Word | Choice) -> Iterator[str]:
    if isinstance(node, Word):
        star = "*" if node.stem else ""
        yield node.text + star
        if "'" in node.text:
            yield node.text.replace("'", "") + star
        return
    for option in node.options:
        wordings = list(_wordings(option))
        if not wordings:
            return
        yield from wordings
    if node.optional:
        yield ""


def anchors(nodes: Parsed) -> tuple[str, ...]:
    """Fixed phrases one of which stands wherever the cue does; () if the cue has none.

    Of the stretches between gaps the one whose shortest phrase is longest: it is the rarest.
    """
    best: tuple[str, ...] = ()
    for stretch in _stretches(nodes):
        words = tuple(dict.fromkeys(w.rstrip("*") for w in _wordings(stretch)))
        if words and all(words) and "*" not in "".join(words) and _shortest(words) > _shortest(best):
            best = words
    return best


def _shortest(words: tuple[str, ...]) -> int:
    return min((len(w) for w in words), default=0)


def _stretches(nodes: Parsed) -> Iterator[Parsed]:
    """Runs of nodes without a gap, a starred word ending a run, and each node alone."""
    run: list[Node] = []
    for node in nodes:
        if isinstance(node, Gap):
            if run:
                yield tuple(run)
            run = []
            continue
        yield (node,)
        run.append(node)
        if isinstance(node, Word) and node.stem:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)
