"""Keeps codebooks from rating people: a sentence of a codebook comes in, the words that rate belief go out.

Codes may say what agencies did with a child's account ("the child was not believed"), never what a coder makes of
it. The rule stands as data in `credibility.yaml`, beside this module and not below `books/`: no user's book amends it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from caselore.codebook.cues import fold, regex

RULE = Path(__file__).with_name("credibility.yaml")

# A sentence without one of these stems cannot be refused; most are left after this one look.
_STEMS = re.compile(
    r"credib|crédib|creíb|believ|trust|truth|true|verac|verit|honest|sincer|decei|decep|liar|lie[ds]?\b|lying|mendac"
    r"|attention|fantas|exagg|manip|dramatic|histrion|hyster|suggest|mak(?:es|ing)|made|wolf|false|malic|vexat|fabric"
    r"|invent|concoct|bogus|spurious|frivol|hoax|reliab|relied|plausib|convinc|consist|genuin|accura|contradict|doubt"
    r"|dubious|questionabl|weight|ulterior|confiden|belief|rehears|script|embell|storyt|vengef|reveng|compens|compelling|coached|confab|glaub|geloof|wiaryg|trov|hygred|ment|lügn|victim|witness|historian"
)
_ENDS = re.compile(r"[.;:!?\n]+(?=\s|$)|\n+")
_OPERATORS = re.compile(r"\.\.\d*|[()\[\]|*<>]|_")


@cache
def _rule() -> dict[str, re.Pattern[str]]:
    raw = yaml.load(RULE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    lists = {name: tuple(terms) for name, terms in raw.pop("lists").items()}
    return {name: re.compile("|".join(f"(?:{regex(cue, lists)})" for cue in cues)) for name, cues in raw.items()}


def credibility_rated(text: str, *, context: str = "") -> str:
    """The words of `text` that rate whether somebody is to be believed; the empty string if none do.

    `text` may be an id, a cue or prose. `context` is what the text belongs to (the label and definition of a cue's
    code): where it speaks of what agencies did, so does the text.
    """
    if context and _rule()["frames"].search(_plain(context)):
        return ""
    found = (_rated(sentence) for sentence in _sentences(text))
    return next((words for words in found if words), "")


def _sentences(text: str) -> Iterable[str]:
    return (_plain(part) for part in _ENDS.split(text) if part.strip())


def _plain(text: str) -> str:
    """Folded, with the underscores of ids and the operators of cues as spaces."""
    return _OPERATORS.sub(" ", fold(text))


def _rated(sentence: str) -> str:
    if not _STEMS.search(sentence):
        return ""
    rule = _rule()
    if always := rule["always"].search(sentence):
        return always.group()
    if rule["frames"].search(sentence):
        return ""
    covered = [match.span() for match in rule["other_meanings"].finditer(sentence)]
    for match in rule["refused"].finditer(sentence):
        if not any(start < match.end() and match.start() < end for start, end in covered):
            return match.group()
    return ""
