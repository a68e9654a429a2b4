"""A file that somebody attaches comes in; it goes out if its size and kind are right, or the sentence why not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

from caselore.errors import StoreError

LARGEST = 10_000_000
"""Bytes of one attachment."""

MOST_PARTS = 2000
"""Parts of a packed file at most, read from its list of contents; nothing is unpacked."""


def _pdf(data: bytes) -> bool:
    return data[:1024].lstrip().startswith(b"%PDF-")


def _packed(part: str) -> Callable[[bytes], bool]:
    def holds(data: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                names = packed.namelist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return False
        return len(names) <= MOST_PARTS and part in names and not any("vbaproject" in name.lower() for name in names)

    return holds


def _text(data: bytes) -> bool:
    try:
        return "\x00" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False


KINDS: Mapping[str, Callable[[bytes], bool]] = {
    "pdf": _pdf,
    "docx": _packed("word/document.xml"),
    "xlsx": _packed("xl/workbook.xml"),
    "odt": _packed("content.xml"),
    "ods": _packed("content.xml"),
    "txt": _text,
    "csv": _text,
    "md": _text,
}
"""Ending -> whether the bytes are what the ending says. Macros are refused."""

ACCEPT = ",".join(f".{ending}" for ending in KINDS)


def checked(name: str, data: bytes) -> bytes:
    """The bytes. Raises StoreError with what to do instead."""
    ending = name.rpartition(".")[2].lower()
    if len(data) > LARGEST:
        raise StoreError(f"The file has {len(data) / 1e6:.1f} MB; at most {LARGEST / 1e6:.0f} MB can be attached.")
    if not data:
        raise StoreError("The file is empty; choose another.")
    if ending not in KINDS:
        raise StoreError(f"Attach one of these: {', '.join(KINDS)}; save the file as one of them first.")
    if not KINDS[ending](data):
        raise StoreError(f"The file ends in .{ending} but is none, or holds macros; save it again without them.")
    return data
