"""In: paths of files and folders. Out: documents as read, one for a file or for a record of a .jsonl or .csv.

The suffix chooses the reader, the content overrules it. What cannot be read says so in one sentence and never
stops its neighbours.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from caselore.documents import source as told
from caselore.documents import streams
from caselore.documents.headings import Given
from caselore.documents.kinds import BY_SUFFIX, HEAD, kind_of
from caselore.documents.labels import heading_kind
from caselore.documents.layer import MEDIA_TYPE as LAYER
from caselore.documents.layer import looks_like_layer
from caselore.documents.plain import READER_VERSION as PLAIN
from caselore.documents.plain import decode, page_breaks
from caselore.documents.sections import sections
from caselore.documents.texts import READER_VERSION as TEXTS
from caselore.documents.texts import compose, has_text
from caselore.errors import CaseloreError, DocumentError, EmptyDocument, UnknownFormat
from caselore.records import Document, Page, Section, Source

LARGEST_FILE = 600_000_000
"""Bytes of one file of any kind."""

LARGEST_TEXT_FILE = 20_000_000
"""Bytes of one file of plain text or JSON."""

LARGEST_TEXT = 5_000_000
"""Characters of one document, some 2,000 printed pages; what is larger is not one review."""

MOST_LINES = 100_000
"""Lines of one document that hold something."""

LAYER_VERSION = "layer@1"
MARKDOWN = "text/markdown"
IGNORED = frozenset(("Thumbs.db", "desktop.ini", "__MACOSX"))
"""What systems leave in folders."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Which fields of a record hold its text (none named: those that read like text) and its title; whether to OCR."""

    text_fields: tuple[str, ...] = ()
    title_field: str = ""
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """One readable thing: a file, or a record with its bytes. `problem` is why it cannot be read, if known already."""

    path: Path
    name: str
    line: int = 0
    payload: bytes = b""
    columns: tuple[str, ...] = ()
    delimiter: str = ","
    problem: str = ""

    @property
    def key(self) -> str:
        """A string that no other unit has."""
        return f"{shown(self.path)}#{self.line}" if self.line else shown(self.path)


