"""A PostgreSQL server of one's own in a temporary folder, on a socket, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "no PostgreSQL server on this machine (apt install postgresql)"


def binaries() -> Path | None:
    """The folder of the server's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    place = found[-1] if found else Path(on_path).resolve() if on_path else None
    return place.parent if place else None


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """The server's address with ``{name}`` in the place of the database; `durable` writes through as in real life."""
    programs, run_as = binaries(), _another_user()
    assert programs is not None, MISSING
    place = Path(tempfile.mkdtemp(prefix="caselore-pg-"))
    place.chmod(0o777)
    port, data = _free_port(), place / "data"

    def run(program: str, *options: str) -> None:
        command = [*run_as, str(programs / program), *options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=place, timeout=120)

    run("initdb", "-D", str(data), "-U", "caselore", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
    settings = (
        f"-k {place} -p {port} -c listen_addresses='' -c shared_buffers=64MB -c fsync={'on' if durable else 'off'}"
    )
    run("pg_ctl", "-D", str(data), "-w", "-l", str(place / "log"), "-o", settings, "start")
    try:
        yield f"postgres://caselore@:{port}/{{name}}?host={place}"
    finally:
        run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(place, ignore_errors=True)


def run_sql(address: str, statement: str) -> None:
    """Run a statement on the server's own database."""
    import psycopg

    with psycopg.connect(address.format(name="postgres"), autocommit=True) as connection:
        connection.execute(statement)


def _another_user() -> list[str]:
    """PostgreSQL refuses to run as root: then another user runs it."""
    if os.geteuid() != 0:
        return []
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    return ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
