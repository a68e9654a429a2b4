"""In: a case as read for its facts, and the rules' answers. Out: the features by which an opening is decided.

Words and pairs of the opening, its meaning, ages and the rules' answers speak for each code by weights of its own. For
the source of harm the words beside each person count too, by weights that all persons share: "was convicted" means of
a grandfather what it means of a father.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml

from caselore.proposers.exemplars.reading import WORD, Floats, dense, meanings, stem, words
from caselore.proposers.facts.finding import Finding
from caselore.proposers.facts.reading import Reading
from caselore.proposers.facts.subjects import index_ages
from caselore.proposers.facts.telling import Sentence

SECTIONS = frozenset({"incident", "body", "front", "analysis", "background"})
ASIDE = frozenset({"background", "analysis"})
"""Sections that tell of the family, which are not read."""

LEAST_WEIGHT = 0.3
MOST_CHARACTERS = 1500
BESIDE, BEFORE, AFTER = 1.0, 4, 7
"""What a word beside a person counts, and how many words before and after are looked at."""

PLAIN, KNOWN, MEANING = 0.8, 1.5, 3.0
"""What a word counts, what an age or the presence of a person counts, and what the meaning of all words counts."""

AFTERWARDS = "other_relative_or_carer"
"""The code of those whom a child goes to when all is over, such as foster carers."""

Rules = dict[str, Finding]
"""The rules' answers: field -> finding."""


@cache
def roles() -> dict[str, Any]:
    """The file of people as it stands."""
    place = files("caselore.proposers.exemplars").joinpath("roles.yaml")
    return dict(yaml.safe_load(place.read_text(encoding="utf-8")))


@cache
def code_of() -> dict[str, str]:
    """Role -> code of source_of_harm."""
    return {row["role"]: row["code"] for row in roles()["roles"]}


@cache
def _token() -> re.Pattern[str]:
    seen: dict[str, int] = {}
    ways = []
    for row in roles()["roles"]:
        seen[row["role"]] = seen.get(row["role"], 0) + 1
        ways.append(rf"(?P<{row['role']}_{seen[row['role']]}>\b(?:{row['words']})\b)")
    return re.compile("|".join(ways) + r"|(?P<word>[a-z]+(?:'t)?|\d+)|(?P<stop>[.;:!?\n])|(?P<comma>,)")


@cache
def _words_of(name: str) -> frozenset[str]:
    return frozenset(stem(word) for word in roles()[name].split()) | frozenset(roles()[name].split())


@cache
def mark(name: str) -> int:
    """A feature's name as a number."""
    return zlib.crc32(name.encode())


@dataclass(frozen=True, slots=True)
class Token:
    """A word (`kind` word), a person (role) or a stop at ``[start, end)``; `said` is what features call it."""

    kind: str
    said: str
    start: int
    end: int


@dataclass(slots=True)
class Told:
    """The features of one opening; `places` says where a feature of words was first met."""

    sentences: tuple[Sentence, ...]
    plain: dict[int, float] = field(default_factory=dict)
    places: dict[int, tuple[int, int]] = field(default_factory=dict)
    people: dict[str, dict[int, float]] = field(default_factory=dict)
    mentions: dict[str, list[tuple[Token, tuple[int, ...]]]] = field(default_factory=dict)
    meaning: Floats = field(default_factory=lambda: np.zeros(0, np.float32))


def told(reading: Reading, rules: Rules) -> Told:
    """The features of a case whose incident is told in `reading`."""
    out = Told(opening(reading))
    text = reading.text.folded
    seen: list[str] = []
    for number, sentence in enumerate(out.sentences):
        tokens = list(_tokens(text, sentence))
        _plain_words(out, tokens)
        _people(out, tokens, seen, lead=number == 0)
    if len(seen) == 1:
        out.people[seen[0]][mark("only")] = 1.0
    out.plain |= {mark(f"has:{code}"): KNOWN for code in seen}
    out.plain[mark(f"people:{min(len(seen), 4)}")] = KNOWN
    out.plain |= {mark(name): KNOWN for name in _ages(reading)}
    out.plain |= {mark(f"rule:{own}={finding.code}"): 1.0 for own, finding in rules.items()}
    said = [word for s in out.sentences for word in WORD.findall(text, s.start, s.end)]
    out.meaning = MEANING * dense(words([said or ["x"]]))[0, : 2 * meanings().width]
    return out


