"""In: the matches of the decision cues in one case. Out: its decisions in the order in which they were taken.

A step told twice is one step. The order is that of the text, unless dates or words such as "after" say otherwise;
the agency is the one named as doer, else the one that takes such a step by law or custom (`decisions.yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from caselore.codebook.cues import regex
from caselore.proposers.casetext import CaseText
from caselore.proposers.matcher import Match
from caselore.proposers.phrases import phrase
from caselore.records import Step

DECISIONS, AGENCIES = "decision_type", "agencies"

_CLAUSE = re.compile(r"[;:.!?]\s|\n")
_DATE = re.compile(
    r"(?:\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? )?(?<![\d/])((?:19|20)\d\d)(?![\d/])"
)
_MONTHS = {
    name: n
    for n, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}


OPENS = 4
"""Characters from the beginning of a step's words within which its doer may be named: "the school told"."""

_RECEIVES = re.compile(r"'?s?\s+(?:was|were|had been|been|is|are)\b")


@dataclass(frozen=True, slots=True)
class _Event:
    """A step as found: when (year and month as one number, or None), about whom, and whether said to be another."""

    kind: str
    match: Match
    agency: str | None
    named: bool
    date: int | None
    about_others: bool
    another: bool


@cache
def settings() -> dict[str, Any]:
    """The file of rules as it stands."""
    place = files("caselore.proposers").joinpath("decisions.yaml")
    return dict(yaml.safe_load(place.read_text(encoding="utf-8")))


@cache
def _said(pattern: str) -> re.Pattern[str]:
    return re.compile(regex(pattern, {}))


def sequence(text: CaseText, matches: Iterable[Match], *, coder: str) -> tuple[Step, ...]:
    """The steps of a case, each once, in order, with the agency that took it."""
    found = list(matches)
    agencies = [m for m in found if m.field == AGENCIES]
    events: list[_Event] = []
    for match in _longest([m for m in found if m.field == DECISIONS]):
        for event in _events(text, match, agencies):
            _add(text, events, event)
    return tuple(_step(text, event, coder) for event in _ordered(text, events))


