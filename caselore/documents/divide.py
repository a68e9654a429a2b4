"""In: the lines of a document. Out: the parts that are cases of their own, or none where it is one case.

Three shapes are known: a listing whose headings begin with a year, a listing that repeats its labels
("Learning: ... Keywords: ...") under each heading, and a collection of case studies under names. A report with
a contents list or numbered chapters stays one case, whatever names its headings hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from caselore.documents.headings import Given, contents_lines, find, own_line_kind
from caselore.documents.labels import heading_kind, inline_label, is_stray
from caselore.documents.lines import BULLET, ENDS, Line

DASH = r"[-‐‑‒–—―−~:|/•·]"
YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
MONTH = r"(?:(?:january|february|march|april|may|june|july|august|september|october|november|december)\s+)?"
YEAR_DASH = re.compile(rf"\(?{MONTH}{YEAR}\)?\s*{DASH}+\s*(?=[\w'\"‘“(\[])", re.I)
YEAR_LAST = re.compile(rf"[^\W\d][^:\n]{{1,100}}?\s*(?:[(\[]{MONTH}{YEAR}[)\]]|[-‐‑‒–—―−]+\s*{MONTH}{YEAR})$", re.I)
CASE_NUMBER = re.compile(
    r"(?:anonymi[sz]ed )?(?:case|vignette|study|example|scenario)(?: (?:study|example|summary|review))?"
    r"\s*(?:no\.?|number|#)?\s*(?:\d{1,3}|[A-Z]|one|two|three|four|five|six|seven|eight|nine|ten)"
    rf"(?:\s*(?:{DASH}|\.|\))\s*.{{1,110}})?$",
    re.I,
)
SUBJECT = re.compile(
    rf"(?:[A-Z][\w&,'’. ]{{2,60}}\s*{DASH}\s*)?(?:the )?(?:child(?:ren)?|baby|babies|infant|family|siblings?"
    r"|young (?:person|people)|adult|mr|mrs|ms|boy|girl|twins?|case|subject)"
    r"\s+[A-Z0-9][\w'’]*(?:[ ,/&]+(?:and )?[A-Z0-9][\w'’]*){0,5}$",
    re.I,
)
HOUSEHOLD = re.compile(
    r"(?:The )?[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)? (?:children|family|siblings|twins|brothers|sisters|babies|household)$"
)
NAMES = re.compile(r"[A-Z][\w'’-]*(?:(?:,? and |,? & |, | )[A-Z][\w'’-]*){0,4}(?: and (?:her|his|their) \w+)?$")
_SMALL = "child children baby family the and young person adult mr mrs ms case boy girl siblings of"
SMALL = frozenset(_SMALL.split())
ANNOUNCED = re.compile(
    r"case (stud|example|summar|vignette|illustration)|vignette|the following (cases|reviews|examples)"
    r"|anonymi[sz]ed (national )?cases",
    re.I,
)

LONGEST_TITLE = 150
LEAD = 4000
"""A division begins within this many characters of the start (or a fifth of the text)."""

LONGEST_ENTRY = 30_000
LEAST_BODY = 60


@dataclass(frozen=True, slots=True)
class Part:
    """One case's stretch ``[start, end)``; ``[start, body)`` is its heading line."""

    title: str
    start: int
    body: int
    end: int


def divide(found: Sequence[Line], given: Sequence[Given] = ()) -> list[Part]:
    """The parts of a document that hold several cases, in order; an empty list if it holds one."""
    skip = contents_lines(found)
    by_shape: tuple[Callable[..., list[int]], ...] = (_by_year, _by_structure, _by_labels, _by_name)
    for shape in by_shape:
        starts = shape(found, skip, given)
        if len(starts) >= 2:
            return _parts(found, starts)
    return []


def _title_offset(line: Line) -> int:
    """How long the mark before the title is ("### ", "• ", "12. "), which is no part of it."""
    match = re.match(r"(?:#{1,6}\s+|[•▪◦*·>»-]\s+|\(?\d{1,3}[.)]\s+|\*\*|__)+", line.text)
    return match.end() if match else 0


def title_of(line: Line) -> str:
    """The heading as printed, without list and Markdown marks."""
    return line.text[_title_offset(line) :].rstrip("*_# ") or line.text


def _titled(line: Line) -> bool:
    text = line.text
    return len(text) <= LONGEST_TITLE and not text.endswith((".", ";", ",")) and "\t" not in text


def labelled(line: Line) -> str | None:
    """The kind of the label that a line begins with or consists of."""
    label = inline_label(line.text)
    return label[0] if label else own_line_kind(line)


def _entries(starts: Sequence[int], total: int) -> list[range]:
    return [range(a + 1, b) for a, b in pairwise([*starts, total])]


def _size(found: Sequence[Line], entry: range) -> int:
    return found[entry[-1]].end - found[entry[0]].start if len(entry) else 0