def opening(reading: Reading) -> tuple[Sentence, ...]:
    """The sentences that tell of the incident; none where the text begins with the family."""
    every = [s for s in reading.sentences if s.section in SECTIONS and s.weight >= LEAST_WEIGHT]
    if not every or every[0].section in ASIDE:
        return ()
    own = [s for s in every if s.section not in ASIDE]
    kept: list[Sentence] = []
    length = 0
    for sentence in own:
        kept.append(sentence)
        length += sentence.end - sentence.start
        if length > MOST_CHARACTERS:
            break
    return tuple(kept)


def _tokens(text: str, sentence: Sentence) -> Iterator[Token]:
    for found in _token().finditer(text, sentence.start, sentence.end):
        kind, start, end = found.lastgroup or "", *found.span()
        if kind == "word":
            yield Token(kind, stem(found.group()), start, end)
        elif kind in ("stop", "comma"):
            yield Token(kind, "", start, end)
        else:
            role = kind.rpartition("_")[0]
            yield Token(role, f"<{role}>", start, end)


def _plain_words(out: Told, tokens: list[Token]) -> None:
    silent, before = _words_of("silent"), "^"
    for token in tokens:
        if token.kind == "comma" or token.said in silent:
            continue
        if token.kind == "stop":
            before = "^"
            continue
        for name in (token.said, f"{before}_{token.said}"):
            out.plain[mark(name)] = PLAIN
            out.places.setdefault(mark(name), (token.start, token.end))
        before = token.said


def _people(out: Told, tokens: list[Token], seen: list[str], *, lead: bool) -> None:
    codes = code_of()
    for place, token in enumerate(tokens):
        code = codes.get(token.kind, "")
        if not code or token.kind == "child" or (code == AFTERWARDS and _placed_with(tokens[:place])):
            continue
        left = _beside(tokens[:place][::-1], BEFORE, edge="^")
        right = _beside(tokens[place + 1 : place + 20], AFTER, edge="$")
        names = [f"L:{said}" for said in left] + [f"R:{said}" for said in right]
        names += [f"L1:{left[0]}", f"R1:{right[0]}", f"role:{token.kind}"]
        names += [f"L2:{left[1]}_{left[0]}"] if len(left) > 1 else []
        names += [f"R2:{right[0]}_{right[1]}"] if len(right) > 1 else []
        marks = tuple(map(mark, names))
        own = out.people.setdefault(code, {})
        own |= dict.fromkeys(marks, 0.5 * BESIDE)
        own |= {mark("named"): BESIDE, **({mark("in lead"): BESIDE} if lead else {})}
        own |= {mark("first"): BESIDE} if not seen else {}
        out.mentions.setdefault(code, []).append((token, marks))
        if code not in seen:
            seen.append(code)


def _placed_with(before: list[Token]) -> bool:
    """Whether a person is one whom the child was placed with when all was over."""
    return [token.said for token in before[-3:] if token.said != stem("the")][-2:] == [stem("placed"), stem("with")]


def _beside(tokens: list[Token], most: int, *, edge: str) -> list[str]:
    """What stands beside a person up to the end of the sentence part, without loose words."""
    loose = _words_of("beside")
    found: list[str] = []
    for token in tokens:
        if token.kind == "stop":
            return [*found, edge]
        if token.kind != "comma" and token.said not in loose:
            found.append(token.said)
        if len(found) >= most:
            return found
    return [*found, edge]


_AGES = ((24, "small"), (84, "young"))
_BANDS = (12, 24, 72, 120, 156)


def _ages(reading: Reading) -> Iterator[str]:
    ages = [age.months_low for age, _ in index_ages(reading)]
    if not ages:
        yield "age:none"
        return
    youngest = min(ages)
    yield f"age:{sum(youngest >= band for band in _BANDS)}"
    if youngest >= 120:
        yield "age:adolescent"
    yield from (f"age:{name}" for months, name in _AGES if youngest < months)
    if reading.lead and (reading.lead.index.count or 1) > 1:
        yield "many"
