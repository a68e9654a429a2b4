"""Documents come in, as read; they are kept with their passages and cases, each file once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.db import connection

from caselore import records
from caselore.documents.cases import cases as divide
from caselore.documents.passages import passages as cut
from caselore.documents.reader import ReadOptions, read_unit, units
from caselore.documents.review_signs import REMARK, has_signs
from caselore.errors import CaseloreError
from caselore.store.actions.act import Act, act, canonical
from caselore.store.connect import current
from caselore.store.models import Case, Coder, Document
from caselore.store.permissions import require
from caselore.store.words import clean, cleaned

BATCH = 2000
"""Passages of one INSERT."""


@dataclass(frozen=True, slots=True)
class Added:
    """What came of one file or record: the document, `new` or kept before; or why it could not be read."""

    name: str
    document: Document | None = None
    new: bool = False
    problem: str = ""
    remark: str = ""
    """What a person had better look at, though the document is kept."""


def add_path(
    actor: Coder, path: Path | str, *, options: ReadOptions | None = None, propose: bool = True
) -> list[Added]:
    """Read a file or folder in this process, keep its documents and (`propose`) run the proposers on their cases."""
    require(actor, "add")
    return list(_added(actor, Path(path), options or ReadOptions(), propose))


def _added(actor: Coder, path: Path, options: ReadOptions, propose: bool) -> Iterator[Added]:
    from caselore.store.actions.proposing import propose as run

    for unit in units([path], options):
        try:
            read = read_unit(unit, options)
            kept = add_document(actor, read, data=b"" if unit.line else unit.path.read_bytes())
            if kept.new and propose:
                for case in Case.objects.filter(document=kept.document):
                    run(actor, case)
            yield kept
        except CaseloreError as error:
            yield Added(unit.name, problem=str(error))


def add_document(
    actor: Coder, read: records.Document, *, cases: Sequence[records.Case] | None = None,
    passages: Sequence[records.Passage] | None = None, data: bytes = b"", token: str = "",
) -> Added:  # fmt: skip
    """Keep a document with its passages and cases; one whose file is kept already is left as it is.

    `cases` and `passages` spare the work where a caller has them; `data` are the file's bytes, kept beside the store.
    """
    require(actor, "add")
    read = clean(read)
    remark = "" if has_signs(read.text) or not read.text.strip() else REMARK
    read = replace(read, problems=(*read.problems, remark)) if remark else read
    with act(actor, "add_document", token=token) as done:
        before = Document.objects.filter(sha256=read.sha256).defer("text").first()
        if before is not None:
            return Added(read.name, before)
        found = tuple(divide(read) if cases is None else cases)
        pieces = tuple(cut(read) if passages is None else passages)
        document = done.new(_document(read, pieces, file=_keep(read, data), at=done.at))
        _insert_passages(document, pieces)
        _insert_cases(done, document, found)
    return Added(read.name, document, new=True, remark=remark)


def shape_sha256(pages: Any, sections: Any, pieces: Sequence[Sequence[Any]]) -> str:
    """The sha256 of pages, sections and passages (start, end, page, section, kind)."""
    return hashlib.sha256(canonical([pages, sections, list(map(list, pieces))]).encode()).hexdigest()


def _document(read: records.Document, pieces: Sequence[records.Passage], *, file: str, at: Any) -> Document:
    pages = [asdict(page) for page in read.pages]
    sections = [asdict(section) | {"heading": cleaned(section.heading)} for section in read.sections]
    source = {name: cleaned(v) if isinstance(v, str) else v for name, v in asdict(read.source).items()}
    return Document(
        sha256=read.sha256, text_sha256=read.text_sha256, reader=read.reader, name=read.name,
        media_type=read.media_type, text=read.text, characters=len(read.text), pages=pages, sections=sections,
        shape_sha256=shape_sha256(pages, sections, [_piece(each) for each in pieces]),
        problems=[cleaned(each) for each in read.problems], file=file, added=at, **source,
    )  # fmt: skip


def _piece(each: records.Passage) -> tuple[Any, ...]:
    return each.start, each.end, each.page, each.section, each.kind


def _insert_passages(document: Document, pieces: Sequence[records.Passage]) -> None:
    """By the driver's own executemany: 50,000 passages in a second or two."""
    rows = [
        (document.pk, n, each.start, each.end, each.page, each.section, each.kind, document.text[each.start : each.end])
        for n, each in enumerate(pieces)
    ]
    columns = 'document_id, number, start, "end", page, section, kind, text'
    with connection.cursor() as cursor:
        for first in range(0, len(rows), BATCH):
            cursor.executemany(
                f"INSERT INTO store_passage ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                rows[first : first + BATCH],
            )


def _insert_cases(done: Act, document: Document, found: Sequence[records.Case]) -> None:
    share = current().blind_share
    done.new_all(
        Case(
            document=document, start=each.start, end=each.end, title=each.title, source_type=each.source_type,
            year=each.year, n_cases=each.n_cases, source=asdict(each.source),
            blind_first=drawn(f"{each.sha256} {each.start}", share),
        )
        for each in found
    )  # fmt: skip


def drawn(name: str, share: float) -> bool:
    """Whether a case belongs to the share shown blind first: by its hash, so that it does not depend on order."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16) < share * 16**12


def _keep(read: records.Document, data: bytes) -> str:
    """Write the file's bytes under their hash; the name, or nothing for a record of a larger file."""
    if not data:
        return ""
    name = f"{read.sha256}{Path(read.name).suffix.lower()[:10]}"
    place = current().documents / name
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        part = place.with_name(f".{name}.part")
        part.write_bytes(data)
        part.replace(place)
    return name