def shown(path: str | os.PathLike[str]) -> str:
    """A path in letters that can be printed and stored: a byte of a name that is no UTF-8 reads as `\\xe4`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def units(paths: Iterable[str | os.PathLike[str]], options: ReadOptions | None = None) -> Iterator[Unit]:
    """What there is to read, folders in sorted order without hidden files; records are streamed."""
    for each in paths:
        path = Path(each)
        if path.is_dir():
            yield from _walk(path, options or ReadOptions())
        elif path.exists():
            yield from _units_of(path, options or ReadOptions())
        else:
            yield Unit(path, shown(path.name), problem=f"{shown(path)} does not exist; check the path.")


def _walk(folder: Path, options: ReadOptions) -> Iterator[Unit]:
    """What lies below a folder; a folder that may not be opened, or is a link, is told and not passed over."""
    closed: list[OSError] = []
    for top, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not _ignored(name))
        for name in sorted(files):
            if not _ignored(name):
                yield from _units_of(Path(top, name), options)
        for link in filter(Path.is_symlink, (Path(top, name) for name in folders)):
            problem = f"{shown(link.name)} is a link to a folder, and links are not followed; name that folder itself."
            yield Unit(link, shown(link.name), problem=problem)
    for error in closed:
        place = Path(os.fsdecode(error.filename))
        yield Unit(place, shown(place.name), problem=_unreadable(shown(place.name), error))


def _ignored(name: str) -> bool:
    return name.startswith((".", "~$")) or name in IGNORED


def _units_of(path: Path, options: ReadOptions) -> Iterator[Unit]:
    name = shown(path.name)
    try:
        stream = _stream(path)
        if stream is None:
            yield Unit(path, name)
            return
        sample = list(islice(_records(path, stream), streams.SAMPLE))
        if not sample or not (options.text_fields or _any_text(sample)):
            yield Unit(path, name, problem=_no_text(name, bool(sample)))
            return
        for record in _records(path, stream):
            problem = f"{name}, line {record.line} {record.problem}." if record.problem else ""
            called = f"{name}#{record.line}"
            yield Unit(path, called, record.line, record.payload, record.columns, record.delimiter, problem)
    except OSError as error:
        yield Unit(path, name, problem=_unreadable(name, error))


def _unreadable(name: str, error: OSError) -> str:
    return f"{name} cannot be opened ({error.strerror or error}); check its permissions."


def _no_file(path: Path, name: str) -> str:
    if path.is_symlink() and not path.exists():
        return f"{name} is a link to a file that is not there; put the file itself in its place."
    return f"{name} is no file, or none any more; look whether it is still in its place."


def _no_text(name: str, some: bool) -> str:
    if not some:
        return f"{name} is empty."
    return f"{name} holds data but no running text; if a field holds reviews, name it with --text."


def _stream(path: Path) -> str | None:
    """ "jsonl" or "csv" where a file holds records, by suffix if its content does not say otherwise."""
    if not path.is_file():
        return None
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    chosen = BY_SUFFIX.get(path.suffix.lower(), "")
    if not head.strip():
        return None
    if chosen in ("jsonl", "csv"):
        try:
            found = kind_of(head, path.name, path.suffix)
        except CaseloreError:
            return None  # read_unit says the same with the whole file at hand
        return found if found in ("jsonl", "csv") else None
    like_json = chosen in ("json", "plain", "") and head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{")
    return "jsonl" if like_json and _is_lines(path) else None


def _is_lines(path: Path) -> bool:
    """Whether a file that begins like JSON is JSON Lines: its first line is whole, and another object follows."""
    first, second = (*islice((record.payload for record in streams.json_lines(path)), 2), b"", b"")[:2]
    if not second.startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _records(path: Path, stream: str) -> Iterator[streams.Record]:
    return streams.json_lines(path) if stream == "jsonl" else streams.csv_records(path)


def _any_text(sample: list[streams.Record]) -> bool:
    """Whether any of the first records holds text, or none of them can be read, which each then says itself."""
    readable = 0
    for record in sample:
        try:
            fields = streams.fields_of(record.payload, record.columns, record.delimiter)
        except ValueError:
            continue
        readable += 1
        if has_text(fields):
            return True
    return readable == 0


def read(path: str | os.PathLike[str], options: ReadOptions | None = None) -> Document:
    """The document in one file. Raises DocumentError; a file of many records is read with `units`."""
    found = Path(path)
    if not found.exists():
        raise DocumentError(f"{shown(found)} does not exist; check the path.")
    if found.is_dir():
        raise DocumentError(f"{shown(found)} is a folder; name one file.")
    every = list(islice(units([found], options), 2))
    if len(every) > 1:
        raise DocumentError(f"{shown(found.name)} holds several records; read them one by one.")
    return read_unit(every[0], options)


def read_unit(unit: Unit, options: ReadOptions | None = None) -> Document:
    """The document of one unit. Raises DocumentError with one sentence: the file, the place, the mend."""
    options = options or ReadOptions()
    if unit.problem:
        raise (UnknownFormat if "no running text" in unit.problem else DocumentError)(unit.problem)
    try:
        return _read_record(unit, options) if unit.line else _read_file(unit, options)
    except CaseloreError:
        raise
    except OSError as error:
        raise DocumentError(_unreadable(unit.name, error)) from None
    except Exception as error:  # a file can be damaged in ways that no reader foresees; its neighbours must go on
        said = f"{type(error).__name__}: {str(error)[:100]}"
        raise DocumentError(f"{unit.name} is damaged in a way that its reader does not know ({said}).") from error


def _sized(text: str, name: str) -> str:
    """The text, if it is not empty and not larger than a document can be."""
    if not text.strip():
        raise EmptyDocument(f"{name} holds no text.")
    if len(text) > LARGEST_TEXT:
        size = f"{len(text):,} characters, more than the {LARGEST_TEXT:,} of one document"
        raise DocumentError(f"{name} has {size}; divide it.")
    found = text.count("\n") if len(text) > MOST_LINES else 0
    if found > MOST_LINES and (found := sum(1 for line in text.split("\n") if line.strip())) > MOST_LINES:
        raise DocumentError(f"{name} has {found:,} lines, more than the {MOST_LINES:,} of one document; divide it.")
    return text


def _read_file(unit: Unit, options: ReadOptions) -> Document:
    path, name = unit.path, unit.name
    if not path.is_file():
        raise DocumentError(_no_file(path, name))
    size = path.stat().st_size
    if size == 0:
        raise EmptyDocument(f"{name} is empty.")
    if size > LARGEST_FILE:
        raise DocumentError(f"{name} has {size:,} bytes, more than the {LARGEST_FILE:,} of one file; divide it.")
    with path.open("rb") as stream:
        head = stream.read(HEAD)
        data = head + stream.read()
    kind = kind_of(data, name, path.suffix)
    if kind == "pdf":
        from caselore.documents.pdf.reading import read_pdf  # loads a PDF library: only who reads a PDF pays for it

        document = read_pdf(data, name, ocr=options.ocr)
        if document.problems and not document.text.strip():
            raise EmptyDocument(" ".join(document.problems))
        return _finished(document)
    if kind == "word":
        return _word(data, name)
    if kind == "html":
        return _html(data, name)
    if size > LARGEST_TEXT_FILE:
        raise DocumentError(f"{name} has {size:,} bytes, more than the {LARGEST_TEXT_FILE:,} of one text; divide it.")
    return _json(data, name) if kind == "json" else _plain(data, name, kind)


def _word(data: bytes, name: str) -> Document:
    from caselore.documents.word import READER_VERSION, read_word

    text, headings, source = read_word(data, name)
    media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return _made(data, name, text, media=media, reader=READER_VERSION, headings=headings, source=source)


def _html(data: bytes, name: str) -> Document:
    from caselore.documents.html import READER_VERSION, read_html

    text, headings, source, problems = read_html(data, name)
    return _made(
        data, name, text, media="text/html", reader=READER_VERSION, headings=headings, source=source, problems=problems
    )


def _plain(data: bytes, name: str, kind: str) -> Document:
    text, problems = decode(data, name)
    media = MARKDOWN if kind == "markdown" else "text/plain"
    return _made(data, name, text, media=media, reader=PLAIN, problems=problems, pages=page_breaks(text))


def _json(data: bytes, name: str) -> Document:
    """A coded layer; other JSON is no document. Text that merely begins with a bracket is text."""
    text, problems = decode(data, name)
    try:
        value = json.loads(text)
    except RecursionError:
        raise UnknownFormat(f"{name} nests its JSON too deeply to be a coded layer.") from None
    except ValueError as error:
        if not name.lower().endswith(".json") and not text.lstrip().startswith(('{"', "[{", "{\n")):
            return _plain(data, name, "plain")
        raise UnknownFormat(f"{name} is no JSON that can be read ({error}); restore the file as published.") from None
    if not looks_like_layer(value):
        raise UnknownFormat(f"{name} is JSON but no coded layer; give texts as JSON Lines, one record a line.")
    digest = hashlib.sha256(data).hexdigest()
    source = Source(title=str(value.get("title") or ""))
    whole = (Section("body", "", 0, 0, len(text)),)
    return Document(name, LAYER, digest, text, LAYER_VERSION, sections=whole, source=source, problems=problems)


def _read_record(unit: Unit, options: ReadOptions) -> Document:
    place = f"{unit.path.name}, line {unit.line}"
    try:
        fields = streams.fields_of(unit.payload, unit.columns, unit.delimiter)
        made = compose(fields, options.text_fields, options.title_field)
    except ValueError as error:
        raise DocumentError(f"{place} {error}.") from None
    name = f"{unit.path.name}#{made.id or unit.line}"
    media = "text/csv" if unit.columns else "application/jsonl"
    return _made(unit.payload, name, made.text, media=media, reader=TEXTS, headings=made.headings, source=made.source)


def _made(
    data: bytes, name: str, text: str, *, media: str, reader: str, headings: tuple[Given, ...] = (),
    source: Source | None = None, problems: tuple[str, ...] = (), pages: tuple[Page, ...] = (),
) -> Document:  # fmt: skip
    document = Document(
        name=name, media_type=media, sha256=hashlib.sha256(data).hexdigest(), text=text, reader=reader,
        pages=pages, source=source or Source(), problems=problems,
    )  # fmt: skip
    return _finished(document, headings)


def _marked_title(text: str, headings: tuple[Given, ...]) -> str:
    """The document's opening line where the file itself marks it as a heading, and it is no chapter's."""
    first = next(iter(headings), None)
    if first is None or text[: first.start].strip():
        return ""
    words = text[first.start : first.end].strip()
    return words if heading_kind(words) is None or ":" in words else ""


def _finished(document: Document, headings: tuple[Given, ...] = ()) -> Document:
    """With its sections, and with what the text itself says of its source where the file says nothing."""
    source, text = document.source, _sized(document.text, document.name)
    source = replace(
        source,
        title=source.title or _marked_title(text, headings),
        publisher=source.publisher or told.publisher(text),
        licence=source.licence or told.licence(text),
        year=source.year or told.year_published(text),
    )
    return replace(document, source=source, sections=document.sections or sections(text, document.pages, headings))
