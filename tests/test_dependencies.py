"""What we depend on may be used: the licence part of tools/audit-dependencies, on real metadata and on made-up ones."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "tools" / "audit-dependencies"


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("audit_dependencies", str(SCRIPT))
    spec = importlib.util.spec_from_loader("audit_dependencies", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode  # it has no ending: its copy would lie beside it
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


@pytest.mark.parametrize(
    ("name", "licence", "refused"),
    [
        ("any", "MIT", False),
        ("any", "Apache-2.0 AND BSD-3-Clause", False),
        ("any", "Mozilla Public License 2.0 (MPL 2.0)", False),
        ("any", "Zope Public License", False),
        ("any", "GPL-3.0-only", True),
        ("any", "GNU General Public License v2 (GPLv2)", True),
        ("any", "GNU Affero General Public License v3", True),
        ("any", "AGPLv3+", True),
        ("any", "MIT OR GPL-2.0-or-later", False),
        ("any", "MIT AND GPL-2.0-or-later", True),
        ("any", "GNU Lesser General Public License v3 (LGPLv3)", True),
        ("any", "LGPL-2.1", True),
        ("psycopg", "LGPL-3.0-only", False),
        ("psycopg", "GPL-3.0-only", True),
        ("any", "", True),
        ("any", "UNKNOWN", True),
        ("any", "Server Side Public License", True),
    ],
)
def test_which_licences_will_do(audit: ModuleType, name: str, licence: str, refused: bool) -> None:
    assert bool(audit.refusal(name, licence)) is refused


def test_a_licence_is_read_wherever_a_package_tells_it(audit: ModuleType) -> None:
    gpl = "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"
    assert audit.licence_of({"License-Expression": "MIT"}, [gpl]) == "MIT"
    assert "General Public" in audit.licence_of({"License": "see file"}, [gpl])
    assert audit.licence_of({"License": "MIT License\n\nCopyright ..."}, ["License :: OSI Approved"]) == "MIT License"
    assert audit.licence_of({}, []) == ""


def test_what_is_installed_may_be_used() -> None:
    command = [sys.executable, str(SCRIPT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert "MEND:" not in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 refused" in done.stdout


def test_a_service_that_knows_no_package_has_not_looked(audit: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    skipped = {"name": "one", "skip_reason": "not found"}
    hole = {"id": "X-1", "fix_versions": ["2.1"]}
    looked = [{"name": "two", "version": "2.0", "vulns": [hole]}, {"name": "three", "version": "3.0", "vulns": []}]
    monkeypatch.setattr(audit, "asked", lambda: [skipped])
    assert audit.weaknesses(must_tell=False) == []
    assert "could not be looked for" in audit.weaknesses(must_tell=True)[0]
    monkeypatch.setattr(audit, "asked", lambda: [skipped, *looked])
    assert audit.weaknesses(must_tell=True) == ["two 2.0 has the known weakness X-1 (mended in 2.1)."]
