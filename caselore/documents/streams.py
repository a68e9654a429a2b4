"""In: a .jsonl or .csv of texts. Out: its records one by one, each as bytes, never the whole file in memory.

A damaged record is a record with a problem; its neighbours go on.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from caselore.documents.plain import BOMS

LARGEST_RECORD = 5_000_000
"""Bytes of one record; a longer line is reported and passed over."""

LONGEST_QUOTED = 2_000
"""Lines that one CSV record may span; a quotation mark that is not closed by then damages one record only."""

SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Record:
    """One record: where it begins (line from 1), its bytes, for CSV its columns, and what is wrong with it."""

    line: int
    payload: bytes
    columns: tuple[str, ...] = ()
    delimiter: str = ","
    problem: str = ""


def json_lines(path: Path) -> Iterator[Record]:
    """The lines of a .jsonl file that hold something."""
    with path.open("rb") as stream:
        for number, raw, whole in _lines(stream):
            if not whole:
                yield Record(number, b"", problem=f"is longer than {LARGEST_RECORD:,} bytes")
            elif raw.strip():
                yield Record(number, raw.strip())


def csv_records(path: Path) -> Iterator[Record]:
    """The records of a CSV file under the columns of its first line."""
    with path.open("rb") as stream:
        source = _lines(stream)
        first = next((raw for _, raw, whole in source if whole and raw.strip()), b"")
        delimiter = _delimiter(path, first)
        columns = tuple(name.strip() for name in _parse(first, delimiter))
        yield from _joined(source, columns, delimiter)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Number, bytes in UTF-8 and whether the line is whole; of one that is too long only its place is given."""
    encoding = _wide(stream)
    reader = io.TextIOWrapper(stream, encoding, "replace") if encoding else None
    number = 0
    while True:
        line = reader.readline(LARGEST_RECORD).encode("utf-8") if reader else stream.readline(LARGEST_RECORD)
        if not line:
            break
        number += 1
        whole = line.endswith(b"\n") or len(line) < LARGEST_RECORD
        if not whole:
            _skip(reader or stream)
        yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, whole
    if reader:
        reader.detach()


def _wide(stream: BinaryIO) -> str:
    head = stream.read(4)
    stream.seek(0)
    return next((name for mark, name in BOMS if head.startswith(mark) and name != "utf-8-sig"), "")


def _skip(stream: io.TextIOWrapper | BinaryIO) -> None:
    while True:
        more = stream.readline(LARGEST_RECORD)
        if not more or more[-1:] in ("\n", b"\n"):
            return


def _delimiter(path: Path, first: bytes) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    return max((",", ";", "\t"), key=lambda mark: first.count(mark.encode()))


def _parse(raw: bytes, delimiter: str) -> list[str]:
    text = _decoded(raw).replace("\x00", "")
    csv.field_size_limit(2 * LARGEST_RECORD)
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _joined(source: Iterator[tuple[int, bytes, bool]], columns: tuple[str, ...], delimiter: str) -> Iterator[Record]:
    """Join lines while a quotation is open; the first is damaged where it does not close into the right columns."""
    waiting: list[tuple[int, bytes, bool]] = []
    while True:
        taken = waiting[:1] or list(islice(source, 1))
        if not taken:
            return
        waiting = waiting[1:]
        number, raw, whole = taken[0]
        if not whole:
            yield Record(number, b"", columns, delimiter, f"is longer than {LARGEST_RECORD:,} bytes")
            continue
        if not raw.strip():
            continue
        joined, used = _closed(raw, waiting, source)
        if joined is None or (used and len(_parse(joined, delimiter)) != len(columns)):
            yield Record(number, raw, columns, delimiter, "opens a quotation mark that is not closed")
            continue
        waiting = waiting[used:]
        yield Record(number, joined.rstrip(b"\r\n"), columns, delimiter)


def _closed(
    raw: bytes, waiting: list[tuple[int, bytes, bool]], source: Iterator[tuple[int, bytes, bool]]
) -> tuple[bytes | None, int]:
    """The record that begins with `raw` and how many waiting lines it takes; lines read ahead stay in `waiting`."""
    parts, quotes, size, used = [raw], raw.count(b'"'), len(raw), 0
    while quotes % 2:
        if used == len(waiting):
            waiting += islice(source, 1)
        if used == len(waiting) or used >= LONGEST_QUOTED or size > LARGEST_RECORD or not waiting[used][2]:
            return None, 0
        line = waiting[used][1]
        parts.append(line)
        quotes, size, used = quotes + line.count(b'"'), size + len(line), used + 1
    return b"".join(parts), used


def fields_of(record_payload: bytes, columns: tuple[str, ...], delimiter: str) -> dict[str, object]:
    """The fields of one record. Raises ValueError saying what is wrong with it."""
    if not columns:
        return _object(record_payload)
    try:
        cells = _parse(record_payload, delimiter)
    except csv.Error as error:
        raise ValueError(f"is no CSV record ({error})") from None
    if len(cells) != len(columns):
        raise ValueError(f"has {len(cells)} columns where the first line names {len(columns)}")
    return dict(zip(columns, cells, strict=True))


def _object(payload: bytes) -> dict[str, object]:
    try:
        value = json.loads(_decoded(payload))
    except RecursionError:
        raise ValueError("nests its values too deeply") from None
    except ValueError as error:
        raise ValueError(f"is no JSON ({str(error).split(':')[0].lower()})") from None
    if not isinstance(value, dict):
        raise ValueError("is JSON but no object with named fields")
    return value
