"""A study on SQLite and on PostgreSQL: a throw-away cluster for the session, a fresh database for each test."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import django_ready
import pytest

from caselore.documents.reader import read
from caselore.store.connect import connect, disconnect
from caselore.study import Study, make_study
from caselore.workbench.settings import settings_of

_FIRST = Path(tempfile.mkdtemp(prefix="caselore-tests-"))
_scratch = make_study(_FIRST / "scratch")
connect(
    _scratch, settings_of(_scratch, team=False, hosts=["testserver"]), url=""
)  # models can be imported from here on

CASE = """Serious Case Review: Child Q

{town} Safeguarding Children Board. Published 2017.

What happened

Child Q died aged 5 months in 2015. {extra}The baby was found not breathing in bed beside the father, who had been
drinking. There was a history of domestic abuse between the parents. The mother had experienced depression. The
family was known to children's social care, and the health visitor made a referral that was not followed up.

Key learning

Professionals did not share information. Disguised compliance was not recognised. The father was not assessed.

Recommendations

1. The Board should ensure that agencies assess fathers and other men in the household within six months.
2. Children's social care should review how referrals from health visitors are answered.
"""


def pytest_sessionfinish() -> None:
    shutil.rmtree(_FIRST, ignore_errors=True)


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return (found[-1] if found else Path(on_path).resolve() if on_path else Path("/none/initdb")).parent


def _as_nobody() -> list[str]:
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


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a PostgreSQL server on a socket in a temporary folder, without the name of the database."""
    binaries = _binaries()
    if binaries is None or not (binaries / "initdb").exists():
        missing = "no PostgreSQL server on this machine (apt install postgresql)"
        if "postgresql" in os.environ.get("CASELORE_REQUIRE", ""):
            pytest.fail(missing)
        pytest.skip(missing)
    place, run_as = Path(tempfile.mkdtemp(prefix="caselore-pg-")), _as_nobody()
    place.chmod(0o777)
    port, data = _free_port(), place / "data"

    def run(program: str, *options: str) -> None:
        command = [*run_as, str(binaries / program), *options]
        subprocess.run(command, check=True, capture_output=True, cwd=place, timeout=120)

    run("initdb", "-D", str(data), "-U", "caselore", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
    settings = f"-k {place} -p {port} -c listen_addresses='' -c fsync=off -c shared_buffers=32MB"
    run("pg_ctl", "-D", str(data), "-w", "-l", str(place / "log"), "-o", settings, "start")
    try:
        yield f"postgres://caselore@:{port}/{{name}}?host={place}"
    finally:
        run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(place, ignore_errors=True)


def _sql(cluster: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(cluster.format(name="postgres"), autocommit=True) as server:
        server.execute(statement)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with its first coder, to copy: migrating takes longer than a test."""
    study = make_study(tmp_path_factory.mktemp("template") / "study")
    django_ready.opened(study)
    disconnect()
    return study.store


@pytest.fixture(scope="session")
def postgresql_template(cluster: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same in PostgreSQL, as a database that others are made from."""
    _sql(cluster, "CREATE DATABASE template_study")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", cluster.format(name="template_study"))
        django_ready.opened(make_study(tmp_path_factory.mktemp("template") / "study"))
        disconnect()
    return cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def study(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    """A fresh study with its first coder `owner`, once on each database."""
    made = make_study(tmp_path / "study", title="A study for tests")
    if request.param == "sqlite":
        monkeypatch.delenv("DATABASE_URL", raising=False)
        shutil.copy(request.getfixturevalue("sqlite_template"), made.store)
    else:
        cluster, name = request.getfixturevalue("postgresql_template"), f"study_{os.urandom(6).hex()}"
        _sql(cluster, f"CREATE DATABASE {name} TEMPLATE template_study")
        monkeypatch.setenv("DATABASE_URL", cluster.format(name=name))
    connect(made)
    yield made
    disconnect()


@pytest.fixture
def owner(study: Study):
    from caselore.store import opening

    return opening.owner()


@pytest.fixture
def person(owner) -> Callable[..., object]:
    """Makes a coder: person("ann", "coder", "adjudicator"); by custom with the role coder."""
    from caselore.store.actions.people import make_coder

    return lambda name, *roles: make_coder(owner, name, roles=roles or ("coder",))


@pytest.fixture
def document(tmp_path: Path) -> Callable[..., Path]:
    """Writes a fictional review: document("Netherby", "More words. ")."""

    def written(town: str = "Netherby", extra: str = "") -> Path:
        path = tmp_path / f"{town}.txt"
        path.write_text(CASE.format(town=town, extra=extra), encoding="utf-8")
        return path

    return written


@pytest.fixture
def case(owner, document: Callable[..., Path]):
    """A case of a fictional review, with what the shipped proposers say of it."""
    from caselore.store.actions import proposing, texts
    from caselore.store.models import Case

    kept = texts.add_document(owner, read(document()))
    found = Case.objects.get(document=kept.document)
    proposing.propose(owner, found)
    return Case.objects.get(pk=found.pk)
