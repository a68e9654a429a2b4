"""Work that goes wrong on demand, importable by worker processes."""

from __future__ import annotations

import os
import signal
import time

from caselore.engine.pool import Work


def start() -> Work:
    return do


def do(payload: object) -> bytes:
    match payload:
        case "hang":
            time.sleep(60)
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "raise":
            raise ValueError("the file is torn on page 3")
        case "memory":
            raise MemoryError
    return str(payload).upper().encode()


def broken_start() -> Work:
    raise SystemExit(7)


def refused_start() -> Work:
    raise ValueError("the codebook has a gap")
