"""Worker processes that outlive what they work on: an item that hangs or crashes costs itself alone.

Items go in one at a time, outcomes come out as they are ready. The ready-made pools break as a whole when one
worker dies or must be killed, which a damaged file can bring about; hence this small one.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

Work = Callable[[object], bytes]
"""Does one item; raises on failure, and the exception's text is the outcome's error."""

Start = Callable[[], Work]
"""Called once in each worker: loads what the work needs. It must be importable by name (or a partial of such)."""

START_LIMIT_S = 120.0
"""A worker that has not started by then (a cold disk, a loaded machine) counts as broken."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: `payload` is what the work receives, `limit_s` how long it may take."""

    key: str
    ordinal: int
    payload: object
    limit_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Done:
    """One finished item: its `result`, or the `error` in one sentence."""

    item: Item
    result: bytes = b""
    error: str = ""


class NotStarted(RuntimeError):
    """The work cannot begin at all; the message is that of whatever its start raised."""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    item: Item | None = None
    deadline: float = field(default=0.0)

    def give(self, item: Item) -> None:
        self.item = item
        self.deadline = time.monotonic() + item.limit_s
        self.pipe.send(item.payload)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(pipe: Connection, start: Start) -> None:
    """The worker's whole life: say ready, then answer payloads until the other end closes or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which stops its workers itself
    try:
        work = start()
    except Exception as error:
        pipe.send(str(error) or type(error).__name__)
        return
    with suppress(EOFError, ConnectionError):
        pipe.send("")
        while True:
            pipe.send(_answer(work, pipe.recv()))


def _answer(work: Work, payload: object) -> tuple[bytes, str]:
    try:
        return work(payload), ""
    except MemoryError:
        return b"", "reading it needs more memory than a worker may take; split the file"
    except Exception as error:
        return b"", str(error) or type(error).__name__


def _hire(start: Start) -> _Worker:
    context = multiprocessing.get_context("spawn")  # a fork would copy the parent's threads in an unknown state
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, start), daemon=True)
    with _uninterrupted():
        process.start()
    theirs.close()
    return _Worker(process, ours, Item("", -1, None), time.monotonic() + START_LIMIT_S)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back while a worker is made, which inherits that: it would die of it before it is told to ignore it.

    Windows knows no such thing; there a worker may say that it was interrupted.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # on its first start it would let the signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _hear(worker: _Worker) -> Done | None:
    """What a worker that has something to say says; None when it only says that it is ready."""
    item = worker.item
    assert item is not None
    worker.item = None
    try:
        answer = worker.pipe.recv()
    except (EOFError, ConnectionResetError):
        worker.process.join()
        code = worker.process.exitcode
        if item.ordinal < 0:
            raise NotStarted(f"a worker process ended before it began (exit code {code})") from None
        return Done(item, error=f"reading it stopped the reader itself (exit code {code}); the file may be damaged")
    if item.ordinal >= 0:
        return Done(item, *answer)
    if answer:
        raise NotStarted(answer)
    return None


def _too_late(worker: _Worker) -> Done:
    item = worker.item
    assert item is not None
    worker.item = None
    worker.stop()
    if item.ordinal < 0:
        raise NotStarted("a worker did not start in time; the machine may be too busy")
    return Done(item, error=f"it was given up after {item.limit_s:.0f} s; the file may be damaged, or split it")


def spread(items: Iterable[Item], start: Start, *, workers: int) -> Iterator[Done]:
    """Do the items on `workers` processes and yield each as it is done; bounded memory, whatever comes in.

    Items are taken from the iterable only as workers come free. Closing the iterator stops the workers.
    """
    queue = iter(items)
    crew: list[_Worker] = []
    pending = next(queue, None)
    try:
        while pending is not None or any(worker.item for worker in crew):
            for place, worker in enumerate(crew):
                if not worker.process.is_alive() and worker.item is None:
                    worker.pipe.close()
                    crew[place] = _hire(start)
            for worker in crew:
                if worker.item is None and pending is not None:
                    worker.give(pending)
                    pending = next(queue, None)
            if pending is not None and len(crew) < workers:
                crew.append(_hire(start))
                continue
            yield from _next_done([worker for worker in crew if worker.item])
    finally:
        for worker in crew:
            worker.stop()


def _next_done(busy: list[_Worker]) -> Iterator[Done]:
    """Wait until a worker speaks or a deadline passes, and yield what came of it."""
    patience = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
    ready = set(map(id, wait([worker.pipe for worker in busy], timeout=patience)))
    for worker in busy:
        if id(worker.pipe) in ready:
            done = _hear(worker)
        elif time.monotonic() >= worker.deadline:
            done = _too_late(worker)
        else:
            continue
        if done is not None:
            yield done
