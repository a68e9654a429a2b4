"""A study on SQLite and on PostgreSQL: a throw-away cluster for the session, a fresh database for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import django_ready
import pytest
import throwaway_postgresql
from throwaway_postgresql import run_sql

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


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a PostgreSQL server on a socket in a temporary folder, without the name of the database."""
    if throwaway_postgresql.binaries() is None:
        if "postgresql" in os.environ.get("CASELORE_REQUIRE", ""):
            pytest.fail(throwaway_postgresql.MISSING)
        pytest.skip(throwaway_postgresql.MISSING)
    with throwaway_postgresql.server() as address:
        yield address


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
    run_sql(cluster, "CREATE DATABASE template_study")
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
        run_sql(cluster, f"CREATE DATABASE {name} TEMPLATE template_study")
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
