"""A case and what a viewer sees of it come in; its text goes out in leaves, so that long documents stay fast."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count, F, Min
from django.db.models.functions import Mod, Substr

from caselore.store.models import Case, Document, Passage
from caselore.store.prepared import PreparedRows
from caselore.store.sight import Sight
from caselore.workbench.content_notes import topics_of
from caselore.workbench.highlights import Highlight, Piece, highlights, pieces, within
from caselore.workbench.markdown_signs import is_markdown, looks, parts

LEAF = 40
"""Passages of one leaf: about two printed pages."""

MOST_HITS = 2000
MOST_HEADINGS = 250
LONGEST_SEARCH = 200
NEAR, MOST_CLUSTERS = 1000, 10
"""Characters between two pieces of evidence that are read as one stretch; and stretches of one reading at most."""

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """One passage as the page shows it; `topics` are what it tells graphically, `outside`: not of this case."""

    number: int
    start: int
    kind: str
    text: str
    pieces: tuple[Piece, ...]
    topics: tuple[str, ...] = ()
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Passages that stand on one line of the document; `page` where a new page begins with it."""

    passages: tuple[Shown, ...]
    page: int | None = None
    bullet: bool = False

    @property
    def look(self) -> str:
        """``heading``, ``row``, ``bullet`` or nothing."""
        kinds = {each.kind for each in self.passages}
        return "heading" if kinds == {"heading"} else "row" if "row" in kinds else "bullet" if self.bullet else ""

    @property
    def topics(self) -> tuple[str, ...]:
        """What is told graphically in it."""
        return tuple(dict.fromkeys(topic for each in self.passages for topic in each.topics))

    @property
    def graphic(self) -> int:
        """How many of its passages are graphic."""
        return sum(1 for each in self.passages if each.topics)


@dataclass(frozen=True, slots=True)
class Leaf:
    """Some passages of the text; without `paragraphs` a place for them, `characters` high."""

    number: int
    first: int
    start: int
    characters: int
    page: int | None = None
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """The text to read: the case's part of its document, or all of it (`whole`)."""

    case: Case
    whole: bool
    first: int
    count: int
    start: int
    end: int
    leaves: tuple[Leaf, ...] = field(default=())

    def leaf_of(self, passage: int) -> int:
        """The number of the leaf that holds a passage, the nearest one for a passage outside."""
        return max(0, min(passage - self.first, self.count - 1)) // LEAF


def text_of(case: Case, *, whole: bool) -> Text:
    """The text with every leaf empty."""
    rows = Passage.objects.filter(document=case.document_id)
    if not whole:
        rows = rows.filter(start__gte=case.start, start__lt=case.end)
    told = rows.aggregate(first=Min("number"), count=Count("pk"))
    first = told["first"] or 0
    starts = list(
        rows.annotate(place=Mod(F("number") - first, LEAF)).filter(place=0).order_by("number")
        .values_list("start", "page")
    )  # fmt: skip
    start, end = (0, case.document.characters) if whole else (case.start, case.end)
    ends = [at for at, _ in starts[1:]] + [end]
    leaves = tuple(
        Leaf(n, first + n * LEAF, at, max(stop - at, 1), page)
        for n, ((at, page), stop) in enumerate(zip(starts, ends, strict=True))
    )
    return Text(case, whole, first, told["count"], start, end, leaves)


def filled(sight: Sight, text: Text, wanted: range) -> Text:
    """The text with the wanted leaves filled with words and highlights."""
    inside = [leaf for leaf in text.leaves if leaf.number in wanted]
    if not inside:
        return text
    start, end = inside[0].start, inside[-1].start + inside[-1].characters
    marks = highlights(sight, [(start, end)])
    rows = _rows(text.case, inside[0].first, inside[-1].first + LEAF, text)
    words = slice_of(text.case, start, end)
    full = {leaf.number: _leaf(leaf, rows, words, start, marks, text.case) for leaf in inside}
    leaves = tuple(full.get(leaf.number, leaf) for leaf in text.leaves)
    return Text(text.case, text.whole, text.first, text.count, text.start, text.end, leaves)


def _rows(case: Case, first: int, last: int, text: Text) -> list[Passage]:
    rows = Passage.objects.filter(document=case.document_id, number__gte=first, number__lt=last)
    return list(rows.filter(number__lt=text.first + text.count).order_by("number"))


def _leaf(leaf: Leaf, rows: list[Passage], words: str, at: int, marks: list[Highlight], case: Case) -> Leaf:
    own = [row for row in rows if leaf.first <= row.number < leaf.first + LEAF]
    before = next((row for row in reversed(rows) if row.number < leaf.first), None)
    return Leaf(
        leaf.number, leaf.first, leaf.start, leaf.characters, leaf.page,
        tuple(_paragraphs(own, before, words, at, marks, case)),
    )  # fmt: skip


