"""The command line as a user calls it, as a type for tests."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

Caselore = Callable[..., "subprocess.CompletedProcess[str]"]