def _with_body(found: Sequence[Line], starts: list[int]) -> list[int]:
    """Leave out headings that nothing follows: an index of links, a heading printed twice."""
    entries = _entries(starts, len(found))
    return [
        i
        for i, entry in zip(starts, entries, strict=True)
        if any(len(found[j].text) >= LEAST_BODY and not is_stray(found[j].text) for j in entry)
    ]


def _early(found: Sequence[Line], starts: Sequence[int]) -> bool:
    lead = found[starts[0]].start - found[0].start
    return lead <= max(LEAD, (found[-1].end - found[0].start) // 5)


def _even(found: Sequence[Line], starts: Sequence[int]) -> bool:
    """No part is out of all proportion: a report whose first pages name children does not divide."""
    sizes = [_size(found, entry) for entry in _entries(starts, len(found))]
    return max(sizes) <= max(LONGEST_ENTRY, 8 * median(sizes))


def _by_year(found: Sequence[Line], skip: frozenset[int], given: Sequence[Given]) -> list[int]:
    """A listing: headings such as "2017 - Area - Child S", most of them over labelled paragraphs."""
    starts = [i for i, line in enumerate(found) if i not in skip and _titled(line) and YEAR_DASH.match(title_of(line))]
    starts = _with_body(found, starts)
    if len(starts) < 2 or not _early(found, starts) or not _even(found, starts):
        return []
    entries = _entries(starts, len(found))
    told = sum(any(labelled(found[j]) or is_stray(found[j].text) for j in entry) for entry in entries)
    if told * 2 < len(starts) or _is_report(found, starts, given):
        return []
    return sorted({*starts, *_hidden(found, entries)})


def _hidden(found: Sequence[Line], entries: list[range]) -> list[int]:
    """Headings of another form inside an entry: after its last label comes a title and labels once more."""
    return [i for entry in entries for i in _restarts(found, entry)]


def _restarts(found: Sequence[Line], entry: range) -> list[int]:
    out, closed = [], False
    for j in entry:
        line = found[j]
        if is_stray(line.text):
            closed = closed or line.text.lstrip().startswith((">", "»", "›", "→"))
        elif labelled(line) == "keywords":
            closed = True
        elif closed and _opens(found, j, entry.stop):
            out.append(j)
            closed = False
    return out


def _openings(found: Sequence[Line], stretch: range) -> list[int]:
    """Titles before the first keywords: the last one over each run of labels."""
    out: list[int] = []
    told = True
    for j in stretch:
        if labelled(found[j]):
            told = True
        elif _opens(found, j, stretch.stop):
            out = out if told else out[:-1]
            out.append(j)
            told = False
    return out


def _opens(found: Sequence[Line], j: int, stop: int) -> bool:
    """Whether a title stands here: a short line, then a paragraph, then a label before long."""
    line = found[j]
    if not _titled(line) or labelled(line) or j + 2 > stop or not (line.text[0].isupper() or line.text[0].isdigit()):
        return False
    following = [found[k] for k in range(j + 1, min(j + 12, stop))]
    if not following or labelled(following[0]) or len(following[0].text) < LEAST_BODY:
        return False
    return any(labelled(each) for each in following)


def _by_labels(found: Sequence[Line], skip: frozenset[int], given: Sequence[Given]) -> list[int]:
    """A listing without years: every case ends in a line of keywords or a link, and the next one begins."""
    closers = [
        i
        for i, line in enumerate(found)
        if i not in skip and (labelled(line) == "keywords" or (is_stray(line.text) and line.text[0] in ">»›→"))
    ]
    if len(closers) < 2:
        return []
    starts = sorted({*_openings(found, range(closers[0] + 1)), *_restarts(found, range(closers[0], len(found)))})
    return starts if len(starts) >= 2 and _early(found, starts) and _even(found, starts) else []


def _by_structure(found: Sequence[Line], skip: frozenset[int], given: Sequence[Given]) -> list[int]:
    """A listing whose headings the file itself marks (HTML, Word), most of them over two kinds of label."""
    if skip:
        return []
    at = {line.start: i for i, line in enumerate(found)}
    for level in sorted({each.level for each in given}):
        starts = [at[each.start] for each in given if each.level == level and each.start in at]
        starts = _with_body(found, [i for i in starts if not _numbered(found[i].text)])
        outer = [found[at[each.start]] for each in given if each.level <= level and each.start in at]
        if len(starts) < 3 or sum(heading_kind(line.text) not in (None, "front", "body") for line in outer) >= 2:
            continue  # "Introduction" and "Findings" beside the names: one report on several children
        starts = [i for i in starts if heading_kind(found[i].text) is None]
        kinds = [{labelled(found[j]) for j in entry} - {None, "body"} for entry in _entries(starts, len(found))]
        if sum(len(each) >= 2 for each in kinds) * 5 >= len(starts) * 3 and _even(found, starts):
            return starts
    return []


def _numbered(text: str) -> bool:
    return re.match(r"\d{1,2}(\.\d{1,2})*\.?\s", text) is not None


def _by_name(found: Sequence[Line], skip: frozenset[int], given: Sequence[Given]) -> list[int]:
    """A collection of case studies: headings that are names, numbers of cases or letters, over a narrative."""
    marked = {each.start for each in given}
    starts = [i for i in range(len(found)) if i not in skip and _names(found, i, marked)]
    if skip:  # beside a contents list only numbered case studies count
        starts = [i for i in starts if CASE_NUMBER.match(title_of(found[i]))]
    starts = _with_body(found, starts)
    if len(starts) < 2 or not _early(found, starts) or not _even(found, starts) or _is_report(found, starts, given):
        return []
    told = "\n".join(line.text for line in found[: starts[0]])[-1500:]
    numbered = all(CASE_NUMBER.match(title_of(found[i])) for i in starts)
    if ANNOUNCED.search(told) or numbered:
        return starts
    sure = sum(_case_titled(found[i]) for i in starts)
    return starts if len(starts) >= 3 and sure * 2 >= len(starts) and not _last_alone(found, starts, given) else []


def _case_titled(line: Line) -> bool:
    title = title_of(line)
    return bool(
        CASE_NUMBER.match(title)
        or YEAR_LAST.match(title)
        or YEAR_DASH.match(title)
        or SUBJECT.match(title)
        or HOUSEHOLD.match(title)
    )


def _names(found: Sequence[Line], i: int, marked: set[int]) -> bool:
    """Whether a line is the heading of a case study."""
    line = found[i]
    title = title_of(line)
    if not _titled(line) or len(title) > 110 or labelled(line) or is_stray(line.text) or i + 1 >= len(found):
        return False
    if CASE_NUMBER.match(title):
        return True
    if len(title.split()) > 12 or not _narrates(found[i + 1]):
        return False
    if YEAR_LAST.match(title) or YEAR_DASH.match(title):
        return True
    if i > 1 and not (line.gap or found[i - 1].text.endswith(ENDS) or line.start in marked):
        return False
    if SUBJECT.match(title) or HOUSEHOLD.match(title):
        return True
    return NAMES.match(title) is not None and _named_in(title, found[i + 1 : i + 6])


def _narrates(line: Line) -> bool:
    return len(line.text) >= LEAST_BODY and not BULLET.match(line.text) and labelled(line) is None


def _named_in(title: str, following: Sequence[Line]) -> bool:
    """Whether the narrative speaks of whom the heading names, as of a person: never in lower case."""
    told = set(re.findall(r"[^\W\d_]+", " ".join(line.text for line in following)[:3000]))
    words = [word for word in re.findall(r"[^\W\d_]+", title) if word.lower() not in SMALL]
    return any({word, word.capitalize()} & told and word.lower() not in told for word in words)


def _is_report(found: Sequence[Line], starts: Sequence[int], given: Sequence[Given]) -> bool:
    """Whether chapters stand around the names: one report on several children."""
    headings = find(found, given)
    numbered = sum(each.numbered and _numbered(each.text) for each in headings)
    before = sum(each.kind is not None and each.index < starts[0] and each.kind != "front" for each in headings)
    counts = _labels_under(found, starts, given)
    return numbered >= 4 or before >= 2 or (counts[-1] >= 3 and counts[-1] > 3 * max(counts[:-1]))


def _last_alone(found: Sequence[Line], starts: Sequence[int], given: Sequence[Given]) -> bool:
    """Whether labels stand under the last name only: the names are the children of one review, its findings follow."""
    *others, last = _labels_under(found, starts, given)
    return last > 0 and max(others) == 0


def _labels_under(found: Sequence[Line], starts: Sequence[int], given: Sequence[Given]) -> list[int]:
    at = [each.index for each in find(found, given) if each.kind is not None]
    return [sum(i in entry for i in at) for entry in _entries(starts, len(found))]


def _parts(found: Sequence[Line], starts: Sequence[int]) -> list[Part]:
    parts = []
    for i, entry in zip(starts, _entries(starts, len(found)), strict=True):
        line, last = found[i], _last(found, entry, i)
        start = line.start + _title_offset(line)
        parts.append(Part(title_of(line), start, line.end, found[last].end))
    return parts


def _last(found: Sequence[Line], entry: range, heading: int) -> int:
    """The last line of an entry, without the page's own lines behind its link or its keywords."""
    kinds = [j for j in entry if _links(found[j])] or [j for j in entry if labelled(found[j]) == "keywords"]
    last = kinds[-1] if kinds else heading
    for j in range(last + 1, entry.stop):
        if not is_stray(found[j].text) and not (kinds and _titled(found[j]) and found[j].gap):
            last = j
        elif not kinds:
            continue
        else:
            break
    return last


def _links(line: Line) -> bool:
    return is_stray(line.text) and re.match(r"\W*(read|download|view|see|access|open)\b", line.text, re.I) is not None