def _paragraphs(
    rows: list[Passage], before: Passage | None, words: str, at: int, marks: list[Highlight], case: Case
) -> Iterator[Paragraph]:
    """Groups passages between which the document has no line break."""
    group: list[Shown] = []
    page, bullet = None, False
    for row in rows:
        gap = words[before.end - at : row.start - at] if before and before.end >= at else "\n"
        new_page = row.page if before is None or before.page != row.page else None
        if group and ("\n" in gap or new_page is not None or row.kind == "row"):
            yield Paragraph(tuple(group), page, bullet)
            group = []
        if not group:
            page, bullet = new_page, bool(gap.strip()) and not gap.strip().startswith(">")
        group.append(shown(row, marks, case))
        before = row
    if group:
        yield Paragraph(tuple(group), page, bullet)


def shown(row: Passage, marks: Sequence[Highlight], case: Case) -> Shown:
    """One passage with its highlights and what it tells graphically."""
    outside = not case.start <= row.start < case.end
    cut = pieces(row.text, row.start, marks)
    if is_markdown(row.document_id):
        cut = _signed(cut, looks(row.text))
    return Shown(row.number, row.start, row.kind, row.text, tuple(cut), topics_of(row.text), outside)


def _signed(cut: Sequence[Piece], look: list[str]) -> list[Piece]:
    """The pieces with the look of Markdown's signs and of what they stand around."""
    at, made = 0, []
    for piece in cut:
        own = look[at : at + len(piece.text)]
        made.append(replace(piece, parts=parts(piece.text, own)) if any(own) and not piece.is_return else piece)
        at += len(piece.text)
    return made


_TOUCHED = PreparedRows(
    Passage,
    lambda document, stretches: Passage.objects.filter(within(stretches), document=document).order_by("number"),
)


def repainted(sight: Sight, ranges: Iterable[Range]) -> list[Shown]:
    """The passages that the ranges touch, as they look now."""
    near = clusters(ranges)
    if not near:
        return []
    rows = _TOUCHED(document=sight.case.document_id, stretches=near)
    touched = [row for row in rows if any(start < row.end and end > row.start for start, end in ranges)]
    marks = highlights(sight, clusters((row.start, row.end) for row in touched)) if touched else []
    return [shown(row, marks, sight.case) for row in touched]


def clusters(ranges: Iterable[Range]) -> list[Range]:
    """A few stretches that hold all of the ranges and little else: a long document is not read for two words."""
    order = sorted(ranges)
    if not order:
        return []
    gap = max(NEAR, (order[-1][0] - order[0][0]) // MOST_CLUSTERS)
    found = [order[0]]
    for start, end in order[1:]:
        if start - found[-1][1] > gap:
            found.append((start, end))
        else:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
    return found


def slice_of(case: Case, start: int, end: int) -> str:
    """Words of the case's document, without reading the whole of it."""
    cut = Document.objects.filter(pk=case.document_id).annotate(words=Substr(F("text"), start + 1, end - start))
    return str(cut.values_list("words", flat=True).get())


def found(text: Text, words: str) -> tuple[list[tuple[int, int, int]], bool]:
    """Where words stand, as (start, end, passage), in any case and with any white space; and whether there are more."""
    parts = [re.escape(part) for part in words[:LONGEST_SEARCH].split()]
    if not parts:
        return [], False
    looked = re.compile(r"\s+".join(parts), re.IGNORECASE)
    rows = list(
        Passage.objects.filter(document=text.case.document_id, number__gte=text.first)
        .order_by("number").values_list("start", "number")[: text.count]
    )  # fmt: skip
    starts = [start for start, _ in rows]
    hits: list[tuple[int, int, int]] = []
    for match in looked.finditer(slice_of(text.case, text.start, text.end)):
        at = match.start() + text.start
        if len(hits) == MOST_HITS:
            return hits, True
        hits.append((at, match.end() + text.start, rows[max(bisect_right(starts, at) - 1, 0)][1] if rows else 0))
    return hits, False


def outline(text: Text, sections: Sequence[dict[str, object]]) -> list[tuple[str, int, int]]:
    """The headings of the text as (heading, level, offset); of very many the higher levels, then the first ones."""
    every = [
        (str(each["heading"]).strip(), int(str(each.get("level", 1))), int(str(each["start"])))
        for each in sections
        if str(each["heading"]).strip() and text.start <= int(str(each["start"])) < text.end
    ]
    levels = sorted({level for _, level, _ in every}, reverse=True)
    for level in levels[:-1]:
        if len(every) > MOST_HEADINGS:
            every = [each for each in every if each[1] < level]
    return every[:MOST_HEADINGS]
