"""An uploaded file comes in; its documents, cases and passages go out, read in a process of its own.

A file that is made to harm (a bomb, an endless page) brings down that process, not the pages. Nothing here loads
Django, because the process starts with this module.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from caselore import records
from caselore.documents.reader import ReadOptions
from caselore.errors import CaseloreError

DEADLINE_S = 180.0
"""For the next document of a file."""

MEMORY = 4 * 1024**3
"""Bytes of address space of the reading process."""


@dataclass(frozen=True, slots=True)
class Read:
    """One document as read, or why it could not be; `record`: it is one of many in its file."""

    name: str
    document: records.Document | None = None
    cases: tuple[records.Case, ...] = ()
    passages: tuple[records.Passage, ...] = ()
    problem: str = ""
    record: bool = False


def read_apart(path: Path, *, deadline_s: float = DEADLINE_S, memory: int = MEMORY) -> Iterator[Read]:
    """Every document of a file, as they are read."""
    spawning = multiprocessing.get_context("spawn")  # a fork of a server with threads may inherit a held lock
    ours, theirs = spawning.Pipe(duplex=False)
    process = spawning.Process(target=_read, args=(str(path), theirs, memory), daemon=True)
    process.start()
    theirs.close()
    try:
        while ours.poll(deadline_s):
            read = ours.recv()
            if read is None:
                return
            yield read
        yield Read(path.name, problem=f"{path.name} takes longer to read than {deadline_s:.0f} seconds; divide it.")
    except EOFError:
        yield Read(path.name, problem=f"{path.name} is too large or too damaged to be read; save it anew.")
    finally:
        process.kill()
        process.join()
        ours.close()


def _read(path: str, pipe: Connection, memory: int) -> None:
    from caselore.documents.reader import units

    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    options = ReadOptions()
    for unit in units([path], options):
        try:
            pipe.send(_unit(unit, options))
        except (CaseloreError, MemoryError) as error:
            said = str(error) or f"{unit.name} needs more memory than a document may; divide it."
            pipe.send(Read(unit.name, problem=said))
    pipe.send(None)


def _unit(unit: object, options: ReadOptions) -> Read:
    from caselore.documents.cases import cases
    from caselore.documents.passages import passages
    from caselore.documents.reader import Unit, read_unit
    from caselore.store.words import clean

    assert isinstance(unit, Unit)
    document = clean(read_unit(unit, options))
    return Read(unit.name, document, tuple(cases(document)), tuple(passages(document)), record=bool(unit.line))
