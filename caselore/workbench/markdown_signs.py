"""Words of a Markdown document come in; stretches with a look go out: signs quiet, bold and italic words as meant.

Not a character is changed or left out, because evidence counts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from caselore.store.models import Document

SIGN, BOLD, ITALIC = "md-sign", "md-bold", "md-italic"

Part = tuple[str, str]
"""Words and their classes."""

_LINE = re.compile(r"^[ ]{0,3}(?:(?:>[ ]?)+|#{1,6}(?=\s))|(?<=\s)#+\s*$", re.MULTILINE)
_RULE = re.compile(r"^[ ]*\|?[ ]*:?-{2,}:?[ ]*(?:\|[ ]*:?-{2,}:?[ ]*)*\|?[ ]*$", re.MULTILINE)
_ROW = re.compile(r"^[ ]*\|.*|^.*\|[ ]*$", re.MULTILINE)
_BAR = re.compile(r"(?<!\\)\|")
_BOLD = re.compile(r"(?<!\\)(\*\*|__)(?=\S)(.+?)(?<=[^\s\\])\1", re.DOTALL)
_ITALIC = re.compile(r"(?<![\w*\\])(\*|_)(?=[^\s*_])([^*_]+?)(?<=[^\s\\])\1(?![\w*])")
_ALONE = re.compile(r"(?<!\\)\*\*")
_CODE = re.compile(r"(`+)([^`]+?)\1(?!`)")
_LINK = re.compile(r"(!?\[)([^\]\[]+)(\]\([^()\s]*\))")
_ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+.!|>-])")


@lru_cache(maxsize=4096)
def is_markdown(document: str) -> bool:
    """Whether a document was read as Markdown, which it stays."""
    return bool(Document.objects.filter(pk=document, media_type="text/markdown").exists())


def looks(text: str) -> list[str]:
    """The classes of every character."""
    found: list[set[str]] = [set() for _ in text]
    for start, end, look in _stretches(text):
        for each in found[start:end]:
            each.add(look)
    return [SIGN if SIGN in each else " ".join(sorted(each)) for each in found]


def _stretches(text: str) -> Iterator[tuple[int, int, str]]:
    for pattern in (_LINE, _RULE, _ALONE, _ESCAPE):
        yield from ((*match.span(), SIGN) for match in pattern.finditer(text))
    for row in _ROW.finditer(text):
        yield from ((*bar.span(), SIGN) for bar in _BAR.finditer(text, *row.span()))
    for pattern, look in ((_BOLD, BOLD), (_ITALIC, ITALIC), (_CODE, ""), (_LINK, "")):
        for match in pattern.finditer(text):
            yield match.start(), match.start(2), SIGN
            yield match.end(2), match.end(), SIGN
            if look:
                yield *match.span(2), look


def parts(words: str, look: list[str]) -> tuple[Part, ...]:
    """Words cut where the look of their characters changes."""
    cut, at = [], 0
    for name, run in groupby(look[: len(words)]):
        n = sum(1 for _ in run)
        cut.append((words[at : at + n], name))
        at += n
    return tuple(cut)
