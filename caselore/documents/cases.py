"""In: a document as read. Out: its cases: one for a review, one for each entry of a listing or collection."""

from __future__ import annotations

import re
from pathlib import PurePath

from caselore.documents import source as told
from caselore.documents.labels import heading_kind, inline_label, is_stray
from caselore.documents.layer import MEDIA_TYPE as LAYER
from caselore.documents.layer import read_layer
from caselore.documents.lines import lines
from caselore.documents.sections import sections
from caselore.records import Case, Document, Section, Source


def cases(document: Document) -> tuple[Case, ...]:
    """The cases of a document, in order; empty only if it holds no text.

    Raises LayerError where a coded layer does not validate.
    """
    if document.media_type == LAYER:
        return _of_layer(document)
    parts = document.sections or sections(document.text, document.pages)
    heads = [part for part in parts if part.level == 0]
    if not heads:
        return _single(document)
    whole = told.source_type(document.source.title, document.text[: heads[0].start] or document.name)
    out = []
    for head in heads:
        after = (part.start for part in parts if part.start > head.start and _closes(part))
        end = next(after, len(document.text))
        out.append(_entry(document, head.heading, head.start, end, whole))
    return tuple(out)


def _closes(part: Section) -> bool:
    """The next case, or what stands between two cases: page matter of level 1, where a case's labels have 2."""
    return part.level == 0 or (part.level == 1 and part.kind == "front")


def _entry(document: Document, title: str, start: int, end: int, whole: str) -> Case:
    end = start + len(document.text[start:end].rstrip())
    kind = told.source_type(title, "")
    return Case(
        title=title,
        document=document.name,
        sha256=document.sha256,
        start=start,
        end=end,
        source_type=kind if kind != "other" else whole,
        year=told.year_in(title),
        source=Source(title=title, publisher=told.publisher(title), year=told.year_in(title)),
    )


def _single(document: Document) -> tuple[Case, ...]:
    text = document.text
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if end <= start:
        return ()
    title = document.source.title or heading(text) or PurePath(document.name).stem
    source = document.source
    return (
        Case(
            title=title,
            document=document.name,
            sha256=document.sha256,
            start=start,
            end=end,
            source_type=told.source_type(title, text),
            year=source.year or told.year_in(title),
            source=source,
        ),
    )


_ENDS_WITHIN = re.compile(r"[a-z0-9)]{3}[.!?]\s+[“\"'‘]?[A-Z][a-z]+\s")
_TELLS = re.compile(r"\b(was|were|had|has|have|is|are|died|told|went|found|took|did)\b")


def heading(text: str) -> str:
    """The title of a document that has none of its own: the line of the opening that reads most like one.

    A line that only says what kind of review it is takes the line on whom the review is about with it.
    """
    opening = _opening(text)
    if opening and (marked := re.match(r"#\s+(.+)", opening[0])):
        return marked[1].rstrip("# ")
    found = [re.sub(r"^(#{1,6}\s+|\*\*)|\*\*$", "", line) for line in opening]
    found = [words for words in found if len(words) <= 200 and not _tells(words) and not _says_nothing(words)]
    kind = next((words for words in found if told.source_type(words, "") != "other"), "")
    whom = next((words for words in found if told.SUBJECT.match(words)), "")
    if kind and whom and whom not in kind and len(kind.split()) <= 8:
        return f"{kind} – {whom}"
    long = (words for words in found if len(words.split()) >= 4)
    return kind or whom or next(long, "") or next(iter(found), "")


def _tells(words: str) -> bool:
    """Whether a line is running text: it ends or holds the end of a sentence, or is long and says what someone did.

    Initials end no sentence: "Report to Prevent Future Deaths - Q.Z.".
    """
    ends = words.endswith(".") and re.search(r"\b[A-Z]\.$", words) is None
    return (
        ends or _ENDS_WITHIN.search(words) is not None or (len(words.split()) > 9 and _TELLS.search(words) is not None)
    )


def _opening(text: str) -> list[str]:
    return [line.text for line in lines(text, 0, min(len(text), 1500))][:8]


def _says_nothing(words: str) -> bool:
    known = heading_kind(words) is not None and len(words) < 25
    known = known or inline_label(words) is not None
    return is_stray(words) or known or len(words) < 4 or not any(letter.isalpha() for letter in words)


def _of_layer(document: Document) -> tuple[Case, ...]:
    layer = read_layer(document)
    return tuple(
        Case(
            title=each.source.title,
            document=document.name,
            sha256=document.sha256,
            start=each.start,
            end=each.end,
            source_type=each.source_type or "other",
            year=each.year,
            source=each.source,
            n_cases=each.n_cases,
        )
        for each in layer.cases
    )
