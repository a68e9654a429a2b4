"""Words come in; words that every database takes go out, character for character, so that offsets stay."""

from __future__ import annotations

import re
from dataclasses import replace

from caselore.records import Document

_REFUSED = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL refuses and SQLite cuts at, and halves of surrogate pairs, which no database writes."""


def cleaned(words: str) -> str:
    """The words with what no database takes replaced by U+FFFD."""
    if words.isascii():
        return words.replace("\x00", "\ufffd") if "\x00" in words else words
    return _REFUSED.sub("\ufffd", words)


def clean(read: Document) -> Document:
    """The document with such characters replaced; proposers have to read this one."""
    text = cleaned(read.text)
    return read if text == read.text else replace(read, text=text)
