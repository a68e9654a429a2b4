"""In: a codebook and one case's text. Out: every place where a cue holds, with the stances the words take to it.

One pass of an Aho-Corasick automaton over the text finds the fixed phrases of all cues and of the stance triggers
(Aho and Corasick 1975); a cue with gaps or endings is then tried by its expression in that passage only.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import ahocorasick

from caselore.codebook.codebook import Codebook, Cue
from caselore.codebook.cues import parse_cue, regex
from caselore.proposers.casetext import CaseText
from caselore.proposers.plain import Plain
from caselore.proposers.stance import SHORTFALL, Clauses, Found, Trigger, agents, of_services, table, triggers
from caselore.proposers.wordings import wordings
from caselore.records import Passage

NOTHING: frozenset[int] = frozenset()
NOBODY: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())
WISHES = frozenset({"hypothetical", "recommended"})
"""What a cue's own words must not say where it needs a shortfall: "the child should be seen"."""
_ENDINGS = frozenset({"", "*"})
_NOT_WORDY = re.compile(r"\W")


@dataclass(frozen=True, slots=True)
class Match:
    """A cue that holds at ``[start, end)`` of the document's text."""

    field: str
    code: str
    start: int
    end: int
    cue: Cue
    passage: Passage
    stances: frozenset[str] = frozenset()

    @property
    def plain_fact(self) -> bool:
        """Whether it is told as having happened."""
        return self.stances <= {"historical"}


@dataclass(slots=True)
class _Entry:
    """What the automaton looks for: a cue, a not-cue (`veto`) or a trigger."""

    pattern: str
    whole: bool
    field: str = ""
    code: str = ""
    cue: Cue | None = None
    veto: bool = False
    trigger: Trigger | None = None
    expression: re.Pattern[str] | None = None


@dataclass(slots=True, eq=False)
class _Key:
    """A fixed phrase of the automaton.

    `wholes` are the entries that it is a wording of, each with what follows it. `first` and `other` are the entries
    whose rarest and second part it is, by whether a word may go on after it; `asking` keeps them by kind of section.
    """

    length: int
    wholes: tuple[tuple[int, str], ...] = ()
    first: tuple[frozenset[int], frozenset[int]] = NOBODY
    other: tuple[frozenset[int], frozenset[int]] = NOBODY
    asking: dict[tuple[str, bool], tuple[frozenset[int], frozenset[int]]] = field(default_factory=dict)


@dataclass(slots=True)
class _Hits:
    """What stands in one passage, as places in the plain text; `longer` phrases are the beginning of a longer word."""

    cues: dict[tuple[int, int, int], None] = field(default_factory=dict)
    vetoes: list[tuple[int, int, int]] = field(default_factory=list)
    triggers: list[Found] = field(default_factory=list)
    exact: set[_Key] = field(default_factory=set)
    longer: set[_Key] = field(default_factory=set)


