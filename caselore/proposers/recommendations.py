"""In: a codebook and one case. Out: the review's own recommendations as records, and the kinds of action as codes.

Taken are numbered and bulleted lists, labelled recommendations wherever they stand, paragraphs that ask for something,
one-line summaries, and questions put to a board under a finding. Left out are those of others (quoted, or under a
heading that tells of earlier reviews) and repetitions in a summary, an appendix or an action plan.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from caselore.codebook.codebook import Codebook
from caselore.proposers.casetext import CaseText
from caselore.proposers.items import (
    SURE,
    Block,
    Item,
    Mark,
    blocks,
    items,
    labelled,
    plain,
    quoted,
    settle,
    words,
)
from caselore.proposers.matcher import Match, Matcher
from caselore.proposers.phrases import phrase
from caselore.proposers.quoting import distinct
from caselore.records import Case, Code, Document, Evidence, Passage, Proposal, Recommendation, Section

VERSION = "1.0"

TYPES, ADDRESSEES, LEVEL, SMART = "recommendation_type", "addressee", "recommendation_level", "smart"

ALIKE, ALIKE_SAME_LABEL = 0.8, 0.35
"""Shares of letter groups in common from which two items are one, with other labels and with the same label."""

_ELSEWHERE = frozenset({"contents", "references", "recommendations", "front"})
_LETTERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Found:
    """An item and where it was found: the number of its region, and whether that is a summary or an appendix."""

    item: Item
    region: int
    repeats: bool
    heading: str


class Recommendations:
    """The proposer ``recommendations``: each recommendation of a case as a record of its own."""

    id = f"recommendations@{VERSION}"

    def __init__(self, codebook: Codebook) -> None:
        self._fields = [name for name in (TYPES, ADDRESSEES, LEVEL, SMART) if name in codebook.fields]
        self._matcher = Matcher(codebook, self._fields)
        level = codebook.fields.get(LEVEL)
        self._level = level.default if level else ""

    def propose(self, text: CaseText) -> Proposal:
        """The recommendations in the order of the text; of a kind of action the words that first asked for it."""
        found = find(text)
        read = self._read(text, found)
        made = tuple(self._record(text, each, matches) for each, matches in zip(found, read, strict=True))
        return Proposal(text.case, codes=tuple(self._codes(text, found, read)), recommendations=made)

    def _read(self, text: CaseText, found: Sequence[Found]) -> list[list[Match]]:
        """What the cues say of each item, at its offsets in a text made of the items and their leads."""
        sheet = _Sheet(text, found)
        if not found:
            return []
        by: list[list[Match]] = [[] for _ in found]
        for match in self._matcher.matches(sheet):
            by[sheet.number(match.start)].append(sheet.back(match))
        return by

    def _record(self, text: CaseText, found: Found, matches: Sequence[Match]) -> Recommendation:
        item = found.item
        said = plain(text.text[item.start : item.end])
        time = words("time_frame").search(said)
        return Recommendation(
            label=_label(item),
            evidence=text.evidence(item.start, item.end),
            types=_in(matches, TYPES, item),
            addressees=self._addressees(text, item, matches),
            level=self._levels(matches, item),
            smart=_in(matches, SMART, item),
            time_frame=time.group() if time else "",
            confidence=item.sure,
            coder=self.id,
        )

    def _addressees(self, text: CaseText, item: Item, matches: Sequence[Match]) -> tuple[str, ...]:
        """Who is named before the verb of duty, else in the lead or heading of the list (offsets below zero)."""
        low = text.folded[item.start : item.end]
        duty = re.search(r"\b(should|must|shall|ought to|needs? to|will|to (?=[a-z]{3,}))|\bto\b", low)
        until = item.start + (duty.start() if duty else 0)
        first = max(low.rfind(". ", 0, until - item.start), low.rfind("\n", 0, until - item.start)) + 1 + item.start
        own = [match for match in matches if match.field == ADDRESSEES]
        named = dict.fromkeys(match.code for match in own if first <= match.start < until)
        return tuple(named or dict.fromkeys(match.code for match in own if match.start < 0))

    def _levels(self, matches: Sequence[Match], item: Item) -> str:
        weights: dict[str, float] = defaultdict(float)
        for match in matches:
            if match.field == LEVEL and match.start >= item.start:
                weights[match.code] += match.cue.weight
        return max(weights, key=lambda code: weights[code], default=self._level)

    def _codes(self, text: CaseText, found: Sequence[Found], read: Sequence[Sequence[Match]]) -> Iterator[Code]:
        best: dict[str, list[tuple[Match, Item]]] = defaultdict(list)
        for each, matches in zip(found, read, strict=True):
            for match in matches:
                if match.field == TYPES and match.start >= each.item.start:
                    best[match.code].append((match, each.item))
        for code, asked in best.items():
            surest = sorted(asked, key=lambda one: (-one[0].cue.weight, one[0].start))[:3]
            evidence = distinct(_quotation(text, *one) for one in surest)
            yield Code(TYPES, code, round(surest[0][0].cue.weight, 3), self.id, evidence)


def _quotation(text: CaseText, match: Match, item: Item) -> Evidence:
    """The words that ask for it, with as much of their clause as makes them readable."""
    whole = Passage(item.start, item.end, "sentence", "recommendations")
    return text.evidence(*phrase(text.text, whole, match.start, match.end))


def _in(matches: Iterable[Match], name: str, item: Item) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.code for m in matches if m.field == name and m.start >= item.start))


def _label(item: Item) -> str:
    return item.label.strip()


class _Sheet(CaseText):
    """A text of the items alone, each one passage of a recommendations section, with its lead before it."""

    def __init__(self, text: CaseText, found: Sequence[Found]) -> None:
        parts: list[str] = []
        self._spans: list[tuple[int, int, int, int]] = []
        at = 0
        for each in found:
            lead = f"{each.heading}. {each.item.lead}".strip(" .:") + ". "
            words_ = text.text[each.item.start : each.item.end]
            self._spans.append((at, at + len(lead), each.item.start, at + len(lead) + len(words_)))
            parts += (lead, words_, "\n")
            at += len(lead) + len(words_) + 1
        whole = "".join(parts)
        document = Document("", "text/plain", "", whole, "", sections=(Section("recommendations", "", 0, 0, at),))
        super().__init__(document, Case("", "", "", 0, at))
        self._starts = [span[0] for span in self._spans]

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Lead and words of each item, in turn."""
        return tuple(
            Passage(start, end, "sentence", "recommendations")
            for first, body, _, last in self._spans
            for start, end in ((first, body), (body, last))
        )

    def number(self, offset: int) -> int:
        """Which item stands at an offset of this text."""
        return next(n for n in reversed(range(len(self._starts))) if self._starts[n] <= offset)

    def back(self, match: Match) -> Match:
        """The match at its offsets in the document; one in the lead gets offsets below zero."""
        _, body, source, _ = self._spans[self.number(match.start)]
        shift = source - body if match.start >= body else -(10**9)
        return Match(
            match.field,
            match.code,
            match.start + shift,
            match.end + shift,
            match.cue,
            match.passage,
            match.stances,
        )


