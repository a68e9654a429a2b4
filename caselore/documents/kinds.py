"""In: the first bytes of a file and its suffix. Out: which reader takes it, or one sentence that says the mend."""

from __future__ import annotations

import io
import re
import zipfile

from caselore.errors import DocumentError, EncryptedDocument, UnknownFormat

HEAD = 4096
"""Bytes that are looked at."""

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"RIFF", "image"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!", "archive"),
    (b"SQLite format 3\x00", "database"),
    (b"PAR1", "database"),
    (b"\x7fELF", "program"),
    (b"%!PS", "postscript"),
)
BY_SUFFIX = {
    ".pdf": "pdf", ".docx": "word", ".docm": "word", ".htm": "html", ".html": "html", ".xhtml": "html",
    ".txt": "plain", ".text": "plain", ".md": "markdown", ".markdown": "markdown", ".json": "json",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv",
}  # fmt: skip
REFUSED: dict[str, str] = {
    "rtf": "is Rich Text; open it in a word processor and save it as .docx",
    "image": "is a picture; put scanned pages into one PDF and read that with the extra 'ocr'",
    "archive": "is an archive; unpack it and give the files inside",
    "zip": "is an archive; unpack it and give the files inside",
    "database": "is a data file and no document; give the texts as .jsonl or .csv",
    "program": "is a program and no document",
    "postscript": "is PostScript; convert it to PDF",
    "message": "is an Outlook message; save its text, and what is attached to it, as files of their own",
    "ole": "is an old Office file (.doc, .xls, .ppt); open it and save it as .docx or PDF",
    "sheet": "is a spreadsheet; save the sheet that holds the texts as .csv",
    "slides": "is a presentation; save it as PDF",
    "opendocument": "is OpenDocument; save it as .docx or PDF",
    "epub": "is an e-book; save it as .html or PDF",
    "qda": "is a project or codebook of a program for qualitative analysis (REFI-QDA) and no review",
    "xml": "is XML of a kind that no reader knows; save the document as .html, .docx or .txt",
    "empty zip": "is an empty archive",
}
_XML = re.compile(rb"^\s*(<\?xml|<!DOCTYPE|<[a-zA-Z])", re.I)
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.I)
_FRAGMENT = re.compile(rb"^\s*(<!--.*?-->\s*)*<(p|div|h[1-6]|table|ul|ol|article|section|main)[\s>]", re.I | re.S)
_MARKS = (b"\xef\xbb\xbf",)


def kind_of(data: bytes, name: str, suffix: str) -> str:
    """pdf, word, html, json, plain, markdown, jsonl or csv. Raises UnknownFormat saying how to mend it.

    The suffix chooses; the content overrules it where it is surely something else.
    """
    head = data[:HEAD]
    chosen = BY_SUFFIX.get(suffix.lower(), "")
    if head.lstrip().startswith(b"%PDF-") or (b"%PDF-" in head[:1024] and chosen not in ("plain", "markdown", "html")):
        return "pdf"
    found = next((kind for mark, kind in MAGIC if head.startswith(mark)), "")
    if found == "zip":
        return _of_zip(data, name)
    if found == "ole" and "EncryptedPackage".encode("utf-16-le") in data:
        raise EncryptedDocument(f"{name} asks for a password; save it without one and read it again.")
    if found == "ole" and "__nameid_version1.0".encode("utf-16-le") in data:
        raise refused("message", name)
    if found and not (found == "image" and head.startswith((b"RIFF", b"GIF8")) and chosen in ("plain", "markdown")):
        raise refused(found, name)
    return _of_text(head, name, chosen)


def refused(kind: str, name: str) -> UnknownFormat:
    """The error for a kind of file that no reader takes."""
    return UnknownFormat(f"{name} {REFUSED[kind]}.")


def _of_text(head: bytes, name: str, chosen: str) -> str:
    bare = head
    for mark in _MARKS:
        bare = bare.removeprefix(mark)
    bare = bare.replace(b"\x00", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else bare
    if chosen in ("pdf", "word"):
        if _HTML.search(bare) and _XML.match(bare):
            return "html"
        return chosen
    if _XML.match(bare) and chosen != "markdown":
        return _of_xml(bare, name, chosen)
    if chosen in ("plain", "json", "") and bare.lstrip()[:1] in (b"{", b"["):
        return "json"
    if chosen == "json":
        return "json"
    return chosen or "plain"


def _of_xml(bare: bytes, name: str, chosen: str) -> str:
    if _HTML.search(bare) or _FRAGMENT.match(bare) or chosen == "html":
        return "html"
    if b"urn:QDA-XML" in bare or re.search(rb"<(CodeBook|Project)\b", bare):
        raise refused("qda", name)
    if bare.lstrip().startswith(b"<?xml"):
        raise refused("xml", name)
    return chosen or "plain"


def _of_zip(data: bytes, name: str) -> str:
    """What an Office file or another archive holds, by the names of its parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, UnicodeDecodeError):
        raise DocumentError(f"{name} is a damaged .docx or archive; save it anew where it was made.") from None
    if "word/document.xml" in parts:
        return "word"
    signs = (
        ("sheet", "xl/workbook.xml"), ("slides", "ppt/presentation.xml"), ("epub", "META-INF/container.xml"),
        ("qda", "project.qde"), ("opendocument", "content.xml"),
    )  # fmt: skip
    found = next((kind for kind, part in signs if part in parts), "zip" if parts else "empty zip")
    raise refused(found, name)
