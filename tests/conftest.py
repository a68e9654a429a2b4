"""Fixtures every room shares."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# No example fails for being slow: a busy machine would fail tests by chance. On CI the examples are the same each run.
settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the checkout; a test that needs it skips where it is not."""
    if not SHARED.is_dir():
        pytest.skip("the real documents (../shared) are not on this machine")
    return SHARED