def find(text: CaseText) -> list[Found]:
    """The review's own recommendations, each once, in the order of the text."""
    inside = [one for one in text.document.sections if one.end > text.case.start and one.start < text.case.end]
    said_by_others = quoted(text.text[text.case.start : text.case.end])
    regions = list(_regions(text, inside))
    found = [each for n, region in enumerate(regions) for each in _of_region(text, region, n)]
    found += _labelled(text, inside, len(regions))
    found += _questions(text, inside, len(regions) + 1)
    if not found:
        found = _in_prose(text, inside)
    own = [each for each in found if not _within(each.item, said_by_others, text.case.start) and _says(text, each)]
    return sorted(_once(text, own), key=lambda each: each.item.start)


def _within(item: Item, spans: Sequence[tuple[int, int]], offset: int) -> bool:
    return any(start <= item.start - offset + 1 and item.end - offset <= end + 1 for start, end in spans) or any(
        start <= item.start - offset < end for start, end in spans
    )


def _says(text: CaseText, found: Found) -> bool:
    said = plain(text.text[found.item.start : found.item.end])
    return not words("nothing").match(said)


def _regions(text: CaseText, inside: Sequence[Section]) -> Iterator[list[Section]]:
    """Neighbouring sections of recommendations; those of others and action plans beside a list are left out."""
    own = [s for s in inside if s.kind == "recommendations" and not words("not_own").search(plain(s.heading))]
    listed = [one for one in own if not words("action_plan").search(plain(one.heading))]
    kept = listed or own
    region: list[Section] = []
    for section in kept:
        if region and section.start > region[-1].end:
            yield region
            region = []
        region.append(section)
    if region:
        yield region


def _of_region(text: CaseText, region: Sequence[Section], number: int) -> Iterator[Found]:
    stretches = [(section, *_stretch(text, section)) for section in region]
    family: Mark = settle([block for _, start, end in stretches for block in blocks(text.text, start, end)])
    repeats = _repeats(text, region[0])
    for section, start, end in stretches:
        if words("questions").search(plain(section.heading)):
            continue
        own: Mark = settle(blocks(text.text, start, end))
        mark = own if own == family or not family or own in {"rec", "bul", "r", "let"} else family
        for item in items(text.text, start, end, heading=section.heading, family=mark if mark else None):
            yield Found(item, number, repeats, section.heading)


