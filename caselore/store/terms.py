"""The words that somebody looks for come in; what each database matches by goes out, the same in both.

SQLite's FTS5 and PostgreSQL's tsvector both stem English words. PostgreSQL leaves the commonest words out of its
index, so they are left out of every search: the two find the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from caselore.store.connect import is_postgresql

WORD = re.compile(r'"([^"]+)"|(\S+)')
LETTERS = re.compile(r"[^\W_]+")

COMMON = frozenset(
    """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it
    its itself they them their theirs themselves what which who whom this that these those am is are was were be been
    being have has had having do does did doing a an the and but if or because as until while of at by for with about
    against between into through during before after above below to from up down in out on off over under again further
    then once here there when where why how all any both each few more most other some such no nor not only own same so
    than too very s t can will just don should now
    """.split()
)
"""The words that PostgreSQL's English dictionary does not index (Snowball's list of stop words)."""


def terms_of(words: str) -> list[str]:
    """The words and "quoted phrases" that a search looks for; marks without a letter are none, nor are words that
    every text is full of, unless nothing else is asked for.
    """
    terms = [term for pair in WORD.findall(words) for term in pair if LETTERS.search(term)]
    telling = [term for term in terms if not COMMON.issuperset(LETTERS.findall(term.lower()))]
    return list(dict.fromkeys(telling or terms))


def all_of(terms: Sequence[str]) -> str:
    """What the open database matches by, for passages that have all these terms."""
    return " & ".join(map(_tsquery, terms)) if is_postgresql() else " AND ".join(map(_fts, terms))


def _fts(term: str) -> str:
    """The term as FTS5 takes it: words of a phrase in quotes, nothing of its own language."""
    return '"' + " ".join(LETTERS.findall(term)) + '"'


def _tsquery(term: str) -> str:
    return "(" + " <-> ".join(LETTERS.findall(term)) + ")"


def word_for_word(terms: Sequence[str]) -> tuple[str, list[str]]:
    """For phrases with common words, which PostgreSQL's index passes over: SQL to add on passages `p`, its values."""
    phrases = [LETTERS.findall(term.lower()) for term in terms]
    passed_over = [words for words in phrases if len(words) > 1 and COMMON.intersection(words)]
    if not passed_over or not is_postgresql():
        return "", []
    return " AND p.text ~* %s" * len(passed_over), [_pattern(words) for words in passed_over]


def _pattern(words: Sequence[str]) -> str:
    return r"\m" + "[^[:alnum:]]+".join(
        word if word in COMMON else f"{stem(word)}[[:alnum:]]{{0,6}}" for word in words
    ) + r"\M"  # fmt: skip


def stem(word: str) -> str:
    """The word without its commonest English endings, for marking only."""
    short = re.sub(r"(?:ing|ed|ies|es|s|ly|y|e|ance|ence|ment)$", "", word.lower())
    return short if len(short) >= 3 else word.lower()