def _longest(matches: Sequence[Match]) -> Iterator[Match]:
    """Of overlapping matches of one type the longest; of a passage's repeats all, in the order of the text."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda m: (m.start - m.end, m.start)):
        if not any(k.code == match.code and k.start < match.end and match.start < k.end for k in kept):
            kept.append(match)
    yield from sorted(kept, key=lambda m: (m.start, m.end))


def _clause(text: CaseText, match: Match) -> tuple[int, int]:
    low, high = match.passage.start, match.passage.end
    for found in _CLAUSE.finditer(text.folded, low, high):
        if found.end() <= match.start:
            low = found.end()
        elif found.start() >= match.end:
            high = found.start()
            break
    return low, high


def _events(text: CaseText, match: Match, agencies: Sequence[Match]) -> Iterator[_Event]:
    """One event of a match, or one for each of several agencies that are named as doing it."""
    low, high = _clause(text, match)
    said = settings()
    before = text.folded[low : match.start]
    another = _said(said["another"]).search(text.folded[max(low, match.start - 40) : match.end])
    event = _Event(
        kind=match.code,
        match=match,
        agency=None,
        named=False,
        date=_date(text, match, low, high),
        about_others=bool(_said(said["others"]).search(before)),
        another=another is not None,
    )
    fixed = _ruled("always", text, match)
    named = [] if fixed else _named(text, match, [a for a in agencies if low <= a.start < high])
    if not named:
        yield replace(event, agency=fixed or _ruled("typical", text, match))
    for agency in named:
        yield replace(event, agency=agency, named=True)


def _named(text: CaseText, match: Match, near: Sequence[Match]) -> list[str]:
    """The agencies that do it: behind "by" after the step (all that are joined there), else the last one before."""
    said = settings()
    if match.code not in said["led_by_subject"]:
        return []
    opens = [a for a in near if a.start - match.start <= OPENS and match.start < a.end < match.end]
    opens = [a for a in opens if not _RECEIVES.match(text.folded, a.end)]
    if opens:
        return [opens[0].code]
    behind = [
        a
        for a in near
        if a.start >= match.end or (match.start < a.start and " by " in text.folded[match.start : a.start])
    ]
    doers = [a for a in behind if _by(text, match, a)]
    if doers:
        return list(dict.fromkeys(a.code for a in doers))[:2]
    within = said["words_before_of"].get(match.code, said["words_before"])
    before = [a for a in near if a.end <= match.start and _gap(text, a.end, match.start) <= within]
    before = [a for a in before if not _asked(text, a)]
    return [before[-1].code] if before else []


def _gap(text: CaseText, start: int, end: int) -> int:
    return text.folded.count(" ", start, end)


def _by(text: CaseText, match: Match, agency: Match) -> bool:
    between = text.folded[match.start : agency.start]
    at = between.rfind(" by ")
    return at >= 0 and _gap(text, match.start + at + 4, agency.start) <= settings()["words_after"]


def _asked(text: CaseText, agency: Match) -> bool:
    """Whether the agency named before is one that was told, not one that did it: "told the police and was charged"."""
    return bool(
        re.search(
            r"\b(?:to|from|with|of|at|in|for) (?:the |a |an |his |her |their )?$",
            text.folded[max(0, agency.start - 14) : agency.start],
        )
    )


def _ruled(name: str, text: CaseText, match: Match) -> str | None:
    """The agency of the first rule of that list which is about such a step and such words."""
    for rule in _rules(name, match.code):
        if "words" in rule and not _said(rule["words"]).search(text.folded, match.start, match.end):
            continue
        if "clause" not in rule or _said(rule["clause"]).search(text.folded, *_clause(text, match)):
            return str(rule["agency"])
    return None


@cache
def _rules(name: str, kind: str) -> tuple[dict[str, Any], ...]:
    return tuple(rule for rule in settings()[name] if kind in rule.get("type", (kind,)))


def _date(text: CaseText, match: Match, low: int, high: int) -> int | None:
    """The date nearest to the step in its clause: after it, else before it."""
    for start, end in ((match.start, high), (low, match.start)):
        dates = list(_DATE.finditer(text.folded, start, end))
        if dates:
            month, year = (dates[0] if start == match.start else dates[-1]).groups()
            return int(year) * 100 + _MONTHS.get(month or "", 0)
    return None


def _add(text: CaseText, events: list[_Event], event: _Event) -> None:
    """Append an event unless it is one that was told before; placing after removal is another placement."""
    same = [e for e in events if e.kind == event.kind and e.about_others == event.about_others]
    again = settings()["again"].get(event.kind)
    words = text.folded[event.match.start : event.match.end]
    if same and again and again["words"] in words and same[-1].match.end <= event.match.start:
        moved = replace(event, kind=str(again["becomes"]))
        if not any(e.kind == moved.kind for e in events):
            events.append(moved)
        return
    if not same or all(_is_other(e, event) for e in same):
        events.append(event)


def _is_other(told: _Event, event: _Event) -> bool:
    if ("historical" in told.match.stances) != ("historical" in event.match.stances):
        return True
    if told.date and event.date and told.date // 100 != event.date // 100:
        return True
    if told.named and event.named and told.agency != event.agency:
        return True
    return event.another


def _ordered(text: CaseText, events: Sequence[_Event]) -> list[_Event]:
    """The order of the text, mended by "after" within a sentence, by dates, and by the review's opening."""
    swapped = _swapped(text, events)
    keyed: list[tuple[int, int, _Event]] = []
    date, last = 0, False
    for place, event in enumerate(swapped):
        opening = event.match.passage.section in {"incident", "front"}
        last = opening and (last or event.kind in settings()["aftermath"])
        date = max(date, event.date or 0) if not last else date
        keyed.append((999_999 if last else event.date or date, place, event))
    return [event for *_, event in sorted(keyed, key=lambda k: k[:2])]


def _swapped(text: CaseText, events: Sequence[_Event]) -> list[_Event]:
    out = list(events)
    for n in range(len(out) - 1):
        first, second = out[n], out[n + 1]
        if first.match.passage.start != second.match.passage.start or first.match.end > second.match.start:
            continue
        between = text.folded[first.match.end : second.match.start]
        if _said(settings()["earlier_follows"]).search(between) and not _CLAUSE.search(between):
            out[n], out[n + 1] = second, first
    return out


def _step(text: CaseText, event: _Event, coder: str) -> Step:
    match = event.match
    span = phrase(text.text, match.passage, match.start, match.end)
    return Step(event.kind, event.agency, match.cue.weight, coder, (text.evidence(*span),))