def _stretch(text: CaseText, section: Section) -> tuple[int, int]:
    """What stands under a heading, with the heading where that is "Recommendation 2"."""
    start = section.start if labelled(section.heading) else section.body
    return max(start, text.case.start), min(section.end, text.case.end)


def _repeats(text: CaseText, section: Section) -> bool:
    """Whether the section stands in a summary or an appendix, which repeat what the report says."""
    around = [one for one in text.document.sections if one.start <= section.start and one.level < section.level]
    names = plain(section.heading + " " + (around[-1].heading if around else ""))
    return bool(re.search(r"\b(executive summary|summary of recommendations|appendix|annex)\b", names))


def _labelled(text: CaseText, inside: Sequence[Section], number: int) -> list[Found]:
    """Items with the word itself, "Recommendation 4:", in any other section of the report."""
    made: list[Found] = []
    for section in inside:
        if section.kind in _ELSEWHERE or words("not_own").search(plain(section.heading)):
            continue
        start, end = _stretch(text, section)
        if "ecommendation" not in text.text[start:end]:
            continue
        if any(block.mark == "rec" for block in blocks(text.text, start, end)):
            repeats = section.kind == "appendix" or _repeats(text, section)
            made += [Found(item, number, repeats, "") for item in items(text.text, start, end, family="rec")]
    return made


def _questions(text: CaseText, inside: Sequence[Section], number: int) -> list[Found]:
    """Questions put to the board under a finding: one item a block of questions, labelled by the finding."""
    made: list[Found] = []
    for section in inside:
        if section.kind in {"contents", "references"}:
            continue
        start, end = max(section.start, text.case.start), min(section.end, text.case.end)
        found = blocks(text.text, start, end)
        heads = [n for n, block in enumerate(found) if words("questions").search(plain(block.text))]
        for head in heads:
            asked = _asked(found, head + 1)
            if asked:
                made += _put(text, found[head : asked + 1], number)
    return made


def _put(text: CaseText, found: Sequence[Block], number: int) -> Iterator[Found]:
    """The questions under one heading: together where they belong to a finding, else each for itself."""
    head, *asked = found
    label = _finding(text, head.start)
    if label:
        yield Found(Item(asked[0].body, asked[-1].end, label, "", SURE["bul"], head.text), number, False, "")
        return
    for block in asked:
        yield Found(Item(block.body, block.end, block.label, block.mark, SURE["bul"], head.text), number, False, "")


def _asked(found: Sequence[Block], at: int) -> int:
    """The place of the last question of a block of them; 0 if none follows."""
    last = 0
    for n in range(at, len(found)):
        if not (found[n].mark or found[n].text.rstrip().endswith("?")):
            break
        last = n
    return last


def _finding(text: CaseText, before: int) -> str:
    labels = [found.group(1) for found in words("finding").finditer(text.folded[text.case.start : before])]
    return f"Finding {labels[-1].upper()}" if labels else ""


def _in_prose(text: CaseText, inside: Sequence[Section]) -> list[Found]:
    """Sentences by which the author recommends something, in a report that lists nothing."""
    made: list[Found] = []
    for passage in text.passages:
        if passage.section in {"contents", "references", "keywords", "appendix"}:
            continue
        if words("own_words").search(text.folded[passage.start : passage.end].replace("\n", " ")):
            made.append(Found(Item(passage.start, passage.end, "", "", 0.6), 0, False, ""))
    return made


def _once(text: CaseText, found: Sequence[Found]) -> list[Found]:
    """Each recommendation once: the copy in the longest list that is no summary and no appendix."""
    size: dict[int, int] = defaultdict(int)
    for each in found:
        size[each.region] += 1
    kept: list[tuple[Found, frozenset[str]]] = []
    for each in sorted(found, key=lambda one: (one.repeats, -size[one.region], one.item.start)):
        letters = _shingles(text.text[each.item.start : each.item.end])
        if not any(_same(each, letters, other, theirs) for other, theirs in kept):
            kept.append((each, letters))
    return [each for each, _ in kept]


def _same(one: Found, letters: frozenset[str], other: Found, theirs: frozenset[str]) -> bool:
    if one.item.start < other.item.end and other.item.start < one.item.end:
        return True
    if one.item.label != other.item.label and (one.region == other.region or one.item.mark == other.item.mark == "rec"):
        return False
    alike = len(letters & theirs) / max(min(len(letters), len(theirs)), 1)
    same_label = one.item.label and one.item.label == other.item.label and one.region != other.region
    return alike >= (ALIKE_SAME_LABEL if same_label else ALIKE)


def _shingles(words_: str) -> frozenset[str]:
    """Groups of five letters, without spaces: a copy may have lost them."""
    letters = _LETTERS.sub("", words_.lower())[:1500]
    return frozenset(letters[n : n + 5] for n in range(max(len(letters) - 4, 1)))
