"""In: a text and its pages. Out: its sections in order, each with its kind; together they cover the whole text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from caselore.documents.divide import Part, divide, labelled
from caselore.documents.headings import Given, Heading, contents_lines, find
from caselore.documents.labels import inline_label, is_stray
from caselore.documents.lines import LIST_ITEM, Line, lines
from caselore.records import Page, Section

SUMMARY = 6000
"""A text that opens with at most this much before its first label is a summary: that opening tells the incident."""

INHERITED = frozenset(
    ("analysis", "background", "incident", "learning", "recommendations", "model", "appendix", "references")
)
"""Kinds that a heading with unknown words takes over from the heading that it stands under."""


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    body: int
    kind: str
    heading: str = ""
    level: int = 1


def sections(text: str, pages: Sequence[Page] = (), headings: Sequence[Given] = ()) -> tuple[Section, ...]:
    """Divide a text into sections that cover it without gap; a section of level 0 is headed by a case's title.

    `headings` are those that a reader knows from the file's own structure; where given, no line is guessed to
    be a heading except those that the field's own words mark. `pages` is taken for the sake of readers.
    """
    found = list(lines(text))
    if not found:
        return ()
    parts = divide(found, headings)
    marks = _of_parts(found, parts) if parts else _of_report(found, headings)
    return _joined(marks, len(text))


def _joined(marks: list[_Mark], end: int) -> tuple[Section, ...]:
    if not marks or marks[0].start > 0:
        marks = [_Mark(0, 0, marks[0].kind if marks and not marks[0].heading else "front"), *marks]
    stops = [*(mark.start for mark in marks[1:]), end]
    return tuple(
        Section(mark.kind, mark.heading, mark.start, mark.body, stop, mark.level)
        for mark, stop in zip(marks, stops, strict=True)
        if stop > mark.start
    )


def _of_parts(found: list[Line], parts: list[Part]) -> list[_Mark]:
    """A listing or a collection: page matter, then case after case."""
    marks = [_Mark(0, 0, "front")] if parts[0].start > 0 else []
    at = 0
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        while at < len(found) and found[at].start <= part.start:
            at += 1
        first = at
        while at < len(found) and found[at].end <= part.end:
            at += 1
        marks.append(_Mark(part.start, part.body, "incident", part.title, 0))
        marks += _labels(found[first:at], "incident")
        if at < len(found) and (following is None or found[at].start < following.start):
            marks.append(_Mark(found[at].start, found[at].start, "front"))
    return marks


def _labels(found: Sequence[Line], kind: str) -> list[_Mark]:
    """The marks of labels ("Learning:"), and of lines that belong to the page, after which the kind resumes."""
    marks: list[_Mark] = []
    away = False
    for line in found:
        label = inline_label(line.text)
        opened = label[0] if label else labelled(line)
        if is_stray(line.text):
            marks.append(_Mark(line.start, line.start, "front", "", 2))
            away = True
        elif opened:
            kind, away = opened, False
            length = label[1] if label else len(line.text)
            marks.append(_Mark(line.start, line.start + length, kind, line.text[:length].strip(), 2))
        elif away:
            marks.append(_Mark(line.start, line.start, kind, "", 2))
            away = False
    return marks


def _of_report(found: list[Line], given: Sequence[Given]) -> list[_Mark]:
    """One case: a report under its headings, or a single summary under its labels."""
    contents = contents_lines(found)
    headings = find(found, given, contents)
    if len(headings) < 3 and not contents:
        summary = _summary(found, headings)
        if summary:
            return summary
    marks = _headed(found, headings, contents)
    return marks or [_Mark(0, 0, "body")]


def _summary(found: list[Line], headings: list[Heading]) -> list[_Mark]:
    """A single summary: perhaps a title, the incident, then labels."""
    first = next((i for i, line in enumerate(found) if inline_label(line.text)), None)
    if first is None or found[first].start > SUMMARY:
        return []
    titled = first > 0 and len(found[0].text) < 150 and not found[0].text.endswith(".")
    title = [_Mark(found[0].start, found[0].end, "incident", found[0].text, 1)] if titled else []
    opening = title or ([_Mark(found[0].start, found[0].start, "incident")] if first else [])
    return [*opening, *_labels(found[1 if titled else 0 :], "incident")]


def _headed(found: list[Line], headings: list[Heading], contents: frozenset[int]) -> list[_Mark]:
    by_line = {heading.index: heading for heading in headings}
    marks: list[_Mark] = []
    stack: list[tuple[int, str]] = []
    before = "front" if headings and (contents or len(headings) >= 3) else "body"
    kind = before
    resume_at: int | None = None
    for i, line in enumerate(found):
        if i in by_line:
            kind, resume_at = _kind(by_line[i], stack, before), None
            marks.append(_Mark(line.start, line.end, kind, by_line[i].text, by_line[i].level))
        elif i in contents:
            if not marks or marks[-1].kind != "contents":
                marks.append(_Mark(line.start, line.start, "contents"))
            resume_at = i + 1
        elif label := inline_label(line.text):
            marks.append(_Mark(line.start, line.start + label[1], label[0], line.text[: label[1]].strip(), 9))
            resume_at = _reach(found, i, by_line) if len(line.text) > label[1] else None
            kind = kind if resume_at is not None else label[0]
        elif is_stray(line.text):
            marks.append(_Mark(line.start, line.start, "front"))
            resume_at = i + 1
        elif resume_at is not None and i >= resume_at:
            marks.append(_Mark(line.start, line.start, kind))
            resume_at = None
        elif not marks:
            marks.append(_Mark(line.start, line.start, kind))
    return marks


def _kind(heading: Heading, stack: list[tuple[int, str]], before: str) -> str:
    """A heading's own kind, or that of the heading it stands under."""
    while stack and stack[-1][0] >= heading.level:
        stack.pop()
    above = stack[-1][1] if stack else "body"
    kind = heading.kind or (above if above in INHERITED else "body")
    if above in ("appendix", "references") and kind != "references":
        kind = above
    stack.append((heading.level, kind))
    return kind


def _reach(found: list[Line], i: int, headings: dict[int, Heading]) -> int:
    """Where, in a report, a label such as "Recommendation 3: ..." ends: with its paragraph and the list under it."""
    j = i + 1
    while j < len(found) and j not in headings and (not found[j].gap or LIST_ITEM.match(found[j].text)):
        j += 1
    return j
