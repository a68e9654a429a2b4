"""In: a document and its tables. Out: the paragraphs of its prose, sentence by sentence, with their numbers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from caselore.audit.layouts import CAPTION
from caselore.audit.mentions import Tagged, tagged
from caselore.audit.tables import Table
from caselore.documents.passages import passages
from caselore.records import Document

LEFT_OUT = frozenset(("contents", "references"))
_BULLET = re.compile(r"\n\s*(?:[-–•▪o*·]|\(?[a-z0-9]{1,2}[.)])\s")
_CITED = re.compile(
    r"et al\.?,? |\b[A-Z][a-z]+ (?:and|&) [A-Z][a-z]+,? \(?(?:19|20)\d\d|\([A-Z][\w ]+, (?:19|20)\d\d\w?\)"
)
ELSEWHERE = re.compile(
    r"\b(?:nationally|national(?:ly)? (?:figures?|average|data|rates?|picture)|census|England|Wales|"
    r"United Kingdom|UK|ONS"
    r"|Office for National Statistics|general population|population as a whole|literature|survey|research "
    r"(?:has|shows|suggests)"
    r"|(?:previous|earlier|last|other) (?:\w+ )?(?:study|studies|reports?|analys[ei]s|research|audit|inspections?))\b"
)


@dataclass(frozen=True)
class Sentence:
    """One sentence with its offsets; `paragraph` counts paragraphs, `bullet` says that it opens an item of a list."""

    text: str
    start: int
    end: int
    paragraph: int
    section: str
    bullet: bool = False

    @cached_property
    def tagged(self) -> Tagged:
        """The sentence with its numbers found."""
        return tagged(self.text)

    @property
    def quoted(self) -> bool:
        """Whether the words are those of somebody else."""
        return self.text[:1] in '“"‘' or self.text.count("“") != self.text.count("”")

    @property
    def elsewhere(self) -> bool:
        """Whether the sentence cites, or speaks of figures of somebody else."""
        return bool(_CITED.search(self.text) or ELSEWHERE.search(self.text))


def paragraphs(document: Document, tables: Sequence[Table]) -> list[list[Sentence]]:
    """Paragraphs in order, without tables, captions, contents and references."""
    starts = [table.start for table in tables]
    out: list[list[Sentence]] = []
    last = 0
    for passage in passages(document):
        words = document.text[passage.start : passage.end]
        if passage.kind != "sentence" or passage.section in LEFT_OUT or CAPTION.match(words):
            continue
        gap = document.text[last : passage.start]
        last = passage.end
        i = bisect_right(starts, passage.start) - 1
        if i >= 0 and passage.start < tables[i].end:
            continue
        bullet = bool(_BULLET.search(gap)) or bool(re.match(r"[-•▪]\s", words))
        if out and not bullet and _goes_on(out[-1][-1], words):
            held = out[-1][-1]
            out[-1][-1] = replace(held, text=" ".join(f"{held.text} {words}".split()), end=passage.end)
            continue
        fresh = not out or "\n\n" in gap.replace("\r", "") or bullet or ("\n" not in gap and len(gap) > 40)
        if fresh:
            out.append([])
        out[-1].append(
            Sentence(" ".join(words.split()), passage.start, passage.end, len(out) - 1, passage.section, bullet)
        )
    return out


def _goes_on(last: Sentence, words: str) -> bool:
    """Whether a sentence was cut by the end of a page: it has no end, and what follows no beginning."""
    return last.text[-1:].isalnum() | (last.text[-1:] == ",") and bool(re.match(r"[a-z(]|\d[\d.,]*\s?%", words))


def sentences(found: Sequence[Sequence[Sentence]]) -> Iterator[Sentence]:
    """All sentences of all paragraphs."""
    for paragraph in found:
        yield from paragraph