class Matcher:
    """All cues of some fields of a codebook, compiled once; `matches` reads one case's text."""

    def __init__(self, codebook: Codebook, fields: Iterable[str] | None = None) -> None:
        self._thesaurus = codebook.thesaurus
        self._entries: list[_Entry] = []
        self._automaton = ahocorasick.Automaton()
        self._keys: dict[str, _Key] = {}
        for name in codebook.fields if fields is None else fields:
            self._add_field(codebook, name)
        for trigger in triggers():
            self._add(_Entry(trigger.pattern, whole=True, trigger=trigger))
        entries = list(enumerate(self._entries))
        self._trigger_numbers = frozenset(n for n, entry in entries if entry.trigger)
        self._need_shortfall = frozenset(n for n, entry in entries if entry.cue and SHORTFALL in entry.cue.need)
        self._by_section: dict[str, frozenset[int]] = {}
        for key, value in self._keys.items():
            self._automaton.add_word(key, value)
        self._automaton.make_automaton()

    def _add_field(self, codebook: Codebook, name: str) -> None:
        for code in codebook.fields[name].codes.values():
            for cue in code.cues:
                self._add(_Entry(cue.pattern, whole=True, field=name, code=code.id, cue=cue))
            for pattern in code.not_cues:
                self._add(_Entry(pattern, whole=True, field=name, code=code.id, veto=True))

    def _add(self, entry: _Entry) -> None:
        found = wordings(parse_cue(entry.pattern), self._thesaurus)
        entry.whole = found.whole
        self._entries.append(entry)
        index = len(self._entries) - 1
        for phrase in found.phrases:
            key, starred, rest = self._key(phrase)
            if found.whole:
                key.wholes = (*key.wholes, (index, rest))
                continue
            key.first = _asked(key.first, index, starred)
            if not found.others:
                key.other = _asked(key.other, index, starred)
        for phrase in found.others:
            key, starred, _ = self._key(phrase)
            key.other = _asked(key.other, index, starred)

    def _key(self, phrase: str) -> tuple[_Key, bool, str]:
        text, star, rest = phrase.partition("*")
        key = self._keys.get(text)
        if key is None:
            key = self._keys[text] = _Key(len(text))
        return key, bool(star), star + rest

    def matches(self, text: CaseText) -> list[Match]:
        """Every cue that holds, in the order of the text; those whose stance or section bars them are left out."""
        return list(self._admitted(text))

    def _admitted(self, text: CaseText) -> Iterator[Match]:
        plain, passages = Plain(text.folded, text.case.start, text.case.end), text.passages
        starts = [plain.position(p.start) for p in passages]
        ends = [plain.position(p.end) for p in passages]
        silent = silent_stretches(text)
        kinds = [passage.section for passage in passages]
        for number, hits in sorted(self._hits(plain.text, starts, ends, kinds).items()):
            passage = passages[number]
            if hits.cues and not any(s <= passage.start < e for s, e in silent):
                yield from self._in_passage(plain, passage, hits, starts[number], ends[number])

    def _in_passage(self, plain: Plain, passage: Passage, hits: _Hits, start: int, end: int) -> Iterator[Match]:
        clauses = Clauses(plain.text, start, end, hits.triggers)
        for place in sorted(hits.cues, key=self._rank):
            entry = self._entries[place[0]]
            assert entry.cue is not None
            if passage.section not in entry.cue.sections or self._vetoed(place, hits.vetoes):
                continue
            if entry.field in of_services() and clauses.family_did(place[1], place[2]):
                continue
            stances = clauses.stances(place[1], place[2])
            stances |= clauses.within(place[1], place[2]) & entry.cue.need
            if SHORTFALL in entry.cue.need and clauses.falls_short(place[1], place[2]):
                stances |= {SHORTFALL} | (clauses.within(place[1], place[2]) & WISHES)
            if admits(entry.cue, stances):
                span = plain.span(place[1], place[2])
                yield Match(entry.field, entry.code, *span, entry.cue, passage, stances)

    def _rank(self, place: tuple[int, int, int]) -> tuple[int, int, float, int]:
        """In the order of the text; of cues that hold at one place the weightiest first."""
        cue = self._entries[place[0]].cue
        return place[1], -place[2], -cue.weight if cue else 0.0, place[0]

    def _vetoed(self, place: tuple[int, int, int], vetoes: list[tuple[int, int, int]]) -> bool:
        mine = self._entries[place[0]]
        for number, start, end in vetoes:
            other = self._entries[number]
            if (other.field, other.code) == (mine.field, mine.code) and start < place[2] and place[1] < end:
                return True
        return False

    def _hits(
        self, text: str, starts: list[int], ends: list[int], kinds: Sequence[str] | None = None
    ) -> dict[int, _Hits]:
        """What stands in each passage, by the passage's number; no search for a cue that its section would bar."""
        found: dict[int, _Hits] = {}
        for key, number, start, end, whole in self._places(text, starts, ends):
            hits = found.get(number)
            if hits is None:
                hits = found[number] = _Hits()
            if key.first is not NOBODY or key.other is not NOBODY:
                (hits.exact if whole else hits.longer).add(key)
            for index, rest in key.wholes:
                if whole and rest in _ENDINGS:
                    self._keep(index, start, end, hits)
                elif rest and (stop := _end(rest, text, end, ends[number])) >= 0:
                    self._keep(index, start, stop, hits)
        for number, hits in found.items():
            asked = self._asked_in(hits, kinds[number] if kinds else "")
            for index in asked & self._trigger_numbers:
                self._search(index, text, starts[number], ends[number], hits)
            short = not kinds or any(one.trigger.kind == SHORTFALL for one in hits.triggers)
            barred = NOTHING if short else self._need_shortfall
            for index in asked - self._trigger_numbers - barred:
                self._search(index, text, starts[number], ends[number], hits)
        return found

    def _asked_in(self, hits: _Hits, kind: str) -> set[int]:
        """The entries whose rarest and second part both stand in a passage."""
        parts = [self._asking(key, kind, starred=False) for key in hits.exact]
        parts += [self._asking(key, kind, starred=True) for key in hits.longer - hits.exact]
        first: set[int] = set().union(*[part[0] for part in parts])
        return first & set().union(*[part[1] for part in parts])

    def _asking(self, key: _Key, kind: str, *, starred: bool) -> tuple[frozenset[int], frozenset[int]]:
        """The entries whose rarest and second part the phrase is, without those that the section bars."""
        known = key.asking.get((kind, starred))
        if known is None:
            barred = self._barred_in(kind)
            known = key.asking[kind, starred] = (key.first[starred] - barred, key.other[starred] - barred)
        return known

    def _barred_in(self, kind: str) -> frozenset[int]:
        """The cues that cannot hold in a section of that kind; none where no kind is said."""
        if kind not in self._by_section:
            cues = ((n, entry.cue) for n, entry in enumerate(self._entries) if entry.cue and kind)
            self._by_section[kind] = frozenset(n for n, cue in cues if cue and kind not in cue.sections)
        return self._by_section[kind]

    def _places(self, text: str, starts: list[int], ends: list[int]) -> Iterator[tuple[_Key, int, int, int, bool]]:
        """Every fixed phrase that begins a word: its passage, start and end, and whether a word ends with it."""
        within = _NOT_WORDY.sub(" ", f" {text} ")
        number, final = 0, len(ends)
        for last, key in self._automaton.iter(text):
            end = last + 1
            start = end - key.length
            if within[start] != " ":
                continue
            while number < final and ends[number] < end:
                number += 1
            if number == final:
                return
            if starts[number] <= start:
                yield key, number, start, end, within[end + 1] == " "

    def _search(self, index: int, text: str, start: int, end: int, hits: _Hits) -> None:
        entry = self._entries[index]
        if entry.expression is None:
            entry.expression = re.compile(regex(entry.pattern, self._thesaurus))
        for found in entry.expression.finditer(text, start, end):
            self._keep(index, found.start(), found.end(), hits)

    def _keep(self, index: int, start: int, end: int, hits: _Hits) -> None:
        entry = self._entries[index]
        if entry.trigger is not None:
            hits.triggers.append(Found(start, end, entry.trigger))
        elif entry.veto:
            hits.vetoes.append((index, start, end))
        else:
            hits.cues[(index, start, end)] = None


