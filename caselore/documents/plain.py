"""In: the bytes of a text. Out: its characters, with line ends and invisible characters made plain.

Encodings tried in turn: the byte order mark's, UTF-8, UTF-16 where every second byte is zero, Windows-1252.
"""

from __future__ import annotations

import codecs
import re

from caselore.errors import UnknownFormat
from caselore.records import Page

READER_VERSION = "plain@1"

BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MOST_CONTROLS = 0.02
"""A text with a larger share of control characters is no text."""

_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff\ufff9-\ufffb]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x85\u2028\u2029]")


def decode(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text and what the user should know of how it was read. Raises UnknownFormat for bytes that are no text."""
    encoding, problems = _encoding(data)
    text = data.decode(encoding, "replace")
    head = text[:100_000]
    if len(_CONTROLS.findall(head)) > MOST_CONTROLS * len(head):
        raise UnknownFormat(f"{name} is no text: it holds control characters; give the file in its own format.")
    if problems:
        problems = (f"{name} is not UTF-8 and was read as {encoding}; check its dashes, quotes and accents.",)
    return clean(text), problems


def _encoding(data: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return encoding, ()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(data) - 4 or error.reason != "unexpected end of data":
            return _wide(data) or "cp1252", ("fallback",)
    return _wide(data) or "utf-8", ()


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: nearly every second byte of the opening is zero."""
    head = data[:2000]
    half = len(head) // 2
    if half < 8:
        return ""
    if head[1::2].count(0) > 0.8 * half:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > 0.8 * half else ""


def clean(text: str) -> str:
    """Line ends as line feeds; no control, zero-width or soft-hyphen characters; no lone surrogates."""
    text = _LINE_ENDS.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    return _SURROGATES.sub("\ufffd", text)


def page_breaks(text: str) -> tuple[Page, ...]:
    """The pages of a text with form feeds, else none; the form feed ends its page."""
    if "\f" not in text.strip():
        return ()
    pages: list[Page] = []
    at = 0
    while at < len(text):
        stop = text.find("\f", at) + 1 or len(text)
        kind = "text" if text[at:stop].strip() else "empty"
        pages.append(Page(len(pages) + 1, at, stop, kind))  # type: ignore[arg-type]
        at = stop
    return tuple(pages)
