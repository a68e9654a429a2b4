"""What every writer prints of a report's origin: when and by what the release was made, and the versions behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def made(manifest: Mapping[str, Any]) -> str:
    """When and by what the release was made."""
    day = str(manifest.get("created", ""))[:10]
    return f"Made by Caselore {manifest.get('caselore', '')}" + (f" on {day}." if day else ".")


def versions(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the numbers rest on, by version."""
    for kind in ("codebooks", "coders", "readers"):
        held = manifest.get(kind, {})
        pairs = held.items() if isinstance(held, Mapping) else ((name, "") for name in held)
        for name, version in sorted(pairs):
            yield f"{kind[:-1]} {name}", str(version)