def _asked(
    part: tuple[frozenset[int], frozenset[int]], index: int, starred: bool
) -> tuple[frozenset[int], frozenset[int]]:
    """`part` with one entry more: all that ask for the phrase, and those that take any ending of its last word."""
    return part[0] | {index}, part[1] | {index} if starred else part[1]


def compiled(codebook: Codebook, fields: Iterable[str]) -> Matcher:
    """The matcher of a codebook's fields, made once a process; the last few are kept."""
    names = tuple(fields)
    for known, its_names, matcher in _COMPILED:
        if known is codebook and its_names == names:
            return matcher
    _COMPILED.append((codebook, names, Matcher(codebook, names)))
    return _COMPILED[-1][2]


OF_RECOMMENDATIONS = frozenset({"addressee", "recommendation_level", "smart"})
"""Fields that are asked of each recommendation and never of a case."""


def of_cases(codebook: Codebook) -> Matcher:
    """The matcher of all fields that are asked of a case: one for several proposers, who so read a text once."""
    fields = (name for name in codebook.fields if name not in OF_RECOMMENDATIONS)
    return compiled(
        codebook, (name for name in fields if any(code.cues for code in codebook.fields[name].codes.values()))
    )


def matches_in(text: CaseText, codebook: Codebook, fields: Container[str]) -> list[Match]:
    """Every cue of these fields that holds in a case; what was read is kept with the text for the next who asks."""
    key = ("matches", codebook.sha256)
    if key not in text.held:
        text.held[key] = of_cases(codebook).matches(text)
    return [match for match in text.held[key] if match.field in fields]


_COMPILED: deque[tuple[Codebook, tuple[str, ...], Matcher]] = deque(maxlen=4)


def admits(cue: Cue, stances: frozenset[str]) -> bool:
    """Whether a cue holds in that stance: all it needs is there, and nothing that it does not allow."""
    return cue.need <= stances and stances <= cue.need | cue.allow | {"historical"}


def _end(rest: str, text: str, at: int, stop: int) -> int:
    """Where a phrase ends of which all before its first star ends at `at`; -1 if its rest does not follow."""
    found = _tail(rest).match(text, at, stop)
    return found.end() if found else -1


@cache
def _tail(rest: str) -> re.Pattern[str]:
    return re.compile(re.escape(rest).replace(r"\*", r"[\w']*+").replace(r"\ ", " ") + r"(?!\w)")


def silent_stretches(text: CaseText) -> list[tuple[int, int]]:
    """Sections that say nothing about the case: glossaries, panels, terms of reference."""
    return [
        (section.body, section.end)
        for section in text.document.sections
        if section.kind in {"contents", "references"} or _about_nothing().search(section.heading.lower())
    ]


@cache
def _about_nothing() -> re.Pattern[str]:
    return re.compile("|".join(regex(str(pattern), {}) for pattern in table()["not_about_the_case"]))


def agent(text: CaseText, match: Match) -> str:
    """Who did it, by the nearest mention before the match in its passage, else after it.

    Returns:
        ``professional``, ``parent``, ``child``, ``perpetrator`` or the empty string.
    """
    start, end = match.passage.start, match.passage.end
    before = list(_doers().finditer(text.folded, start, match.start))
    found = before[-1] if before else _doers().search(text.folded, match.end, end)
    return found.lastgroup or "" if found else ""


@cache
def _doers() -> re.Pattern[str]:
    groups = (f"(?P<{name}>{'|'.join(regex(p, {}) for p in patterns)})" for name, patterns in agents())
    return re.compile("|".join(groups))
